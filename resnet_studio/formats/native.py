"""Opening and saving networks: ``*.rsnet`` files, and the same text on the clipboard."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.paths import split_path
from resnet_studio.formats import files, locate, native_reader, native_writer, reading_rules  # noqa: F401
from resnet_studio.formats.files import FormatError

SUFFIX = ".rsnet"


@dataclass(frozen=True, slots=True)
class ReadingProblem:
    """Something in a file that was not understood; it reads like a Diagnostic.

    ``node`` is the path of the node, empty where it is not about a node; ``fixes`` is empty:
    nobody but the author knows what was meant.
    """

    code: str
    severity: str
    node: str
    message: str
    line: int
    fixes: tuple[()] = ()


@dataclass(frozen=True)
class Opened:
    """A document with what of its text was not understood."""

    document: Document
    text: str
    findings: tuple[native_reader.Finding, ...] = ()
    places: Mapping[tuple[str, str], locate.Path] | None = None

    @cached_property
    def problems(self) -> tuple[ReadingProblem, ...]:
        """What was not understood, in the order of the file."""
        called = dict(_places_of_blocks(self.document))
        return tuple(self._problem(finding, called) for finding in self.findings)

    def line(self, path: str) -> int | None:
        """The line of the node that a path names (``group2#1/add``), as the file has it."""
        scope, place = NETWORK, None
        for node_id, _ in split_path(path, self.document):
            place = (self.places or {}).get((scope, node_id))
            if place is None or scope not in self.document.scopes():
                return None
            scope = self.document.graph(scope).nodes[node_id].type
        return self._lines.of(place) if place else None

    @cached_property
    def _lines(self) -> locate.Lines:
        return locate.Lines(self.text)

    def _problem(self, finding: native_reader.Finding, called: Mapping[str, str]) -> ReadingProblem:
        """The finding at the first place where its block is called.

        What is wrong in a block that nothing calls keeps no network from being built.
        """
        prefix, severity = called.get(finding.scope), finding.severity
        if prefix is None:
            prefix, severity = f"{finding.scope}/", "warning"
        path = prefix + finding.node if finding.node else prefix.rstrip("/")
        line = self._lines.of(finding.where)
        message = f"{finding.message[:1].upper()}{finding.message[1:]}."
        return ReadingProblem(finding.code, severity, path, message, line)


def _places_of_blocks(document: Document) -> Iterator[tuple[str, str]]:
    """Each scope that the network reaches, with the path of its first call (and a slash)."""
    pending, seen = [(NETWORK, "")], {NETWORK}
    while pending:
        scope, prefix = pending.pop(0)
        yield scope, prefix
        for node in document.graph(scope).nodes.values():
            if node.type in document.blocks and node.type not in seen:
                seen.add(node.type)
                copy = "" if node.repeat == 1 else "#1"
                pending.append((node.type, f"{prefix}{node.id}{copy}/"))


def loads(text: str) -> Opened:
    """The document of a native text; raises FormatError."""
    document, findings, places = native_reader.read(text)
    return Opened(document, text, tuple(findings), places)


def dumps(document: Document) -> str:
    """The native text of a document, with a final newline."""
    return native_writer.write(document)


def load(path: Path) -> Opened:
    """Opens a file; raises FormatError, which names it, also where it cannot be read at all."""
    try:
        return loads(files.read_text(path))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FormatError(f"it cannot be read: {reason.lower()}", file=str(path)) from None
    except FormatError as error:
        raise FormatError(error.message, error.line, str(path)) from None


def save(document: Document, path: Path) -> None:
    """Replaces the file as a whole; raises OSError or FormatError and leaves it as it was."""
    files.replace_file(path, dumps(document))


__all__ = [
    "SUFFIX",
    "FormatError",
    "Opened",
    "ReadingProblem",
    "dumps",
    "load",
    "loads",
    "save",
]
