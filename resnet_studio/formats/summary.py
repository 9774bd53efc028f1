"""A table of all layers as Keras' ``model.summary()`` prints it, with multiply-accumulates.

Follows ``keras.src.utils.summary_utils.print_summary``; columns are as wide as their contents,
so nothing is cut, and layers are called by their paths.
"""

from collections.abc import Iterable, Sequence

from resnet_studio.core.flatten import FlatNode, Tensor
from resnet_studio.core.layer import Layer, layer_for
from resnet_studio.core.shapes import Shape
from resnet_studio.formats.checked import Checked

_HEADER = ("Layer (type)", "Output Shape", "Param #", "MACs", "Connected to")
_RIGHT = (False, False, True, True, False)
_BYTES = {"float16": 2, "bfloat16": 2, "float64": 8}
"""Bytes of a weight by the precision of its layer; mixed policies keep float32 weights."""


def summary(result: Checked) -> str:
    """The table and the totals, with a final newline."""
    rows = [_row(node, result.unrolled) for node in result.layers]
    name = result.opened.document.name
    return f"Model: “{name}”\n{_table(rows)}{_totals(result)}"


def memory(node: FlatNode) -> int:
    """Bytes that the weights of a layer take."""
    layer = layer_for(node.type, node.config)
    dtype = layer.dtype if isinstance(layer, Layer) else None
    return node.outcome.params * _BYTES.get(dtype or "float32", 4)


def readable_size(size: float) -> str:
    """Bytes as Keras writes them: ``64.17 MB``, a thousand being 1,024."""
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} PB"


def _row(node: FlatNode, unrolled: Sequence[FlatNode]) -> tuple[str, ...]:
    outcome = node.outcome
    known = outcome.outputs is not None
    return (
        f"{node.path} ({_class(node.type)})",
        ", ".join(map(_shape, outcome.outputs or ())) or "?",
        f"{outcome.params:,}" if known else "?",
        f"{outcome.macs:,}" if known and outcome.macs is not None else "?",
        ", ".join(_connection(tensor, unrolled) for tensor in node.inputs) or "-",
    )


def _class(type_name: str) -> str:
    return "InputLayer" if type_name == "Input" else type_name


def _shape(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _connection(tensor: Tensor | None, unrolled: Sequence[FlatNode]) -> str:
    if tensor is None:
        return "?"
    path = unrolled[tensor[0]].path
    return f"{path}[{tensor[1]}]" if tensor[1] else path


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(_HEADER, *rows, strict=True)]
    rule = "├" + "┼".join("─" * (width + 2) for width in widths) + "┤\n"
    head = _ruled("┏┳┓", widths, "━") + _cells(_HEADER, widths, "┃") + _ruled("┡╇┩", widths, "━")
    body = rule.join(_cells(row, widths, "│") for row in rows)
    return head + body + _ruled("└┴┘", widths, "─")


def _ruled(corners: str, widths: Iterable[int], stroke: str) -> str:
    spans = corners[1].join(stroke * (width + 2) for width in widths)
    return f"{corners[0]}{spans}{corners[2]}\n"


def _cells(texts: Iterable[str], widths: Iterable[int], bar: str) -> str:
    cells = (
        text.rjust(width) if right else text.ljust(width)
        for text, width, right in zip(texts, widths, _RIGHT, strict=True)
    )
    return f"{bar} {f' {bar} '.join(cells)} {bar}\n"


def _totals(result: Checked) -> str:
    totals = result.analysis.totals
    size = sum(map(memory, result.layers))
    trainable = sum(
        memory(node) * node.outcome.trainable // node.outcome.params
        for node in result.layers
        if node.outcome.params
    )
    macs = "unknown" if totals.macs is None else f"{totals.macs:,}"
    return (
        f" Total params: {totals.params:,} ({readable_size(size)})\n"
        f" Trainable params: {totals.trainable_params:,} ({readable_size(trainable)})\n"
        f" Non-trainable params: {totals.non_trainable_params:,} "
        f"({readable_size(size - trainable)})\n"
        f" Multiply-accumulates: {macs}\n"
    )
