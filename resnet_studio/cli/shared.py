"""What the commands share: reading, writing, and failing with one sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resnet_studio.formats.checked import Checked

PROGRAM = "resnet-studio"


class CommandError(Exception):
    """A sentence for stderr, and what the command exits with."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def checked(file: str) -> "Checked":
    from resnet_studio.formats.checked import Unreadable, check

    result = check(file)
    if isinstance(result, Unreadable):
        raise CommandError(str(result.fault))
    return result


def opened(file: str) -> None:
    from resnet_studio.formats import native
    from resnet_studio.formats.files import MODEL_SUFFIXES, FormatError

    try:
        if Path(file).suffix.lower() in MODEL_SUFFIXES:
            from resnet_studio.formats import keras_config

            keras_config.load(Path(file))
        else:
            native.load(Path(file))
    except FormatError as fault:
        raise CommandError(str(fault)) from None


def sound(file: str, so: str) -> "Checked":
    """A network without errors; CommandError with code 1 names the first."""
    from resnet_studio.formats.text_report import counted

    result = checked(file)
    if not result.ok:
        first = result.errors[0]
        raise CommandError(
            f"{file}: the network has {counted(len(result.errors), 'error')}, so {so}; "
            f"first {first.node}: {first.message} (see “{PROGRAM} fix {file}”)",
            1,
        )
    return result


def writing(path: str, write: Callable[[], None]) -> None:
    """Runs ``write``, which writes ``path``."""
    try:
        write()
    except BrokenPipeError:
        raise
    except OSError as error:
        if not Path(path).absolute().parent.exists():
            raise CommandError(f"{path}: the folder “{Path(path).parent}” does not exist") from None
        reason = (error.strerror or str(error)).lower()
        raise CommandError(f"{path}: it cannot be written: {reason}") from None
