"""Frames and comments: words that a person puts behind a part of a graph.

They change nothing of the network.  A graph keeps them in ``extra["frames"]`` in the very form
of the file, ``{"text": "Stem", "area": [left, top, width, height]}``, so that every edit passes
them on.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
_FARTHEST = 1e9


@dataclass(frozen=True, slots=True)
class Frame:
    """A titled rectangle behind the cards, in the coordinates of the canvas."""

    text: str
    left: float
    top: float
    width: float
    height: float

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
    return Frame(value["text"], left, top, max(width, SMALLEST), max(height, HEAD))


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
    area = (frame.left, frame.top, frame.width, frame.height)
    return {"text": frame.text, "area": [_tidy(length) for length in area]}


def _tidy(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 2)


def around(text: str, places: Mapping[str, Position], extents: Mapping[str, Position]) -> Frame:
    """The frame that holds these cards, with room for its text beside the wire from above."""
    left = min(place[0] for place in places.values()) - MARGIN - ASIDE
    top = min(place[1] for place in places.values()) - MARGIN - HEAD
    right = max(place[0] + extents[key][0] for key, place in places.items()) + MARGIN + ASIDE
    bottom = max(place[1] + extents[key][1] for key, place in places.items()) + MARGIN
    return Frame(text, left, top, right - left, bottom - top)


def following(
    kept: Sequence[Frame],
    before: Mapping[str, Position],
    after: Mapping[str, Position],
    extents: Mapping[str, Position],
) -> list[Frame]:
    """The frames round the cards that they held before a layout moved those."""
    result = []
    for frame in kept:
        held = [key for key in before if frame.holds(before[key], extents[key])]
        places = {key: after.get(key, before[key]) for key in held}
        result.append(around(frame.text, places, extents) if held else frame)
    return result
