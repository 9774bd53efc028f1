"""The command line: ``resnet-studio [FILE]`` opens the window, a command does one job.

Exit codes: 0 done and fine, 1 the network has errors (or differs), 2 a file that cannot be read
or an argument that makes no sense, told in one line on stderr.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from resnet_studio.cli.arguments import parser
from resnet_studio.cli.commands import COMMANDS
from resnet_studio.cli.shared import PROGRAM, CommandError, opened


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code.  Nothing foreseeable ends in a traceback."""
    _open_missing_streams()
    _speak_utf8()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except CommandError as failure:
        print(f"{PROGRAM}: {' '.join(str(failure).split())}", file=sys.stderr)
        return failure.code
    except BrokenPipeError:
        # The reader (head, less) has enough.
        _drop_output()
        return 0
    except OSError as error:
        _drop_output()
        what = error.filename or "the output cannot be written"
        print(f"{PROGRAM}: {what}: {(error.strerror or str(error)).lower()}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _open_missing_streams() -> None:
    """A program started without a console, or with ``>&-``, has no streams to write to."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - it stays open as long as the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def _drop_output() -> None:
    """What is still buffered goes nowhere quietly when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
    parsed = parser().parse_args(arguments)
    return COMMANDS[parsed.command](parsed)


def _open(arguments: list[str]) -> int:
    first, *more = arguments
    if not os.path.exists(first) and not Path(first).suffix:
        known = ", ".join(COMMANDS)
        raise CommandError(f"“{first}” is neither a command nor a file; the commands are {known}")
    if more:
        raise CommandError(f"the window opens one file; “{more[0]}” is one too many")
    opened(first)
    return _window(first)


def _window(file: str | None) -> int:
    try:
        from resnet_studio.gui.app import run
    except ImportError as error:
        raise CommandError(
            f"the window cannot be shown: {error}; the commands work without it "
            f"(see “{PROGRAM} --help”)"
        ) from None
    return run(file)


__all__ = ["main"]
