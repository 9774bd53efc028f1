"""Renaming and removing the parameters of a block."""

import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.block_edits import set_parameter
from resnet_studio.core.edits import EditError
from resnet_studio.core.parameters import remove_parameter, rename_parameter
from resnet_studio.formats import native, templates


@pytest.fixture
def notebook():
    return native.load(templates.path("resnet34-notebook")).document


def test_expressions_and_calls_follow_a_new_name(notebook) -> None:
    after = rename_parameter(notebook, "residual_block", "n_filters", "width")
    block = after.blocks["residual_block"]
    assert dict(block.parameters) == {"width": 64}
    assert block.graph.nodes["conv_a"].config["filters"] == "=width"
    assert after.network.nodes["group_64"].config == {"width": 64}
    assert analyse(after).totals == analyse(notebook).totals


def test_other_blocks_keep_their_parameters(notebook) -> None:
    after = rename_parameter(notebook, "residual_block", "n_filters", "width")
    assert after.blocks["conv_block"] is not None
    assert after.blocks["conv_block"].graph is notebook.blocks["conv_block"].graph


@pytest.mark.parametrize("name", ["2x", "with space", "", "a-b"])
def test_a_name_must_be_an_identifier(notebook, name) -> None:
    with pytest.raises(EditError, match="cannot name a parameter"):
        rename_parameter(notebook, "residual_block", "n_filters", name)


def test_a_name_that_is_taken_is_refused(notebook) -> None:
    two = set_parameter(notebook, "residual_block", "k", 3)
    with pytest.raises(EditError, match="already has a parameter “k”"):
        rename_parameter(two, "residual_block", "n_filters", "k")


def test_only_what_is_not_used_can_be_removed(notebook) -> None:
    with pytest.raises(EditError, match="still used by “conv_a”"):
        remove_parameter(notebook, "residual_block", "n_filters")
    two = set_parameter(notebook, "residual_block", "k", 3)
    assert remove_parameter(two, "residual_block", "k") == notebook
