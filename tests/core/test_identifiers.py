"""What blocks and parameters may be called, and what is said where they may not."""

import pytest

from resnet_studio.core.block_edits import add_block, new_block, set_parameter
from resnet_studio.core.document import Document
from resnet_studio.core.edits import EditError
from resnet_studio.core.identifiers import check_identifier
from resnet_studio.core.parameters import rename_parameter

DOCUMENT = set_parameter(add_block(Document(), "unit", new_block()), "unit", "width", 64)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("class", "it is a keyword of Python"),
        ("None", "it is a keyword of Python"),
        ("2nd", "begin with a letter or “_”"),
        ("conv block", "use letters, digits and “_”"),
        ("2 nd", "use letters, digits and “_”"),
        ("", "use letters, digits and “_”"),
    ],
)
def test_a_refused_name_is_told_why(name: str, why: str) -> None:
    with pytest.raises(EditError) as told:
        check_identifier(name, "block")
    assert str(told.value) == f"“{name}” cannot name a block: {why}"


@pytest.mark.parametrize("name", ["match", "_", "größe", "conv2"])
def test_other_names_are_taken(name: str) -> None:
    check_identifier(name, "block")


def test_blocks_and_parameters_are_named_alike() -> None:
    for edit in (
        lambda: add_block(DOCUMENT, "class", new_block()),
        lambda: set_parameter(DOCUMENT, "unit", "class", 1),
        lambda: rename_parameter(DOCUMENT, "unit", "width", "class"),
    ):
        with pytest.raises(EditError, match="keyword of Python"):
            edit()
