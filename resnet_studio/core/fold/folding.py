"""What can be folded, and folding it, the largest gain first."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.fold.building import Plan
from resnet_studio.core.fold.colours import Colours
from resnet_studio.core.fold.motifs import Motif, motifs, saving
from resnet_studio.core.fold.origins import origin_of
from resnet_studio.core.fold.regions import Regions, matched
from resnet_studio.core.fold.repeats import repeated, rows

_MOST_STEPS = 200
_LONG_CALL = 5
"""Arguments from which a call does not fit on one line."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A repeated part that can become a block.

    ``gain`` is how many lines of code it saves, ``copies`` how many places become calls of the
    block ``name``; ``title`` says so in a sentence.
    """

    name: str
    title: str
    copies: int
    gain: int
    plan: Plan = field(repr=False, compare=False)
    found_in: Document = field(repr=False, compare=False)

    def apply(self, document: Document) -> Document:
        """The document folded; ``document`` must be the one that the candidate was found in."""
        if document is not self.found_in:
            raise ValueError("the candidate was found in another document")
        return _Folding().in_rows(self.plan.applied())

    @property
    def keeps_outputs(self) -> bool:
        """Whether a model of several outputs has them in the same order after it."""
        document = self.plan.document
        return not _ends(document) or _same_ends(document, self.plan.applied())


def candidates(document: Document, scope: str | None = NETWORK) -> tuple[Candidate, ...]:
    """What can be folded in the network or in a block, what ``fold_all`` would take first.

    With ``scope`` None all scopes are searched together, as ``fold_all`` does.  Equal layers in
    a row count as one that is repeated, and become it with whatever is folded.
    """
    folding = _Folding()
    scopes = tuple(document.scopes()) if scope is None else (scope,)
    found = folding.candidates(folding.in_rows(document, scopes), scopes)
    return tuple(replace(candidate, found_in=document) for candidate in found)


def fold_all(document: Document) -> Document:
    """The document with everything folded that is worth it, blocks inside blocks too."""
    folding = _Folding()
    document = folding.in_rows(document)
    for _ in range(_MOST_STEPS):
        best = next(folding.candidates(document, tuple(document.scopes())), None)
        if best is None:
            break
        document = folding.in_rows(best.plan.applied())
    return document


class _Folding:
    """Step after step; what a step leaves alone is not looked at again."""

    def __init__(self) -> None:
        self._colours = Colours()
        self._regions: dict[str, Regions] = {}

    def candidates(self, document: Document, scopes: tuple[str, ...]) -> Iterator[Candidate]:
        regions = [self._of(document, scope) for scope in scopes]
        found = (_candidate(document, m) for m in motifs(document, regions, self._colours))
        return (c for c in found if c is not None and c.keeps_outputs)

    def in_rows(self, document: Document, scopes: tuple[str, ...] = ()) -> Document:
        """The document with equal nodes in a row made into one that is repeated."""
        scopes = scopes or tuple(document.scopes())
        after = repeated(document, [(scope, rows(self._of(document, scope))) for scope in scopes])
        return after if after is document or _same_ends(document, after) else document

    def _of(self, document: Document, scope: str) -> Regions:
        known = self._regions.get(scope)
        # Folding changes what blocks hold, never what they are told, which is all that counts.
        if known is None or known.graph is not document.graph(scope):
            known = self._regions[scope] = Regions(document, scope, self._colours)
        return known


def _candidate(document: Document, motif: Motif) -> Candidate | None:
    matches = matched(motif.windows)
    if len(matches) < 2:
        return None
    plan = Plan(document, matches)
    lines = 1 if len(plan.parameters) < _LONG_CALL else 3
    gain = saving([match.window for match in matches], lines)
    if gain < 1:
        return None
    layers = len(matches[0].nodes)
    title = f"Fold {len(matches)} copies of {layers} layers into “{plan.name}”"
    return Candidate(plan.name, title, len(matches), gain, plan, document)


def _same_ends(before: Document, after: Document) -> bool:
    """Whether the nodes that nothing consumes, the model's outputs, come in the same order.

    That order is the topological one, in which a call stands as a whole.
    """
    first, then = _ends(before), _ends(after)
    return all(a <= b for a, b in zip(first, then, strict=True))


def _ends(document: Document) -> list[frozenset[str]]:
    """The layers that each output came from, in the order of the outputs."""
    graph = document.network
    sources = {edge.source for edge in graph.edges}
    ids = [graph.structure.ids[i] for i in graph.structure.order]
    ends = [graph.nodes[key] for key in ids if key not in sources]
    return [frozenset(origin_of(node).values()) for node in ends] if len(ends) > 1 else []
