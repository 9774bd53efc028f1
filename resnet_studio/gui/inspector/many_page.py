"""The page of several nodes: what they come to together, and the arguments that all have."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from resnet_studio.core.arguments import Argument
from resnet_studio.core.together import (
    clear_in_all,
    common_arguments,
    common_parameters,
    repeat_all,
    set_in_all,
)
from resnet_studio.gui import figures
from resnet_studio.gui.inspector.argument_row import ArgumentRow
from resnet_studio.gui.inspector.call_page import parameter_argument
from resnet_studio.gui.inspector.fine import is_fine
from resnet_studio.gui.inspector.node_page import block_parameters
from resnet_studio.gui.inspector.repeat import repeat_argument
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets import clear, column, label

_NAMED = 8
"""More nodes than these are told by their kinds: nobody reads as many names."""


class ManyPage(QWidget):
    """An edit of a row goes to all of the nodes, one undo step a field."""

    explained = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._built_for: list[tuple[str, Any, Any]] = []
        self.rows: dict[str, ArgumentRow] = {}
        self.title = label("", "title")
        self.sum = label("", "muted", wrap=True)
        self.names = label("", "muted", wrap=True)
        self.hint = label("An edit here goes to all of them.", "caption", wrap=True)
        self._slot = column(gap=6)
        parts = (self.title, self.sum, self.names, self.hint, self._slot)
        self.setLayout(column(*parts, 1, margin=16, gap=12))

    @property
    def _chosen(self) -> list[str]:
        return sorted(self._session.selection & self._session.graph.nodes.keys())

    def refresh(self) -> None:
        chosen, nodes = self._chosen, self._session.graph.nodes
        kinds = Counter(nodes[key].type for key in chosen)
        kind = f"{next(iter(kinds))} " if len(kinds) == 1 else ""
        self.title.setText(f"{len(chosen):,} {kind}nodes")
        few, told = len(chosen) <= _NAMED, [f"{n:,} {name}" for name, n in kinds.most_common()]
        self.names.setText(", ".join(chosen if few else told))
        self.names.setVisible(few or len(kinds) > 1)
        self._show_sum(chosen)
        arguments = self._arguments(chosen)
        shape = [(a.name, type(a.kind), vars(a.kind)) for a in arguments]
        if shape != self._built_for:
            self._built_for = shape
            self._build(arguments)
        self.hint.setVisible(bool(arguments))
        for row in self.rows.values():
            self._show_row(row, chosen)

    def _show_sum(self, chosen: Sequence[str]) -> None:
        graph = self._session.graph_analysis
        if graph is None:
            self.sum.setText("")
            return
        outcomes = [graph.outcome(node_id) for node_id in chosen]
        macs = [outcome.macs for outcome in outcomes]
        total = None if None in macs else sum(m for m in macs if m is not None)
        params = sum(outcome.params for outcome in outcomes)
        self.sum.setText(f"{params:,} parameters, {figures.short(total)} MACs together")

    def _arguments(self, chosen: Sequence[str]) -> list[Argument]:
        document, scope = self._session.document, self._session.scope
        parameters = common_parameters(document, scope, chosen)
        if parameters:
            made = [parameter_argument(name, default) for name, default in parameters.items()]
            return [*made, repeat_argument()]
        return [a for a in common_arguments(document, scope, chosen) if not is_fine(a)]

    def _build(self, arguments: Sequence[Argument]) -> None:
        clear(self._slot)
        self.rows = {}
        for argument in arguments:
            made = ArgumentRow(argument)
            made.changed.connect(self.apply)
            made.reset.connect(self.reset)
            made.explained.connect(self.explained)
            self.rows[argument.name] = made
            self._slot.addWidget(made)

    def _show_row(self, row: ArgumentRow, chosen: Sequence[str]) -> None:
        values, nodes = [], self._session.graph.nodes
        for key in chosen:
            node = nodes[key]
            given = {**node.config, "repeat": node.repeat} if row.name == "repeat" else node.config
            value = given.get(row.name, None if row.argument.required else row.argument.default)
            if value not in values:
                values.append(value)
        if len(values) == 1:
            row.show_config({row.name: values[0]}, block_parameters(self._session))
        else:
            row.show_several(values)

    def apply(self, name: str, value: Any) -> None:
        """Gives an argument of all the nodes one value."""
        session, chosen = self._session, self._chosen
        key = ("argument", session.scope, tuple(chosen), name)
        if name == "repeat":
            after = repeat_all(session.document, session.scope, chosen, value)
        else:
            after = set_in_all(session.document, session.scope, chosen, name, value)
        session.apply(f"Set {name} of {len(chosen)} nodes", after, merge=key)

    def reset(self, name: str) -> None:
        session, chosen = self._session, self._chosen
        if name == "repeat":
            after = repeat_all(session.document, session.scope, chosen, 1)
        else:
            after = clear_in_all(session.document, session.scope, chosen, name)
        session.apply(f"Reset {name} of {len(chosen)} nodes", after)
