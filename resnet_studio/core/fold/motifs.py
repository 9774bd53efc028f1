"""Motifs: stretches of chains that occur again and again, and what writing each once saves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from resnet_studio.core.document import Document
from resnet_studio.core.fold.colours import Colours
from resnet_studio.core.fold.liking import Liking, type_of
from resnet_studio.core.fold.regions import Regions, Window

OVERHEAD = 4
"""Lines that a function takes besides its body: its head, its return, two empty ones."""
_LOOKED_AT = 8
"""Windows of a motif by which its borders are judged: they have different neighbours."""
_HARDLY_LIKED = 0.6
_LEAST_AGAINST_LIKING = 4
"""What a motif must be worth that nobody would have cut like that."""
_LONGEST = 64
"""Elements of a motif; a bubble is one of them, whatever it holds."""


@dataclass(frozen=True, slots=True)
class Motif:
    """Windows that are alike and do not overlap; ``worth`` is what they save, or about that."""

    windows: tuple[Window, ...]
    worth: float


def motifs(document: Document, regions: Iterable[Regions], colours: Colours) -> list[Motif]:
    """All that occurs at least twice and saves lines, that which is worth most first."""
    liking = Liking(document)
    found = []
    for windows in _growing(list(regions), liking.units, colours):
        motif = _motif(windows, liking)
        if motif is not None:
            found.append(motif)
    return sorted(found, key=lambda motif: -motif.worth)


def _growing(
    regions: Sequence[Regions], units: frozenset[str], colours: Colours
) -> Iterator[list[Window]]:
    """Windows of equal colours, in groups, from the short to the long.

    What occurs once cannot become more frequent by growing, so few windows ever get long.
    """
    groups: dict[int, list[Window]] = {}
    for region in regions:
        for chain, elements in enumerate(region.chains):
            for start, element in enumerate(elements):
                groups.setdefault(element.colour, []).append(Window(region, chain, start, 1))
    for _ in range(_LONGEST):
        groups = {key: windows for key, windows in groups.items() if len(windows) > 1}
        if not groups:
            return
        yield from groups.values()
        longer: dict[int, list[Window]] = {}
        for key, windows in groups.items():
            for window in windows:
                end = window.start + window.length
                elements = window.regions.chains[window.chain]
                if end < len(elements):
                    grown = Window(window.regions, window.chain, window.start, window.length + 1)
                    together = colours.of((key, elements[end].colour))
                    longer.setdefault(together, []).append(grown)
        groups = {key: w for key, w in longer.items() if _one_unit(w[0], units)}


def _one_unit(window: Window, units: frozenset[str]) -> bool:
    """Whether the window holds one residual (or dense, …) unit at most, or calls of several."""
    bubbles = found = 0
    for element in window.elements:
        bubbles += element.is_bubble
        found += element.is_bubble or type_of(window, element) in units
    return not bubbles or found < 2


def _motif(windows: Sequence[Window], liking: Liking) -> Motif | None:
    first = windows[0]
    if len(first.members) < 2 or _periodic([element.colour for element in first.elements]):
        return None
    apart = list(_apart(windows))
    saved = saving(apart)
    if len(apart) < 2 or saved < 1:
        return None
    seen = apart[:_LOOKED_AT]
    liked = sum(liking(window) for window in seen) / len(seen)
    least = 1 if liked > _HARDLY_LIKED else _LEAST_AGAINST_LIKING
    return Motif(tuple(apart), saved * liked) if saved * liked >= least else None


def _periodic(colours: Sequence[int]) -> bool:
    """Whether a shorter stretch, repeated, makes the whole."""
    n = len(colours)
    return any(
        n % period == 0 and colours[period:] == colours[:-period] for period in range(1, n // 2 + 1)
    )


def _apart(windows: Iterable[Window]) -> Iterator[Window]:
    """Windows that do not overlap, the first of each chain first."""
    ends: dict[tuple[int, int], int] = {}
    for window in windows:
        chain = (id(window.regions), window.chain)
        if window.start >= ends.get(chain, 0):
            ends[chain] = window.start + window.length
            yield window


def saving(windows: Sequence[Window], lines_of_a_call: int = 1) -> int:
    """Lines of code saved by a function for what the windows hold.

    Equal copies in a row are one call in a loop, which takes one line more.
    """
    lines = windows[0].lines
    calls = sum(lines_of_a_call + (run > 1) for run in runs(windows))
    return len(windows) * lines - calls - lines - OVERHEAD


def runs(windows: Sequence[Window]) -> list[int]:
    """How many equal windows follow each other, run by run."""
    found: list[int] = []
    last: Window | None = None
    for window in windows:
        adjacent = (
            last is not None
            and (last.regions, last.chain) == (window.regions, window.chain)
            and last.start + last.length == window.start
            and last.exact == window.exact
        )
        if adjacent:
            found[-1] += 1
        else:
            found.append(1)
        last = window
    return found
