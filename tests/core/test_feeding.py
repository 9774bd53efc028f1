"""What parameters of blocks take follows from the arguments that they feed."""

from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.arguments import ArgumentError
from resnet_studio.core.document import Block, Document, Graph, Node
from resnet_studio.core.feeding import kinds_fed, together
from resnet_studio.core.layer import LAYERS


def document(**blocks: tuple[dict[str, Any], list[Node]]) -> Document:
    made = {
        name: Block(Graph({node.id: node for node in nodes}), parameters=parameters)
        for name, (parameters, nodes) in blocks.items()
    }
    return Document(blocks=made)


def conv(key: str, **config: Any) -> Node:
    return Node(key, "Conv2D", {"filters": 8, "kernel_size": 3, **config})


def refused(found: Document, block: str, name: str, value: Any) -> str:
    kind = together(kinds_fed(found, block)[name])
    assert kind is not None
    try:
        kind.parse(value)
    except ArgumentError as error:
        return str(error)
    return ""


def test_a_parameter_takes_what_its_argument_takes() -> None:
    found = document(b=({"k": 3}, [conv("a", kernel_size="=k"), conv("b", kernel_size="= k")]))
    assert kinds_fed(found, "b")["k"] == (LAYERS["Conv2D"].arguments["kernel_size"].kind,)
    for value in (7, [7, 7], (7, 5)):
        assert refused(found, "b", "k", value) == ""
    for value in (0, "big", [7], [7, 7, 7], None):
        assert "must be a whole number of at least 1, or a list of 2" in refused(
            found, "b", "k", value
        )


def test_it_takes_only_what_all_of_them_take() -> None:
    pool = Node("p", "MaxPooling1D", {"pool_size": "=k"})
    found = document(b=({"k": 3}, [conv("a", kernel_size="=k"), pool]))
    assert refused(found, "b", "k", 2) == ""
    assert "a list of 2" in refused(found, "b", "k", [2])
    assert "a list of one" in refused(found, "b", "k", [2, 2])


def test_what_is_counted_with_is_a_whole_number() -> None:
    found = document(b=({"n": 8}, [conv("a", filters="=2 * n", kernel_size="=n")]))
    assert refused(found, "b", "n", 4) == ""
    assert refused(found, "b", "n", [4, 4]) == "must be a whole number, not [4, 4]"


def test_through_calls_of_blocks_and_their_repeats() -> None:
    call = Node("c", "inner", {"size": "=k"}, repeat="=times")
    found = document(
        inner=({"size": 3}, [conv("a", kernel_size="=size")]),
        outer=({"k": 3, "times": 2, "idle": "x"}, [call]),
    )
    assert refused(found, "outer", "k", [5, 5]) == ""
    assert "a list of 2" in refused(found, "outer", "k", [5])
    assert "whole number of at least 0" in refused(found, "outer", "times", -1)
    assert together(kinds_fed(found, "outer")["idle"]) is None


def test_blocks_that_call_each_other_come_to_an_end() -> None:
    call = Node("c", "b", {"k": "=k"})
    found = document(b=({"k": 3}, [call, conv("a", kernel_size="=k")]))
    assert "a list of 2" in refused(found, "b", "k", [5])


@pytest.mark.parametrize(("value", "fine"), [(3, True), (0, False), ([3, 3], False)])
def test_one_number_for_all_axes_of_a_list(value: Any, fine: bool) -> None:
    found = document(b=({"k": 3}, [conv("a", kernel_size=["=k", "=k"])]))
    said = refused(found, "b", "k", value)
    assert (said == "") is fine
    assert fine or "one size for all axes: a whole number of at least 1, not" in said


def test_words_are_those_that_all_layers_know() -> None:
    pool = Node("p", "MaxPooling2D", {"padding": "=p"})
    one = document(b=({"p": "same"}, [Node("c", "Conv1D", {"padding": "=p"})]))
    both = document(b=({"p": "same"}, [Node("c", "Conv1D", {"padding": "=p"}), pool]))
    assert refused(one, "b", "p", "causal") == ""
    assert "“causal”" in refused(both, "b", "p", "causal")
    kind = together(kinds_fed(both, "b")["p"])
    assert list(getattr(kind, "choices", ())) == ["valid", "same"]
