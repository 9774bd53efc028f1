"""The native file written so that it reads well and differs little.

One node or edge to a line, keys in a fixed order, defaults left out: moving a node changes one
line of a ``git diff``.  What the reader kept in ``extra`` goes back where it was.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from resnet_studio.core import frames
from resnet_studio.core.document import Block, Document, Edge, Graph, Node
from resnet_studio.formats.files import FormatError, escape_surrogates
from resnet_studio.formats.native_reader import FORMAT, NAMELESS, PORT


def write(document: Document) -> str:
    """The text of the native file, with a final newline; FormatError for infinite numbers."""
    extra = dict(document.extra)
    entries = [
        _entry("format", FORMAT),
        _entry("name", _kept(extra, "name", document.name, NAMELESS)),
        _entry("description", _kept(extra, "description", document.description, "")),
    ]
    if document.blocks or "blocks" in extra:
        entries.append(f'"blocks": {_blocks(document.blocks, extra.pop("blocks", ()))}')
    entries.append(f'"network": {_network(document.network)}')
    if document.training or "training" in extra:
        entries.append(_entry("training", _kept(extra, "training", document.training, {})))
    if document.source or "source" in extra:
        entries.append(_entry("source", _kept(extra, "source", document.source, {})))
    entries += [_entry(key, value) for key, value in extra.items()]
    return escape_surrogates(_lines("{}", entries, 0)) + "\n"


def _kept(extra: dict[str, Any], key: str, value: Any, default: Any) -> Any:
    """``value``; where nobody has set it, what the file had there and was not understood."""
    raw = extra.pop(key, value)
    return raw if value == default else value


def dumps(value: Any) -> str:
    """A JSON value on one line, in its own letters; the shortest digits that mean the number."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _entry(key: str, value: Any) -> str:
    return f"{dumps(key)}: {dumps(value)}"


def _lines(brackets: str, items: Iterable[str], depth: int) -> str:
    """Items one to a line between brackets that stand at ``depth``."""
    items = list(items)
    if not items:
        return brackets
    indent = "  " * (depth + 1)
    inner = ",\n".join(indent + item for item in items)
    return f"{brackets[0]}\n{inner}\n{'  ' * depth}{brackets[1]}"


def _blocks(blocks: Mapping[str, Block], strange: Any) -> str:
    if not isinstance(strange, tuple):
        if not blocks:
            return dumps(strange)
        strange = ()
    entries = [f"{dumps(name)}: {_block(block)}" for name, block in blocks.items()]
    return _lines("{}", _with(entries, [(i, _entry(*named)) for i, named in strange]), 1)


def _block(block: Block) -> str:
    extra = dict(block.extra)
    entries = []
    if block.parameters or "parameters" in extra:
        entries.append(_entry("parameters", _kept(extra, "parameters", block.parameters, {})))
    if block.description or "description" in extra:
        description = _kept(extra, "description", block.description, "")
        entries.append(_entry("description", description))
    entries += _graph(block.graph, 3)
    entries += [_entry(key, value) for key, value in extra.items()]
    return _lines("{}", entries, 2)


def _network(graph: Graph) -> str:
    written = ("nodes", "edges", frames.KEY)
    unknown = {k: v for k, v in graph.extra.items() if k not in written}
    entries = [
        *_graph(graph, 2),
        *(_entry(key, value) for key, value in unknown.items()),
    ]
    return _lines("{}", entries, 1)


def _graph(graph: Graph, depth: int) -> Iterator[str]:
    """The entries ``nodes``, ``edges`` and ``frames``, standing at ``depth``."""
    for key, items in (
        ("nodes", [_node_line(node) for node in graph.nodes.values()]),
        ("edges", [dumps(_edge(edge, graph)) for edge in graph.edges]),
    ):
        strange = [(i, dumps(value)) for i, value in graph.extra.get(key, ())]
        yield f'"{key}": {_lines("[]", _with(items, strange), depth)}'
    if frames.KEY in graph.extra:
        kept = graph.extra[frames.KEY]
        listed = isinstance(kept, tuple)
        text = _lines("[]", [dumps(frame) for frame in kept], depth) if listed else dumps(kept)
        yield f'"{frames.KEY}": {text}'


def _with(items: list[str], strange: Iterable[tuple[int, str]]) -> list[str]:
    """``items`` with the entries that were not understood back at their indices."""
    result = list(items)
    for index, item in strange:
        result.insert(index, item)
    return result


def _node_line(node: Node) -> str:
    try:
        return dumps(_node(node))
    except ValueError:
        raise FormatError(
            f"the node “{node.id}” holds a number that is infinite or none at all, which JSON "
            "has not; write a finite one"
        ) from None


def _node(node: Node) -> dict[str, Any]:
    extra = dict(node.extra)
    result: dict[str, Any] = {"id": node.id, "type": node.type}
    for key, value, default in (
        ("config", node.config, {}),
        ("repeat", node.repeat, 1),
        ("shared_with", node.shared_with, None),
        ("bypassed", node.bypassed, False),
        ("position", node.position, None),
    ):
        if value != default or key in extra:
            result[key] = _kept(extra, key, value, default)
    if node.position is not None:
        result["position"] = [_tidy(value) for value in node.position]
    return result | extra


def _tidy(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _edge(edge: Edge, graph: Graph) -> list[Any]:
    return [_source(edge, graph), edge.target, edge.slot]


def _source(edge: Edge, graph: Graph) -> str:
    """``id``, or ``id:k`` for a further output, told from a node that is called just so."""
    if edge.output == 0 and (edge.source in graph.nodes or not PORT.fullmatch(edge.source)):
        return edge.source
    number = str(edge.output)
    while f"{edge.source}:{number}" in graph.nodes:
        number = f"0{number}"
    return f"{edge.source}:{number}"
