"""What usually follows: whole nodes with arguments that experts would add next, and why.

The rules are those of the field's own networks: VGG (arXiv:1409.1556), ResNet (arXiv:1512.03385),
and the notebook whose residual groups double their feature maps.  What followed a like node in
the same document comes before what books say (``precedents.py``).
"""

from collections.abc import Iterator

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, NETWORK
from resnet_studio.core.expressions import is_expression
from resnet_studio.core.usual.place import Place, Usual
from resnet_studio.core.usual.precedents import precedents
from resnet_studio.core.usual.stages import (
    after_block,
    body,
    conv,
    finished,
    own_filters,
    stage_begins,
    stage_ends,
)

_MOST = 4
_LARGE = 96
"""From this height on an image is one of ImageNet's kind; smaller ones are of CIFAR's."""
_LINEAR = (None, "linear")
_CONVOLUTIONS = ("Conv2D", "SeparableConv2D", "DepthwiseConv2D")
_POOLINGS = ("MaxPooling2D", "AveragePooling2D")
_PREPARING = ("ZeroPadding2D", "Rescaling", "Normalization")
_ACTIVATIONS = ("ReLU", "Activation", "LeakyReLU", "PReLU", "ELU")


def usual(place: Place) -> list[Usual]:
    """What usually follows at a place, the likeliest first; each is tried, and fits."""
    before = [] if finished(place) else precedents(place)
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
        return after_block(place)
    if node.type in _CONVOLUTIONS:
        return _after_convolution(place)
    if node.type in _POOLINGS:
        return stage_begins(place)
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
        yield from stage_begins(place)
    elif shape[1] is None or shape[1] >= _LARGE:
        yield Usual("Conv2D", conv(64, 7, 2), "the stem of a ResNet: 7×7, in steps of 2")
        yield Usual("Conv2D", conv(64), "the first layer of a VGG")
    else:
        yield Usual("Conv2D", conv(64), "a stem for small images, which keeps their size")


def _inside_a_block(place: Place) -> Iterator[Usual]:
    filters = own_filters(place)
    if isinstance(filters, str):
        text = f"with as many filters as “{filters.removeprefix('=')}” says"
        yield Usual("Conv2D", conv(filters), text)
    elif filters:
        yield Usual("Conv2D", conv(filters), "keeps the number of feature maps")


# Convolutions


def _after_convolution(place: Place) -> Iterator[Usual]:
    node = place.node
    assert node is not None
    if node.config.get("activation") in _LINEAR:
        yield Usual("BatchNormalization", {}, "before the activation that the convolution lacks")
        yield Usual("ReLU", {}, "the activation that the convolution lacks")
        return
    if _is_stem(place):
        yield _stem_pool()
        yield from body(place)
        return
    again = {k: v for k, v in node.config.items() if k not in ("strides", "name")}
    run = _run_length(place)
    if place.scope == NETWORK and run > 1:
        yield Usual("MaxPooling2D", {"pool_size": [2, 2]}, "ends a stage, as in VGG")
    if run < 3:
        yield Usual(node.type, again, "one more convolution of the stage")
    if place.scope == NETWORK:
        yield from body(place)


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
    filters = own_filters(place)
    if filters:
        plain = conv(filters)
        del plain["activation"]
        yield Usual("Conv2D", plain, "one more convolution, without an activation of its own")


def _after_add(place: Place) -> Iterator[Usual]:
    if place.scope != NETWORK:
        yield from _ending(place)
        yield Usual("ReLU", {}, "the activation after the shortcut, as in ResNet v1")
    else:
        yield Usual("ReLU", {}, "the activation after the shortcut, as in ResNet v1")
        yield from stage_ends(place)


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
