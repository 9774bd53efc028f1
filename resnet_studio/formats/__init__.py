"""Files: a module for each format, found by its suffix.

A module beside this one that declares ``WRITERS`` adds ways to export a network, one called
``…_report`` that declares ``REPORTS`` adds ways to tell what ``check`` found.  Adding a format
is adding a file.  Modules are imported when a writer or a report is first asked for, the reports
without the writers, and none of them imports Qt, Keras or graphviz before it writes, so opening
and checking a file stay quick.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from resnet_studio.core.analysis import Analysis

Style = Literal["blocks", "flat"]
"""``blocks``: a function for a block, a loop for a repeat; ``flat``: layer by layer."""


class UnknownFormatError(ValueError):
    """No writer, or no report, goes by that name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Turns an analysis without errors into the text or the bytes of a file.

    ``suffix`` starts with a dot; ``title`` names the format in a file dialog.
    """

    suffix: str
    title: str
    write: "Callable[[Analysis, Style], str | bytes]"


@dataclass(frozen=True, slots=True)
class Report:
    """Turns what was found in several files into pieces of text, each ending in a newline."""

    name: str
    tell: Callable[[Iterable[Any]], Iterator[str]]


_REPORT = "_report"
"""How the names of the modules end that tell what ``check`` found."""


def _modules(reporting: bool) -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(__path__):
        if module.name.endswith(_REPORT) == reporting:
            yield importlib.import_module(f"{__name__}.{module.name}")


@cache
def writers() -> dict[str, Writer]:
    """Every writer by its suffix."""
    return {
        writer.suffix: writer
        for module in _modules(reporting=False)
        for writer in getattr(module, "WRITERS", ())
    }


@cache
def reports() -> dict[str, Report]:
    """Every report by its name."""
    return {report.name: report for module in _modules(reporting=True) for report in module.REPORTS}


def writer_for(suffix: str) -> Writer:
    """The writer of ``.svg``, ``svg`` or ``SVG``; raises UnknownFormatError."""
    wanted = "." + suffix.lower().lstrip(".")
    if wanted not in writers():
        known = " ".join(sorted(writers()))
        shown = f"“{wanted}”" if suffix else "a file without a suffix"
        raise UnknownFormatError(f"there is no format for {shown}; known are {known}")
    return writers()[wanted]


def export(analysis: "Analysis", path: Path, to: str = "", style: Style = "blocks") -> None:
    """Writes a network to ``path`` in the format of ``to``, or of the path's suffix.

    The file is replaced as a whole or not at all.  Raises UnknownFormatError and OSError.
    """
    from resnet_studio.formats.files import replace_file

    content = writer_for(to or path.suffix).write(analysis, style)
    replace_file(path, content)
