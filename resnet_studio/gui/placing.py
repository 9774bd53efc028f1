"""Where a node goes that is added without a pointer: the middle of what the canvas shows."""

from typing import TYPE_CHECKING

from resnet_studio.core.document import Document, Node
from resnet_studio.core.edits import Position
from resnet_studio.core.faces import card_extent
from resnet_studio.gui.new_node import new_node

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_STEP, _GAP = 8.0, 24.0


def node_in_view(canvas: "Canvas", type_name: str, document: Document | None = None) -> Node:
    """A new node at the middle of the view, moved down to where no other node lies.

    ``document`` is the session's with what the node needs, where that has it not yet.
    """
    session = canvas.session
    document = document if document is not None else session.document
    node = new_node(document, session.scope, type_name)
    width, height = card_extent(node, document)
    middle = canvas.mapToScene(canvas.viewport().rect().center())
    x = round((middle.x() - width / 2) / _STEP) * _STEP
    y = round((middle.y() - height / 2) / _STEP) * _STEP
    taken = [(p, card_extent(n, session.document)) for n, p in _places(canvas)]
    while any(_overlap((x, y), (width, height), p, extent) for p, extent in taken):
        y += height + _GAP
    return new_node(document, session.scope, type_name, (x, y))


def _places(canvas: "Canvas") -> list[tuple[Node, Position]]:
    nodes = canvas.session.graph.nodes
    return [(nodes[key], place) for key, place in canvas.network.places.items() if key in nodes]


def _overlap(a: Position, size_a: Position, b: Position, size_b: Position) -> bool:
    return all(
        a[axis] < b[axis] + size_b[axis] + _STEP and b[axis] < a[axis] + size_a[axis] + _STEP
        for axis in (0, 1)
    )
