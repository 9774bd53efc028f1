"""How layers are called, in the words of both generations of Keras.

Keras 3 writes a call as ``{"args": […], "kwargs": {…}}`` in which tensors are dictionaries of
class ``__keras_tensor__``; Keras 2 writes a list of ``["layer", node, tensor, {kwargs}]``, with
a list less around where an operator was called.  Follows ``serialize_node`` and
``deserialize_node`` of ``keras.src.models.functional`` and ``Node.serialize`` of Keras 2.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Shape = tuple[int | None, ...]


class Ref(NamedTuple):
    """A tensor: which output of which call of which layer.  Keras 2 tells no shape."""

    layer: str
    node: int = 0
    tensor: int = 0
    shape: Shape | None = None
    dtype: str = "float32"


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of one call: refs, and constants as JSON has them, at any depth."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    legacy: bool = False

    @property
    def tensors(self) -> list[Ref]:
        """All tensors: those by position first, in the order in which Keras counts them."""
        return [*refs(self.args), *refs(self.kwargs)]

    @property
    def by_name(self) -> Mapping[str, Ref]:
        """The tensors of a call with one dictionary, by its keys."""
        only = self.args[0] if len(self.args) == 1 else None
        if isinstance(only, Mapping) and all(isinstance(v, Ref) for v in only.values()):
            return only
        return {}

    @property
    def settings(self) -> dict[str, Any]:
        """Keywords that are no tensors and do say something."""
        return {
            key: value
            for key, value in self.kwargs.items()
            if value is not None and not any(refs(value))
        }


def refs(value: Any) -> Iterator[Ref]:
    """The tensors inside a value; those of a dictionary in the order of its keys."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from refs(value[key])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from refs(item)


def read_call(raw: Any) -> Call | None:
    """One entry of ``inbound_nodes``; None where it is none of the known forms."""
    if isinstance(raw, Mapping):
        args, kwargs = raw.get("args", ()), raw.get("kwargs", {})
        if not isinstance(args, list | tuple) or not isinstance(kwargs, Mapping):
            return None
        return Call(tuple(_revived(arg) for arg in args), _named(kwargs, _revived))
    if not isinstance(raw, list):
        return None
    entries = [raw] if _is_entry(raw) else raw
    return _legacy_call(entries)


def _revived(value: Any) -> Any:
    """A value of Keras 3 with its tensors as refs."""
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            return _tensor(value.get("config"))
        return _named(value, _revived)
    return [_revived(item) for item in value] if isinstance(value, list) else value


def _named(value: Mapping[str, Any], read: Any) -> dict[str, Any]:
    return {key: read(item) for key, item in value.items()}


def _tensor(config: Any) -> Ref | None:
    history = config.get("keras_history") if isinstance(config, Mapping) else None
    ref = ends(history)
    if len(ref) != 1:
        return None
    shape, dtype = config.get("shape"), config.get("dtype")
    known = isinstance(shape, list) and all(size is None or type(size) is int for size in shape)
    return ref[0]._replace(
        shape=tuple(shape) if known else None,
        dtype=dtype if isinstance(dtype, str) else "float32",
    )


def _is_entry(value: Any) -> bool:
    """Whether a list is ``["layer", node, tensor]``, with keywords behind or not."""
    return (
        isinstance(value, list)
        and 3 <= len(value) <= 4
        and isinstance(value[0], str)
        and all(type(number) is int for number in value[1:3])
    )


def _legacy_call(entries: list[Any]) -> Call | None:
    args, kwargs = [], {}
    for entry in entries:
        if isinstance(entry, list) and len(entry) >= 3 and entry[0] == "_CONSTANT_VALUE":
            args.append(entry[2])
        elif _is_entry(entry):
            args.append(Ref(*entry[:3]))
        else:
            return None
        if len(entry) == 4 and isinstance(entry[3], Mapping):
            kwargs = _named(entry[3], _legacy_value)
    return Call(tuple(args), kwargs, legacy=True)


def _legacy_value(value: Any) -> Any:
    if isinstance(value, list) and len(value) >= 3 and value[0] == "_CONSTANT_VALUE":
        return value[2]
    if _is_entry(value) and value[1] >= 0:
        return Ref(*value[:3])
    if isinstance(value, Mapping):
        return _named(value, _legacy_value)
    return [_legacy_value(item) for item in value] if isinstance(value, list) else value


def ends(raw: Any) -> list[Ref]:
    """``input_layers`` or ``output_layers``: one entry, or entries in lists and dictionaries."""
    if _is_entry(raw):
        return [Ref(*raw[:3])]
    if isinstance(raw, Mapping):
        return [ref for key in sorted(raw) for ref in ends(raw[key])]
    return [ref for item in raw for ref in ends(item)] if isinstance(raw, list) else []


__all__ = ["Call", "Ref", "ends", "read_call", "refs"]
