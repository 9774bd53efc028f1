"""Networks whose shortcuts do not fit, shared by the tests of their repairs."""

from typing import Any

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.diagnostics import Diagnostic, Fix
from resnet_studio.core.document import Document
from resnet_studio.rules.examples import (
    Placed,
    block,
    conv,
    document,
    place,
    residual_block,
)

BLOCKS = {"residual_block": residual_block()}


def doubling(*groups: tuple[int, int], size: int = 56) -> Document:
    """Groups of (filters, repeat) with no block between: the source document's error."""
    placed = [place("image", "Input", shape=[size, size, groups[0][0]])]
    for number, (filters, repeat) in enumerate(groups, start=1):
        last = placed[-1].node.id
        name = f"group{number}"
        placed.append(place(name, "residual_block", last, n_filters=filters, repeat=repeat))
    placed.append(place("pool", "GlobalAveragePooling2D", placed[-1].node.id))
    placed.append(place("classes", "Dense", "pool", units=10, activation="softmax"))
    return document(*placed, blocks=BLOCKS)


def flat(
    shape: list[int | None], *, merge: str = "Add", filters: int = 128, **config: Any
) -> Document:
    """Two convolutions beside an identity link, behind a stem; ``config`` is the first one's."""
    return document(
        place("image", "Input", shape=shape),
        conv("stem", "image", 64),
        conv("conv_a", "stem", filters, **config),
        conv("conv_b", "conv_a", filters),
        place("join", merge, "stem", "conv_b"),
        place("pool", "GlobalAveragePooling2D", "join"),
        place("classes", "Dense", "pool", units=10),
    )


def bottleneck(strides: int = 2) -> Document:
    """He et al.'s bottleneck with batch normalisation and no bias, its link left plain."""

    def step(name: str, source: str, filters: Any, size: int, steps: Any = 1) -> list[Placed]:
        config = {
            "kernel_size": size,
            "strides": steps,
            "padding": "same",
            "use_bias": False,
        }
        return [
            place(f"{name}_conv", "Conv2D", source, filters=filters, **config),
            place(f"{name}_norm", "BatchNormalization", f"{name}_conv", epsilon=1.001e-5),
        ]

    body = block(
        *step("a", "x", "=filters", 1, "=strides"),
        place("a_relu", "ReLU", "a_norm"),
        *step("b", "a_relu", "=filters", 3),
        place("b_relu", "ReLU", "b_norm"),
        *step("c", "b_relu", "=4 * filters", 1),
        place("add", "Add", "x", "c_norm"),
        place("relu", "ReLU", "add"),
        filters=64,
        strides=1,
    )
    return document(
        place("image", "Input", shape=[56, 56, 256]),
        place("stage1", "bottleneck", "image", filters=64, repeat=3),
        place("stage2", "bottleneck", "stage1", filters=128, strides=strides),
        place("stage2_rest", "bottleneck", "stage2", filters=128, repeat=3),
        blocks={"bottleneck": body},
    )


def mismatch(document: Document) -> Diagnostic:
    """The first shortcut mismatch."""
    return next(d for d in analyse(document).diagnostics if d.code == "shortcut-mismatch")


def fixes(document: Document) -> dict[str, Fix]:
    """The repairs of the first mismatch by id."""
    return {fix.id: fix for fix in mismatch(document).fixes}


def after(fix: Fix) -> Analysis:
    return analyse(fix.document)
