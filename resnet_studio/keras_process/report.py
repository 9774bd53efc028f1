"""What came of holding the real Keras model against the analysis."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resnet_studio.core.shapes import show

MOST_LISTED = 20
"""Differing layers that the text of a report spells out."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One layer as the analysis, or as Keras, has it.

    ``inputs`` are ``(index of a row, output)`` by slot, None for a layer that no row stands
    for; shapes have the batch first; a shared layer's counts stand at its first place.
    """

    type: str
    inputs: tuple[tuple[int | None, int], ...]
    outputs: tuple[tuple[int | None, ...], ...]
    params: int
    trainable: int
    shared_with: int | None


@dataclass(frozen=True, slots=True)
class VerifyRow:
    """One layer of the unrolled network; ``differences`` are sentences, none where identical."""

    path: str
    expected: Facts
    real: Facts | None
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The outcome of a verification.

    ``failure`` tells why there is no real model (then ``rows`` have no ``real``), ``general``
    what differs beyond single layers, ``forward`` why no sample was run through it, and
    ``forward_error`` why one that was run did not come out.
    """

    rows: tuple[VerifyRow, ...]
    params: int
    general: tuple[str, ...] = ()
    failure: str = ""
    forward: str = ""
    forward_error: str = ""
    keras_version: str = ""

    @property
    def identical(self) -> bool:
        """Whether every layer, wire, shape and count is that of the real Keras."""
        return not (self.failure or self.general) and all(row.same for row in self.rows)

    @property
    def different(self) -> tuple[VerifyRow, ...]:
        return tuple(row for row in self.rows if not row.same)


def compare(
    expected: Mapping[str, Any], observed: Mapping[str, Any], version: str = ""
) -> VerifyReport:
    """The report of an observation (``observation.Observation.report``)."""
    paths = [node["path"] for node in expected["nodes"]]
    rows = tuple(
        _row(node, seen, paths)
        for node, seen in zip(expected["nodes"], observed["rows"], strict=True)
    )
    general = tuple(_general(expected, observed))
    return VerifyReport(rows, expected["params"], general, keras_version=version)


def refused(expected: Mapping[str, Any], why: str, version: str = "") -> VerifyReport:
    """The report where the code raised instead of building a model."""
    rows = tuple(VerifyRow(n["path"], _facts(n), None, ()) for n in expected["nodes"])
    return VerifyReport(rows, expected["params"], failure=why, keras_version=version)


def _row(node: Mapping[str, Any], seen: Mapping[str, Any] | None, paths: list[str]) -> VerifyRow:
    wanted = _facts(node)
    if seen is None:
        return VerifyRow(node["path"], wanted, None, ("is not in the real model",))
    real = _facts(seen)
    return VerifyRow(node["path"], wanted, real, tuple(_differences(wanted, real, paths)))


def _facts(data: Mapping[str, Any]) -> Facts:
    return Facts(
        data["type"],
        tuple((i, k) for i, k in data["inputs"]),
        tuple(tuple(shape) for shape in data["outputs"]),
        data["params"],
        data["trainable"],
        data["shared_with"],
    )


def _differences(expected: Facts, real: Facts, paths: list[str]) -> Iterator[str]:
    if expected.type != real.type:
        yield f"is {real.type} in Keras, not {expected.type}"
    if expected.inputs != real.inputs:
        wanted = _tensors(expected.inputs, paths)
        yield f"reads {_tensors(real.inputs, paths)} in Keras, not {wanted}"
    if expected.outputs != real.outputs:
        yield f"gives {_shapes(real)} in Keras, not {_shapes(expected)}"
    if expected.params != real.params:
        yield f"has {real.params:,} parameters in Keras, not {expected.params:,}"
    if expected.trainable != real.trainable:
        yield f"has {real.trainable:,} trainable parameters in Keras, not {expected.trainable:,}"
    if expected.shared_with != real.shared_with:
        yield f"{_sharing(real, paths)} in Keras, and {_sharing(expected, paths)} here"


def _tensors(tensors: Iterable[Sequence[Any]], paths: list[str]) -> str:
    names = [
        ("something else" if i is None else f"“{paths[i]}”") + (f":{k}" if k else "")
        for i, k in tensors
    ]
    return " and ".join(names) or "nothing"


def _shapes(facts: Facts) -> str:
    return " and ".join(show(shape, batch=True) for shape in facts.outputs)


def _sharing(facts: Facts, paths: list[str]) -> str:
    if facts.shared_with is None:
        return "has a layer of its own"
    return f"shares the layer of “{paths[facts.shared_with]}”"


def _general(expected: Mapping[str, Any], observed: Mapping[str, Any]) -> Iterator[str]:
    paths = [node["path"] for node in expected["nodes"]]
    if observed["extra"]:
        names = ", ".join(f"“{name}”" for name in observed["extra"][:5])
        yield f"Keras has {len(observed['extra'])} more layers: {names}"
    inputs = [[i, 0] for i, node in enumerate(expected["nodes"]) if node["type"] == "Input"]
    for what, wanted, real in (
        ("takes", inputs, observed["inputs"]),
        ("gives", expected["outputs"], observed["outputs"]),
    ):
        if real != wanted:
            tensors = _tensors(wanted, paths)
            yield f"the model {what} {_tensors(real, paths)} in Keras, not {tensors}"
    for key, what in (("params", "parameters"), ("trainable", "trainable parameters")):
        if observed[key] != expected[key]:
            yield f"in all {observed[key]:,} {what} in Keras, not {expected[key]:,}"


def format_report(report: VerifyReport) -> str:
    """The report as text; its first line says whether all is identical."""
    lines = [_headline(report), *(f"  {text}" for text in report.general)]
    for row in report.different[:MOST_LISTED]:
        lines += [f"  {row.path}: {text}" for text in row.differences]
    if len(report.different) > MOST_LISTED:
        lines.append(f"  … and {len(report.different) - MOST_LISTED:,} more")
    if report.forward:
        lines.append(report.forward)
    if report.forward_error:
        lines.append(f"built, but a forward pass failed: {report.forward_error}")
    return "\n".join(lines)


def _headline(report: VerifyReport) -> str:
    if report.failure:
        return f"different: {report.failure}"
    layers = "1 layer" if len(report.rows) == 1 else f"{len(report.rows):,} layers"
    if report.identical:
        but = " as built, but it does not run" if report.forward_error else ""
        return f"identical{but}: {layers}, {report.params:,} parameters, every shape and count"
    return f"different: {len(report.different):,} of {layers}"
