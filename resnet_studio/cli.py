"""The command line: ``resnet-studio [FILE]`` opens the window, a command does one job.

Exit codes: 0 done and fine, 1 the network has errors (or differs), 2 a file that cannot be read
or an argument that makes no sense, told in one line on stderr.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from resnet_studio import __version__

if TYPE_CHECKING:
    from resnet_studio.core.diagnostics import Fix
    from resnet_studio.formats.checked import Checked, Finding

PROGRAM = "resnet-studio"
KERAS_SUFFIX = ".keras"
"""Written by the worker process, so not among the formats."""


class Failure(Exception):
    """A sentence for stderr, and what the command exits with."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code.  Nothing foreseeable ends in a traceback."""
    _speak_utf8()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except Failure as failure:
        print(f"{PROGRAM}: {' '.join(str(failure).split())}", file=sys.stderr)
        return failure.code
    except BrokenPipeError:
        # The reader (head, less) has enough; what is buffered goes nowhere quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _run(arguments: list[str]) -> int:
    if not arguments:
        return _window(None)
    first = arguments[0]
    if first not in COMMANDS and not first.startswith("-"):
        return _open(arguments)
    parsed = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = COMMANDS[parsed.command]
    return command(parsed)


def _open(arguments: list[str]) -> int:
    first, *more = arguments
    if not os.path.exists(first) and not Path(first).suffix:
        known = ", ".join(COMMANDS)
        raise Failure(f"“{first}” is neither a command nor a file; the commands are {known}")
    if more:
        raise Failure(f"the window opens one file; “{more[0]}” is one too many")
    _opened(first)
    return _window(first)


def _window(file: str | None) -> int:
    try:
        from resnet_studio.gui.app import run
    except ImportError as error:
        raise Failure(
            f"the window cannot be shown: {error}; the commands work without it "
            f"(see “{PROGRAM} --help”)"
        ) from None
    return run(file)


# Arguments


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Failure(f"{message}; see “{self.prog} --help”")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROGRAM,
        description="Design residual networks on a canvas and export them as Keras code. "
        "Without a command it opens the window.",
        epilog=f"{PROGRAM} [FILE] opens the window, on FILE or on a first network.",
    )
    parser.add_argument("--version", action="version", version=f"ResNet Studio {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=_Parser
    )

    def command(name: str, help: str, *files: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        for file in files:
            sub.add_argument(file.lower(), metavar=file)
        return sub

    new = command("new", "write a template to a file")
    new.add_argument("--template", required=True, metavar="NAME", help=f"see {PROGRAM} templates")
    new.add_argument("-o", "--output", required=True, metavar="FILE")
    command("templates", "list the templates, a name to a line")
    check = command("check", "shapes, counts and problems of networks")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.add_argument("--format", default="text", metavar="text|json|sarif", help="of the report")
    command("summary", "a table of all layers, as model.summary() has it, with MACs", "FILE")
    _add_export(command("export", "write a network in another format", "FILE"))
    command("verify", "build the exported code with the real Keras and compare", "FILE")
    _add_fix(
        command("fix", "list the repairs of each problem with their cost, or apply one", "FILE")
    )
    command("diff", "what changed from network A to network B", "A", "B")
    command("rules", "list the codes of all problems and what they mean")
    return parser


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("-o", "--output", required=True, metavar="OUT")
    export.add_argument(
        "--to", default="", metavar="FORMAT", help="where OUT's suffix does not say"
    )
    export.add_argument(
        "--style",
        choices=("blocks", "flat"),
        default="blocks",
        help="code with a function for each block, or layer by layer",
    )


def _add_fix(fix: argparse.ArgumentParser) -> None:
    fix.add_argument("--select", metavar="CODE", help="only problems of this code")
    fix.add_argument("--at", metavar="NODE", help="only problems at this node")
    fix.add_argument("--apply", metavar="ID", help="apply the first repair of this name")
    fix.add_argument("-o", "--output", metavar="FILE", help="write there instead of to FILE")


# What the commands share


def _checked(file: str) -> "Checked":
    from resnet_studio.formats.checked import Unreadable, check

    result = check(file)
    if isinstance(result, Unreadable):
        raise Failure(str(result.fault))
    return result


def _opened(file: str) -> None:
    from resnet_studio.formats.native import FormatError, load

    try:
        load(Path(file))
    except FormatError as fault:
        raise Failure(str(fault)) from None


def _sound(file: str, so: str) -> "Checked":
    """A network without errors; Failure with code 1 names the first."""
    from resnet_studio.formats.text_report import counted

    result = _checked(file)
    if not result.ok:
        first = result.errors[0]
        raise Failure(
            f"{file}: the network has {counted(len(result.errors), 'error')}, so {so}; "
            f"first {first.node}: {first.message} (see “{PROGRAM} fix {file}”)",
            1,
        )
    return result


def _writing(path: str, write: Callable[[], None]) -> None:
    """Runs ``write``, which writes ``path``."""
    try:
        write()
    except FileNotFoundError:
        raise Failure(f"{path}: the folder “{Path(path).parent}” does not exist") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Failure(f"{path}: it cannot be written: {reason}") from None


# The commands


def _new(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats import native, templates

    name = arguments.template
    if name not in templates.names():
        known = ", ".join(templates.names())
        raise Failure(f"there is no template “{name}”; there are {known}")
    document = native.load(templates.path(name)).document
    target = arguments.output
    _writing(target, lambda: native.save(document, Path(target)))
    return 0


def _templates(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats import templates

    print("\n".join(templates.names()))
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats import reports
    from resnet_studio.formats.checked import Checked, Unreadable, check

    report = reports().get(arguments.format)
    if report is None:
        known = ", ".join(reports())
        raise Failure(f"there is no report called “{arguments.format}”; there are {known}")
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

    result = _checked(arguments.file)
    sys.stdout.write(summary(result))
    for finding in result.findings:
        sys.stderr.write(finding_line(result, finding))
    return 0 if result.ok else 1


def _export(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats import UnknownFormat, export, writer_for

    target = Path(arguments.output)
    suffix = "." + (arguments.to or target.suffix).lower().lstrip(".")
    if suffix != KERAS_SUFFIX:
        try:
            writer_for(suffix.lstrip("."))
        except UnknownFormat as error:
            raise Failure(f"{target}: {error} {KERAS_SUFFIX}") from None
    result = _sound(arguments.file, "nothing is written")
    if suffix == KERAS_SUFFIX:
        _save_keras(result, target)
        return 0
    _writing(
        arguments.output,
        lambda: export(result.analysis, target, suffix, arguments.style),
    )
    return 0


def _save_keras(result: "Checked", target: Path) -> None:
    raise NotImplementedError


def _verify(arguments: argparse.Namespace) -> int:
    raise NotImplementedError


def _fix(arguments: argparse.Namespace) -> int:
    result = _checked(arguments.file)
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
        raise Failure(
            f"{arguments.file}: no repair “{arguments.apply}” is offered; there are: {known}"
        )
    target = arguments.output or arguments.file
    _writing(target, lambda: native.save(fix.document, Path(target)))
    print(f"{target}: {fix.title} ({cost(fix)})")
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    from resnet_studio.formats.comparison import compare

    lines = compare(_checked(arguments.a), _checked(arguments.b))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if lines else 0


def _rules(arguments: argparse.Namespace) -> int:
    import resnet_studio.formats.native
    import resnet_studio.rules  # noqa: F401 - registers the rules
    from resnet_studio.core.diagnostics import RULES

    width = max(map(len, RULES))
    for code, rule in sorted(RULES.items()):
        print(f"{code:{width}}  {rule.severity:7}  {rule.summary}")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], Any]] = {
    "new": _new,
    "templates": _templates,
    "check": _check,
    "summary": _summary,
    "export": _export,
    "verify": _verify,
    "fix": _fix,
    "diff": _diff,
    "rules": _rules,
}
