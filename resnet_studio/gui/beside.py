"""Where a dialog stands that asks about a part of the canvas: beside that part."""

from PySide6.QtCore import QPoint, QRect, QSize

_GAP = 16
"""Pixels between a dialog and what it asks about, and to the edge of the room it has."""


def beside(dialog: QSize, about: QRect, rooms: list[QRect]) -> QPoint:
    """The upper left corner for a dialog, all in pixels of the screen.

    ``rooms``, such as the window and the screen, are tried in turn.  In each the dialog stands on
    the side that has more room, then on the other, below or above; where no room has a place that
    is free it stands in the last one, on its wider side, and covers as little as can be.
    """
    for room in rooms:
        for corner in _corners(dialog, about, room):
            place = QRect(_held(corner, dialog, room), dialog)
            if room.contains(place) and not place.intersects(about):
                return place.topLeft()
    return _held(_corners(dialog, about, rooms[-1])[0], dialog, rooms[-1])


def _corners(dialog: QSize, about: QRect, room: QRect) -> list[QPoint]:
    across = about.center().x() - dialog.width() // 2
    down = about.center().y() - dialog.height() // 2
    sides = [
        QPoint(about.right() + 1 + _GAP, down),
        QPoint(about.left() - _GAP - dialog.width(), down),
    ]
    if about.left() - room.left() > room.right() - about.right():
        sides.reverse()
    below = QPoint(across, about.bottom() + 1 + _GAP)
    return [*sides, below, QPoint(across, about.top() - _GAP - dialog.height())]


def _held(corner: QPoint, dialog: QSize, room: QRect) -> QPoint:
    """Moved into the room, its upper left corner in any case."""
    x = max(room.left(), min(corner.x(), room.right() + 1 - dialog.width()))
    y = max(room.top(), min(corner.y(), room.bottom() + 1 - dialog.height()))
    return QPoint(x, y)
