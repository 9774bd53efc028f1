"""How the rows of search-to-add are painted: name, what it will be, and the shape it gives."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resnet_studio.core.shapes import show
from resnet_studio.gui.canvas.search.candidates import Candidate
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import paint_badge

CANDIDATE = Qt.ItemDataRole.UserRole
"""The role under which a row carries its Candidate."""
FIGURES = Qt.ItemDataRole.UserRole + 1
"""The role of what the node will be: ``3×3, 64, /2``."""

ROW = 36
_BADGE = 22
_FAINT = 0.55

Index = QModelIndex | QPersistentModelIndex


class CandidateDelegate(QStyledItemDelegate):
    """A badge, the name with the letters that were typed, figures, and on the right the result."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        candidate: Candidate = index.data(CANDIDATE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect).adjusted(6, 1, -6, -1)
        self._background(painter, option, area)
        if not candidate.fits:
            painter.setOpacity(_FAINT)
        if candidate.reason:
            self._mark(painter, area)
        badge = QRectF(area.left() + 7, area.center().y() - _BADGE / 2, _BADGE, _BADGE)
        paint_badge(painter, badge, candidate.family, painter.device().devicePixelRatioF())
        right = self._result(painter, area.adjusted(0, 0, -10, 0), candidate)
        left = self._name(painter, area.adjusted(_BADGE + 17, 0, 0, 0), candidate)
        room = QRectF(left + 9, area.top(), right - left - 21, area.height())
        self._figures(painter, room, index.data(FIGURES))
        painter.restore()

    def _background(self, painter: QPainter, option: QStyleOptionViewItem, area: QRectF) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("selection" if chosen else "hover"))
            painter.drawRoundedRect(area, 7, 7)

    def _mark(self, painter: QPainter, area: QRectF) -> None:
        """A bar at the edge of what usually stands here."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent"))
        painter.drawRoundedRect(QRectF(area.left(), area.center().y() - 8, 3, 16), 1.5, 1.5)

    def _name(self, painter: QPainter, area: QRectF, candidate: Candidate) -> float:
        """Paints the name, typed letters in the accent; returns where it ends."""
        x, baseline = area.left(), _baseline(area)
        for text, typed in _runs(candidate.name, candidate.letters):
            font = theme().font("strong" if typed else "body")
            painter.setFont(font)
            painter.setPen(theme().color("accent" if typed else "text"))
            painter.drawText(round(x), round(baseline), text)
            x += QFontMetricsF(font).horizontalAdvance(text)
        return x

    def _figures(self, painter: QPainter, room: QRectF, text: str) -> None:
        if not text or room.width() < 24:
            return
        painter.setFont(theme().font("caption"))
        painter.setPen(theme().color("text-muted"))
        elide = Qt.TextElideMode.ElideRight
        shown = painter.fontMetrics().elidedText(text, elide, int(room.width()))
        painter.drawText(room.adjusted(0, 1, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)

    def _result(self, painter: QPainter, area: QRectF, candidate: Candidate) -> float:
        """Paints the shape and the cost, or that it does not fit; returns where that begins."""
        text = result_text(candidate)
        if not text:
            return area.right()
        font = theme().font("code" if candidate.fits else "caption")
        painter.setFont(font)
        painter.setPen(theme().color("text-muted" if candidate.fits else "warning"))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        return area.right() - QFontMetricsF(font).horizontalAdvance(text)


def result_text(candidate: Candidate) -> str:
    """``→ 56×56×64``; a row that does not fit says so, its reason stands below the list."""
    if not candidate.fits:
        return "does not fit"
    outcome = candidate.fit.outcome
    if outcome is None or outcome.output is None:
        return ""
    return f"→ {show(outcome.output)}"


def _baseline(area: QRectF) -> float:
    metrics = QFontMetricsF(theme().font("body"))
    return area.center().y() + (metrics.ascent() - metrics.descent()) / 2


def _runs(name: str, letters: tuple[int, ...]) -> list[tuple[str, bool]]:
    """The name in pieces, each with whether it was typed."""
    runs: list[tuple[str, bool]] = []
    for i, letter in enumerate(name):
        typed = i in letters
        if runs and runs[-1][1] == typed:
            runs[-1] = (runs[-1][0] + letter, typed)
        else:
            runs.append((letter, typed))
    return runs
