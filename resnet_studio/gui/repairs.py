"""The repairs of a problem: a row each, best first, with what it costs."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolTip, QWidget

from resnet_studio.core.diagnostics import Fix
from resnet_studio.gui import figures
from resnet_studio.gui.widgets import Picture, clear, column, label, row, set_role

Act = Callable[[Fix], None]
Preview = Callable[[Fix | None], None]

_ROW = 25
"""Height of a row: five of them are in sight together in a window of 1280×720."""
_CHIP, _BETWEEN = 62, 6
"""Width of a column of costs, the longest being ``+999,999``, and what lies between columns."""
_INSET = 8
_TIP = 36
"""What a tooltip takes besides its line: its margins, and how far below its point Qt puts it."""
_TAG = 84
"""Width of “recommended”, which gives way to a star where the title needs the room."""
_ASIDE = re.compile(r" \([^()]*\)")
"""What a title can do without: the size of what is put in."""
_MEASURED = (
    "Compared with this network had the faulty node worked:\n"
    "what merely becomes known again is not counted."
)


class Elided(QLabel):
    """One line of text, ``brief`` where there is no room for all, and its middle left out at last.

    Names and titles differ at their ends.  A tooltip has whole what is shortened.
    """

    fitted = Signal()

    def __init__(self, text: str = "", role: str = "body", brief: str = "") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.whole, self._brief = text, brief
        self._fit()

    def show_text(self, text: str) -> None:
        self.whole, self._brief = text, ""
        self.setAccessibleName(text)
        self._fit()

    @property
    def elided(self) -> bool:
        return self.text() != self.whole

    def _fit(self) -> None:
        elide = Qt.TextElideMode.ElideMiddle
        metrics = self.fontMetrics()
        fits = metrics.horizontalAdvance(self.whole) <= self.width()
        shown = self.whole if fits or not self._brief else self._brief
        self.setText(metrics.elidedText(shown, elide, self.width()))
        self.setToolTip(self.whole if self.elided else "")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self.whole) + 1
        return QSize(wide, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.fitted.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()


class Cost(QLabel):
    """A difference of a count: green where the repair takes no more of it."""

    def __init__(self, value: int | None) -> None:
        super().__init__(figures.difference(value))
        self.setProperty("role", "chip")
        self.setProperty("good", "true" if value is not None and value <= 0 else "false")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(_CHIP, 19)


class RepairButton(QPushButton):
    """A repair with its cost; under the pointer it shows as a ghost on the canvas."""

    def __init__(self, fix: Fix, first: bool, apply: Act, ghost: Preview) -> None:
        super().__init__()
        self.fix = fix
        self._ghost = ghost
        self.setProperty("repair", "true")
        self.setObjectName(f"repair-{fix.id}")
        self._describe(first)
        self.title = Elided(fix.title, brief=_ASIDE.sub("", fix.title))
        self.costs = Cost(fix.delta_params), Cost(fix.delta_macs)
        self._tags = [_tag("recommended")] if first else []
        inside = row(self.title, *self._tags, *self.costs, gap=_BETWEEN)
        inside.setStretch(0, 1)
        inside.setContentsMargins(_INSET, 0, _INSET, 0)
        self.setLayout(inside)
        for part in (self.title, *self._tags, *self.costs):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_ROW)
        self.title.fitted.connect(lambda: self.setToolTip(self.title.toolTip()))
        self.clicked.connect(lambda: apply(fix))
        self.installEventFilter(self)

    def _describe(self, first: bool) -> None:
        """What a screen reader says: the whole title and the costs in full."""
        fix = self.fix
        params = figures.change(fix.delta_params, "parameters")
        macs = figures.change(fix.delta_macs, "MACs")
        mark = ", recommended" if first else ""
        self.setAccessibleName(f"{fix.title}, {params}, {macs}{mark}")
        if fix.touched:
            self.setAccessibleDescription(f"Adds or changes {_listed(fix.touched)}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow the title has the room, and a star stands for the word."""
        super().resizeEvent(event)
        title = self.title.fontMetrics().horizontalAdvance(self.title.whole)
        room = event.size().width() - 2 * (_CHIP + _INSET) - _TAG - 4 * _INSET
        for tag in self._tags:
            tag.setText("recommended" if title <= room else "★")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return makes the repair: the card around it would take the key to show the node."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            self._ghost(self.fix)
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self._ghost(None)
        elif event.type() == QEvent.Type.ToolTip:
            self._tell()
            return True
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        """Shows the tooltip above the list: the rows that one chooses from stay to be seen."""
        rows = self.parentWidget()
        if rows is None or not self.toolTip():
            return
        up = QFontMetrics(QToolTip.font()).height() + _TIP
        at = QPoint(self.mapToGlobal(QPoint(0, 0)).x(), rows.mapToGlobal(QPoint(0, 0)).y() - up)
        QToolTip.showText(at, self.toolTip(), self)


class Repairs(QWidget):
    """A head that names the columns, over a row for each repair."""

    def __init__(self, apply: Act, ghost: Preview) -> None:
        super().__init__()
        self._apply, self._ghost = apply, ghost
        self.buttons: list[RepairButton] = []
        self._title = label("", "label")
        self._units = [label(unit, "label") for unit in ("Δ params", "Δ MACs")]
        for unit in self._units:
            unit.setToolTip(_MEASURED)
            unit.setAlignment(Qt.AlignmentFlag.AlignCenter)
            unit.setFixedWidth(_CHIP)
        self._picture = Picture("repair", 14, "accent")
        head = row(self._picture, self._title, 1, *self._units, gap=_BETWEEN)
        head.setContentsMargins(_INSET, 0, _INSET + 1, 0)
        self._list = QFrame()
        self._list.setObjectName("repairs")
        self._slot = column(gap=0)
        self._slot.setContentsMargins(1, 1, 1, 1)
        self._list.setLayout(self._slot)
        self.setLayout(column(head, self._list, 1, gap=3))

    def show_fixes(self, fixes: Sequence[Fix]) -> None:
        """Fills the list; of a choice, the first is marked as recommended."""
        self.clear()
        for at, fix in enumerate(fixes):
            first = at == 0 and len(fixes) > 1
            self.buttons.append(RepairButton(fix, first, self._apply, self._ghost))
            self._slot.addWidget(self.buttons[-1])
        none = "There is no ready-made repair for this one."
        self._title.setText(figures.count(len(fixes), "repair") if fixes else none)
        set_role(self._title, "role", "label" if fixes else "muted")
        for part in (self._picture, self._list, *self._units):
            part.setVisible(bool(fixes))
        self.show()

    def add_fix(self, fix: Fix) -> None:
        """Adds a row at the end."""
        self.buttons.append(RepairButton(fix, first=False, apply=self._apply, ghost=self._ghost))
        self._slot.addWidget(self.buttons[-1])

    def clear(self) -> None:
        clear(self._slot)
        self.buttons = []
        self.hide()


def _tag(text: str) -> QLabel:
    made = label(text, "tag")
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def _listed(paths: tuple[str, ...]) -> str:
    shown = ", ".join(f"“{path}”" for path in paths[:6])
    return shown if len(paths) <= 6 else f"{shown} and {len(paths) - 6} more"
