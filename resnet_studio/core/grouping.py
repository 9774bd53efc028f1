"""Selections made into blocks: what goes in, what comes out, what the calls are told.

The first place of the part is the selection itself and gives the block its ids.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from resnet_studio.core.block_edits import check_name
from resnet_studio.core.borders import Interface, interface
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
from resnet_studio.core.fold.calling import called
from resnet_studio.core.fold.colours import Colours
from resnet_studio.core.fold.given import REPEAT, argument_of, shortened
from resnet_studio.core.fold.origins import unrecorded
from resnet_studio.core.fold.parts import (
    Parameter,
    Part,
    Place,
    Tensor,
    Use,
    block_of,
    cleared,
    told,
)
from resnet_studio.core.fold.regions import Regions
from resnet_studio.core.fold.repeats import repeated, rows
from resnet_studio.core.gaps import drawn_together, span, top_middle
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.layout import ROW_GAP, snap
from resnet_studio.core.parameters import mentioned
from resnet_studio.core.substitution import substituted

__all__ = [
    "Parameter",
    "Place",
    "Use",
    "call_block",
    "group",
    "handed_on",
    "refuse_differences",
]


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
    part = _part(document, interface(document, scope, ids), scope, also)
    graph = document.graph(scope)
    nodes = {key: unrecorded(graph.nodes[key]) for key in part.places[0].nodes}
    handed = handed_on(document, scope, cleared(document, nodes, parameters))
    if clash := handed.keys() & {p.name for p in parameters}:
        raise EditError(
            f"“{min(clash)}” is already the parameter of “{scope}” that the selection uses; "
            "choose another name"
        )
    declared = {**handed, **{p.name: p.default for p in parameters}}
    inside = told(document, nodes, parameters)
    block = _placed(document, block_of(graph, part, inside, declared, _inputs(graph, part)))
    calls = [
        {**{key: f"={key}" for key in handed}, **_arguments(document, place, parameters)}
        for place in part.places
    ]
    document = replace(document, blocks={**document.blocks, name: block})
    return call_block(document, part, name, calls)


def _part(document: Document, border: Interface, scope: str, also: Sequence[Place]) -> Part:
    here = Place(scope, {key: key for key in border.ids})
    places = (here, *(place for place in also if not _same_nodes(place, here)))
    ends = tuple(ends for _tensor, ends in border.inputs)
    return Part(places, ends, _all_outputs(document, border, places))


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


def handed_on(document: Document, scope: str, nodes: Mapping[str, Node]) -> dict[str, Any]:
    """The parameters of the enclosing block that the nodes mention, with their defaults."""
    if scope == NETWORK:
        return {}
    used = {name for n in nodes.values() for name in mentioned(n.config) | mentioned(n.repeat)}
    parameters = document.blocks[scope].parameters
    return {name: default for name, default in parameters.items() if name in used}


# The block


def _inputs(graph: Graph, part: Part) -> list[str]:
    """``x``; an input that only merges take is called ``shortcut``."""
    only = [all(_merges(graph.nodes[target].type) for target, _ in ends) for ends in part.inputs]
    return ["shortcut" if merged and len(only) > 1 else "x" for merged in only]


def _merges(type_name: str) -> bool:
    return type_name in LAYERS and LAYERS[type_name].takes_list


def _placed(document: Document, block: Block) -> Block:
    """The block with its ports above and below its nodes; all without place where one has none."""
    nodes = block.graph.nodes
    inside = {key: node for key, node in nodes.items() if not _is_port(node)}
    known = {key: node.position for key, node in inside.items() if node.position is not None}
    if len(known) < len(inside):
        bare = {key: replace(node, position=None) for key, node in nodes.items()}
        return replace(block, graph=Graph(bare, block.graph.edges))
    top = min(y for _x, y in known.values())
    bottom = max(y + card_extent(inside[key], document)[1] for key, (_x, y) in known.items())
    placed = dict(nodes)
    for ports, y in (
        (block.inputs(), top - ROW_GAP - PORT_HEIGHT),
        (block.outputs(), bottom + ROW_GAP),
    ):
        for port, x in _across(ports, block.graph.edges, known).items():
            placed[port] = replace(nodes[port], position=(x, y))
    return replace(block, graph=Graph(placed, block.graph.edges))


def _is_port(node: Node) -> bool:
    return node.type in (BLOCK_INPUT, BLOCK_OUTPUT)


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


def _arguments(document: Document, place: Place, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """What the call at a place is told."""
    nodes = document.graph(place.scope).nodes
    first = {p.name: p.uses[0] for p in parameters}
    return {name: use.read(document, nodes[place.nodes[use.node]]) for name, use in first.items()}


def call_block(
    document: Document, part: Part, name: str, calls: Sequence[Mapping[str, Any]]
) -> Document:
    """The places of a part as calls of the block ``name``, which are told ``calls``.

    Calls in a row with equal arguments become one with repeat.

    Raises:
        EditError: a call would not stand for just what it replaces.
    """
    for place, arguments in zip(part.places, calls, strict=True):
        refuse_differences(document, document.blocks[name], place, arguments)
    before = document

    def call_id(_members: Collection[str], taken: Collection[str]) -> str:
        return free_id(taken, name)

    document, ids = called(document, part, name, calls, call_id, recording=bool(before.source))
    for scope in dict.fromkeys(place.scope for place in part.places):
        gone = {
            key: tuple(place.nodes.values())
            for key, place in zip(ids, part.places, strict=True)
            if place.scope == scope
        }
        document = _closed_up(before, document, scope, gone)
        document = _in_rows(document, scope, name)
    return document


def _closed_up(
    before: Document, after: Document, scope: str, gone: Mapping[str, Sequence[str]]
) -> Document:
    """The calls, each at the top of the cards that it stands for; what is below moves up."""
    graph, old = after.graph(scope), before.graph(scope)
    reach = {call: span(before, old, ids) for call, ids in gone.items()}
    nodes = dict(graph.nodes)
    for call, ids in gone.items():
        nodes[call] = replace(nodes[call], position=top_middle(before, old, ids))
    drawn = drawn_together(after, nodes, reach)
    return with_graph(after, scope, Graph(drawn, graph.edges, graph.extra))


def refuse_differences(
    document: Document, block: Block, place: Place, arguments: Mapping[str, Any]
) -> None:
    """Raises EditError where a call, so told, would not stand for just what is at the place."""
    arguments = {**block.parameters, **arguments}
    graph = document.graph(place.scope)
    for key, there in place.nodes.items():
        _refuse_difference(document, block.graph.nodes[key], graph.nodes[there], arguments)


def _refuse_difference(
    document: Document, inside: Node, there: Node, arguments: Mapping[str, Any]
) -> None:
    if inside.bypassed != there.bypassed:
        raise EditError(f"one of “{there.id}” and “{inside.id}” is bypassed and the other is not")
    names = {REPEAT, *inside.config, *there.config} - {"name"}
    for name in sorted(names):
        wanted = substituted(argument_of(document, there, name), {})
        said = substituted(argument_of(document, inside, name), arguments)
        if shortened(there.type, name, said) != shortened(there.type, name, wanted):
            shown = name or "repeat"
            raise EditError(
                f"“{there.id}” differs from “{inside.id}” in “{shown}”; make it a parameter"
            )


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
        nodes = drawn_together(document, graph.nodes, {call: reach})
        if not document.source:
            nodes[call] = unrecorded(nodes[call])
        document = with_graph(document, scope, Graph(nodes, graph.edges, graph.extra))
    return document
