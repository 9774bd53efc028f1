"""Stages of feature maps."""

from resnet_studio.core.analysis import analyse
from resnet_studio.core.flatten import flatten
from resnet_studio.core.stages import stages
from resnet_studio.formats import native, templates


def test_the_stages_of_the_notebooks_network() -> None:
    analysis = analyse(native.load(templates.path("resnet34-notebook")).document)
    found = stages(flatten(analysis))
    assert [stage.size for stage in found][:5] == [
        (224, 224), (112, 112), (56, 56), (28, 28), (14, 14),
    ]  # fmt: skip
    assert found[-1].size == ()
    assert found[2].channels == 64
    assert (found[2].first, found[2].last) == ("entry_pool", "group_64#2/add")
    assert sum(stage.params for stage in found) == analysis.totals.params
    assert sum(stage.macs for stage in found) == analysis.totals.macs
    assert sum(stage.layers for stage in found) == analysis.root.layers


def test_what_lies_behind_an_error_belongs_to_the_stage_before() -> None:
    document = native.load(templates.path("doubling-mismatch")).document
    found = stages(flatten(analyse(document)))
    assert found[-1].last == "classifier" or found[-1].layers > 1
    assert all(stage.size is not None for stage in found)


def test_no_layers_no_stages() -> None:
    from resnet_studio.core.document import Document

    assert stages(flatten(analyse(Document()))) == []
