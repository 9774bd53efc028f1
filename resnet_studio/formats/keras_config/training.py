"""How the model was compiled, as far as a document holds it."""

import struct
from collections.abc import Mapping
from typing import Any


def training_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Optimizer, loss and metrics, from the ``compile_config`` of Keras 3."""
    compiled = raw.get("compile_config")
    if not isinstance(compiled, Mapping):
        return {}
    training = {
        "optimizer": _optimizer(compiled.get("optimizer")),
        "loss": _named(compiled.get("loss")),
        "metrics": _metrics(compiled.get("metrics")),
    }
    return {key: value for key, value in training.items() if value}


def _named(value: Any) -> str | None:
    return value if isinstance(value, str) and not value.startswith("=") else None


def _metrics(value: Any) -> list[str]:
    names = [_named(item) for item in value] if isinstance(value, list) else []
    return [name for name in names if name is not None]


def _optimizer(value: Any) -> Any:
    """A name, or class and arguments; those at nothing are left to Keras."""
    if not isinstance(value, Mapping):
        return _named(value)
    name, config = value.get("class_name"), value.get("config")
    if not isinstance(name, str) or not isinstance(config, Mapping):
        return None
    kept = {
        key: _short(item)
        for key, item in config.items()
        if key != "name" and type(item) in (int, float)
    }
    return {"class_name": name, "config": kept}


def _short(value: float) -> float:
    """Learning rates are kept as float32: 0.0010000000474974513 was 0.001."""
    if not isinstance(value, float) or abs(value) > 1e38:
        return value
    shorter = float(f"{value:.7g}")
    same = struct.pack("<f", shorter) == struct.pack("<f", value)
    return shorter if same else value


__all__ = ["training_of"]
