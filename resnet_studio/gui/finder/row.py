"""How a row of the finder is painted: badge, title with the meant letters, what it is, its end."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resnet_studio.gui.finder.entries import Found
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import paint_badge

FOUND_ROLE = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 36
_BADGE, _MARGIN, _GAP = 22, 8, 12

Index = QModelIndex | QPersistentModelIndex


class FinderRow(QStyledItemDelegate):
    """Paints one Found."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit: Found = index.data(FOUND_ROLE)
        area = QRectF(option.rect).adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, area, option)
        _paint_picture(painter, area, hit)
        room = area.adjusted(_MARGIN + _BADGE + _GAP, 0, -_MARGIN, 0)
        room.setRight(_paint_tail(painter, room, hit.entry.tail) - _GAP)
        room.setLeft(_paint_title(painter, room, hit) + _GAP)
        _paint_text(painter, room, hit.entry.detail, "body", "text-muted")
        painter.restore()


def _paint_ground(painter: QPainter, area: QRectF, option: QStyleOptionViewItem) -> None:
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    if chosen or hovered:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("selection" if chosen else "hover"))
        painter.drawRoundedRect(area, 6, 6)


def _paint_picture(painter: QPainter, area: QRectF, hit: Found) -> None:
    scale = painter.device().devicePixelRatioF()
    top = round(area.center().y() - _BADGE / 2)
    badge = QRectF(area.left() + _MARGIN, top, _BADGE, _BADGE)
    if hit.entry.family:
        paint_badge(painter, badge, hit.entry.family, scale)
    elif hit.entry.icon is not None:
        hit.entry.icon.paint(painter, badge.toRect().adjusted(3, 3, -3, -3))


def _paint_tail(painter: QPainter, room: QRectF, text: str) -> float:
    """Paints it at the right; returns where it begins."""
    painter.setFont(theme().font("code"))
    painter.setPen(theme().color("text-muted"))
    width = painter.fontMetrics().horizontalAdvance(text)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
    return room.right() - width


def _paint_title(painter: QPainter, room: QRectF, hit: Found) -> float:
    """Paints the title, the letters that were meant in the accent; returns where it ends."""
    font = theme().font("strong")
    measure = QFontMetricsF(font)
    shown = measure.elidedText(hit.entry.title, Qt.TextElideMode.ElideMiddle, room.width())
    painter.setFont(font)
    meant = set(hit.letters) if shown == hit.entry.title else set()
    left = room.left()
    for i, letter in enumerate(shown):
        painter.setPen(theme().color("accent" if i in meant else "text"))
        end = room.left() + measure.horizontalAdvance(shown[: i + 1])
        area = QRectF(left, room.top(), end - left + 2, room.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, letter)
        left = end
    return left


def _paint_text(painter: QPainter, room: QRectF, text: str, font: str, color: str) -> None:
    painter.setFont(theme().font(font))
    painter.setPen(theme().color(color))
    if room.width() > 24:
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
