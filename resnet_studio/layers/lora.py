"""Low-rank updates (LoRA): a frozen kernel, fine-tuned through two small factors.

Dense and the convolutions take them; follows their ``enable_lora`` in Keras and
Hu et al., “LoRA: Low-Rank Adaptation of Large Language Models”, 2021.
"""

from collections.abc import Sequence
from typing import Any

from resnet_studio.core.arguments import Anything, Argument, quoted
from resnet_studio.core.layer import Refusal, Weight


def rank_argument() -> Argument:
    return Argument(
        Anything("integer"),
        None,
        "Rank of a low-rank update (LoRA) that is trained while the kernel stays as it is.",
    )


def alpha_argument() -> Argument:
    return Argument(
        Anything("number"), None, "Scale of the low-rank update; the rank where left out."
    )


def check_lora(rank: Any, constraint: Any, weight: str = "kernel") -> None:
    """Refuses what ``build`` would: it looks at the rank only where it counts as true."""
    if not rank:
        return
    if not isinstance(rank, int) or rank < 0:
        raise Refusal(
            "invalid-argument",
            f"lora_rank must be a whole number of at least 1, or nothing, not {quoted(rank)}",
            argument="lora_rank",
        )
    if constraint is not None:
        raise Refusal(
            "invalid-argument",
            f"lora_rank and {weight}_constraint exclude each other; remove one",
            argument="lora_rank",
        )


def with_lora(
    weights: Sequence[Weight], rank: Any, shape: tuple[int, ...] | None = None
) -> list[Weight]:
    """``weights``, the kernel first, with the kernel frozen and its two factors behind.

    ``shape`` is that of the kernel where it is kept packed.
    """
    if not rank:
        return list(weights)
    kernel, *others = weights
    *inputs, outputs = kernel.shape if shape is None else shape
    return [
        kernel._replace(trainable=False),
        *others,
        Weight(f"lora_{kernel.name}_a", (*inputs, int(rank))),
        Weight(f"lora_{kernel.name}_b", (int(rank), outputs)),
    ]
