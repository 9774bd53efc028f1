"""Where else a selection occurs, up to arguments: what can become a call of the same block."""

from collections.abc import Iterable

from resnet_studio.core.borders import groupable
from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.fold.colours import Colours
from resnet_studio.core.fold.parts import Place
from resnet_studio.core.fold.regions import Match, Regions, Window, matched


def equal_places(document: Document, scope: str, ids: Iterable[str]) -> list[Place]:
    """The other places of the document, without overlap, that are wired as the selection is.

    A selection that no run of a chain comes to (one with several outputs) is found nowhere else.
    """
    return occurrences(document, scope, ids)[0]


def occurrences(
    document: Document, scope: str, ids: Iterable[str]
) -> tuple[list[Place], list[Place]]:
    """The ``equal_places`` that may call a block, and those that are all that a block holds."""
    chosen = set(groupable(document, scope, ids))
    colours = Colours()
    regions = {name: Regions(document, name, colours) for name in document.scopes()}
    home = _window(regions[scope], chosen)
    if home is None:
        return [], []
    taken = {(scope, key) for key in chosen}
    found: list[Window] = []
    for window in _alike(home, regions.values()):
        members = {(window.regions.scope, key) for key in _ids(window, window.members)}
        if not members & taken:
            taken |= members
            found.append(window)
    first, *others = matched([home, *found])
    places: tuple[list[Place], list[Place]] = ([], [])
    for other in others:
        place = _place(first, other)
        places[_whole(document, place)].append(place)
    return places


def _whole(document: Document, place: Place) -> bool:
    """Whether it is all that a block holds: the block would only call another."""
    inside = groupable(document, place.scope, document.graph(place.scope).nodes)
    return place.scope != NETWORK and len(inside) == len(place.nodes)


def _window(regions: Regions, chosen: set[str]) -> Window | None:
    """The stretch of a chain that holds just the chosen nodes."""
    index = regions.structure.index
    wanted = {index[key] for key in chosen}
    for number, chain in enumerate(regions.chains):
        inside = [at for at, element in enumerate(chain) if wanted.issuperset(element.members)]
        if inside:
            window = Window(regions, number, inside[0], inside[-1] - inside[0] + 1)
            if set(window.members) == wanted:
                return window
    return None


def _alike(home: Window, regions: Iterable[Regions]) -> Iterable[Window]:
    colours = [element.colour for element in home.elements]
    for region in regions:
        for number, chain in enumerate(region.chains):
            painted = [element.colour for element in chain]
            for start in range(len(chain) - home.length + 1):
                if painted[start : start + home.length] == colours:
                    yield Window(region, number, start, home.length)


def _ids(window: Window, members: Iterable[int]) -> list[str]:
    return [window.regions.structure.ids[i] for i in members]


def _place(first: Match, other: Match) -> Place:
    here, there = _ids(first.window, first.nodes), _ids(other.window, other.nodes)
    return Place(other.window.regions.scope, dict(zip(here, there, strict=True)))
