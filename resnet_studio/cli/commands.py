"""The commands, a function each: it does one job and returns the exit code."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_studio.cli.folding import fold
from resnet_studio.cli.importing import import_model
from resnet_studio.cli.shared import PROGRAM, CommandError, checked, sound, writing

if TYPE_CHECKING:
    from resnet_studio.core.diagnostics import Fix
    from resnet_studio.formats.checked import Checked, Finding

KERAS_SUFFIX = ".keras"
"""Written by the worker process, so not among the formats."""


def _new(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats import native, templates

    name = arguments.template
    if name not in templates.names():
        known = ", ".join(templates.names())
        raise CommandError(f"there is no template “{name}”; there are {known}")
    document = native.load(templates.path(name)).document
    target = arguments.output
    writing(target, lambda: native.save(document, Path(target)))
    return 0


def _templates(_arguments: argparse.Namespace) -> int:
    from resnet_studio.formats import templates

    print("\n".join(templates.names()))
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats import reports
    from resnet_studio.formats.checked import Checked, Unreadable, check

    report = reports().get(arguments.format)
    if report is None:
        known = ", ".join(reports())
        raise CommandError(f"there is no report called “{arguments.format}”; there are {known}")
    code = 0

    def results() -> Iterable[Checked | Unreadable]:
        nonlocal code
        for file in arguments.files:
            result = check(file)
            if isinstance(result, Unreadable):
                code = 2
                print(f"{PROGRAM}: {result.fault}", file=sys.stderr)
            elif not result.ok:
                code = max(code, 1)
            yield result

    for text in report.tell(results()):
        sys.stdout.write(text)
    return code


def _summary(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats.summary import summary
    from resnet_studio.formats.text_report import finding_line

    result = checked(arguments.file)
    sys.stdout.write(summary(result))
    for finding in result.findings:
        sys.stderr.write(finding_line(result, finding))
    return 0 if result.ok else 1


def _export(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats import UnknownFormatError, export, writer_for

    target = Path(arguments.output)
    suffix = "." + (arguments.to or target.suffix).lower().lstrip(".")
    if suffix != KERAS_SUFFIX:
        try:
            writer_for(suffix.lstrip("."))
        except UnknownFormatError as error:
            raise CommandError(f"{target}: {error} {KERAS_SUFFIX}") from None
    result = sound(arguments.file, "nothing is written")
    if suffix == KERAS_SUFFIX:
        _save_keras(result, target)
        return 0
    writing(
        arguments.output,
        lambda: export(result.analysis, target, suffix, arguments.style),
    )
    return 0


def _save_keras(result: "Checked", target: Path) -> None:
    """Keras itself builds and saves the model, in a process of its own."""
    from resnet_studio.keras_process.client import WorkerError, save_keras

    if not target.absolute().parent.is_dir():
        raise CommandError(f"{target}: the folder “{target.parent}” does not exist")
    if target.is_dir():
        raise CommandError(f"{target}: it cannot be written: is a directory")
    try:
        saved = save_keras(result.analysis, target, folder=Path(result.file).absolute().parent)
    except WorkerError as error:
        raise CommandError(f"{target}: {error}") from None
    if saved.note:
        print(f"{target}: {saved.note}")


def _verify(arguments: argparse.Namespace) -> int:
    from resnet_studio.keras_process.client import WorkerError, format_report, verify

    result = sound(arguments.file, "there is nothing to verify")
    try:
        report = verify(result.analysis)
    except WorkerError as error:
        raise CommandError(f"{arguments.file}: {error}") from None
    print(f"{arguments.file}: {format_report(report)}")
    return 0 if report.identical else 1


def _fix(arguments: argparse.Namespace) -> int:
    from resnet_studio.core.diagnostics import RULES

    result = checked(arguments.file)
    if arguments.select not in (None, *RULES):
        raise CommandError(f"there is no code “{arguments.select}”; see “{PROGRAM} rules”")
    chosen = [
        finding
        for finding in result.findings
        if arguments.select in (None, finding.code) and arguments.at in (None, finding.node)
    ]
    if arguments.apply is None:
        return _list_repairs(result, chosen)
    return _apply(arguments, [fix for finding in chosen for fix in finding.fixes])


def _list_repairs(result: "Checked", chosen: "Sequence[Finding]") -> int:
    from resnet_studio.formats.text_report import finding_line

    for finding in chosen:
        sys.stdout.write(finding_line(result, finding))
    if not any(finding.fixes for finding in chosen):
        print(f"{result.file}: there is nothing to repair")
    return 0


def _apply(arguments: argparse.Namespace, offered: "list[Fix]") -> int:
    from resnet_studio.formats import native
    from resnet_studio.formats.text_report import cost

    fix = next((fix for fix in offered if fix.id == arguments.apply), None)
    if fix is None:
        known = ", ".join(dict.fromkeys(fix.id for fix in offered)) or "none"
        raise CommandError(
            f"{arguments.file}: no repair “{arguments.apply}” is offered; there are: {known}"
        )
    target = arguments.output or arguments.file
    writing(target, lambda: native.save(fix.document, Path(target)))
    print(f"{target}: {fix.title} ({cost(fix)})")
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats.comparison import compare

    lines = compare(checked(arguments.a), checked(arguments.b))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if lines else 0


def _rules(_arguments: argparse.Namespace) -> int:
    import resnet_studio.formats.native
    import resnet_studio.rules  # noqa: F401 - registers the rules
    from resnet_studio.core.diagnostics import RULES

    width = max(map(len, RULES))
    for code, rule in sorted(RULES.items()):
        print(f"{code:{width}}  {rule.severity:7}  {rule.summary}")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "new": _new,
    "templates": _templates,
    "check": _check,
    "summary": _summary,
    "export": _export,
    "verify": _verify,
    "import": import_model,
    "fold": fold,
    "fix": _fix,
    "diff": _diff,
    "rules": _rules,
}
