"""The whole graph from afar: rectangles and lines painted in a few calls, stages behind them.

What moves is painted by itself, so that the rest can be kept as a picture (``backing.py``).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QObject, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from resnet_studio.core.faces import CARD_WIDTH
from resnet_studio.gui.canvas import sheet
from resnet_studio.gui.canvas.batches import Batch, Gatherer
from resnet_studio.gui.canvas.far_texts import NAMED, paint_names, paint_names_beside
from resnet_studio.gui.canvas.feature_maps import Slabs
from resnet_studio.gui.canvas.painting import FAR, mixed, tinted
from resnet_studio.gui.canvas.stage_bands import Band, StageBands
from resnet_studio.gui.canvas.stage_texts import Frames, paint_stages
from resnet_studio.gui.canvas.whole import Whole
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.scene import NetworkScene

_LINE, _MARK = 1.25, 1.75
_OUTLINED = 9.0
"""A card narrower than this many pixels is a spot of its family's colour."""
_STRIPED = 40.0
_OUTSIDE = 3.0
"""Pixels between the outline of a finding and that of a selection: both are seen."""
_SMOOTH = 700
"""More wires than these are painted without smoothing, but for what is nearly near."""
_FEW = 1200
"""So many cards are gathered for the frame, rather than painting all."""
_ASIDE = 1024.0
"""A long wire may run this far beside the cards at its ends."""
_NOW, _SOON = 0, 300
"""Milliseconds until what changed is gathered again: never between a key and its effect."""
_STAGES = 0.36
"""Below this zoom stages are shown."""


class FarView(QObject):
    """Paints a scene from afar; what it paints is gathered between frames."""

    gathered = Signal()
    """Everything that is painted from afar is known again."""

    def __init__(self, scene: "NetworkScene") -> None:
        super().__init__()
        self._scene = scene
        self._whole = Whole(scene.drawing)
        self._stages = StageBands(scene.drawing)
        self._slabs = Slabs()
        self.turn = 0
        """Grows when what is painted comes to be another."""
        self._outlined_at, self._outline = -1, QRectF()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._go_on)
        scene.restarted.connect(self._restart)
        scene.synced.connect(self._sync)
        scene.loosened.connect(self._leave_out)
        self._later.start()

    # Keeping in step

    def _restart(self) -> None:
        self._whole = Whole(self._scene.drawing)
        self._sync_rest()

    def _sync(self, touched: set[str], rewired: bool) -> None:
        self._whole.leave_out(())
        self._whole.touch(touched, rewired)
        self._sync_rest()

    def _sync_rest(self) -> None:
        before, self._stages = self._stages.bands, StageBands(self._scene.drawing)
        # Shown until the new ones are found: most edits leave them as they are.
        self._stages.bands = before if self._whole.begun else []
        self.turn += 1
        self._later.start(_NOW if self._in_use() else _SOON)

    def _in_use(self) -> bool:
        """Whether the canvas is seen from afar: from near, nobody waits for the lists."""
        views = self._scene.views()
        return not self._whole.begun or (bool(views) and views[0].transform().m11() < FAR)

    def _leave_out(self, keys: Iterable[str], _areas: object) -> None:
        """From now on these cards are painted above all others: they are being moved."""
        self._whole.leave_out(frozenset(keys))

    def _go_on(self) -> None:
        """A slice of what is to be gathered, while nobody waits for the window."""
        if self._whole.work() and self._stages.work():
            self._look_again()
        else:
            self.turn += 1
            self._later.start(_NOW)

    def _look_again(self) -> None:
        self.turn += 1
        self.gathered.emit()
        self._scene.disturbed.emit(())

    def forget(self) -> None:
        """Paints the next frame anew, whether anything changed or not."""
        self.turn += 1

    def batches(self) -> list[Batch]:
        """What is gathered of the whole graph, and what is being moved."""
        return [self._whole.batch(), *self._moving()]

    def _moving(self) -> list[Batch]:
        """The wires of the cards that are being moved, and the cards."""
        loose = self._scene.loose
        if not loose.keys:
            return []
        gatherer = Gatherer(self._scene.drawing)
        return [gatherer.wires(loose.wires), gatherer.cards(loose.keys)]

    def bands(self) -> list[list[QRectF]]:
        """The areas of each stage."""
        return [band.areas for band in self._stages.bands]

    # Painting

    def paint(self, painter: QPainter, seen: QRectF) -> None:
        """Paints ``seen`` of the scene, what is being moved left out, and the ground below."""
        zoom = painter.worldTransform().m11()
        sheet.paint_sheet(painter, seen, zoom)
        paint_bands(painter, [band.areas for band in self._stages_at(zoom)])
        batches = self._batches(seen)
        # Said by the whole, not by the strip that scrolled into sight: the two lie side by side.
        smooth = zoom >= NAMED or len(self._scene.drawing.wiring) < _SMOOTH
        maps = self._shows_maps(zoom)
        paint_batches(painter, batches, smooth, cards=not maps)
        if maps:
            keys = self._keys(seen)
            self._slabs.paint_instead(painter, self._scene.drawing, keys, self._scene.loose.keys)
        self._paint_findings(painter)
        if zoom >= NAMED and not maps:
            paint_names(painter, self._scene.drawing, self._keys(seen), self._scene.loose.keys)

    def _stages_at(self, zoom: float) -> list[Band]:
        return self._stages.bands if zoom < _STAGES else []

    def _batches(self, seen: QRectF) -> list[Batch]:
        """All batches, or one of what is in sight where that is little of the whole."""
        if len(self._scene.places) > _FEW and self._share(seen) < 1:
            return [self._gathered(self._keys(seen), seen)]
        self._whole.work(0.0)
        return [self._whole.batch()]

    def _share(self, seen: QRectF) -> float:
        """How many cards are in sight, as a share of the few that are gathered for a frame."""
        return self._share_of(self._whole_area().intersected(seen).size())

    def _share_of(self, part: QSizeF) -> float:
        whole = self._whole_area()
        if whole.isEmpty():
            return 0.0
        share = part.width() * part.height() / (whole.width() * whole.height())
        return share * len(self._scene.places) / _FEW

    def _whole_area(self) -> QRectF:
        if self._outlined_at != self._scene.revision:
            self._outlined_at, self._outline = self._scene.revision, self._scene.bounds()
        return self._outline

    def _shows_maps(self, zoom: float) -> bool:
        """Whether maps stand in the place of cards: of thousands in sight each is but a spot.

        Said by the zoom, not by what is in sight: what scrolls into sight looks like the rest.
        """
        if not self._scene.showing.maps:
            return False
        view = QSizeF(self._scene.views()[0].viewport().size()) / zoom
        return self._share_of(view.boundedTo(self._whole_area().size())) <= 1

    def _gathered(self, keys: list[str], seen: QRectF) -> Batch:
        drawing = self._scene.drawing
        gatherer = Gatherer(drawing)
        inside, loose = set(keys), self._scene.loose.keys
        batch = gatherer.batch(keys, loose)
        leaving = {
            edge
            for key in keys
            for edge in drawing.wiring.out_of(key)
            if edge.target not in inside and not {edge.source, edge.target} & loose
        }
        about = seen.adjusted(-_ASIDE, -_ASIDE, _ASIDE, _ASIDE)
        passing = {
            edge
            for edge in drawing.ways.long_in(
                about.left(), about.top(), about.right(), about.bottom()
            )
            if edge.target not in inside and not {edge.source, edge.target} & loose
        }
        rest = gatherer.wires(leaving | passing)
        for name in ("plain", "identity", "faulty"):
            getattr(batch, name).extend(getattr(rest, name))
        return batch

    def _keys(self, seen: QRectF) -> list[str]:
        return self._scene.drawing.within(seen.left(), seen.top(), seen.right(), seen.bottom())

    def _paint_findings(self, painter: QPainter) -> None:
        drawing, now = self._scene.drawing, theme()
        warned: list[QRectF] = []
        wrong: list[QRectF] = []
        for key, found in drawing.looks.findings().items():
            if key in drawing.places:
                (wrong if found.errors else warned).append(self._scene.nodes[key].card)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rects, token in ((warned, "warning"), (wrong, "error")):
            painter.setPen(_cosmetic(now.color(token), 2.0))
            painter.drawRects(rects)

    def paint_moving(self, painter: QPainter, covered: QRectF, framed: Frames) -> None:
        """Paints what changes from frame to frame: marks, what stands beside the part of a stage
        that is in sight, and the cards that are being moved.

        Texts keep clear of what is ``covered``, in pixels of the screen, and of words in frames.
        """
        scene = self._scene
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        moving = self._moving()
        lines = sum(len(batch.plain) + len(batch.identity) for batch in moving)
        paint_batches(painter, moving, smooth=lines < _SMOOTH)
        self._paint_marks(painter)
        view = QRectF(scene.views()[0].viewport().rect())
        zoom = painter.worldTransform().m11()
        stages = self._stages_at(zoom)
        paint_stages(painter, stages, view, covered, framed)
        if zoom < NAMED and not stages and not self._shows_maps(zoom):
            keys = self._in_sight(painter, view)
            paint_names_beside(painter, scene.drawing, keys, covered)

    def _paint_marks(self, painter: QPainter) -> None:
        """Outlines what is selected or aimed at, around the outline of what has a finding."""
        scene = self._scene
        marked = [key for key in scene.marked() if key in scene.nodes]
        if not marked:
            return
        around = _OUTSIDE / painter.worldTransform().m11()
        aside = QMarginsF(around, around, around, around)
        found = scene.drawing.looks.findings()
        cards = [(key, scene.nodes[key].card) for key in marked]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_cosmetic(theme().color("accent"), 2.0))
        painter.drawRects([card + aside if key in found else card for key, card in cards])

    def _in_sight(self, painter: QPainter, view: QRectF) -> list[str]:
        """The cards in sight; none where they are too many to be worth looking up."""
        to_scene, _ok = painter.worldTransform().inverted()
        seen = to_scene.mapRect(view)
        return self._keys(seen) if self._share(seen) < 1 else []


def paint_bands(painter: QPainter, stages: list[list[QRectF]]) -> None:
    """Every other stage on a slightly different ground."""
    now = theme()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted(now.color("accent"), 0.07 if now.dark else 0.05))
    painter.drawRects([area for areas in stages[::2] for area in areas])
    painter.setBrush(tinted(now.color("accent"), 0.025 if now.dark else 0.015))
    painter.drawRects([area for areas in stages[1::2] for area in areas])


def paint_batches(
    painter: QPainter, batches: list[Batch], smooth: bool, cards: bool = True
) -> None:
    """Lines first, cards over them; widths are in pixels of the screen."""
    now = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    for name, token, width in (
        ("plain", "wire", _LINE),
        ("identity", "wire-identity", _MARK),
        ("faulty", "error", _MARK),
    ):
        painter.setPen(_cosmetic(now.color(token), width if smooth else 1.0))
        for batch in batches:
            if lines := getattr(batch, name):
                painter.drawLines(lines)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    if cards:
        _paint_cards(painter, batches)


def _paint_cards(painter: QPainter, batches: list[Batch]) -> None:
    now = theme()
    card = CARD_WIDTH * painter.worldTransform().m11()
    for batch in batches:
        for family, cards in batch.cards.items():
            color = now.color(family)
            if card < _OUTLINED:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(mixed(now.color("surface"), color, 0.7))
                painter.drawRects(cards)
                continue
            painter.setPen(_cosmetic(mixed(now.color("surface"), color, 0.6), 1.0))
            painter.setBrush(mixed(now.color("surface"), color, 0.16))
            painter.drawRects(cards)
            if card >= _STRIPED:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color)
                painter.drawRects(batch.stripes[family])


def _cosmetic(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCosmetic(True)
    return pen
