"""``bad-expression``: ``"=…"`` that is not arithmetic over the block's parameters."""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core import block_edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import NETWORK
from resnet_studio.core.expressions import (
    ExpressionError,
    is_expression,
    names_in,
    resolve,
)
from resnet_studio.core.layer import LAYERS
from resnet_studio.rules.examples import block, conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, nearest, sentence

FIRST_VALUE = 64
"""What a newly declared parameter is worth: the filters of the first group."""


def propose(site: Site) -> Iterator[Mend]:
    """The parameter most like it, a new parameter, or the argument without expression."""
    block_ = site.document.blocks.get(site.scope) if site.scope != NETWORK else None
    known = dict(block_.parameters) if block_ is not None else {}
    for name, raw in site.node.config.items():
        if not _fails(raw, known):
            continue
        for missing in sorted(names_in(raw) - known.keys()) if is_expression(raw) else ():
            for other in nearest(missing, known, count=1):
                after = site.with_argument(name, raw.replace(missing, other))
                yield Mend("rename-parameter", f"Use the parameter {other}", after)
            if block_ is not None:
                after = block_edits.set_parameter(site.document, site.scope, missing, FIRST_VALUE)
                yield Mend("declare-parameter", f"Declare {missing} as a parameter", after)
        if not _required(site, name):
            yield Mend("default", f"{name} as by default", site.without_argument(name))
        elif known:
            first = next(iter(known))
            after = site.with_argument(name, f"={first}")
            yield Mend("use-parameter", f"{name} from the parameter {first}", after)
        else:
            after = site.with_argument(name, FIRST_VALUE)
            yield Mend("use-number", f"{name} {FIRST_VALUE}", after)
    if is_expression(site.node.repeat) and _fails(site.node.repeat, known):
        yield Mend("repeat-once", "Repeat it once", site.with_node(repeat=1))


def _fails(raw: Any, known: dict[str, Any]) -> bool:
    try:
        resolve(raw, known)
    except ExpressionError:
        return True
    return False


def _required(site: Site, name: str) -> bool:
    cls = LAYERS.get(site.node.type)
    return cls is not None and name in cls.arguments and cls.arguments[name].required


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        "bad-expression",
        "error",
        "An expression holds more than + - * // ( ), whole numbers and the parameters of its "
        "block.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            _IMAGE,
            place("wide", "wide", "image", n_filters=8),
            blocks={"wide": block(conv("conv", "x", "=2 * n_filters"), n_filters=4)},
        ),
    ),
    invalid=(
        document(
            _IMAGE,
            place("wide", "wide", "image"),
            blocks={"wide": block(conv("conv", "x", "=2 * n_filter"), n_filters=4)},
        ),
        document(_IMAGE, conv("conv", "image", "=(1).bit_length()")),
        document(_IMAGE, conv("conv", "image", 4, strides="=10 ** 10")),
    ),
)
