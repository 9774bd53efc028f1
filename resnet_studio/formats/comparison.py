"""What changed between two networks: what was drawn, and what it comes to."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resnet_studio.core.document import NETWORK, Document, Edge, Graph, Node
from resnet_studio.core.flatten import FlatNode
from resnet_studio.core.shapes import show
from resnet_studio.formats.checked import Checked

_MISSING = object()


def compare(a: Checked, b: Checked) -> list[str]:
    """A line for each difference, indented under what it belongs to; empty where there is none.

    Where nodes stand on the canvas, names and descriptions are no part of a network.
    """
    first, second = a.opened.document, b.opened.document
    lines = [line for scope in _scopes(first, second) for line in _scope(first, second, scope)]
    lines += _section("training", list(_mapping(first.training, second.training)))
    lines += _section("layers, unrolled", list(_layers(a.layers, b.layers)))
    lines += _section("totals", list(_totals(a, b)))
    return lines


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"{title}:", *(f"  {line}" for line in lines)] if lines else []


def _scopes(a: Document, b: Document) -> list[str]:
    return list(dict.fromkeys([*a.scopes(), *b.scopes()]))


def _scope(a: Document, b: Document, scope: str) -> list[str]:
    if scope == NETWORK:
        return _section("network", list(_graph(a.network, b.network)))
    if scope not in b.blocks:
        return [f"- block {scope}"]
    if scope not in a.blocks:
        return [f"+ block {scope}"]
    lines = list(_mapping(a.blocks[scope].parameters, b.blocks[scope].parameters))
    return _section(f"block {scope}", lines + list(_graph(a.graph(scope), b.graph(scope))))


def _graph(a: Graph, b: Graph) -> Iterator[str]:
    for key in dict.fromkeys([*a.nodes, *b.nodes]):
        if key not in b.nodes:
            yield f"- {_told(a.nodes[key])}"
        elif key not in a.nodes:
            yield f"+ {_told(b.nodes[key])}"
        else:
            changes = list(_mapping(_meaning(a.nodes[key]), _meaning(b.nodes[key])))
            yield from _section(key, changes)
    before, after = Counter(a.edges), Counter(b.edges)
    yield from (f"- wire {_wire(edge)}" for edge in (before - after).elements())
    yield from (f"+ wire {_wire(edge)}" for edge in (after - before).elements())


def _told(node: Node) -> str:
    arguments = ", ".join(f"{name}={_value(value)}" for name, value in node.config.items())
    repeat = f" × {node.repeat}" if node.repeat != 1 else ""
    return f"{node.id}: {node.type}({arguments}){repeat}"


def _meaning(node: Node) -> dict[str, Any]:
    """What of a node makes a difference to the network; arguments under their own names."""
    result: dict[str, Any] = {"type": node.type, **node.config}
    if node.repeat != 1:
        result["repeat"] = node.repeat
    if node.shared_with is not None:
        result["shared_with"] = node.shared_with
    if node.bypassed:
        result["bypassed"] = True
    return result


def _wire(edge: Edge) -> str:
    output = f":{edge.output}" if edge.output else ""
    return f"{edge.source}{output} → {edge.target}, slot {edge.slot}"


def _mapping(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys([*a, *b]):
        before, after = a.get(key, _MISSING), b.get(key, _MISSING)
        if before is _MISSING or after is _MISSING or _value(before) != _value(after):
            yield f"{key}: {_value(before)} → {_value(after)}"


def _value(value: Any) -> str:
    return "default" if value is _MISSING else json.dumps(value, ensure_ascii=False)


def _layers(a: Sequence[FlatNode], b: Sequence[FlatNode]) -> Iterator[str]:
    """Shapes and counts of layers that are in both, and those that are in one only."""
    before, after = {node.path: node for node in a}, {node.path: node for node in b}
    for path in dict.fromkeys([*before, *after]):
        if path not in after:
            yield f"- {path} ({_figures(before[path])})"
        elif path not in before:
            yield f"+ {path} ({_figures(after[path])})"
        elif (old := _figures(before[path])) != (new := _figures(after[path])):
            yield f"{path}: {old} → {new}"


def _figures(node: FlatNode) -> str:
    outcome = node.outcome
    shapes = " and ".join(map(show, outcome.outputs)) if outcome.outputs else "unknown shape"
    return f"{shapes}, {outcome.params:,} parameters"


def _totals(a: Checked, b: Checked) -> Iterator[str]:
    names = ("parameters", "trainable parameters", "non-trainable parameters", "MACs")
    for name, old, new in zip(names, a.analysis.totals, b.analysis.totals, strict=True):
        if old != new:
            change = f" ({new - old:+,})" if old is not None and new is not None else ""
            yield f"{name}: {_number(old)} → {_number(new)}{change}"


def _number(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"
