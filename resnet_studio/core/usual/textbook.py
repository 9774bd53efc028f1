"""What usually follows: whole nodes with arguments that experts would add next, and why.

The rules are those of the field's own networks: VGG (arXiv:1409.1556), ResNet (arXiv:1512.03385),
and the notebook whose residual groups double their feature maps.  What followed a like node in
the same document comes before what books say (``precedents.py``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, NETWORK
from resnet_studio.core.expressions import is_expression
from resnet_studio.core.fragments import used_blocks
from resnet_studio.core.usual.place import Place, Usual, filters_parameter
from resnet_studio.core.usual.precedents import precedents

_MOST = 4
_LAST_FEATURES = 512
"""Feature maps of the last stage of a network of plain residual blocks."""
_LAST_SIZE = 10
"""Height of the maps of a last stage: 7 for images of 224, 10 for those of 299."""
_LARGE = 96
"""From this height on an image is one of ImageNet's kind; smaller ones are of CIFAR's."""
_LINEAR = (None, "linear")
_CONVOLUTIONS = ("Conv2D", "SeparableConv2D", "DepthwiseConv2D")
_POOLINGS = ("MaxPooling2D", "AveragePooling2D")
_PREPARING = ("ZeroPadding2D", "Rescaling", "Normalization")
_ACTIVATIONS = ("ReLU", "Activation", "LeakyReLU", "PReLU", "ELU")


_POOL = Usual("GlobalAveragePooling2D", {}, "one value for each feature map, after the last stage")


def usual(place: Place) -> list[Usual]:
    """What usually follows at a place, the likeliest first; each is tried, and fits."""
    before = [] if _finished(place) else precedents(place)
    found: dict[str, Usual] = {}
    for one in (*before, *_textbook(place), *_ending(place)):
        found.setdefault(f"{one.type} {dict(one.config)}", one)
    return [one for one in found.values() if place.takes(one)][:_MOST]


def _ending(place: Place) -> Iterator[Usual]:
    """What a block gives back may stand behind anything in it."""
    if place.scope != NETWORK and place.node is not None and place.node.type != BLOCK_INPUT:
        yield Usual(BLOCK_OUTPUT, {}, "what the block gives back")


def _textbook(place: Place) -> Iterator[Usual]:
    node = place.node
    if node is None:
        return _start(place)
    if node.type in ("Input", BLOCK_INPUT) or _prepares(place):
        return _after_input(place)
    if place.shape is not None and len(place.shape) == 2:
        return _head(place)
    if node.type in place.document.blocks:
        return _after_block(place)
    if node.type in _CONVOLUTIONS:
        return _after_convolution(place)
    if node.type in _POOLINGS:
        return _stage_begins(place)
    if node.type in ("BatchNormalization", "LayerNormalization", "GroupNormalization"):
        return iter([Usual("ReLU", {}, "the activation of what is normalised")])
    if node.type in _ACTIVATIONS:
        return _after_activation(place)
    return _after_add(place) if node.type == "Add" else iter(())


# The beginning


def _start(place: Place) -> Iterator[Usual]:
    if place.graph.nodes:
        return
    if place.scope != NETWORK:
        yield Usual(BLOCK_INPUT, {}, "the tensor that the block is given")
        return
    yield Usual("Input", {"shape": [224, 224, 3]}, "a colour image, as large as ImageNet’s are cut")
    yield Usual("Input", {"shape": [32, 32, 3]}, "a colour image of CIFAR’s size")


def _prepares(place: Place) -> bool:
    """Whether the image is not yet convolved: padded, or with its values rescaled."""
    assert place.node is not None
    return place.node.type in _PREPARING and (place.channels or 0) <= 4


def _after_input(place: Place) -> Iterator[Usual]:
    if place.scope != NETWORK:
        yield from _inside_a_block(place)
        return
    shape = place.shape
    if shape is not None and len(shape) == 2:
        yield Usual("Dense", {"units": 64, "activation": "relu"}, "a hidden layer")
    if shape is None or len(shape) != 4:
        return
    if (shape[-1] or 0) > 4:
        yield from _stage_begins(place)
    elif shape[1] is None or shape[1] >= _LARGE:
        yield Usual("Conv2D", _conv(64, 7, 2), "the stem of a ResNet: 7×7, in steps of 2")
        yield Usual("Conv2D", _conv(64), "the first layer of a VGG")
    else:
        yield Usual("Conv2D", _conv(64), "a stem for small images, which keeps their size")


def _inside_a_block(place: Place) -> Iterator[Usual]:
    filters = _own_filters(place)
    if isinstance(filters, str):
        text = f"with as many filters as “{filters.removeprefix('=')}” says"
        yield Usual("Conv2D", _conv(filters), text)
    elif filters:
        yield Usual("Conv2D", _conv(filters), "keeps the number of feature maps")


def _own_filters(place: Place) -> int | str | None:
    """The parameter of the block one is in that says its filters; else as many as arrive."""
    name = None
    if place.scope != NETWORK:
        name = filters_parameter(place.document.blocks[place.scope])
    return place.channels if name is None else f"={name}"


# Convolutions


def _conv(filters: int | str, kernel: int = 3, stride: int = 1) -> dict[str, Any]:
    config: dict[str, Any] = {"filters": filters, "kernel_size": [kernel, kernel]}
    if stride != 1:
        config["strides"] = [stride, stride]
    return {**config, "padding": "same", "activation": "relu"}


def _after_convolution(place: Place) -> Iterator[Usual]:
    node = place.node
    assert node is not None
    if node.config.get("activation") in _LINEAR:
        yield Usual("BatchNormalization", {}, "before the activation that the convolution lacks")
        yield Usual("ReLU", {}, "the activation that the convolution lacks")
        return
    if _is_stem(place):
        yield _stem_pool()
        yield from _body(place)
        return
    again = {k: v for k, v in node.config.items() if k not in ("strides", "name")}
    run = _run_length(place)
    if place.scope == NETWORK and run > 1:
        yield Usual("MaxPooling2D", {"pool_size": [2, 2]}, "ends a stage, as in VGG")
    if run < 3:
        yield Usual(node.type, again, "one more convolution of the stage")
    if place.scope == NETWORK:
        yield from _body(place)


def _stem_pool() -> Usual:
    config = {"pool_size": [3, 3], "strides": [2, 2], "padding": "same"}
    return Usual("MaxPooling2D", config, "halves the size behind the stem of a ResNet")


def _is_stem(place: Place) -> bool:
    """Whether the image has just gone through one convolution in steps, and what belongs to it."""
    for node in place.back():
        if node.type in _CONVOLUTIONS:
            source = place.source(node.id)
            while source is not None and source.type in _PREPARING:
                source = place.source(source.id)
            strides = node.config.get("strides", 1)
            return source is not None and source.type == "Input" and strides not in (1, [1, 1])
        if node.type not in (*_ACTIVATIONS, "BatchNormalization"):
            return False
    return False


def _run_length(place: Place) -> int:
    """How many convolutions of the same filters end here."""
    assert place.node is not None
    count = 0
    for node in place.back():
        if node.type != place.node.type:
            break
        if node.config.get("filters") != place.node.config.get("filters"):
            break
        count += 1
    return count


def _after_activation(place: Place) -> Iterator[Usual]:
    if _is_stem(place):
        yield _stem_pool()
    filters = _own_filters(place)
    if filters:
        plain = _conv(filters)
        del plain["activation"]
        yield Usual("Conv2D", plain, "one more convolution, without an activation of its own")


def _after_add(place: Place) -> Iterator[Usual]:
    if place.scope != NETWORK:
        yield from _ending(place)
        yield Usual("ReLU", {}, "the activation after the shortcut, as in ResNet v1")
    else:
        yield Usual("ReLU", {}, "the activation after the shortcut, as in ResNet v1")
        yield from _stage_ends(place)


# Stages


def _stage_begins(place: Place) -> Iterator[Usual]:
    yield from _body(place)
    filters = _own_filters(place)
    if place.scope == NETWORK and place.channels and place.channels <= _LAST_FEATURES // 2:
        double = _conv(2 * place.channels)
        yield Usual("Conv2D", double, "doubles the feature maps as a stage begins")
    if filters:
        yield Usual("Conv2D", _conv(filters), "one more convolution of the stage")
    if (place.channels or 0) >= _LAST_FEATURES and (place.size or 0) in range(1, _LAST_SIZE + 1):
        yield _POOL


def _after_block(place: Place) -> Iterator[Usual]:
    return _stage_ends(place) if _may_end(place) else _stage_begins(place)


def _may_end(place: Place) -> bool:
    """Whether the node may be the last of a stage: it kept the shape, or adds identity links."""
    node = place.node
    if node is None or place.shape is None:
        return False
    called = node.type in place.document.blocks
    return place.before == (place.shape,) or (called and _has_identity(place, node.type))


def _stage_ends(place: Place) -> Iterator[Usual]:
    small = place.size is not None and place.size <= _LAST_SIZE
    pool = Usual(
        "GlobalAveragePooling2D", {}, "one value for each feature map, after the last stage"
    )
    if _finished(place):
        yield pool
    yield from _doubling(place)
    if small:
        yield _POOL
    yield from _body(place, "one more block of the stage")


def _finished(place: Place) -> bool:
    """Whether the maps are as small, and as many, as they are after a last stage."""
    if not _may_end(place) or place.size is None or place.size > _LAST_SIZE:
        return False
    return place.size <= 1 or (place.channels or 0) >= _LAST_FEATURES or not any(_doubling(place))


def _body(place: Place, reason: str = "") -> Iterator[Usual]:
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


# The head


def _head(place: Place) -> Iterator[Usual]:
    node = place.node
    assert node is not None
    if node.type == "Dense" and node.config.get("activation") == "softmax":
        return
    if node.type == "Flatten":
        yield Usual("Dense", {"units": 4096, "activation": "relu"}, "a hidden layer, as in VGG")
    if node.type == "Dense":
        yield Usual("Dropout", {"rate": 0.5}, "against overfitting")
    classes, of = (1000, "ImageNet") if _large_image(place) else (10, "CIFAR-10")
    config = {"units": classes, "activation": "softmax"}
    yield Usual("Dense", config, f"classifies {classes} classes, as {of} has")


def _large_image(place: Place) -> bool:
    shapes = [n.config.get("shape") for n in place.graph.nodes.values() if n.type == "Input"]
    sizes = [s[0] for s in shapes if isinstance(s, list | tuple) and len(s) == 3]
    return all(size is None or is_expression(size) or size >= _LARGE for size in sizes)
