"""Frames and comments: words that a person puts behind a part of a graph.

They change nothing of the network.  A graph keeps them in ``extra["frames"]`` in the very form
of the file, ``{"text": "Stem", "area": [left, top, width, height], "color": "green"}``, so that
every edit passes them on.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from resnet_studio.core.document import Document, Graph, Origin
from resnet_studio.core.edits import with_graph
from resnet_studio.core.layout import Position

KEY = "frames"
HEAD = 32.0
"""Height of the strip at the top that holds the text."""
MARGIN = 28.0
ASIDE = 60.0
SMALLEST = 64.0
COLORS = ("grey", "blue", "teal", "green", "orange", "red", "pink", "violet")
"""What a frame may be given as its colour: names, which each theme shows in its own way."""
_CLEAR = 8.0
"""At most so far a frame keeps from a card outside it, to which it comes near."""
_TOP = 1
_WRITTEN = ("text", "area", "color")
_FARTHEST = 1e9


@dataclass(frozen=True, slots=True)
class Frame:
    """A titled rectangle behind the cards, in the coordinates of the canvas."""

    text: str
    left: float
    top: float
    width: float
    height: float
    color: str = ""
    """One of ``COLORS``, or what a newer version wrote; without one, the accent of the theme."""
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What else the file says of it, kept as it is."""

    def holds(self, place: Position, extent: Position) -> bool:
        """Whether a card stands wholly inside."""
        return (
            self.left <= place[0]
            and self.top <= place[1]
            and place[0] + extent[0] <= self.left + self.width
            and place[1] + extent[1] <= self.top + self.height
        )

    def contains(self, other: "Frame") -> bool:
        """Whether another frame stands wholly inside."""
        return other is not self and self.holds(
            (other.left, other.top), (other.width, other.height)
        )

    def moved(self, across: float, down: float) -> "Frame":
        return replace(self, left=self.left + across, top=self.top + down)


def read_frame(value: Any) -> Frame | None:
    """The frame that an entry of a file describes; None where it describes none."""
    if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
        return None
    area = value.get("area")
    if not isinstance(area, Sequence) or isinstance(area, str) or len(area) != 4:
        return None
    if not all(_is_length(length) for length in area):
        return None
    left, top, width, height = (float(length) for length in area)
    color = value.get("color", "")
    known = _WRITTEN if isinstance(color, str) else _WRITTEN[:2]
    extra = {key: kept for key, kept in value.items() if key not in known}
    size = max(width, SMALLEST), max(height, HEAD)
    return Frame(value["text"], left, top, *size, color if "color" in known else "", extra)


def _is_length(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and abs(value) <= _FARTHEST


def frames(graph: Graph) -> tuple[Frame, ...]:
    """The frames of a graph, those behind first."""
    found = (read_frame(value) for value in _entries(graph))
    return tuple(frame for frame in found if frame is not None)


def _entries(graph: Graph) -> Sequence[Any]:
    entries = graph.extra.get(KEY, ())
    return entries if isinstance(entries, list | tuple) else ()


def with_frames(document: Document, scope: str, wanted: Iterable[Frame]) -> Document:
    """The document with these frames in one graph, instead of those that are there."""
    graph = document.graph(scope)
    extra = {key: value for key, value in graph.extra.items() if key != KEY}
    strange = [value for value in _entries(graph) if read_frame(value) is None]
    written = (*(_written(frame) for frame in wanted), *strange)
    if written:
        extra[KEY] = written
    # The network is as it was, and so are its structure and what was derived from it.
    framed = Graph(graph.nodes, graph.edges, extra, graph.structure)
    framed.origin = Origin(graph.nodes, (), ())
    return with_graph(document, scope, framed)


def _written(frame: Frame) -> dict[str, Any]:
    area = [_tidy(n) for n in (frame.left, frame.top, frame.width, frame.height)]
    color = {"color": frame.color} if frame.color else {}
    return {"text": frame.text, "area": area, **color, **frame.extra}


def _tidy(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 2)


Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


def around(
    text: str,
    places: Mapping[str, Position],
    extents: Mapping[str, Position],
    others: Iterable[Box] = (),
) -> Frame:
    """The frame that holds these cards, with room for its text beside the wire from above.

    It keeps clear of ``others``, closer to the cards on that side, but for those that stand
    among the cards.
    """
    inner = (
        min(place[0] for place in places.values()),
        min(place[1] for place in places.values()),
        max(place[0] + extents[key][0] for key, place in places.items()),
        max(place[1] + extents[key][1] for key, place in places.items()),
    )
    left, top, right, bottom = _widened(inner, others)
    return Frame(text, left, top, right - left, bottom - top)


def _widened(inner: Box, others: Iterable[Box]) -> Box:
    """A box with the margins of a frame, less where something else stands in them."""
    # How far the box may reach on each side: every side is a length that grows outwards.
    room = [MARGIN + ASIDE, MARGIN + HEAD, MARGIN + ASIDE, MARGIN]
    near = [apart for other in others if max(apart := _distances(inner, other)) >= 0]
    # Those beside a corner last: another may already have taken the side on which they stand.
    for apart in sorted(near, key=lambda apart: (sum(far >= 0 for far in apart), max(apart))):
        if all(far < room[side] for side, far in enumerate(apart)):
            side = _side_given_up(apart, room)
            room[side] = apart[side] - min(_CLEAR, apart[side] / 4)
    left, top, right, bottom = inner
    return left - room[0], top - room[1], right + room[2], bottom + room[3]


def _side_given_up(apart: Box, room: Sequence[float]) -> int:
    """The side on which least is lost; where another will do, not that of the title."""
    sides = [side for side in range(4) if apart[side] >= 0]
    spare = [side for side in sides if side != _TOP or apart[side] > HEAD]
    return max(spare or sides, key=lambda side: apart[side] - room[side])


def _distances(inner: Box, other: Box) -> Box:
    """How far something lies beyond each side of a box; below zero where it does not."""
    return (
        inner[0] - other[2],
        inner[1] - other[3],
        other[0] - inner[2],
        other[1] - inner[3],
    )


def following(
    kept: Sequence[Frame],
    before: Mapping[str, Position],
    after: Mapping[str, Position],
    extents: Mapping[str, Position],
) -> list[Frame]:
    """The frames round the cards that they held before a layout moved those."""
    boxes = {key: _box(after.get(key, before[key]), extents[key]) for key in before}
    result = []
    for frame in kept:
        held = {key for key in before if frame.holds(before[key], extents[key])}
        places = {key: after.get(key, before[key]) for key in held}
        others = (box for key, box in boxes.items() if key not in held)
        result.append(_round(frame, around("", places, extents, others)) if held else frame)
    return result


def _round(frame: Frame, area: Frame) -> Frame:
    """A frame with the area of another."""
    return replace(frame, left=area.left, top=area.top, width=area.width, height=area.height)


def _box(place: Position, extent: Position) -> Box:
    return place[0], place[1], place[0] + extent[0], place[1] + extent[1]


def frame_box(frame: Frame) -> Box:
    """The sides of a frame."""
    return _box((frame.left, frame.top), (frame.width, frame.height))
