"""Copy and paste through the clipboard's text: the native JSON, so it works between windows."""

from dataclasses import replace

from PySide6.QtGui import QGuiApplication

from resnet_studio.core import edits, fragments
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, NETWORK, Document
from resnet_studio.formats import native

STEP = 32.0
"""How far each further copy stands from the one before, across and down."""


def put(document: Document, scope: str, ids: frozenset[str]) -> None:
    """Copies nodes, the wires among them and the blocks they call."""
    part = fragments.fragment(document, scope, ids)
    QGuiApplication.clipboard().setText(native.dumps(part))


def take(scope: str) -> Document:
    """The fragment on the clipboard.

    Raises:
        EditError: there is none, or nothing of it can stand in ``scope``.
    """
    text = QGuiApplication.clipboard().text()
    if not text.strip():
        raise edits.EditError("There is nothing on the clipboard to paste.")
    try:
        part = native.loads(text).document
    except native.FormatError:
        raise edits.EditError("What is on the clipboard is no part of a network.") from None
    return _without_ports(part) if scope == NETWORK else part


def _without_ports(part: Document) -> Document:
    """Inputs and outputs of a block mean nothing outside one."""
    ports = [key for key, n in part.network.nodes.items() if n.type in (BLOCK_INPUT, BLOCK_OUTPUT)]
    if ports and len(ports) == len(part.network.nodes):
        raise edits.EditError("Inputs and outputs of a block stand only inside a block.")
    return replace(edits.remove_nodes(part, NETWORK, ports)) if ports else part
