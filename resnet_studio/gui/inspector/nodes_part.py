"""The arguments of several nodes at once: an edit of a row goes to all of them."""

from collections.abc import Collection, Generator, Iterable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.core.document import Node
from resnet_studio.core.feeding import Kinds, kinds_fed
from resnet_studio.core.together import (
    clear_in_all,
    common_arguments,
    common_parameters,
    repeat_all,
    set_in_all,
)
from resnet_studio.gui.figures import count
from resnet_studio.gui.inspector.argument_row import ArgumentRow
from resnet_studio.gui.inspector.call_page import parameter_argument
from resnet_studio.gui.inspector.node_page import block_parameters
from resnet_studio.gui.inspector.repeat import repeat_argument
from resnet_studio.gui.inspector.rows import Rows, layer_rows
from resnet_studio.gui.inspector.section import Section
from resnet_studio.gui.session import Session
from resnet_studio.gui.slices import Slices
from resnet_studio.gui.widgets import column


class NodesPart(QWidget):
    """The arguments that some of the chosen nodes share, one undo step a field.

    With ``folds`` they stand below a heading and are made when it is first unfolded.
    """

    explained = Signal(str)

    def __init__(self, session: Session, folds: bool) -> None:
        super().__init__()
        self._session = session
        self._ids: Sequence[str] = ()
        self._apart: Collection[str] = ()
        self._rows: Rows | None = None
        self._making: Slices[None] = Slices(self, lambda _none: None)
        self._box = column()
        self.section = Section("", self._fill) if folds else None
        self.setLayout(column(self.section) if self.section is not None else self._box)

    @property
    def rows(self) -> dict[str, ArgumentRow]:
        """The rows by argument; those that are still to be made are made now."""
        self._making.finish()
        return self._rows.rows if self._rows is not None else {}

    @property
    def names(self) -> Collection[str]:
        """The arguments that have a row here, made or not."""
        return self._rows.names if self._rows is not None else ()

    @property
    def has_plain(self) -> bool:
        """Whether there is more than what stands behind “More arguments”."""
        return self._rows is not None and self._rows.has_plain

    def unfold(self) -> None:
        if self.section is not None:
            self.section.heading.setChecked(True)

    def unfold_more(self) -> None:
        if self._rows is not None:
            self._rows.more.heading.setChecked(True)

    def show_nodes(self, ids: Sequence[str], title: str, apart: Collection[str] = ()) -> None:
        """Stands for these nodes, without the arguments that have their rows apart from here."""
        self._ids, self._apart = ids, apart
        if self.section is not None:
            self.section.heading.setText(title)
        elif self._rows is None:
            self._fill(self._box)
        self._refresh()

    def _fill(self, box: QVBoxLayout) -> None:
        rows = self._rows = shared_rows(self._session, self._ids)
        rows.changed.connect(self.apply)
        rows.reset.connect(self.reset)
        rows.explained.connect(self.explained)
        rows.unfolded.connect(self._refresh)
        box.addWidget(rows)
        self._making.start(self._make(rows))

    def _make(self, rows: Rows) -> Generator[None, None, None]:
        """One row at each step: all of them would hold up the next click."""
        more = True
        while more:
            more = rows.make_next()
            self._show(list(rows.rows.values())[-1:])
            yield

    def _refresh(self) -> None:
        if self._rows is not None:
            self._show(self._rows.rows.values())

    def _show(self, rows: Iterable[ArgumentRow]) -> None:
        known = self._session.graph.nodes
        # A row may be made when the page is not on show any more, and its nodes are gone.
        nodes = [known[key] for key in self._ids if key in known]
        for row in rows if nodes else ():
            row.setVisible(row.name not in self._apart)
            self._show_row(row, nodes)

    def _show_row(self, row: ArgumentRow, nodes: Iterable[Node]) -> None:
        values: list[Any] = []
        repeat = self._is_repeat(row.name)
        default = None if row.argument.required else row.argument.default
        for node in nodes:
            value = node.repeat if repeat else node.config.get(row.name, default)
            if value not in values:
                values.append(value)
        if len(values) == 1:
            row.show_config({row.name: values[0]}, block_parameters(self._session))
        else:
            row.show_several(values)

    def apply(self, name: str, value: Any) -> None:
        """Gives an argument of all the nodes one value."""
        session, ids = self._session, self._ids
        key = ("argument", session.scope, tuple(ids), name)
        if self._is_repeat(name):
            after = repeat_all(session.document, session.scope, ids, value)
        else:
            after = set_in_all(session.document, session.scope, ids, name, value)
        session.apply(f"Set {name} of {count(len(ids), 'node')}", after, merge=key)

    def reset(self, name: str) -> None:
        session, ids = self._session, self._ids
        if self._is_repeat(name):
            after = repeat_all(session.document, session.scope, ids, 1)
        else:
            after = clear_in_all(session.document, session.scope, ids, name)
        session.apply(f"Reset {name} of {count(len(ids), 'node')}", after)

    def _is_repeat(self, name: str) -> bool:
        """A block may have a parameter of that name, which then is meant."""
        if name != "repeat":
            return False
        session = self._session
        return name not in common_parameters(session.document, session.scope, self._ids)


def _fed(session: Session, ids: Sequence[str]) -> dict[str, Kinds]:
    """What the parameters that calls of several blocks share go to in any of them."""
    found: dict[str, Kinds] = {}
    for name in dict.fromkeys(session.graph.nodes[key].type for key in ids):
        for parameter, kinds in kinds_fed(session.document, name).items():
            found[parameter] = (*found.get(parameter, ()), *kinds)
    return found


def shared_rows(session: Session, ids: Sequence[str]) -> Rows:
    """The rows of what all these nodes take: parameters of blocks, or arguments of layers."""
    parameters = common_parameters(session.document, session.scope, ids)
    if parameters:
        fed = _fed(session, ids)
        made = {n: parameter_argument(n, d, fed.get(n, ())) for n, d in parameters.items()}
        made.setdefault("repeat", repeat_argument())
        return Rows(made.values(), verbatim=parameters)
    shared = common_arguments(session.document, session.scope, ids)
    nodes = session.graph.nodes
    kinds = {nodes[key].type for key in ids}
    more = "More arguments" if len(kinds) == 1 else "More arguments of all"
    return layer_rows(shared, also=[repeat_argument()], more=more)
