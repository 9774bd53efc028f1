"""What can be added here: layers and blocks, those first that fit and are likely meant."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from resnet_studio.core import fragments, fuzzy
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, NETWORK, Node
from resnet_studio.core.edits import EditError
from resnet_studio.core.families import family, title
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.phrases import parsed, worded
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.search.habits import Habits
from resnet_studio.gui.canvas.search.origin import Fit, Origin, fit
from resnet_studio.gui.new_node import new_node

_PORTS = {
    BLOCK_INPUT: "A tensor that the block is given.",
    BLOCK_OUTPUT: "A tensor that the block gives back.",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of the list: a node that could be added, and how it fits."""

    node: Node
    family: str
    help: str
    letters: tuple[int, ...]
    """Which letters of the name were typed."""
    fit: Fit
    score: float

    @property
    def name(self) -> str:
        return self.node.type

    @property
    def fits(self) -> bool:
        return not self.fit.why


class Candidates:
    """The candidates at one origin; each type is tried with the engine once per wording."""

    def __init__(
        self, shown: Shown, origin: Origin, habits: Habits, hidden: Collection[str] = ()
    ) -> None:
        self._shown, self._origin, self._habits = shown, origin, habits
        self._hidden = hidden
        self._fits: dict[tuple[str, tuple[str, ...]], tuple[Node, Fit]] = {}

    def found(self, text: str) -> list[Candidate]:
        """The candidates for what was typed, best first; those that do not fit come last."""
        phrase = parsed(text)
        found = list(self._matching(phrase.name, phrase.words))
        if phrase.name and phrase.words and not any(c.fits for c in found):
            # An argument may read like a part of the name: “batch relu”.
            found += self._matching(text, ())
        return sorted(found, key=lambda c: (not c.fits, -c.score, c.name))

    @cached_property
    def _types(self) -> dict[str, str]:
        """Every type that can stand here, with a sentence on it."""
        document, scope = self._shown.document, self._shown.scope
        found = {name: layer.help for name, layer in LAYERS.items()}
        if scope != NETWORK:
            found |= _PORTS
        for name, block in document.blocks.items():
            if name in self._hidden:
                continue
            if scope not in fragments.used_blocks(document, [name]) or scope == NETWORK:
                found[name] = block.description or "A block of this network."
        return found

    @cached_property
    def _after(self) -> str | None:
        nodes = self._shown.graph.nodes
        if self._origin.target is not None:
            return None
        return nodes[self._origin.taps[-1].node].type if self._origin.taps else None

    def _matching(self, name: str, words: tuple[str, ...]) -> Iterator[Candidate]:
        for type_name, help_text in self._types.items():
            match = self._match(name, type_name)
            if match is None:
                continue
            if not name and not self._everyday(type_name):
                continue
            node, how = self._tried(type_name, words)
            score = 2 * match.score + self._habits.weight(type_name, self._after)
            score += self._suits(type_name, how)
            kind = family(type_name, self._shown.document.blocks)
            yield Candidate(node, kind, help_text, match.letters, how, score)

    def _match(self, typed: str, type_name: str) -> fuzzy.Match | None:
        match = fuzzy.match(typed, type_name)
        if match is None and typed:
            # “pooling” and “convolution” name families.
            kind = title(family(type_name, self._shown.document.blocks))
            if kind.lower().startswith(typed.lower()) and len(typed) > 2:
                return fuzzy.Match(2.0, ())
        if match is not None and not self._everyday(type_name):
            return match._replace(score=match.score - 2.0)
        return match

    def _everyday(self, type_name: str) -> bool:
        layer = LAYERS.get(type_name)
        return layer is None or layer.everyday

    def _suits(self, type_name: str, how: Fit) -> float:
        """What speaks for a type at this origin beyond that it is not refused."""
        if not self._shown.graph.nodes:
            return 8.0 if type_name in ("Input", BLOCK_INPUT) else 0.0
        if self._origin.target is not None:
            return 6.0 if type_name in ("Input", BLOCK_INPUT) else 0.0
        if len(self._origin.taps) > 1:
            layer = LAYERS.get(type_name)
            return 4.0 if layer is not None and layer.takes_list else 0.0
        if type_name in self._shown.document.blocks:
            return 3.0 if self._called(type_name) else 1.5
        return 0.5 if how.outcome is not None else 0.0

    def _called(self, type_name: str) -> bool:
        """Whether the network calls the block already: then more calls are likely."""
        return any(node.type == type_name for node in self._shown.document.network.nodes.values())

    def _tried(self, type_name: str, words: tuple[str, ...]) -> tuple[Node, Fit]:
        key = type_name, words
        if key not in self._fits:
            self._fits[key] = self._try(type_name, words)
        return self._fits[key]

    def _try(self, type_name: str, words: tuple[str, ...]) -> tuple[Node, Fit]:
        document, scope = self._shown.document, self._shown.scope
        node = new_node(document, scope, type_name)
        try:
            node = worded(document, node, words)
        except EditError as error:
            return replace(node), Fit(str(error))
        return node, fit(self._shown, self._origin, node)
