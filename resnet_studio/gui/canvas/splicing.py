"""Taking a node into a wire: what may go in, and the document after it."""

from typing import TYPE_CHECKING

from resnet_studio.core import edits
from resnet_studio.core.document import Document, Edge, Node
from resnet_studio.core.placing import make_room
from resnet_studio.gui.canvas.looks import Look

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


def fits(look: Look) -> bool:
    """Whether data can flow through the node."""
    return bool(look.outputs and (look.inputs or look.open_input))


def spliced(canvas: "Canvas", wire: Edge, node: Node, look: Look) -> Document:
    """The document with the node, new or unwired, in the wire; what is below makes room."""
    scene, scope = canvas.network, canvas.session.scope
    places = {key: place for key, place in scene.places.items() if key != node.id}
    extents = {key: scene.drawing.extent(key) for key in scene.places}
    corner, moved = make_room(places, extents, (wire.source, wire.target), look.extent)
    document = edits.move_nodes(canvas.pinned(), scope, moved)
    document = edits.insert_on_edge(document, scope, wire, node)
    return edits.move_nodes(document, scope, {node.id: corner})
