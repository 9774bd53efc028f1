"""What is painted of the network in the view: from near or from afar, kept as a picture."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QRectF, QTimer
from PySide6.QtGui import QPainter

from resnet_studio.gui.canvas import sheet
from resnet_studio.gui.canvas.backing import EDGE, Backing
from resnet_studio.gui.canvas.far_view import FarView
from resnet_studio.gui.canvas.near_view import NearView
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_REST = 120
"""Milliseconds after the last notch of the wheel."""


class Surface(QObject):
    """Paints the canvas, and tells Qt what of it is to be painted anew."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._near, self.far = NearView(canvas.network), FarView(canvas.network)
        self.backing = Backing(self._paint)
        canvas.network.disturbed.connect(self.repaint)
        canvas.network.stirred.connect(self._show_again)
        canvas.network.loosened.connect(self._take_out)
        canvas.network.showing.changed.connect(self._on_showing)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._on_rest)

    def show(self, painter: QPainter, rect: QRectF) -> None:
        """Paints ``rect`` of the scene, and what moves above it."""
        canvas, far = self._canvas, self._canvas.is_far()
        exposed = canvas.mapFromScene(rect).boundingRect().adjusted(-1, -1, 1, 1)
        exposed &= canvas.viewport().rect()
        if self._near.hurried and not far:
            # The next notch of the wheel needs all of it afresh: a picture would not be kept.
            self.backing.damage()
            painter.save()
            self._paint(painter, rect)
            painter.restore()
        else:
            self._show_kept(painter, exposed, far)
        if far:
            self.far.paint_moving(painter, canvas.minimap.covers(), canvas.framing.outlines())
            canvas.framing.paint_texts(painter, rect)
        else:
            self._near.paint_loose(painter, rect)

    def _show_kept(self, painter: QPainter, exposed: QRect, far: bool) -> None:
        viewport = self._canvas.viewport()
        state = (theme().name, self.far.turn if far else 0, far)
        size, ratio = viewport.size(), viewport.devicePixelRatioF()
        self.backing.show(painter, exposed, size, ratio, state)

    def _paint(self, painter: QPainter, seen: QRectF) -> None:
        canvas = self._canvas
        if canvas.is_far():
            self.far.paint(painter, seen)
            canvas.framing.paint(painter, seen, behind=False)
        else:
            sheet.paint_sheet(painter, seen, canvas.zoom_level())
            canvas.framing.paint(painter, seen)
            self._near.paint(painter, seen, canvas.framing.plates())
            canvas.framing.paint_texts(painter, seen)

    def repaint(self, areas: Collection[QRectF]) -> None:
        """Paints areas of the scene anew; none stand for all in sight."""
        if areas and self._canvas.is_far():
            # From afar the picture shows nothing of what passes; edits make it another.
            self._show_again(areas)
        else:
            self._paint_anew(areas)

    def _take_out(self, _keys: Collection[str], areas: Collection[QRectF]) -> None:
        """Cards that stood in these areas are painted above the picture from now on."""
        self._paint_anew(areas)

    def _paint_anew(self, areas: Collection[QRectF]) -> None:
        if not areas:
            self.backing.damage()
            self._canvas.viewport().update()
            return
        for area in areas:
            self.backing.damage(area)
        self._show_again(areas)

    def _show_again(self, areas: Collection[QRectF]) -> None:
        """What moves above the picture is to be seen elsewhere now."""
        viewport, to_view = self._canvas.viewport(), self._canvas.viewportTransform()
        seen = viewport.rect()
        for area in areas:
            here = to_view.mapRect(area).toAlignedRect().adjusted(-EDGE, -EDGE, EDGE, EDGE)
            if here.intersects(seen):
                viewport.update(here)

    def hurry(self) -> None:
        """The zoom is changing: cards are sharp again when it rests."""
        self._near.hurried = True
        self._rest.start()

    def _on_rest(self) -> None:
        self._near.hurried = False
        self._canvas.viewport().update()

    def _on_showing(self) -> None:
        self.far.forget()
        self.repaint(())
