"""The finder: a line to type in and what it finds, over the top of the canvas.

Looking through nodes shows each of them on the canvas; Escape goes back to where one was.
"""

from collections.abc import Callable, Generator, Iterable
from itertools import islice

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from resnet_studio.gui.finder.entries import Entry, Found, found
from resnet_studio.gui.finder.row import FOUND_ROLE, ROW_HEIGHT, FinderRow
from resnet_studio.gui.slices import Slices
from resnet_studio.gui.widgets import Field, column, label

_WIDTH, _ROWS, _TOP = 600, 9, 12
_AT_ONCE = 300
"""So many entries are there when it opens; the others follow while nothing else is to be done."""
_STEP = 20
_WIDTH_ASIDE, _ROWS_ASIDE = 400, 12


class Finder(QFrame):
    """Shown by ``open``; hides itself once something is chosen or the focus goes elsewhere."""

    def __init__(self, home: QWidget) -> None:
        super().__init__(home)
        self.setObjectName("finder")
        self._home = home
        self._entries: list[Entry] = []
        self._gathering: Slices[None] = Slices(self, self._gathered)
        self._source: Callable[[], Iterable[Entry]] = tuple
        self._back: Callable[[], object] = lambda: None
        self._looked = self._aside = False
        self.line = Field()
        self.line.setProperty("search", True)
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setItemDelegate(FinderRow(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.currentItemChanged.connect(self._look)
        self.list.itemClicked.connect(lambda _item: self._choose())
        self.nothing = label("Nothing is called that.", "muted")
        self.nothing.setContentsMargins(12, 6, 12, 10)
        self.setLayout(column(self.line, self.list, self.nothing, margin=8, gap=6))
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)
        home.installEventFilter(self)
        self.hide()

    def open(
        self,
        hint: str,
        source: Callable[[], Iterable[Entry]],
        back: Callable[[], object] = lambda: None,
        aside: bool = False,
    ) -> None:
        """Asks for one of the entries; ``back`` undoes the looking, should none be chosen.

        ``source`` is asked for the entries again whenever they may have changed.
        With ``aside`` it stands at the left, so that the canvas is seen beside it.
        """
        self.give_up()
        self._source, self._back, self._aside = source, back, aside
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(hint)
        with QSignalBlocker(self.line):
            self.line.clear()
        self.renew()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def renew(self) -> None:
        """Lists what there is to be found now; the canvas stays as it is."""
        self._gathering.stop()
        coming = iter(self._source())
        self._entries = list(islice(coming, _AT_ONCE))
        if len(self._entries) == _AT_ONCE:
            self._gathering.start(self._gather(coming))
        self._list(self.line.text())

    def give_up(self) -> None:
        """Ends the looking: shows again what was shown before it began."""
        self._gathering.stop()
        if self._looked:
            self._looked = False
            self._back()

    def _gather(self, coming: Iterable[Entry]) -> Generator[None, None, None]:
        while more := list(islice(coming, _STEP)):
            self._entries += more
            yield

    def _gathered(self, _none: None) -> None:
        if self.line.text():
            self._search(self.line.text())

    def _search(self, typed: str) -> None:
        if typed and self._gathering.running:
            return  # What is found is shown as soon as all there is was looked through.
        self._list(typed)
        if typed:
            self._look()

    def _list(self, typed: str) -> None:
        hits = found(self._entries, typed)
        self.list.blockSignals(True)
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem(hit.entry.title)
            item.setData(FOUND_ROLE, hit)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, hit.entry.detail)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self.nothing.setVisible(not hits)
        self.list.setVisible(bool(hits))
        self._place()

    def _place(self) -> None:
        width = min(_WIDTH_ASIDE if self._aside else _WIDTH, self._home.width() - 2 * _TOP)
        room = (self._home.height() - 90) // ROW_HEIGHT
        rows = min(_ROWS_ASIDE if self._aside else _ROWS, self.list.count(), max(room, 3))
        self.list.setFixedHeight(rows * ROW_HEIGHT + 2)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(_TOP if self._aside else (self._home.width() - width) // 2, _TOP)

    def _hit(self) -> Found | None:
        item = self.list.currentItem()
        hit: Found | None = None if item is None else item.data(FOUND_ROLE)
        return hit

    def _look(self) -> None:
        hit = self._hit()
        if hit is not None:
            self._looked = True
            hit.entry.look()

    def _choose(self) -> None:
        hit = self._hit()
        if hit is not None:
            self._close()
            hit.entry.choose()

    def _cancel(self) -> None:
        self.give_up()
        self._close()

    def _close(self) -> None:
        self.hide()
        self._home.setFocus(Qt.FocusReason.OtherFocusReason)

    # Keys and the window around it

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._gathering.stop()
        # What one looks at when one goes on elsewhere is where one stays.
        self._looked = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._home and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        elif watched is self.line and event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif watched is self.line and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                return self._key(Qt.Key(event.key()))
            if event.key() == Qt.Key.Key_Escape:
                # Escape is the canvas' own key as well.
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _ROWS,
            Qt.Key.Key_PageUp: -_ROWS,
        }
        if key in steps:
            last = self.list.count() - 1
            self.list.setCurrentRow(min(max(self.list.currentRow() + steps[key], 0), last))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # The best of all is meant, also of those that are still to be looked through.
            self._gathering.finish()
            self._choose()
        elif key == Qt.Key.Key_Escape:
            self._cancel()
        else:
            return False
        return True
