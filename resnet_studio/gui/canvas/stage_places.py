"""Where stages lie in the scene: below each other, or in the columns in which the cards stand.

Geometry alone: from the cards of each stage, in the order of the data, to areas.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from resnet_studio.core.columns import BETWEEN, columns_of
from resnet_studio.core.routing import Rect

_EDGE = 32.0
_OVERLAP = 0.25
"""Stages that share more than this part of the smaller one's height say nothing."""
_HEAD, _HEADWAY = 120.0, 0.75
"""In columns, how far above its cards a stage begins, and of how much of the gap there."""


class Place(NamedTuple):
    """The areas of one stage: a single one, or one in each column that it runs through."""

    areas: list[QRectF]
    head: QRectF | None = None
    """In columns, the room above its first card, where its name may stand."""


def places_of(stages: Sequence[Sequence[Rect]]) -> list[Place]:
    """The place of each stage; none of any where they do not lie apart."""
    columns = columns_of(chain.from_iterable(stages))
    return _in_columns(stages, columns) or _below_each_other(stages)


def around(cards: Iterable[Rect]) -> QRectF:
    """What some cards take up."""
    _keys, left, top, right, bottom = zip(*cards, strict=True)
    return QRectF(QPointF(min(left), min(top)), QPointF(max(right), max(bottom)))


def _below_each_other(stages: Sequence[Sequence[Rect]]) -> list[Place]:
    """Bands as wide as all of them, which meet in the middle between two stages."""
    tight = [around(cards) for cards in stages]
    if not tight or any(_mingle(upper, lower) for upper, lower in pairwise(tight)):
        return []
    left = min(area.left() for area in tight) - _EDGE
    right = max(area.right() for area in tight) + _EDGE
    between = [(upper.bottom() + lower.top()) / 2 for upper, lower in pairwise(tight)]
    levels = [tight[0].top() - _EDGE, *between, tight[-1].bottom() + _EDGE]
    return [Place([_area(left, right, *ends)]) for ends in pairwise(levels)]


def _mingle(upper: QRectF, lower: QRectF) -> bool:
    shared = upper.bottom() - lower.top()
    return shared > _OVERLAP * min(upper.height(), lower.height())


def _in_columns(stages: Sequence[Sequence[Rect]], columns: list[float]) -> list[Place]:
    """A piece of each column that a stage runs through; none where data runs to the left."""
    tight = [_pieces(cards, columns) for cards in stages]
    if not columns or any(max(before) > min(after) for before, after in pairwise(tight)):
        return []
    piles = [_piled([of[at] for of in tight if at in of]) for at in range(len(columns))]
    if not all(piles):
        return []
    rest = [iter(pile) for pile in piles]
    areas = [[next(rest[at]) for at in sorted(of)] for of in tight]
    return [
        Place(found, _head(found[0], of[min(of)], columns))
        for found, of in zip(areas, tight, strict=True)
    ]


def _pieces(cards: Iterable[Rect], columns: list[float]) -> dict[int, QRectF]:
    """What the cards of a stage take up of each column."""
    found: dict[int, list[Rect]] = {}
    for card in cards:
        found.setdefault(bisect_right(columns, card.left) - 1, []).append(card)
    return {at: around(held) for at, held in found.items()}


def _piled(pieces: Sequence[QRectF]) -> list[QRectF]:
    """The areas of the stages in one column: they meet, each with room above its cards.

    None where they do not lie below each other.
    """
    floors = [pieces[0].top() - 2 * _HEAD, *(piece.bottom() for piece in pieces[:-1])]
    gaps = [piece.top() - floor for piece, floor in zip(pieces, floors, strict=True)]
    if min(gaps) < 0:
        return []
    left = min(piece.left() for piece in pieces) - _EDGE
    right = max(piece.right() for piece in pieces) + _EDGE
    tops = [
        piece.top() - min(_HEAD, gap * _HEADWAY) for piece, gap in zip(pieces, gaps, strict=True)
    ]
    levels = [*tops, pieces[-1].bottom() + _EDGE]
    return [_area(left, right, *ends) for ends in pairwise(levels)]


def _head(area: QRectF, cards: QRectF, columns: list[float]) -> QRectF:
    """From the top of a stage to its first card, as far as the next column."""
    further = (x for x in columns if x > area.right())
    return _area(area.left(), min(further, default=area.right() + BETWEEN), area.top(), cards.top())


def _area(left: float, right: float, top: float, bottom: float) -> QRectF:
    return QRectF(QPointF(left, top), QPointF(right, bottom))
