"""``unknown-size-fails``: a size left open that the network cannot take in every case.

Where an Input leaves height and width open, Keras only checks what is known.  A map that is
halved and doubled again comes back one larger where it was odd, and a merge of the two fails
when the network runs.  So the network is held to some sizes, small and odd ones among them:
what would be refused then, fails then.
"""

from collections.abc import Iterable, Iterator
from itertools import count

from resnet_studio.core import edits
from resnet_studio.core.analysis import Analysis, analyse, problems
from resnet_studio.core.diagnostics import NETWORK_CHECKS, Diagnostic, Rule
from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.layer import Problem
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.noted import Noted
from resnet_studio.rules.repairs.site import Mend, Site, mending

CODE = "unknown-size-fails"
Sizes = tuple[int, ...]
"""What stands for an unknown size on each axis behind the batch; the last for all further."""

TRIED: tuple[Sizes, ...] = (
    (32,), (33,), (13,), (8,), (12, 13), (15,), (9,), (11, 16), (14,), (27,), (10, 8), (21,), (47,),
)  # fmt: skip
"""From 8 on: nobody means a network for images, or for texts, of fewer."""
EFFORT = 6000
"""Layers that are looked at for one answer: of very large networks fewer sizes are tried."""
STRETCHED = "silent-broadcast"
USUAL = (224, 256, 128, 64, 96, 192, 384, 512, 299, 75)
_inputs = Noted(lambda node: node.type == "Input")
STEPS = (2, 4, 8, 16, 32, 64)
MOST = 512


def check(analysis: Analysis) -> Iterator[tuple[str, Problem]]:
    """A warning at each node that fails by itself for one of the sizes tried."""
    if not any(True for _ in _open(analysis.document)):
        return
    known = {path for path, _ in problems(analysis.root)}
    amount = max(2, EFFORT // max(1, analysis.root.layers))
    for sizes in TRIED[:amount]:
        for path, problem in _failing(analysis, sizes):
            if path not in known:
                known.add(path)
                data = {"sizes": sizes, "why": problem.message}
                yield path, Problem(CODE, _told(sizes, problem.message), "warning", data)


NETWORK_CHECKS.append(check)


def _open(document: Document) -> Iterator[tuple[str, str, list[int | None]]]:
    """The Inputs with an unknown size: id, argument and sizes without the batch."""
    graph = document.network
    for key in sorted(_inputs.of(graph), key=graph.structure.index.__getitem__):
        node = graph.nodes[key]
        for name, first in (("shape", 0), ("batch_shape", 1)):
            shape = node.config.get(name)
            if isinstance(shape, list | tuple) and None in shape[first:]:
                yield node.id, name, list(shape)


def _fixed(document: Document, sizes: Sizes) -> Document:
    """The document in which every Input has sizes that are known."""
    for node_id, name, shape in _open(document):
        first = 0 if name == "shape" else 1
        for axis in range(first, len(shape)):
            if shape[axis] is None:
                shape[axis] = sizes[min(axis - first, len(sizes) - 1)]
        document = edits.set_argument(document, NETWORK, node_id, name, shape)
    return document


def _failing(analysis: Analysis, sizes: Sizes) -> Iterator[tuple[str, Problem]]:
    """What is found at these sizes and not without them, stretched merges aside."""
    after = analyse(_fixed(analysis.document, sizes), analysis)
    known = {(path, problem.code) for path, problem in problems(analysis.root)}
    for path, problem in problems(after.root):
        if problem.code != STRETCHED and (path, problem.code) not in known:
            yield path, problem


def _told(sizes: Sizes, why: str) -> str:
    return f"where the sizes left open are {_shown(sizes)}, it fails: {why}"


def _shown(sizes: Sizes) -> str:
    return " and ".join(map(str, sizes))


def _runs(analysis: Analysis, size: int) -> bool:
    return not any(True for _ in _failing(analysis, (size,)))


# What is told


def explain(diagnostic: Diagnostic) -> str:
    """One size for which it fails, and for which it runs."""
    data = diagnostic.problem.data
    text = _told(data["sizes"], data["why"]).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}. {_condition(diagnostic.analysis)}"


def _condition(analysis: Analysis) -> str:
    """The sizes that the network as a whole takes, tried out."""
    for step in STEPS:
        if all(_runs(analysis, step * n) for n in (3, 4, 5, 7)):
            if not _runs(analysis, step * 4 + 1):
                return f"The network runs where they are multiples of {step}."
            break
    least = _least(analysis)
    if least is not None:
        return f"The network runs from {least} on."
    working = _working(analysis)
    if working is not None:
        return f"The network runs where they are {working}."
    return "No size was found for which the network runs."


def _least(analysis: Analysis) -> int | None:
    """The least size from which on those tried all work."""
    tried: Iterable[int] = (16, 24, 33, 49, 75, 97, 139, 224, 331)
    first = next((n for n in tried if all(_runs(analysis, n + k) for k in (0, 1, 3, 6))), None)
    if first is None:
        return None
    return next(n + 1 for n in count(first - 1, -1) if n < 1 or not _runs(analysis, n))


def _working(analysis: Analysis) -> int | None:
    return next((size for size in USUAL if _runs(analysis, size)), None)


# Repairs


def propose(site: Site) -> Iterator[Mend]:
    """Padding that leaves no map too small; sizes that are known and work."""
    layer = site.layer
    if layer is not None and getattr(layer, "padding", None) == "valid":
        after = site.with_argument("padding", "same")
        yield Mend("same-padding", "Padding “same”", after)
    analysis = site.diagnostic.analysis
    size = _working(analysis)
    if size is not None:
        ids = tuple(node_id for node_id, _, _ in _open(site.document))
        title = f"Give every Input a fixed size, {size} where it is open"
        yield Mend("fix-input", title, _fixed(site.document, (size,)), ids)


_OPEN = place("image", "Input", shape=[None, None, 3])

declare(
    Rule(
        CODE,
        "warning",
        "An Input leaves sizes open, and with some of them the network fails when it runs.",
        explain,
        mending(propose),
    ),
    valid=(
        document(_OPEN, conv("a", "image", 3, strides=2), conv("b", "a", 4)),
        document(_OPEN, conv("a", "image", 3), place("add", "Add", "image", "a")),
        document(
            _OPEN,
            place("side", "MaxPooling2D", "image", pool_size=2, padding="same"),
            conv("down", "image", 3, strides=2),
            place("add", "Add", "side", "down"),
        ),
    ),
    invalid=(
        document(
            _OPEN,
            place("down", "MaxPooling2D", "image", pool_size=2),
            place("up", "UpSampling2D", "down"),
            place("skip", "Concatenate", "image", "up"),
        ),
        document(
            _OPEN,
            conv("down", "image", 3, strides=2),
            place("side", "MaxPooling2D", "image", pool_size=2),
            place("add", "Add", "side", "down"),
        ),
        document(_OPEN, place("wide", "Conv2D", "image", filters=4, kernel_size=31)),
        document(_OPEN, place("crop", "Cropping2D", "image", cropping=10)),
        document(_OPEN, place("rows", "Reshape", "image", target_shape=[-1, 64])),
    ),
)
