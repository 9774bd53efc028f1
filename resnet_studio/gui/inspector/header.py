"""The head of a page about a node: badge, name, type and what is wrong with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from resnet_studio.core.diagnostics import Diagnostic
from resnet_studio.core.document import Node
from resnet_studio.core.edits import EditError, rename_node
from resnet_studio.core.waiting import waits
from resnet_studio.gui.figures import count, sentence
from resnet_studio.gui.icons import icon
from resnet_studio.gui.session import Session, lies_at
from resnet_studio.gui.widgets import FamilyBadge, Field, Picture, column, label, row, set_role


class Header(QWidget):
    """The name is edited in place; a name that is taken stays red and is not applied."""

    repairs_wanted = Signal(str)
    """Carries the path of the problem on show."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._node_id = ""
        self._problem_at = ""
        self.badge = FamilyBadge(40)
        self.name = Field()
        self.name.setProperty("title", "true")
        self.name.setObjectName("node-name")
        self.name.setAccessibleName("Name of the node")
        self.type = label("", "caption")
        self.fault = label("", "fault", wrap=True)
        self.problem = Banner()
        self.problem.setObjectName("notice")
        self.repairs = QPushButton("Show repairs")
        self.repairs.setProperty("flat-row", "true")
        self.repairs.setIcon(icon("repair", "accent"))
        self.repairs.clicked.connect(lambda: self.repairs_wanted.emit(self._problem_at))
        head = row(self.badge, column(self.name, self.type, gap=0), gap=12)
        self.setLayout(column(head, self.fault, self.problem, self.repairs, gap=8))
        self.type.setIndent(3)
        self.name.textEdited.connect(self._check)
        self.name.editingFinished.connect(self._rename)

    def show_node(self, node: Node, family: str, type_name: str) -> None:
        changed = node.id != self._node_id
        self._node_id = node.id
        self.badge.show_family(family)
        self.type.setText(type_name)
        if changed or not self.name.hasFocus():
            self.name.setText(node.id)
            self._show_fault("")
        self._show_problem()

    def _show_problem(self) -> None:
        """The first problem at the node or inside it; errors come before warnings."""
        path = self._path()
        found = [d for d in self._session.analysis.diagnostics if lies_at(d.node, path)]
        self.repairs.setVisible(bool(found))
        if not found:
            self.problem.hide()
            return
        first = next((d for d in found if d.severity == "error"), found[0])
        kind = "note" if waits(first, self._session.document) else first.severity
        self.problem.show_text(kind, _brief(first, path, len(found) - 1))
        self._problem_at = first.node

    def _path(self) -> str:
        return self._session.prefix + self._node_id

    def _check(self, text: str) -> None:
        try:
            rename_node(self._session.document, self._session.scope, self._node_id, text.strip())
        except EditError as error:
            self._show_fault(sentence(str(error)))
        else:
            self._show_fault("")

    def _rename(self) -> None:
        new = self.name.text().strip()
        if new == self._node_id or self._node_id not in self._session.graph.nodes:
            return
        try:
            after = rename_node(self._session.document, self._session.scope, self._node_id, new)
        except EditError:
            self.name.setText(self._node_id)
            self._show_fault("")
            return
        self._session.apply(f"Rename “{self._node_id}” to “{new}”", after, select=[new])

    def _show_fault(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        set_role(self.name, "fault", "true" if text else "false")


def _brief(first: Diagnostic, path: str, others: int) -> str:
    """Where a problem is, seen from a node, and the fact of it; the panel explains."""
    where = "" if first.node == path else f"{first.node}: "
    more = f" And {count(others, 'problem')} more." if others else ""
    return where + sentence(first.problem.message) + more


class Banner(QFrame):
    """A tinted line that says one thing."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.picture = Picture("warning", 16, "warning")
        self.text = label("", wrap=True)
        box = row(self.picture, self.text, margin=8)
        box.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.hide()

    def show_text(self, kind: str, text: str) -> None:
        """``kind`` is error, warning, note or ok."""
        token = {"error": "error", "warning": "warning", "ok": "ok"}.get(kind, "accent")
        self.picture.show_icon("info" if kind == "note" else kind, token)
        self.text.setText(text)
        set_role(self, "kind", kind)
        self.show()
