"""``model.compile``: from the document's training, or what suits the outputs."""

import keyword
from collections.abc import Mapping
from typing import Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.flatten import FlatNetwork, FlatNode, flatten
from resnet_studio.formats.keras_code.layout import Expression, call
from resnet_studio.formats.keras_code.literals import literal

_COMPILE_ARGUMENTS = (
    "optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly",
    "steps_per_execution", "jit_compile", "auto_scale_loss",
)  # fmt: skip
_OPTIMIZERS = {
    name.lower(): name
    for name in (
        "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lamb", "Lion",
        "Muon", "Nadam", "RMSprop", "SGD",
    )
}  # fmt: skip
_LOSSES = {
    "softmax": {"loss": "categorical_crossentropy", "metrics": ["accuracy"]},
    "sigmoid": {"loss": "binary_crossentropy", "metrics": ["accuracy"]},
}
_NUMBER = {"loss": "mse"}


def training_arguments(analysis: Analysis, network: FlatNetwork | None = None) -> dict[str, Any]:
    """What ``compile`` is given: the document's settings, completed by what suits the outputs.

    ``network`` is the unrolled network, where somebody has it already.
    """
    written = {
        key: analysis.document.training[key]
        for key in _COMPILE_ARGUMENTS
        if key in analysis.document.training
    }
    if written:
        return written
    network = network or flatten(analysis)
    activations = {_activation(network.nodes[i]) for i in network.outputs}
    suited = _LOSSES.get(activations.pop(), _NUMBER) if len(activations) == 1 else _NUMBER
    return {"optimizer": "adam", **suited}


def _activation(node: FlatNode) -> str:
    name = node.config.get("activation")
    if name is None and node.type == "Softmax":
        return "softmax"
    return name if isinstance(name, str) else ""


def compile_call(analysis: Analysis, network: FlatNetwork | None = None) -> Expression:
    items: list[Expression] = []
    for key, value in training_arguments(analysis, network).items():
        written = _optimizer(value) if key == "optimizer" else None
        items.append((f"{key}=", *(written or literal(value))))
    return ("model.compile", call(*items))


def _optimizer(value: Any) -> Expression | None:
    """``keras.optimizers.SGD(learning_rate=0.1)``, or None for what is no such mapping."""
    if not isinstance(value, Mapping) or not isinstance(value.get("config"), Mapping):
        return None
    name = _OPTIMIZERS.get(str(value.get("class_name")).lower())
    config = value["config"]
    plain = all(key.isascii() and key.isidentifier() for key in config)
    if name is None or not plain or any(map(keyword.iskeyword, config)):
        return None
    items: list[Expression] = [(f"{key}=", *literal(item)) for key, item in config.items()]
    return (f"keras.optimizers.{name}", call(*items))
