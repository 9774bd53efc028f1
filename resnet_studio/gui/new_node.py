"""The node that a drop makes: a free name, and a start for what Keras has no default for."""

from typing import Any

from resnet_studio.core.arguments import Argument, PerAxis
from resnet_studio.core.document import Document, Node
from resnet_studio.core.edits import Position, default_id, free_id
from resnet_studio.core.layer import LAYERS

_STARTS: dict[str, Any] = {
    "shape": [224, 224, 3],
    "filters": 64,
    "kernel_size": 3,
    "pool_size": 2,
    "units": 10,
    "activation": "relu",
    "rate": 0.5,
    "stddev": 0.1,
    "scale": 0.00392156862745098,
    "target_shape": [-1],
    "dims": [1, 2, 3],
    "n": 16,
    "input_dim": 10_000,
    "output_dim": 64,
    "height": 224,
    "width": 224,
    "factor": 0.1,
    "height_factor": 0.1,
    "width_factor": 0.1,
    "output_size": 1,
    "init_values": 1e-6,
    "projection_dim": 64,
    "axes": -1,
    "num_heads": 8,
    "key_dim": 64,
    "head_dim": 64,
    "num_query_heads": 8,
    "num_key_value_heads": 4,
    "function": "my_function",
    "x_min": 0,
    "x_max": 6,
    "dtype": "float32",
    "newshape": [-1],
    "axis": 1,
    "axis1": 1,
    "axis2": 2,
    "key": ":",
    "pad_width": 0,
}
"""By the name of a required argument: the value that networks of this field start from."""


def _on_axes(argument: Argument, value: Any) -> Any:
    """A number for each axis, where the layer has axes: ``3`` as ``[3, 3]``."""
    return [value] * argument.kind.rank if isinstance(argument.kind, PerAxis) else value


def new_node(
    document: Document, scope: str, type_name: str, position: Position | None = None
) -> Node:
    """A node of a layer or block, ready for ``edits.add_nodes``."""
    taken = document.graph(scope).nodes
    wanted = type_name if type_name in document.blocks else default_id(type_name)
    return Node(free_id(taken, wanted), type_name, start_config(type_name), position=position)


def start_config(type_name: str) -> dict[str, Any]:
    """The required arguments of a layer with values to start from.

    Convolutions start with “same” padding, which keeps the size of the feature maps: what
    residual networks use throughout.
    """
    layer = LAYERS.get(type_name)
    if layer is None:
        return {}
    config = {
        name: argument.kind.start or _on_axes(argument, _STARTS[name])
        for name, argument in layer.arguments.items()
        if argument.required and (name in _STARTS or argument.kind.start is not None)
    }
    if type_name == "Input":
        config["shape"] = _STARTS["shape"]
    if "filters" in config or "depth_multiplier" in layer.arguments:
        config["padding"] = "same"
    return config
