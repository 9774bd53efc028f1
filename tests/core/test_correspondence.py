"""Layers that are found again after folding, renaming and edits: by name, and by their wiring."""

from dataclasses import replace
from itertools import pairwise

import pytest

import resnet_studio.rules  # noqa: F401 - the checks of nodes that it registers
from resnet_studio.core.analysis import analyse
from resnet_studio.core.correspondence import correspondence
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.flatten import FlatNetwork, flatten
from resnet_studio.core.fold import fold_all
from resnet_studio.formats import keras_config, keras_json, native, templates


def flat(document: Document) -> FlatNetwork:
    return flatten(analyse(document))


def template(name: str) -> Document:
    return native.load(templates.path(name)).document


def unfolded(document: Document) -> Document:
    """The network layer by layer, under the names that Keras would be given."""
    return keras_config.loads(keras_json.write(analyse(document))).document


def wired_alike(new: FlatNetwork, old: FlatNetwork, pairs: dict[int, int]) -> bool:
    """Whether what feeds each pair is a pair, slot by slot."""
    return all(
        [pairs[t[0]] for t in new.nodes[i].inputs if t] == [t[0] for t in old.nodes[j].inputs if t]
        for i, j in pairs.items()
    )


@pytest.mark.parametrize("name", ["resnet50", "resnet34-notebook", "vgg16"])
def test_blocks_are_the_layers_that_they_stand_for(name):
    new, old = flat(template(name)), flat(unfolded(template(name)))
    pairs = correspondence(new, old)
    assert sorted(pairs) == list(range(len(new.nodes)))
    assert sorted(pairs.values()) == list(range(len(old.nodes)))
    assert wired_alike(new, old, pairs)


def test_folding_loses_nothing():
    document = unfolded(template("resnet50"))
    old, new = flat(document), flat(fold_all(document))
    pairs = correspondence(new, old)
    assert len(pairs) == len(new.nodes) == len(old.nodes)
    assert wired_alike(new, old, pairs)


def chain(*layers: tuple[str, str, dict[str, object]]) -> Document:
    nodes = {key: Node(key, kind, config) for key, kind, config in layers}
    keys = list(nodes)
    edges = tuple(Edge(a, b) for a, b in pairwise(keys))
    return Document(network=Graph(nodes, edges))


START = ("image", "Input", {"shape": [8, 8, 4]})


def conv(name: str, filters: int = 4) -> tuple[str, str, dict[str, object]]:
    return (name, "Conv2D", {"filters": filters, "kernel_size": [1, 1]})


def found(new: Document, old: Document) -> dict[str, str]:
    a, b = flat(new), flat(old)
    return {a.nodes[i].path: b.nodes[j].path for i, j in correspondence(a, b).items()}


def test_a_name_speaks_before_the_place():
    """Two layers of the same kind that changed places take their names, and weights, along."""
    old = chain(START, conv("a"), conv("b"), conv("c"))
    new = chain(START, conv("b"), conv("a"), conv("c"))
    assert found(new, old) == {"image": "image", "a": "a", "b": "b", "c": "c"}


def test_other_weights_are_another_layer():
    old = chain(START, conv("a", 4), conv("b", 8), conv("c", 8))
    new = chain(START, conv("a", 6), conv("b", 8), conv("c", 8))
    assert found(new, old) == {"image": "image", "c": "c"}


def test_renamed_layers_around_a_new_one_keep_what_is_on_their_side():
    old = chain(START, conv("a"), conv("b"), conv("c", 2))
    new = chain(START, conv("one"), conv("new", 5), conv("two"), conv("three", 2))
    assert found(new, old) == {"image": "image", "one": "a", "three": "c"}


def test_a_record_of_names_is_heard():
    old = chain(START, conv("a"), conv("b"))
    new = chain(START, conv("x"), conv("y"))
    swapped = {"x": "b", "y": "a"}
    a, b = flat(new), flat(old)
    pairs = correspondence(a, b, lambda path: swapped.get(path, path))
    assert [b.nodes[pairs[i]].path for i in range(3)] == ["image", "b", "a"]


def test_what_was_frozen_is_the_same_layer():
    old = chain(START, conv("a"))
    node = old.network.nodes["a"]
    frozen = replace(node, id="z", config={**node.config, "trainable": False})
    nodes = {"image": old.network.nodes["image"], "z": frozen}
    new = replace(old, network=Graph(nodes, (Edge("image", "z"),)))
    assert found(new, old) == {"image": "image", "z": "a"}
