"""Stages: where feature maps are doubled, where a stage goes on, and where the last one ends."""

from collections.abc import Iterator, Mapping
from typing import Any

from resnet_studio.core.document import NETWORK
from resnet_studio.core.fragments import used_blocks
from resnet_studio.core.usual.place import Place, Usual, filters_parameter

_LAST_FEATURES = 512
"""Feature maps of the last stage of a network of plain residual blocks."""
_LAST_SIZE = 10
"""Height of the maps of a last stage: 7 for images of 224, 10 for those of 299."""
_POOL = Usual("GlobalAveragePooling2D", {}, "one value for each feature map, after the last stage")


def conv(filters: int | str, kernel: int = 3, stride: int = 1) -> dict[str, Any]:
    """Arguments of a Conv2D with “same” padding and relu, as these networks have throughout."""
    config: dict[str, Any] = {"filters": filters, "kernel_size": [kernel, kernel]}
    if stride != 1:
        config["strides"] = [stride, stride]
    return {**config, "padding": "same", "activation": "relu"}


def own_filters(place: Place) -> int | str | None:
    """The parameter of the block one is in that says its filters; else as many as arrive."""
    name = None
    if place.scope != NETWORK:
        name = filters_parameter(place.document.blocks[place.scope])
    return place.channels if name is None else f"={name}"


def stage_begins(place: Place) -> Iterator[Usual]:
    """Behind what has made the maps smaller: blocks or convolutions as wide as they are many."""
    yield from body(place)
    filters = own_filters(place)
    if place.scope == NETWORK and place.channels and place.channels <= _LAST_FEATURES // 2:
        double = conv(2 * place.channels)
        yield Usual("Conv2D", double, "doubles the feature maps as a stage begins")
    if filters:
        yield Usual("Conv2D", conv(filters), "one more convolution of the stage")
    if (place.channels or 0) >= _LAST_FEATURES and (place.size or 0) in range(1, _LAST_SIZE + 1):
        yield _POOL


def after_block(place: Place) -> Iterator[Usual]:
    """Behind a call: whether a stage goes on or ends is told from what it did to the maps."""
    return stage_ends(place) if _may_end(place) else stage_begins(place)


def _may_end(place: Place) -> bool:
    """Whether the node may be the last of a stage: it kept the shape, or adds identity links."""
    node = place.node
    if node is None or place.shape is None:
        return False
    called = node.type in place.document.blocks
    return place.before == (place.shape,) or (called and _has_identity(place, node.type))


def stage_ends(place: Place) -> Iterator[Usual]:
    """Behind an identity link: twice the feature maps, the head, or one more block."""
    small = place.size is not None and place.size <= _LAST_SIZE
    if finished(place):
        yield _POOL
    yield from _doubling(place)
    if small:
        yield _POOL
    yield from body(place, "one more block of the stage")


def finished(place: Place) -> bool:
    """Whether the maps are as small, and as many, as they are after a last stage."""
    if not _may_end(place) or place.size is None or place.size > _LAST_SIZE:
        return False
    return place.size <= 1 or (place.channels or 0) >= _LAST_FEATURES or not any(_doubling(place))


def body(place: Place, reason: str = "") -> Iterator[Usual]:
    """A block with an identity link, with as many filters as there are feature maps."""
    for name, config in _calls(place, place.channels):
        if place.gives(name, config) == place.shape and _has_identity(place, name):
            text = "as many filters as feature maps arrive, so that the identity link fits"
            yield Usual(name, config, reason or text)
            return


def _doubling(place: Place) -> Iterator[Usual]:
    """A block that gives twice the feature maps, each smaller."""
    if not place.channels or place.size is None or place.size <= 1:
        return
    for name, config in _calls(place, 2 * place.channels):
        given = place.gives(name, config)
        if given is None or len(given) != 4 or given[-1] != 2 * place.channels:
            continue
        if given[1] is not None and given[1] < place.size:
            yield Usual(name, config, "doubles the feature maps as a stage begins")
            return


def _calls(place: Place, filters: int | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Calls of the blocks with so many filters: those that the network calls come first."""
    if filters is None or place.shape is None or len(place.shape) != 4:
        return
    called = dict.fromkeys(node.type for node in place.graph.nodes.values())
    blocks = place.document.blocks
    for name in dict.fromkeys((*(n for n in called if n in blocks), *blocks)):
        parameter = filters_parameter(blocks[name])
        single = len(blocks[name].inputs()) == len(blocks[name].outputs()) == 1
        if single and parameter is not None and name not in place.hidden:
            yield name, {parameter: filters}


def _has_identity(place: Place, name: str) -> bool:
    """Whether a block, or one that it calls, adds what has passed its layers by."""
    called = used_blocks(place.document, [name])
    return any(n.type == "Add" for block in called.values() for n in block.graph.nodes.values())
