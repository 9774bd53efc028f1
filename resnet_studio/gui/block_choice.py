"""What a selection could be as a block, and what comes of a choice.

Nothing of it touches the window: in a large document it is worked out beside the window's thread.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Document
from resnet_studio.core.edits import EditError
from resnet_studio.core.elsewhere import equal_places
from resnet_studio.core.grouping import Parameter, Place, group
from resnet_studio.core.identifiers import check_identifier
from resnet_studio.core.proposals import Proposal, propose
from resnet_studio.core.reusing import Holder, holders


class Selection(NamedTuple):
    """What is to be a block; ``taken`` are names of blocks elsewhere, which are not proposed."""

    document: Document
    scope: str
    ids: tuple[str, ...]
    taken: Collection[str] = ()


class Found(NamedTuple):
    """Where else a selection stands, a block that holds it already, and what it could be."""

    places: list[Place]
    holder: Holder | None
    proposal: Proposal


class Choice(NamedTuple):
    """What the dialog says: all that the document which comes of it depends on."""

    block: str
    parameters: tuple[Parameter, ...]
    places: tuple[Place, ...]
    reused: Holder | None


class Made(NamedTuple):
    """What comes of a choice; shapes are worked out with it where that takes its time."""

    choice: Choice
    document: Document
    analysis: Analysis | None


def find(selection: Selection) -> Found:
    """Where else the selection stands, and what it could be there as well."""
    document, scope, ids, _taken = selection
    return proposed(selection, equal_places(document, scope, ids), everywhere=True)


def proposed(selection: Selection, places: list[Place], everywhere: bool) -> Found:
    """The proposal for the selection, and for the places where it stands as well."""
    document, scope, ids, taken = selection
    also = places if everywhere else []
    held = holders(document, scope, ids, also)
    holder = max(held, key=lambda one: len(one.places), default=None)
    return Found(places, holder, propose(document, scope, ids, also, taken))


def make(selection: Selection, choice: Choice, known: Analysis | None) -> Made:
    """What comes of a choice; raises EditError where it cannot be.

    With ``known``, the analysis of the document before, that of the one after is made as well.
    """
    document, scope, ids, _taken = selection
    if choice.reused is not None:
        after = choice.reused.document
    else:
        _refuse_names([parameter.name for parameter in choice.parameters])
        after = group(document, scope, ids, choice.block, choice.parameters, choice.places)
    return Made(choice, after, analyse(after, known) if known is not None else None)


def _refuse_names(names: Sequence[str]) -> None:
    for name in names:
        check_identifier(name, "parameter")
        if names.count(name) > 1:
            raise EditError(f"two parameters are called “{name}”")
