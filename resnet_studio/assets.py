"""Where the files that ship with the program are found: icons, fonts, themes and templates."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def root() -> Path:
    """The folder of all resources.

    An installed wheel carries them inside the package, where nothing else in ``site-packages``
    can collide with them; a checkout has them beside the package.

    Raises:
        FileNotFoundError: neither folder is there, so the installation is broken.
    """
    for folder in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The resources of ResNet Studio are missing beside “{_PACKAGE}”.")


def path(*parts: str) -> Path:
    """The path of one resource, such as ``path("icons", "open.svg")``; it need not exist."""
    return root().joinpath(*parts)
