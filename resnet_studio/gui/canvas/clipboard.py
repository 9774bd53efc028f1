"""Copy and paste through the clipboard's text: the native JSON, so it works between windows.

Text from an editor is taken too: a native file, or the JSON of a Keras model.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtGui import QGuiApplication

from resnet_studio.core import building, edits, fragments
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, NETWORK, Document, Edge
from resnet_studio.core.frames import Frame
from resnet_studio.formats import keras_config, native

_INPUTS = "inputs"
"""The key of the fragment under which the wires lie that fed it from outside."""
_FROM = "from"
"""The key that says of which document, opened once, and of which of its graphs it is a part."""


class Part(NamedTuple):
    """A fragment, and the wires that entered it where it was copied."""

    document: Document
    inputs: tuple[Edge, ...] = ()
    elsewhere: int = 0
    """How many wires entered it in another network, whose nodes are not those of this one."""
    at_home: bool = False
    """Whether it came from the graph that takes it."""


def put(
    document: Document, scope: str, ids: frozenset[str], framed: Sequence[Frame], identity: str
) -> None:
    """Copies nodes, the wires among them and into them, the blocks they call, and frames.

    ``identity`` tells the document from every other that is open.
    """
    part = fragments.fragment(document, scope, ids, framed)
    inputs = building.incoming(document, scope, ids)
    extra = {_INPUTS: [list(edge) for edge in inputs], _FROM: f"{identity}/{scope}"}
    part = replace(part, extra=extra)
    QGuiApplication.clipboard().setText(native.dumps(part))


def take(scope: str, identity: str) -> Part:
    """The fragment on the clipboard, for a graph of the document of this ``identity``.

    Its wires from outside are kept where it came from the same graph: elsewhere nodes may bear
    the same names by chance.

    Raises:
        EditError: there is none, or nothing of it can stand in ``scope``.
    """
    text = QGuiApplication.clipboard().text()
    if not text.strip():
        raise edits.EditError("There is nothing on the clipboard to paste.")
    document = _read(text)
    inputs = tuple(_wires(document.extra.get(_INPUTS)))
    at_home = document.extra.get(_FROM) == f"{identity}/{scope}"
    document = replace(document, extra={})
    part = _without_ports(document) if scope == NETWORK else document
    return Part(part, inputs, at_home=True) if at_home else Part(part, elsewhere=len(inputs))


def _read(text: str) -> Document:
    try:
        return native.loads(text).document
    except native.FormatError as error:
        told = str(error)
    try:
        return keras_config.loads(text).document
    except native.FormatError:
        pass
    if '"resnet-studio/' in text:
        raise edits.EditError(f"The network on the clipboard cannot be read: {told}.")
    raise edits.EditError("What is on the clipboard is no part of a network.")


def _wires(raw: object) -> Iterable[Edge]:
    """The wires that lie in a fragment; what is no wire is passed over."""
    for entry in raw if isinstance(raw, list) else ():
        match entry:
            case [str(source), str(target), int(slot), int(output)]:
                yield Edge(source, target, slot, output)


def _without_ports(part: Document) -> Document:
    """Inputs and outputs of a block mean nothing outside one."""
    ports = [key for key, n in part.network.nodes.items() if n.type in (BLOCK_INPUT, BLOCK_OUTPUT)]
    if ports and len(ports) == len(part.network.nodes):
        raise edits.EditError("Inputs and outputs of a block stand only inside a block.")
    return replace(edits.remove_nodes(part, NETWORK, ports)) if ports else part
