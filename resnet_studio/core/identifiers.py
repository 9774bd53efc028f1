"""Names that stand in the generated code: of blocks, which are functions, and their parameters."""

from keyword import iskeyword

from resnet_studio.core.edits import EditError


def check_identifier(name: str, what: str) -> None:
    """Raises EditError where Python would not take ``name`` as that of a ``what``."""
    if iskeyword(name):
        raise EditError(f"“{name}” cannot name a {what}: it is a keyword of Python")
    if name[:1].isdigit() and f"_{name}".isidentifier():
        raise EditError(f"“{name}” cannot name a {what}: begin with a letter or “_”")
    if not name.isidentifier():
        raise EditError(f"“{name}” cannot name a {what}: use letters, digits and “_”")
