"""The small picture of a block's inside on the cards of its calls: boxes, lines, identity links.

It is drawn from the block's own layout with the distances taken out: rows and columns stand at
equal steps, so that what is a chain, a fork or a bypass shows at the size of a stamp.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Block, Document, Graph
from resnet_studio.core.faces import card_extent
from resnet_studio.core.families import family
from resnet_studio.core.layout import Position, bypasses
from resnet_studio.core.placing import placed
from resnet_studio.gui.theme import theme

_KEPT = 256
_BESIDE = 104.0
"""Cards whose middles are nearer than half a card stand in one column."""
_DOT = 1.6

Cell = tuple[float, float]
"""A column and a row."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Boxes by family in columns and rows, and the lines between them; ports are dots."""

    boxes: tuple[tuple[str, Cell], ...]
    dots: tuple[Cell, ...]
    lines: tuple[tuple[Cell, Cell], ...]
    arcs: tuple[tuple[Cell, Cell], ...]
    columns: int
    rows: int


_known: dict[int, tuple[Block, tuple[str, ...], Inside]] = {}


def inside_of(block: Block, document: Document) -> Inside:
    """The picture of a block; the same block has the same object again."""
    calls = tuple(n.type for n in block.graph.nodes.values() if n.type in document.blocks)
    known = _known.get(id(block))
    if known is not None and known[0] is block and known[1] == calls:
        return known[2]
    if len(_known) >= _KEPT:
        _known.pop(next(iter(_known)))
    picture = _pictured(block.graph, document)
    _known[id(block)] = (block, calls, picture)
    return picture


def _pictured(graph: Graph, document: Document) -> Inside:
    extents = {key: card_extent(node, document) for key, node in graph.nodes.items()}
    places = placed(graph, extents, {}) if graph.nodes else {}
    cells = _cells(places, extents)
    links = bypasses(graph.structure)
    wires = [e for e in graph.edges if e.source in cells and e.target in cells]
    ports = {k for k, n in graph.nodes.items() if n.type in (BLOCK_INPUT, BLOCK_OUTPUT)}
    return Inside(
        boxes=tuple(
            (family(node.type, document.blocks), cells[key])
            for key, node in graph.nodes.items()
            if key not in ports
        ),
        dots=tuple(cells[key] for key in graph.nodes if key in ports),
        lines=tuple((cells[e.source], cells[e.target]) for e in wires if e not in links),
        arcs=tuple((cells[e.source], cells[e.target]) for e in wires if e in links),
        columns=1 + round(max((x for x, _y in cells.values()), default=0.0)),
        rows=1 + round(max((y for _x, y in cells.values()), default=0.0)),
    )


def _cells(
    places: Mapping[str, Position], extents: Mapping[str, tuple[float, float]]
) -> dict[str, Cell]:
    """Each card's column and row."""
    across = _steps((x + extents[k][0] / 2 for k, (x, _y) in places.items()), _BESIDE)
    down = _steps((y + extents[k][1] / 2 for k, (_x, y) in places.items()), 12.0)
    return {
        key: (across[x + extents[key][0] / 2], down[y + extents[key][1] / 2])
        for key, (x, y) in places.items()
    }


def _steps(values: Iterable[float], apart: float) -> dict[float, float]:
    """Numbers 0, 1, 2 … for values in order; what is nearer than ``apart`` has one number."""
    found: dict[float, float] = {}
    start, number = float("-inf"), -1
    for value in sorted(set(values)):
        if value - start > apart:
            start, number = value, number + 1
        found[value] = float(number)
    return found


# Painting


def paint_inside(painter: QPainter, inside: Inside, where: QRectF) -> None:
    """The picture within a rectangle."""
    room = where.adjusted(4, 5, -4 - (6 if inside.arcs else 0), -5)
    across, down = room.width() / inside.columns, room.height() / max(inside.rows, 1)
    down = min(down, 14.0)
    top = room.center().y() - down * inside.rows / 2
    box = QRectF(0, 0, min(across * 0.72, 22.0), min(down * 0.62, 8.0))

    def at(cell: Cell) -> QPointF:
        return QPointF(room.left() + across * (cell[0] + 0.5), top + down * (cell[1] + 0.5))

    now = theme()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(now.color("wire"), 1.0))
    for start, end in inside.lines:
        painter.drawLine(at(start), at(end))
    painter.setPen(QPen(now.color("wire-identity"), 1.4))
    for start, end in inside.arcs:
        painter.drawPath(_arc(at(start), at(end), box.width() / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(now.color("wire"))
    for cell in inside.dots:
        painter.drawEllipse(at(cell), _DOT, _DOT)
    for name, cell in inside.boxes:
        painter.setBrush(now.color(name))
        box.moveCenter(at(cell))
        painter.drawRoundedRect(box, min(2.0, box.height() / 3), min(2.0, box.height() / 3))


def _arc(start: QPointF, end: QPointF, half: float) -> QPainterPath:
    """An identity link: out to the right of the boxes that it bypasses, and back."""
    bulge = max(start.x(), end.x()) + half + 9
    path = QPainterPath(start)
    path.cubicTo(QPointF(bulge, start.y() + 1), QPointF(bulge, end.y() - 1), end)
    return path
