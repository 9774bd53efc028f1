"""What can be added here: what usually follows, then layers and blocks that fit and are meant."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from resnet_studio.core import fragments, fuzzy
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, NETWORK, Node
from resnet_studio.core.edits import EditError
from resnet_studio.core.families import family, title
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.phrases import Phrase, parsed, worded
from resnet_studio.core.shapes import Shape
from resnet_studio.core.usual import Place, Usual, usual
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.search.habits import Habits
from resnet_studio.gui.canvas.search.origin import Fit, Origin, fit
from resnet_studio.gui.new_node import new_node

_USUAL = 1000.0
"""The score of what usually follows: above all that is merely possible."""
_LIKELY = 4.0
_HABIT = 3
"""As often a person must have added something for it to come before what books say."""
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
    reason: str = ""
    """Why it usually stands here; empty for what is merely possible."""

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
        self._fits: dict[tuple[str, str, tuple[str, ...]], tuple[Node, Fit]] = {}

    def found(self, text: str) -> list[Candidate]:
        """The candidates for what was typed, best first; those that do not fit come last."""
        phrase = parsed(text)
        found = [*self._usual(phrase), *self._matching(phrase.name, phrase.words)]
        if phrase.name and phrase.words and not any(c.fits for c in found):
            # An argument may read like a part of the name: “batch relu”.
            found += self._matching(text, ())
        return _once_each(sorted(found, key=lambda c: (not c.fits, -c.score, c.name)))

    # What usually follows

    @cached_property
    def _following(self) -> dict[tuple[str, str], Usual]:
        """What usually follows, by type and arguments; empty where nothing is continued."""
        origin = self._origin
        if origin.target is not None or len(origin.taps) > 1:
            return {}
        if not origin.taps and self._shown.graph.nodes:
            return {}
        found = usual(self._at_hand())
        if self._after is not None:
            found = self._with_habits(found, self._after)
        return {_key(one.type, one.config): one for one in found}

    def _at_hand(self) -> Place:
        shown, taps = self._shown, self._origin.taps
        node = shown.graph.nodes[taps[0].node] if taps else None
        shapes = self._origin.shapes(shown) if taps else None
        inside = shown.inside
        return Place(
            shown.document,
            shown.scope,
            node,
            shapes[0] if shapes else None,
            inside.input_shapes(node.id) if inside is not None and node is not None else (),
            lambda key: shown.outcome(key).output,
            self._gives,
            self._takes,
            self._hidden,
        )

    def _gives(self, type_name: str, config: Mapping[str, Any]) -> Shape | None:
        outcome = self._whole(Usual(type_name, config, ""))[1].outcome
        return outcome.output if outcome is not None else None

    def _takes(self, one: Usual) -> bool:
        """Whether it can stand there; on a wire only what leaves the rest as it is."""
        if one.type not in self._types:
            return False
        _node, how = self._whole(one)
        if self._origin.into is not None:
            shapes = self._origin.shapes(self._shown)
            return how.outcome is not None and shapes == how.outcome.outputs
        return not how.why

    def _with_habits(self, found: list[Usual], after: str) -> list[Usual]:
        """With a layer that was added after the same oftener than all that books say.

        Blocks are left to the document: of another's, only the name would be remembered.
        """
        known = {one.type for one in found}
        textbook = sum(self._habits.count(name, after) for name in known)
        layers = (n for n in self._types if n in LAYERS and n not in known)
        often = {n: self._habits.count(n, after) for n in layers}
        name = max(often, key=lambda n: often[n], default=None)
        if name is None or often[name] < max(_HABIT, textbook + 1):
            return found
        reason = f"what you added after {after} {often[name]} times"
        one = Usual(name, new_node(self._shown.document, self._shown.scope, name).config, reason)
        return [one, *found] if self._takes(one) else found

    def _usual(self, phrase: Phrase) -> Iterator[Candidate]:
        """What usually follows: all where no name is typed, else what is called so.

        Figures alone give its arguments: ``x3``, ``128``.
        """
        for rank, one in enumerate(self._following.values()):
            match = self._match(phrase.name, one.type)
            if match is None or (phrase.name and phrase.words):
                continue
            node, how = self._whole(one, phrase.words)
            if phrase.words and how.why:
                continue
            # Above all that is merely possible; by a name, just above what is called alike.
            near = 2 * match.score + self._habits.weight(one.type, self._after) + _LIKELY
            score = near - rank / 10 if phrase.name else _USUAL - rank
            yield self._candidate(node, how, match.letters, score, one.reason)

    def _whole(self, one: Usual, words: tuple[str, ...] = ()) -> tuple[Node, Fit]:
        """The node of a suggestion, with what words give it, as the engine takes it."""
        key = (*_key(one.type, one.config), words)
        if key not in self._fits:
            self._fits[key] = self._try(one.type, words, one.config)
        return self._fits[key]

    # What can follow

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
        for type_name in self._types:
            match = self._match(name, type_name)
            if match is None:
                continue
            if not name and not self._everyday(type_name):
                continue
            node, how = self._tried(type_name, words)
            score = 2 * match.score + self._habits.weight(type_name, self._after)
            score += self._suits(type_name, how)
            yield self._candidate(node, how, match.letters, score)

    def _candidate(
        self, node: Node, how: Fit, letters: tuple[int, ...], score: float, reason: str = ""
    ) -> Candidate:
        kind = family(node.type, self._shown.document.blocks)
        return Candidate(node, kind, self._types[node.type], letters, how, score, reason)

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
        """A type as it starts; a block is called as it usually is here, if it is."""
        key = type_name, "", words
        if key not in self._fits:
            blocks = self._shown.document.blocks
            like = (one for one in self._following.values() if one.type == type_name)
            called = next(like, None) if type_name in blocks else None
            self._fits[key] = self._try(type_name, words, called.config if called else None)
        return self._fits[key]

    def _try(
        self, type_name: str, words: tuple[str, ...], config: Mapping[str, Any] | None = None
    ) -> tuple[Node, Fit]:
        document, scope = self._shown.document, self._shown.scope
        node = new_node(document, scope, type_name)
        if config is not None:
            node = replace(node, config=dict(config))
        try:
            node = worded(document, node, words)
        except EditError as error:
            return node, Fit(str(error))
        return node, fit(self._shown, self._origin, node)


def _key(type_name: str, config: Mapping[str, Any]) -> tuple[str, str]:
    return type_name, repr(sorted(config.items()))


def _once_each(candidates: list[Candidate]) -> list[Candidate]:
    """Of equal nodes the first: what is usual may be how its type starts, too."""
    found: dict[object, Candidate] = {}
    for one in candidates:
        found.setdefault((*_key(one.name, one.node.config), one.node.repeat), one)
    return list(found.values())
