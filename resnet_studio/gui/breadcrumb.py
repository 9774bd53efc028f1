"""Where the canvas is: the network, and the blocks entered on the way in."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from resnet_studio.gui.icons import icon
from resnet_studio.gui.session import Session, Trail
from resnet_studio.gui.widgets import Picture, clear, row


class Breadcrumb(QFrame):
    """A button for each step; the last one is where we are."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breadcrumb")
        self._session = session
        self._shown: list[tuple[str, Trail]] = []
        self._row = row(gap=2)
        self.setLayout(self._row)
        session.scope_changed.connect(self.refresh)
        session.changed.connect(self.refresh)
        self.refresh()

    def steps(self) -> list[tuple[str, Trail]]:
        """What is written on each step and where it leads, from the network inwards."""
        session = self._session
        found: list[tuple[str, Trail]] = [(session.document.name or "network", ())]
        graph = session.document.network
        for depth, (node_id, copy) in enumerate(session.trail, start=1):
            node = graph.nodes[node_id]
            again = "" if node.repeat == 1 else f" #{copy}"
            found.append((f"{node_id}{again}", session.trail[:depth]))
            graph = session.document.blocks[node.type].graph
        return found

    def refresh(self, _change: object = None) -> None:
        steps = self.steps()
        if steps == self._shown:
            return
        self._shown = steps
        clear(self._row)
        for number, (text, trail) in enumerate(steps):
            if number:
                self._row.addWidget(Picture("chevron-right", 12))
            self._row.addWidget(self._step(text, trail, last=number == len(steps) - 1))
        self._row.addStretch(1)

    def _step(self, text: str, trail: Trail, last: bool) -> QToolButton:
        button = QToolButton()
        button.setText(_elided(text))
        button.setToolTip(f"You are inside “{text}”" if last else f"Go back to “{text}”")
        button.setAccessibleName(text)
        button.setIconSize(QSize(16, 16))
        if not trail:
            button.setIcon(icon("merging", "accent"))
        elif last:
            button.setIcon(icon("block", "block"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("current", "true" if last else "false")
        button.clicked.connect(lambda _checked=False: self._session.go_to(trail))
        return button


def _elided(text: str, most: int = 28) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
