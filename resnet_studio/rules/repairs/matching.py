"""Setting filters and strides of one side of a merge so that it comes out like the other.

An argument that is an expression of the block's parameter is changed where the parameter gets
its value: at the call (``residual_block(n_filters=128)`` becomes ``n_filters=64``).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.document import Document
from resnet_studio.core.edits import set_argument
from resnet_studio.core.expressions import (
    ExpressionError,
    evaluate,
    is_expression,
    names_in,
)
from resnet_studio.core.layer import Layer
from resnet_studio.core.paths import join_path, split_path
from resnet_studio.rules.repairs import shortcut
from resnet_studio.rules.repairs.completion import Edited
from resnet_studio.rules.repairs.isolation import Chain, isolate, reuse_equal
from resnet_studio.rules.repairs.junction import Junction, Side, strides_of, window_of
from resnet_studio.rules.repairs.resample import AxisPlan, plan_axis


class Setting(NamedTuple):
    """An argument to be given a value at the node with this path."""

    path: str
    argument: str
    value: Any

    def chain(self, document: Document) -> Chain:
        """The calls that lead to the node."""
        return split_path(self.path, document)[:-1]

    def parent(self, document: Document) -> str:
        return join_path(self.chain(document))

    def node_id(self, document: Document) -> str:
        return split_path(self.path, document)[-1][0]


def match_branch(junction: Junction) -> Iterator[Edited]:
    """The step: the block's branch is made to fit the identity link."""
    yield from _match(junction, junction.branch, junction.identity, "branch")


def match_link(junction: Junction) -> Iterator[Edited]:
    """The step: layers that stand on the identity link are made to fit the branch."""
    yield from _match(junction, junction.identity, junction.branch, "identity link")


def _match(junction: Junction, side: Side, target: Side, noun: str) -> Iterator[Edited]:
    settings = _settings(junction, side, target)
    if not settings:
        return
    analysis = junction.analysis
    placed = [_where_set(analysis, setting) for setting in settings]
    origin = analysis.document
    parent, chain = placed[0].parent(origin), placed[0].chain(origin)
    # The rest stands in another graph: the step is taken again once these are set.
    group = [s for i, s in enumerate(placed) if s.parent(origin) == parent and s not in placed[:i]]
    looped = any(copy is not None for _, copy in chain)
    told = ", ".join(f"{s.argument} {_shown(s.value)} at “{s.node_id(origin)}”" for s in group)
    for whole in (True, False) if looped else (False,):
        place = isolate(analysis.document, chain, "matched", whole)
        document = place.document
        for setting in group:
            name, value = setting.argument, setting.value
            document = set_argument(document, place.scope, setting.node_id(origin), name, value)
        touched = tuple(place.prefix + s.node_id(origin) for s in group)
        document = reuse_equal(document, place.clones)
        title = f"Match the {noun}: {told}"
        yield Edited(document, title, tuple(dict.fromkeys((*place.calls, *touched))))


def _shown(value: Any) -> str:
    return "×".join(map(str, value)) if isinstance(value, list) else str(value)


# What to set


def _settings(junction: Junction, side: Side, target: Side) -> list[Setting] | None:
    """The arguments to change; None where the side has no layer that could do it."""
    if len(side.shape) != len(target.shape) or junction.clashing_batches(side):
        return None
    found: list[Setting] = []
    wanted = shortcut.channels(junction, target)
    if shortcut.channels(junction, side) != wanted:
        index = shortcut.setter_index(junction, side)
        if index is None or wanted is None:
            return None
        flat = junction.flat.nodes[index]
        found.append(Setting(flat.path, shortcut.argument_of_channels(flat.type) or "", wanted))
    gate = junction.merge.type == "Multiply"
    axes = [
        axis
        for axis in junction.spatial_axes
        if side.shape[axis] != target.shape[axis]
        and not (gate and 1 in (side.shape[axis], target.shape[axis]))
    ]
    if not axes:
        return found
    spatial = _spatial(junction, side, target)
    return None if spatial is None else found + spatial


def _spatial(junction: Junction, side: Side, target: Side) -> list[Setting] | None:
    """Strides for the first layer that has some, none for the others, borders kept."""
    indices = [i for i in side.trail if strides_of(junction.layer(i))]
    steps = _steps(junction, side, target)
    if not indices or steps is None or len(side.shape) != 4:
        return None
    found: list[Setting] = []
    for number, i in enumerate(indices):
        layer, path = junction.layer(i), junction.flat.nodes[i].path
        value = steps if number == 0 else [1, 1]
        if list(strides_of(layer)) != value:
            found.append(Setting(path, "strides", value))
        if _eats_border(layer):
            found.append(Setting(path, "padding", "same"))
    return found


def _steps(junction: Junction, side: Side, target: Side) -> list[int] | None:
    """The stride for each axis from the fork to the target's size, where strides reach it."""
    start = junction.flat.nodes[junction.fork if junction.fork is not None else side.trail[0]]
    if start.output is None or len(start.output) != len(target.shape):
        return None
    plans = [
        plan_axis(start.output[axis], target.shape[axis], junction.stride(target, axis))
        for axis in junction.spatial_axes
    ]
    if any(each is None or each != AxisPlan(stride=each.stride) for each in plans):
        return None
    return [each.stride for each in plans if each is not None]


def _eats_border(layer: Layer | None) -> bool:
    return getattr(layer, "padding", None) == "valid" and max(window_of(layer), default=1) > 1


# Where to set it


def _where_set(analysis: Analysis, setting: Setting) -> Setting:
    """The setting, moved up to the call that gives the parameter its value."""
    found = analysis.at(setting.path)
    if found is None or not setting.parent(analysis.document):
        return setting
    graph, node, _ = found
    raw = node.config.get(setting.argument)
    names = names_in(raw) if is_expression(raw) and isinstance(raw, str) else set()
    if len(names) != 1:
        return setting
    name = names.pop()
    value = _solved(str(raw), name, dict(graph.parameters), setting.value)
    if value is None:
        return setting
    return _where_set(analysis, Setting(setting.parent(analysis.document), name, value))


def _solved(text: str, name: str, parameters: dict[str, Any], wanted: Any) -> Any:
    """The value of the one parameter under which the expression comes to ``wanted``."""
    if isinstance(wanted, list) and len(set(wanted)) == 1:
        wanted = wanted[0]
    guesses = [wanted]
    try:
        now = evaluate(text, parameters)
        if isinstance(now, int) and isinstance(wanted, int) and now:
            guesses.append(parameters[name] * wanted // now)
        for guess in guesses:
            if evaluate(text, {**parameters, name: guess}) == wanted:
                return guess
    except (ExpressionError, TypeError):
        return None
    return None
