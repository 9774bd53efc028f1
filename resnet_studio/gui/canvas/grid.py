"""Where cards stand, in squares: what is near a place is found without asking all of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from resnet_studio.core.layout import Position

_SIDE = 512.0

Square = tuple[int, int]


def squares(left: float, top: float, right: float, bottom: float, side: float) -> Iterator[Square]:
    """The squares of a side that an area touches."""
    rows = range(int(top // side), int(bottom // side) + 1)
    for column in range(int(left // side), int(right // side) + 1):
        for row in rows:
            yield column, row


class Grid:
    """The corners of cards; the extents are the affair of who asks."""

    def __init__(self, places: Mapping[str, Position] | None = None) -> None:
        self._squares: defaultdict[tuple[float, float], dict[str, None]] = defaultdict(dict)
        found = self._squares
        for key, (x, y) in (places or {}).items():
            found[x // _SIDE, y // _SIDE][key] = None

    def put(self, key: str, place: Position) -> None:
        self._squares[place[0] // _SIDE, place[1] // _SIDE][key] = None

    def drop(self, key: str, place: Position) -> None:
        """Forgets a card that was put at ``place``."""
        square = place[0] // _SIDE, place[1] // _SIDE
        held = self._squares.get(square, {})
        held.pop(key, None)
        if not held:
            self._squares.pop(square, None)

    def within(self, left: float, top: float, right: float, bottom: float) -> list[str]:
        """The cards whose corners lie in the squares that an area touches."""
        across = right // _SIDE - left // _SIDE + 1
        down = bottom // _SIDE - top // _SIDE + 1
        if across * down > len(self._squares):
            return [
                key
                for (x, y), held in self._squares.items()
                if left // _SIDE <= x <= right // _SIDE and top // _SIDE <= y <= bottom // _SIDE
                for key in held
            ]
        found: list[str] = []
        for square in squares(left, top, right, bottom, _SIDE):
            found += self._squares.get(square, ())
        return found
