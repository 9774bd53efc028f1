"""The layers behind an error: their shapes are unknown, but that they are there is known.

The analysis stops at a call whose input it does not know.  A report still has an entry for each
layer that such a call, or loop, comes to.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.calls import LARGEST_NETWORK, MOST_COPIES, Library
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Node
from resnet_studio.core.expressions import ExpressionError, resolve
from resnet_studio.core.flatten import FlatNode
from resnet_studio.core.layer import UNKNOWN

_PORTS = (BLOCK_INPUT, BLOCK_OUTPUT)


def layers(analysis: Analysis, unrolled: Iterable[FlatNode]) -> list[FlatNode]:
    """Every layer of an unrolled network, those inside of calls that are unknown too."""
    found = (layer for flat in unrolled for layer in _layers(analysis, flat))
    return list(islice(found, LARGEST_NETWORK))


def _layers(analysis: Analysis, flat: FlatNode) -> Iterator[FlatNode]:
    library = analysis.library
    if flat.outcome is UNKNOWN:
        place = analysis.at(flat.path)
        parameters = place[0].parameters if place else {}
        if flat.path.rpartition("/")[2] == flat.node.id:
            yield from _node(library, flat.node, flat.path, parameters, len(flat.inputs))
        else:  # One round of a loop whose rounds before are known.
            yield from _round(library, flat.node, flat.path, parameters, len(flat.inputs))
    elif flat.type not in library.blocks and flat.type not in _PORTS:
        yield flat


def _node(
    library: Library, node: Node, path: str, parameters: Mapping[str, Any], slots: int
) -> Iterator[FlatNode]:
    """The layers that a node comes to, as often as it is repeated."""
    times = _resolved(node.rounds, parameters)
    if not isinstance(times, int) or times == 1 or times > MOST_COPIES:
        yield from _round(library, node, path, parameters, slots)
        return
    for number in range(1, times + 1):
        yield from _round(library, node, f"{path}#{number}", parameters, slots)


def _round(
    library: Library, node: Node, path: str, parameters: Mapping[str, Any], slots: int
) -> Iterator[FlatNode]:
    config = _resolved(node.config, parameters)
    if node.type in _PORTS:
        return
    if node.type not in library.blocks:
        unknown = (None,) * slots
        yield FlatNode(path, node.type, config, node, unknown, unknown, UNKNOWN)
    elif library.depth[node.type] is not None:
        block = library.blocks[node.type]
        arguments = {**block.parameters, **config}
        structure = block.graph.structure
        rank = [at if at >= 0 else len(structure.ids) for at in structure.rank]
        for i in sorted(range(len(rank)), key=rank.__getitem__):
            inner = block.graph.nodes[structure.ids[i]]
            wires = len(structure.sources[i] or ())
            yield from _node(library, inner, f"{path}/{inner.id}", arguments, wires)


def _resolved(value: Any, parameters: Mapping[str, Any]) -> Any:
    """``value`` with its expressions worked out, where they can be."""
    try:
        return resolve(value, parameters)
    except ExpressionError:
        return value
