"""Where the canvas is: the network, the blocks entered on the way in, and through which copy."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QSpinBox, QToolButton, QWidget

from resnet_studio.gui.canvas.looks import flow_through
from resnet_studio.gui.icons import icon
from resnet_studio.gui.session import Session, Trail
from resnet_studio.gui.widgets import Picture, clear, label, row

_COPY_WIDTH = 100
_INSET = 6
Step = tuple[str, int]
"""The name on a step, and how many copies there are to choose from."""


class Breadcrumb(QFrame):
    """A button for each step, the last one is where we are; behind a loop, which copy of it.

    At the end stand the shapes that the copy is given and gives.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breadcrumb")
        self._session = session
        self._shown: list[Step] = []
        self.copies: dict[int, QSpinBox] = {}
        """Which copy one looks at, by the depth of the step."""
        self.shapes = label("", "caption")
        self._row = row(gap=2)
        self.setLayout(row(self._row, self.shapes, 1, gap=8))
        session.scope_changed.connect(self.refresh)
        session.changed.connect(self.refresh)
        self.refresh()

    def steps(self) -> list[tuple[str, Trail]]:
        """What each step stands for and where it leads, from the network inwards."""
        trail = self._session.trail
        return [
            (f"{name} #{trail[depth - 1][1]}" if copies > 1 else name, trail[:depth])
            for depth, (name, copies) in enumerate(self._steps())
        ]

    def _steps(self) -> list[Step]:
        session = self._session
        found: list[Step] = [(session.document.name or "network", 1)]
        graph = session.document.network
        for depth, (node_id, _copy) in enumerate(session.trail):
            node = graph.nodes[node_id]
            found.append((node_id, session.copies(depth)))
            graph = session.document.blocks[node.type].graph
        return found

    def refresh(self, _change: object = None) -> None:
        steps = self._steps()
        if steps != self._shown:
            self._shown = steps
            self._build(steps)
        for depth, box in self.copies.items():
            box.blockSignals(True)
            box.setValue(self._session.trail[depth - 1][1])
            box.blockSignals(False)
        self._show_shapes()

    def _build(self, steps: list[Step]) -> None:
        clear(self._row)
        self.copies = {}
        for depth, (name, copies) in enumerate(steps):
            if depth:
                self._row.addWidget(Picture("chevron-right", 12))
            self._row.addWidget(self._step(name, depth, last=depth == len(steps) - 1))
            if copies > 1:
                self.copies[depth] = self._copy_box(name, depth, copies)
                self._row.addWidget(self.copies[depth])

    def _step(self, name: str, depth: int, last: bool) -> QToolButton:
        button = QToolButton()
        button.setText(_elided(name))
        button.setToolTip(f"You are inside “{name}”" if last else f"Go back to “{name}”")
        button.setAccessibleName(name)
        button.setIconSize(QSize(16, 16))
        if not depth:
            button.setIcon(icon("merging", "accent"))
        elif last:
            button.setIcon(icon("block", "block"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("current", "true" if last else "false")
        session = self._session
        button.clicked.connect(lambda _checked=False: session.go_to(session.trail[:depth]))
        return button

    def _copy_box(self, name: str, depth: int, copies: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(1, copies)
        box.setPrefix("#")
        box.setSuffix(f" of {copies}")
        box.setWrapping(True)
        box.setFixedWidth(_COPY_WIDTH)
        box.lineEdit().setTextMargins(_INSET, 0, 0, 0)
        box.setToolTip(f"Which copy of “{name}” is shown: their shapes may differ")
        box.setAccessibleName(f"Copy of {name}")
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda copy: self._choose(depth, copy))
        return box

    def _choose(self, depth: int, copy: int) -> None:
        """Looks at another copy; what is selected stays so."""
        session = self._session
        trail, selected = session.trail, session.selection
        key = trail[depth - 1][0]
        session.go_to((*trail[: depth - 1], (key, copy), *trail[depth:]))
        session.select(selected)

    def _show_shapes(self) -> None:
        inside = self._session.graph_analysis if self._session.trail else None
        self.shapes.setText(flow_through(inside, inside.outputs) if inside is not None else "")


def _elided(text: str, most: int = 28) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
