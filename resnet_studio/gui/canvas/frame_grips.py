"""Where a frame is taken hold of, and what dragging it there makes of it."""

from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt

from resnet_studio.core.frames import HEAD, SMALLEST, Frame
from resnet_studio.gui.canvas.frame_painting import CORNER, area_of

_REACH, _CORNER_REACH = 5.0, 12.0
"""Pixels by which the pointer may miss an edge, and a corner along it."""
_SHAPES = {
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
}


class Grip(NamedTuple):
    """An edge or a corner of a frame: -1 is its left or top side, 1 its right or bottom."""

    frame: int
    across: int
    down: int

    @property
    def cursor(self) -> Qt.CursorShape:
        """The arrows along which it is dragged."""
        turned = self.across < 0 or (not self.across and self.down < 0)
        return _SHAPES[(-self.across, -self.down) if turned else (self.across, self.down)]


def sides_at(frame: Frame, at: QPointF, zoom: float) -> tuple[int, int]:
    """The sides of a frame that a place is at; (0, 0) where it is at none."""
    reach, area = _REACH / zoom, area_of(frame)
    if not area.adjusted(-reach, -reach, reach, reach).contains(at):
        return 0, 0
    across = _side(at.x(), area.left(), area.right(), reach)
    down = _side(at.y(), area.top(), area.bottom(), reach)
    along = max(_CORNER_REACH / zoom, CORNER)
    if QRectF(area.right() - along, area.bottom() - along, along, along).contains(at):
        return 1, 1
    if across:
        down = _side(at.y(), area.top(), area.bottom(), _CORNER_REACH / zoom)
    elif down:
        across = _side(at.x(), area.left(), area.right(), _CORNER_REACH / zoom)
    return across, down


def _side(at: float, low: float, high: float, reach: float) -> int:
    """-1 near the lower end, 1 near the upper, 0 between; the nearer where both are near."""
    nearer = -1 if at - low < high - at else 1
    return nearer if min(abs(at - low), abs(high - at)) <= reach else 0


def resized(frame: Frame, grip: Grip, across: float, down: float) -> Frame:
    """The frame with the sides of a grip elsewhere, the others where they are."""
    width = max(frame.width + grip.across * across, SMALLEST)
    height = max(frame.height + grip.down * down, HEAD)
    left = frame.left + (frame.width - width if grip.across < 0 else 0)
    top = frame.top + (frame.height - height if grip.down < 0 else 0)
    return replace(frame, left=left, top=top, width=width, height=height)


def moved_inside(
    kept: tuple[Frame, ...], index: int, across: float, down: float
) -> tuple[Frame, ...]:
    """All frames, one of them and those inside it moved."""
    mover = kept[index]
    return tuple(
        frame.moved(across, down) if frame is mover or mover.contains(frame) else frame
        for frame in kept
    )
