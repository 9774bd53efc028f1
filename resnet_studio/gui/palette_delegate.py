"""How the palette paints its rows, and what hangs on the pointer during a drag."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget

from resnet_studio.gui.icons import pixmap
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import paint_badge

_ROW, _SECTION, _BADGE = 32, 32, 22

Index = QModelIndex | QPersistentModelIndex


class PaletteDelegate(QStyledItemDelegate):
    """Sections as small headings with a chevron; entries as a badge and a name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _ROW if index.parent().isValid() else _SECTION)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.parent().isValid():
            _paint_entry(painter, option, index)
        else:
            _paint_section(painter, option, index)
        painter.restore()


def _paint_section(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    area = QRectF(option.rect)
    tree = option.widget
    expanded = isinstance(tree, QTreeWidget) and tree.isExpanded(index)
    scale = painter.device().devicePixelRatioF()
    chevron = pixmap("chevron-down" if expanded else "chevron-right", 12, "text-muted", scale)
    painter.drawPixmap(int(area.left()) + 2, int(area.center().y()) - 4, chevron)
    painter.setFont(theme().font("label"))
    painter.setPen(theme().color("text-muted"))
    text = area.adjusted(20, 4, -8, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, index.data())


def _paint_entry(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    area = QRectF(option.rect).adjusted(0, 1, -8, -1)
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    if chosen or hovered:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("selection" if chosen else "hover"))
        painter.drawRoundedRect(area, 6, 6)
    entry = index.data(Qt.ItemDataRole.UserRole)
    if entry is None:
        _paint_more(painter, area, index.data())
        return
    top = area.center().y() - _BADGE / 2
    badge = QRectF(area.left() + 6, round(top), _BADGE, _BADGE)
    paint_badge(painter, badge, entry.family, painter.device().devicePixelRatioF())
    painter.setFont(theme().font("body"))
    painter.setPen(theme().color("text"))
    text = area.adjusted(_BADGE + 16, 0, -4, 0)
    shown = painter.fontMetrics().elidedText(
        entry.name, Qt.TextElideMode.ElideRight, int(text.width())
    )
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_more(painter: QPainter, area: QRectF, text: str) -> None:
    painter.setFont(theme().font("body"))
    painter.setPen(theme().color("text-muted"))
    painter.drawText(area.adjusted(_BADGE + 16, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, text)


def drag_picture(name: str, family: str, scale: float) -> QPixmap:
    """A small node with the name, in the family's colour."""
    font = theme().font("strong")
    probe = QPixmap(1, 1)
    painter = QPainter(probe)
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(name) + 56
    painter.end()
    picture = QPixmap(round(width * scale), round(36 * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme().color("border-strong"))
    painter.setBrush(theme().color("surface"))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, 35), 8, 8)
    paint_badge(painter, QRectF(8, 7, 22, 22), family, scale)
    painter.setFont(font)
    painter.setPen(theme().color("text"))
    painter.drawText(QRectF(38, 0, width - 40, 36), Qt.AlignmentFlag.AlignVCenter, name)
    painter.end()
    return picture
