"""The page of one layer: name, what it comes to, an editor for each argument."""

from collections import Counter
from collections.abc import Generator, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from resnet_studio.core.document import NETWORK
from resnet_studio.core.edits import clear_argument, set_argument, set_repeat
from resnet_studio.core.families import family
from resnet_studio.core.layer import LAYERS
from resnet_studio.gui.inspector.aftermath import Aftermath
from resnet_studio.gui.inspector.argument_row import ArgumentRow
from resnet_studio.gui.inspector.facts import Facts
from resnet_studio.gui.inspector.header import Header
from resnet_studio.gui.inspector.repeat import repeat_argument
from resnet_studio.gui.inspector.rows import Rows, layer_rows
from resnet_studio.gui.session import Session
from resnet_studio.gui.slices import Slices
from resnet_studio.gui.widgets import column, label

_COMMON = 8
"""The rows of so many types of layers are made before anybody asks for them."""


class NodePage(QWidget):
    """Shows the one selected layer."""

    explained = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._node_id = ""
        self._made: dict[str, Rows] = {}
        self._preparing: Slices[None] = Slices(self, lambda _none: None)
        session.loaded.connect(self.prepare)
        self.header = Header(session)
        self.facts = Facts()
        self.note = label("", "muted", wrap=True)
        self._aftermath = Aftermath(session, self, self._tell_aftermath)
        self._slot = column()
        self.setLayout(column(self.header, self.note, self.facts, self._slot, 1, margin=16, gap=12))

    def show_node(self, node_id: str) -> None:
        self._node_id = node_id
        self.refresh()

    @property
    def rows(self) -> dict[str, ArgumentRow]:
        """The rows on show by argument."""
        return self._made[self._session.graph.nodes[self._node_id].type].rows

    def refresh(self) -> None:
        session = self._session
        node = session.graph.nodes[self._node_id]
        self.header.show_node(node, family(node.type), node.type)
        layer = LAYERS.get(node.type)
        self.note.setText(layer.help if layer is not None else "")
        self.note.setVisible(bool(self.note.text()))
        self.facts.show_node(session.graph_analysis, node)
        for _ in self._making(node.type):
            pass
        for type_name, rows in self._made.items():
            rows.setVisible(type_name == node.type)
        config = {**node.config} if node.repeat == 1 else {**node.config, "repeat": node.repeat}
        self._made[node.type].show_config(config, block_parameters(session))

    def prepare(self, _change: object = None) -> None:
        """Makes the rows of the commonest types there are, while nobody waits for them."""
        types = Counter(node.type for node in self._session.graph.nodes.values())
        common = [name for name, _ in types.most_common(_COMMON) if name in LAYERS]
        if not self._made.keys() >= set(common):
            self._preparing.start(self._making(*common))

    def _making(self, *types: str) -> Generator[None, None, None]:
        """Makes what is missing of the rows of these types, one at each step."""
        for type_name in types:
            if type_name not in self._made:
                self._slot.addWidget(self._rows_of(type_name))
            while self._made[type_name].make_next():
                yield

    def _rows_of(self, type_name: str) -> Rows:
        known = LAYERS[type_name].arguments if type_name in LAYERS else {}
        rows = layer_rows(known.values(), also=[repeat_argument()] if known else [])
        rows.changed.connect(self.apply)
        rows.reset.connect(self.reset)
        rows.explained.connect(self.explained)
        rows.unfolded.connect(self.refresh)
        rows.hide()
        self._made[type_name] = rows
        return rows

    def apply(self, name: str, value: Any) -> None:
        """Makes a new value part of the document; one undo step a field."""
        session, node_id = self._session, self._node_id
        key = ("argument", session.scope, node_id, name)
        self._aftermath.begin(key, name)
        if name == "repeat" and "repeat" not in _arguments(session, node_id):
            after = set_repeat(session.document, session.scope, node_id, value)
        else:
            after = set_argument(session.document, session.scope, node_id, name, value)
        session.apply(f"Set {name} of “{node_id}”", after, merge=key)

    def _tell_aftermath(self, name: str, text: str, tone: str) -> None:
        for made in self._made.values():
            if name in made.rows:
                made.rows[name].show_aftermath(text, tone)

    def reset(self, name: str) -> None:
        session, node_id = self._session, self._node_id
        if name == "repeat":
            after = set_repeat(session.document, session.scope, node_id, 1)
        else:
            after = clear_argument(session.document, session.scope, node_id, name)
        session.apply(f"Reset {name} of “{node_id}”", after)


def _arguments(session: Session, node_id: str) -> Mapping[str, Any]:
    layer = LAYERS.get(session.graph.nodes[node_id].type)
    return layer.arguments if layer is not None else {}


def block_parameters(session: Session) -> Mapping[str, Any] | None:
    """The parameters of the block on the canvas as the entered copy has them; None outside."""
    if session.scope == NETWORK:
        return None
    graph = session.graph_analysis
    return (
        graph.parameters if graph is not None else session.document.blocks[session.scope].parameters
    )
