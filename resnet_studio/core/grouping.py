"""Selections made into blocks: what goes in, what comes out, what the calls are told.

A **place** is one occurrence of the part that becomes a block.  The first place is the
selection itself and gives the block its ids; further ones are equal to it up to arguments.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from resnet_studio.core.block_edits import check_name
from resnet_studio.core.borders import Interface, Tensor, interface
from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    NETWORK,
    Block,
    Document,
    Edge,
    Graph,
    Node,
)
from resnet_studio.core.edits import EditError, Position, free_id, with_graph
from resnet_studio.core.faces import CARD_WIDTH, PORT_HEIGHT, card_extent
from resnet_studio.core.fold.colours import Colours
from resnet_studio.core.fold.origins import followed, origin_of, recorded, unrecorded
from resnet_studio.core.fold.regions import Regions
from resnet_studio.core.fold.repeats import repeated, rows
from resnet_studio.core.gaps import drawn_together, span, top_middle
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.layout import ROW_GAP, snap
from resnet_studio.core.parameters import mentioned
from resnet_studio.core.substitution import substituted

REPEAT = ""
"""Stands for a node's repeat count among the names of its arguments."""


@dataclass(frozen=True, slots=True)
class Use:
    """Where a parameter goes: ``factor`` times its value is the ``argument`` of ``node``."""

    node: str
    argument: str
    factor: int = 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a block to be: its name, its default, and the arguments that it sets."""

    name: str
    default: Any
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence: for each node of the selection the one that stands for it there."""

    scope: str
    nodes: Mapping[str, str]


def group(
    document: Document,
    scope: str,
    ids: Iterable[str],
    name: str,
    parameters: Sequence[Parameter] = (),
    also: Sequence[Place] = (),
) -> Document:
    """The selection as a call of a new block ``name``; the places of ``also`` call it too.

    Names of the enclosing block's parameters that the selection uses become parameters of the
    new block under the same names.  Calls in a row with equal arguments become one with repeat.

    Raises:
        EditError: the name is taken, the selection cannot be a block, or a place differs from
            it in an argument that is no parameter.
    """
    check_name(document, name)
    border = interface(document, scope, ids)
    here = Place(scope, {key: key for key in border.ids})
    places = [here, *(place for place in also if not _same_nodes(place, here))]
    border = replace(border, outputs=_all_outputs(document, border, places))
    handed = _handed_on(document, scope, border.ids, {p.name for p in parameters})
    block = _block(document, scope, border, parameters, handed)
    calls = [_arguments(document, place, block, parameters, handed) for place in places]
    document = replace(document, blocks={**document.blocks, name: block})
    for place, config in zip(places, calls, strict=True):
        document = _collapse(document, border, place, name, config)
    for touched in dict.fromkeys(place.scope for place in places):
        document = _in_rows(document, touched, name)
    return document


def _same_nodes(place: Place, other: Place) -> bool:
    return place.scope == other.scope and set(place.nodes.values()) == set(other.nodes.values())


def _all_outputs(
    document: Document, border: Interface, places: Sequence[Place]
) -> tuple[Tensor, ...]:
    """The tensors that leave at any of the places, under the names of the first."""
    found = dict.fromkeys(border.outputs)
    for place in places[1:]:
        back = {there: key for key, there in place.nodes.items()}
        for source, output in interface(document, place.scope, place.nodes.values()).outputs:
            found[back[source], output] = None
    return tuple(found)


def _handed_on(
    document: Document, scope: str, ids: Sequence[str], taken: set[str]
) -> dict[str, Any]:
    """The parameters of the enclosing block that the selection mentions, with their defaults."""
    if scope == NETWORK:
        return {}
    parameters, graph = document.blocks[scope].parameters, document.graph(scope)
    used = {
        name
        for key in ids
        for name in mentioned(graph.nodes[key].config) | mentioned(graph.nodes[key].repeat)
    }
    if clash := used & taken:
        raise EditError(
            f"“{min(clash)}” is already the parameter of “{scope}” that the selection uses; "
            "choose another name"
        )
    return {name: default for name, default in parameters.items() if name in used}


def argument_of(document: Document, node: Node, name: str) -> Any:
    """The value of an argument, or the default that it has; ``REPEAT`` is the repeat count."""
    if name == REPEAT:
        return node.repeat
    if name in node.config:
        return node.config[name]
    if node.type in document.blocks:
        return document.blocks[node.type].parameters.get(name)
    layer = LAYERS.get(node.type)
    argument = layer.arguments.get(name) if layer is not None else None
    return argument.default if argument is not None and not argument.required else None


def _block(
    document: Document,
    scope: str,
    border: Interface,
    parameters: Sequence[Parameter],
    handed: Mapping[str, Any],
) -> Block:
    graph = document.graph(scope)
    inside = {key: graph.nodes[key] for key in border.ids}
    for parameter in parameters:
        for use in parameter.uses:
            inside[use.node] = _told(inside[use.node], use, parameter.name)
    chosen = set(border.ids)
    edges = [e for e in graph.edges if e.source in chosen and e.target in chosen]
    names = _port_names(graph, border)
    for port, (_tensor, ends) in zip(names[0], border.inputs, strict=True):
        edges += [Edge(port, target, slot) for target, slot in ends]
    for port, (source, output) in zip(names[1], border.outputs, strict=True):
        edges.append(Edge(source, port, 0, output))
    nodes = _with_ports(document, inside, names, edges)
    declared = {**handed, **{p.name: p.default for p in parameters}}
    return Block(Graph(nodes, tuple(edges)), declared)


def _told(node: Node, use: Use, name: str) -> Node:
    text = f"={name}" if use.factor == 1 else f"={use.factor} * {name}"
    if use.argument == REPEAT:
        return replace(node, repeat=text)
    return replace(node, config={**node.config, use.argument: text})


def _port_names(graph: Graph, border: Interface) -> tuple[list[str], list[str]]:
    """``x`` and ``y``; an input that only merges take is called ``shortcut``."""
    taken = set(border.ids)
    inputs: list[str] = []
    for _tensor, ends in border.inputs:
        merged = all(_merges(graph.nodes[target].type) for target, _slot in ends)
        wanted = "shortcut" if merged and len(border.inputs) > 1 else "x"
        inputs.append(free_id(taken, wanted))
        taken.add(inputs[-1])
    outputs: list[str] = []
    for _ in border.outputs:
        outputs.append(free_id(taken, "y"))
        taken.add(outputs[-1])
    return inputs, outputs


def _merges(type_name: str) -> bool:
    return type_name in LAYERS and LAYERS[type_name].takes_list


def _with_ports(
    document: Document,
    inside: Mapping[str, Node],
    names: tuple[list[str], list[str]],
    edges: Sequence[Edge],
) -> dict[str, Node]:
    """The nodes between their ports, which stand above and below them."""
    places = {key: node.position for key, node in inside.items()}
    if any(place is None for place in places.values()):
        bare = {key: replace(node, position=None) for key, node in inside.items()}
        ports = [{key: Node(key, kind) for key in keys} for keys, kind in _kinds(names)]
        return {**ports[0], **bare, **ports[1]}
    known = {key: place for key, place in places.items() if place is not None}
    top = min(y for _x, y in known.values())
    bottom = max(y + card_extent(inside[key], document)[1] for key, (_x, y) in known.items())
    heights = (top - ROW_GAP - PORT_HEIGHT, bottom + ROW_GAP)
    rows = []
    for (keys, kind), y in zip(_kinds(names), heights, strict=True):
        across = _across(keys, edges, known)
        rows.append({key: Node(key, kind, position=(x, y)) for key, x in across.items()})
    return {**rows[0], **inside, **rows[1]}


def _kinds(names: tuple[list[str], list[str]]) -> list[tuple[list[str], str]]:
    return [(names[0], BLOCK_INPUT), (names[1], BLOCK_OUTPUT)]


def _across(
    ports: Sequence[str], edges: Sequence[Edge], known: Mapping[str, Position]
) -> dict[str, float]:
    """Each port level with the nodes that it is wired to, side by side without overlap."""
    wanted = {}
    for port in ports:
        ends = [e.target if e.source == port else e.source for e in edges if port in e[:2]]
        beside = [known[key][0] for key in ends if key in known]
        wanted[port] = snap(sum(beside) / len(beside)) if beside else 0.0
    found: dict[str, float] = {}
    free = float("-inf")
    for port in sorted(ports, key=lambda key: wanted[key]):
        found[port] = max(wanted[port], free)
        free = found[port] + CARD_WIDTH + ROW_GAP / 2
    return {port: found[port] for port in ports}


# Calling it


def _arguments(
    document: Document,
    place: Place,
    block: Block,
    parameters: Sequence[Parameter],
    handed: Mapping[str, Any],
) -> dict[str, Any]:
    """The arguments of the call at a place."""
    graph = document.graph(place.scope)
    arguments = {name: f"={name}" for name in handed}
    for parameter in parameters:
        use = parameter.uses[0]
        value = argument_of(document, graph.nodes[place.nodes[use.node]], use.argument)
        arguments[parameter.name] = value if use.factor == 1 else value // use.factor
    for key, there in place.nodes.items():
        _refuse_difference(document, block.graph.nodes[key], graph.nodes[there], arguments)
    return arguments


def _feeding(graph: Graph, place: Place, ends: Sequence[tuple[str, int]]) -> Tensor | None:
    """The one tensor that goes to all these slots at a place."""
    wanted = {(place.nodes[target], slot) for target, slot in ends}
    found = {(e.source, e.output) for e in graph.edges if (e.target, e.slot) in wanted}
    if len(found) > 1:
        names = " and ".join(f"“{source}”" for source, _output in sorted(found))
        raise EditError(f"{names} feed what is one input of the block elsewhere")
    return next(iter(found), None)


def _refuse_difference(
    document: Document, inside: Node, there: Node, arguments: Mapping[str, Any]
) -> None:
    """A call must stand for just what it replaces."""
    if inside.bypassed != there.bypassed:
        raise EditError(f"one of “{there.id}” and “{inside.id}” is bypassed and the other is not")
    names = {REPEAT, *inside.config, *there.config} - {"name"}
    for name in sorted(names):
        called = substituted(argument_of(document, inside, name), arguments)
        if called != substituted(argument_of(document, there, name), {}):
            shown = name or "repeat"
            raise EditError(
                f"“{there.id}” differs from “{inside.id}” in “{shown}”; make it a parameter"
            )


def _collapse(
    document: Document,
    border: Interface,
    place: Place,
    name: str,
    config: Mapping[str, Any],
) -> Document:
    """The nodes of a place replaced by one call."""
    graph = document.graph(place.scope)
    sources = [_feeding(graph, place, ends) for _tensor, ends in border.inputs]
    gone = set(place.nodes.values())
    call = free_id(graph.nodes.keys() - gone, name)
    leaving = {
        (place.nodes[source], output): k for k, (source, output) in enumerate(border.outputs)
    }
    edges = [
        edge._replace(source=call, output=leaving[edge.source, edge.output])
        if edge.source in gone
        else edge
        for edge in graph.edges
        if edge.target not in gone
    ]
    edges += [Edge(t[0], call, k, t[1]) for k, t in enumerate(sources) if t is not None]
    node = Node(call, name, dict(config), position=top_middle(document, graph, gone))
    document, node = _with_origins(document, place, node)
    nodes: dict[str, Node] = {}
    for key, before in graph.nodes.items():
        if key not in gone:
            nodes[key] = before
        elif call not in nodes:
            nodes[call] = node
    nodes = drawn_together(document, nodes, call, span(document, graph, gone))
    return with_graph(document, place.scope, Graph(nodes, tuple(edges), graph.extra))


def _with_origins(document: Document, place: Place, call: Node) -> tuple[Document, Node]:
    """What is known of where the layers of a model's file went, brought up to date."""
    if not document.source:
        return document, call
    if place.scope == NETWORK:
        nodes = document.network.nodes
        record = {
            f"/{key}{rest}": name
            for key, there in place.nodes.items()
            for rest, name in origin_of(nodes[there]).items()
        }
        return document, recorded(call, record)
    moved = {there: f"{call.id}/{key}" for key, there in place.nodes.items()}
    return followed(document, place.scope, moved), call


def _in_rows(document: Document, scope: str, name: str) -> Document:
    """Equal calls of the block in a row made into one call with repeat."""
    graph = document.graph(scope)
    regions = Regions(document, scope, Colours())
    found = [row for row in rows(regions) if graph.nodes[row[0]].type == name]
    for row in found:
        reach = span(document, document.graph(scope), row)
        before = document.graph(scope).nodes
        document = repeated(document, [(scope, [row])])
        graph = document.graph(scope)
        (call,) = graph.nodes.keys() - (before.keys() - set(row))
        nodes = drawn_together(document, graph.nodes, call, reach)
        if not document.source:
            nodes[call] = unrecorded(nodes[call])
        document = with_graph(document, scope, Graph(nodes, graph.edges, graph.extra))
    return document
