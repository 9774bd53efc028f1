"""The page of a call of a block: its arguments, how often it runs, the way inside."""

from collections.abc import Generator
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from resnet_studio.core.arguments import Anything, Argument, Kind
from resnet_studio.core.block_edits import calls_of, own_block
from resnet_studio.core.document import Block
from resnet_studio.core.edits import clear_argument, set_argument, set_repeat
from resnet_studio.core.feeding import Kinds, Whole, kinds_fed, together
from resnet_studio.gui.figures import count
from resnet_studio.gui.icons import icon
from resnet_studio.gui.inspector.argument_row import ArgumentRow
from resnet_studio.gui.inspector.facts import Facts
from resnet_studio.gui.inspector.header import Header
from resnet_studio.gui.inspector.node_page import block_parameters
from resnet_studio.gui.inspector.repeat import repeat_argument
from resnet_studio.gui.session import Session
from resnet_studio.gui.slices import Slices
from resnet_studio.gui.widgets import clear, column, label, row


def parameter_argument(name: str, default: Any, kinds: Kinds) -> Argument:
    """A parameter of a block as an argument of its calls; ``kinds`` are what it feeds."""
    argument = Argument(
        together(kinds) or _kind_like(default), default, "A parameter of the block."
    )
    argument.name = name
    return argument


def _kind_like(default: Any) -> Kind:
    """What a parameter that feeds nothing may be: a number where its default is one."""
    counts = isinstance(default, int) and not isinstance(default, bool)
    return Whole() if counts else Anything()


class CallPage(QWidget):
    """Shows the one selected call."""

    explained = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._node_id = ""
        self._shape: tuple[str, dict[str, Any], dict[str, Kinds]] = ("", {}, {})
        self.header = Header(session)
        self.facts = Facts()
        self.note = label("", "muted", wrap=True)
        self.enter = QPushButton("Enter block")
        self.enter.setIcon(icon("enter-block", "accent"))
        self.enter.setObjectName("enter-block")
        self.enter.setToolTip("Edit the inside of the block; every call of it changes")
        self.enter.clicked.connect(lambda: session.enter(self._node_id))
        self.own = QPushButton("Own block")
        self.own.setIcon(icon("copy", "accent"))
        self.own.setObjectName("own-block")
        self.own.clicked.connect(self.give_own_block)
        self._rows: dict[str, ArgumentRow] = {}
        self._config: dict[str, Any] = {}
        self._building: Slices[None] = Slices(self, lambda _none: None)
        self._slot = column(gap=6)
        ways = row(self.enter, self.own, gap=8)
        parts = (self.header, self.note, ways, self.facts, self._slot)
        self.setLayout(column(*parts, 1, margin=16, gap=12))

    def show_node(self, node_id: str) -> None:
        self._node_id = node_id
        self.refresh()

    @property
    def rows(self) -> dict[str, ArgumentRow]:
        """The rows by argument; those that are still to be made are made now."""
        self._building.finish()
        return self._rows

    def refresh(self) -> None:
        session = self._session
        node = session.graph.nodes[self._node_id]
        block = session.document.blocks[node.type]
        self.header.show_node(node, "block", f"{node.type} · block")
        self.note.setText(block.description)
        self.note.setVisible(bool(block.description))
        self.facts.show_node(session.graph_analysis, node)
        self._show_others(node.type)
        repeat = {} if node.repeat == 1 else {"repeat": node.repeat}
        self._config = {**node.config, **repeat}
        for made in self._rows.values():
            made.show_config(self._config, block_parameters(session))
        fed = dict(kinds_fed(session.document, node.type))
        if self._shape != (node.type, dict(block.parameters), fed):
            self._shape = (node.type, dict(block.parameters), fed)
            self._build(block)

    def _show_others(self, name: str) -> None:
        """Whether other calls would change with the block."""
        others = calls_of(self._session.document, name) - 1
        self.own.setVisible(others > 0)
        self.own.setToolTip(
            f"Give this call a block of its own, equal to “{name}”, "
            f"so that it does not change with {count(others, 'other call')}"
        )

    def give_own_block(self) -> None:
        """This call no longer changes with the others, nor they with it."""
        session = self._session
        after, name = own_block(session.document, session.scope, self._node_id)
        session.apply(f"Give “{self._node_id}” its own block “{name}”", after)

    def _build(self, block: Block) -> None:
        clear(self._slot)
        self._rows = {}
        fed = self._shape[2]
        arguments = [parameter_argument(n, d, fed[n]) for n, d in block.parameters.items()]
        single = len(block.inputs()) == 1 and len(block.outputs()) == 1
        self._building.start(self._making([*arguments, *([repeat_argument()] if single else [])]))

    def _making(self, arguments: list[Argument]) -> Generator[None, None, None]:
        """Makes one row at each step: all of a block with many parameters take a few frames."""
        for argument in arguments:
            made = ArgumentRow(argument, "" if argument.name == "repeat" else argument.name)
            made.changed.connect(self.apply)
            made.reset.connect(self.reset)
            made.explained.connect(self.explained)
            self._rows[argument.name] = made
            self._slot.addWidget(made)
            made.show_config(self._config, block_parameters(self._session))
            yield

    def apply(self, name: str, value: Any) -> None:
        session, node_id = self._session, self._node_id
        key = ("argument", session.scope, node_id, name)
        if self._is_repeat(name):
            after = set_repeat(session.document, session.scope, node_id, value)
        else:
            after = set_argument(session.document, session.scope, node_id, name, value)
        session.apply(f"Set {name} of “{node_id}”", after, merge=key)

    def reset(self, name: str) -> None:
        session, node_id = self._session, self._node_id
        if self._is_repeat(name):
            after = set_repeat(session.document, session.scope, node_id, 1)
        else:
            after = clear_argument(session.document, session.scope, node_id, name)
        session.apply(f"Reset {name} of “{node_id}”", after)

    def _is_repeat(self, name: str) -> bool:
        node = self._session.graph.nodes[self._node_id]
        return name == "repeat" and name not in self._session.document.blocks[node.type].parameters
