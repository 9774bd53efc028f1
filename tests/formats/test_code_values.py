"""Values in the code: each leads to the value of the document that it was written from."""

import random

import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.edits import EditError
from resnet_studio.formats import keras_code, native, templates
from resnet_studio.formats.keras_code.values import REPEAT
from tests.layers.random_graphs import RandomGraph


def found(document, style="blocks"):
    analysis = analyse(document)
    code, lines = keras_code.write_mapped(analysis, style)
    rows = code.split("\n")
    return analysis, code, [
        (value, rows[value.line - 1][value.start : value.end])
        for value in keras_code.values(code, lines, analysis)
    ]  # fmt: skip


@pytest.mark.parametrize("name", [n for n in templates.names() if n != "doubling-mismatch"])
@pytest.mark.parametrize("style", ["blocks", "flat"])
def test_a_value_written_again_changes_no_code(name, style) -> None:
    analysis, code, values = found(native.load(templates.path(name)).document, style)
    assert values
    for value, text in values:
        after = analyse(keras_code.with_value(analysis, value, text), analysis)
        assert keras_code.write(after, style) == code, (value, text)


def test_values_of_random_networks() -> None:
    rng = random.Random(7)
    seen = 0
    for _ in range(40):
        document = RandomGraph(rng, 0.0).document
        if not analyse(document).ok:
            continue
        analysis, code, values = found(document)
        for value, text in values:
            after = analyse(keras_code.with_value(analysis, value, text), analysis)
            assert keras_code.write(after) == code, (value, text)
            seen += 1
    assert seen > 100


def test_a_loop_goes_round_as_often_as_it_says() -> None:
    analysis, _code, values = found(native.load(templates.path("resnet34-notebook")).document)
    rounds = {value.node: text for value, text in values if value.name == REPEAT}
    assert rounds == {"group_64": "2", "group_128": "3", "group_256": "5"}
    value = next(v for v, _ in values if v.name == REPEAT and v.node == "group_64")
    for wrong in ("-1", "1.5", "True", '"a"', "x"):
        with pytest.raises(EditError):
            keras_code.with_value(analysis, value, wrong)


def refusal(name: str, type_name: str, argument: str, text: str) -> str:
    """Why a value of a template, the first of such a layer's argument, cannot be ``text``."""
    analysis, _code, values = found(native.load(templates.path(name)).document)
    document = analysis.document
    value = next(
        v
        for v, _ in values
        if v.name == argument and document.graph(v.scope).nodes[v.node].type == type_name
    )
    with pytest.raises(EditError) as refused:
        keras_code.with_value(analysis, value, text)
    return str(refused.value)


def test_a_word_without_quotes_is_told_what_may_stand_there() -> None:
    said = refusal("resnet34-notebook", "Conv2D", "padding", "nonsense")
    assert said.startswith("padding must be “")
    assert "“same”" in said
    assert "“valid”" in said
    assert said.endswith("write words in quotes")


def test_a_name_where_nothing_has_one_is_told_what_the_argument_takes() -> None:
    said = refusal("resnet34-notebook", "Dense", "units", "many")
    assert said == "units must be a whole number of at least 1"


def test_a_name_in_a_function_is_told_its_parameters() -> None:
    said = refusal("resnet34-notebook", "Conv2D", "filters", "many")
    assert said == "“many” is no parameter here (there are: n_filters)"
