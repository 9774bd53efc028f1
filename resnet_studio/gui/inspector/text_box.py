"""Several lines of text, as high as what stands in them."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit

from resnet_studio.gui.widgets import belongs_to_window

_LEAST, _MOST = 3, 12
_MARGIN = 4
_FRAME = 12
"""Height of the border and the padding that the style sheet gives, above and below together, and
of the pixel without which Qt takes the last line for cut off."""


class TextBox(QPlainTextEdit):
    """Tells each edit of the user; undo belongs to the document."""

    edited = Signal(str)

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        # The margin is the view's, not the document's: no sliver of a further line shows in it.
        self.document().setDocumentMargin(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._showing = False
        self.textChanged.connect(self._changed)
        self._fit()

    def show_text(self, text: str) -> None:
        if text != self.toPlainText():
            self._showing = True
            self.setPlainText(text)
            self._showing = False
            self._fit()

    def _changed(self) -> None:
        self._fit()
        if not self._showing:
            self.edited.emit(self.toPlainText())

    def _fit(self) -> None:
        wrapped = max(1, self.document().size().height())
        lines = min(max(wrapped, _LEAST), _MOST)
        self.setFixedHeight(round(lines * self.fontMetrics().lineSpacing()) + 2 * _MARGIN + _FRAME)

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def event(self, event: QEvent) -> bool:
        if belongs_to_window(event):
            event.ignore()
            return False
        return super().event(event)
