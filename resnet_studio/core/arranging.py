"""Cards in line: aligned and spread evenly."""

from collections.abc import Mapping
from typing import Literal

from resnet_studio.core.layout import Extent, Position

Edge = Literal["left", "centre", "right", "top", "middle", "bottom"]
Axis = Literal[0, 1]

EDGES: Mapping[Edge, tuple[Axis, float]] = {
    "left": (0, 0.0),
    "centre": (0, 0.5),
    "right": (0, 1.0),
    "top": (1, 0.0),
    "middle": (1, 0.5),
    "bottom": (1, 1.0),
}
"""For each edge: the axis it fixes (0 across, 1 down), and how far along the card it lies."""


def _put(place: Position, axis: Axis, value: float) -> Position:
    return (value, place[1]) if axis == 0 else (place[0], value)


def aligned(
    places: Mapping[str, Position], extents: Mapping[str, Extent], edge: Edge
) -> dict[str, Position]:
    """The cards with one edge, or their middles, on a line; their order on the line stays.

    The line is that of the outermost card, for middles that of the cards' common box.
    """
    axis, share = EDGES[edge]
    low = min((places[k][axis] for k in places), default=0.0)
    high = max((places[k][axis] + extents[k][axis] for k in places), default=0.0)
    line = low + (high - low) * share
    return {k: _put(p, axis, line - extents[k][axis] * share) for k, p in places.items()}


def distributed(
    places: Mapping[str, Position], extents: Mapping[str, Extent], axis: Axis
) -> dict[str, Position]:
    """The cards with equal gaps between them; the first and the last stay where they are."""
    order = sorted(places, key=lambda k: (places[k][axis], k))
    if len(order) < 3:
        return dict(places)
    first, last = order[0], order[-1]
    inner = sum(extents[k][axis] for k in order[1:-1])
    start = places[first][axis] + extents[first][axis]
    gap = (places[last][axis] - start - inner) / (len(order) - 1)
    found, at = dict(places), start
    for key in order[1:-1]:
        found[key] = _put(places[key], axis, at + gap)
        at += gap + extents[key][axis]
    return found
