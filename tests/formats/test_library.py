"""The library of blocks: what ships is sound, what is saved is found, what is added fits in."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.analysis import analyse
from resnet_studio.core.block_edits import new_block
from resnet_studio.core.document import Document
from resnet_studio.core.fragments import merge_blocks
from resnet_studio.formats import library, native
from resnet_studio.formats.files import FormatError
from resnet_studio.formats.keras_code import write
from tests.core.networks import tiny

FIGURES = {
    # name: (parameters, output) of the sample; the counts are worked out below
    "residual_block": (2 * (9 * 64 * 64 + 64), (56, 56, 64)),
    "conv_block": (9 * 64 * 128 + 128 + 9 * 128 * 128 + 128, (14, 14, 128)),
    "vgg_block": (9 * 64 * 128 + 128 + 9 * 128 * 128 + 128, (56, 56, 128)),
    "identity_block": (2 * 9 * 64 * 64 + 2 * 4 * 64, (56, 56, 64)),
    "projection_block": (9 * 64 * 128 + 9 * 128 * 128 + 64 * 128 + 3 * 4 * 128, (28, 28, 128)),
    "bottleneck_block": (2 * 64 * 256 + 9 * 64 * 64 + 2 * 4 * 64 + 4 * 256, (56, 56, 256)),
    "resnet_v1_block": (
        256 * 128 + 9 * 128 * 128 + 128 * 512 + 256 * 512 + 2 * 4 * 128 + 2 * 4 * 512,
        (28, 28, 512),
    ),
    "resnet_v1_5_block": (
        256 * 128 + 9 * 128 * 128 + 128 * 512 + 256 * 512 + 2 * 4 * 128 + 2 * 4 * 512,
        (28, 28, 512),
    ),
    "resnet_v2_block": (
        4 * 256 + 2 * 64 * 256 + 9 * 64 * 64 + 256 + 2 * 4 * 64,
        (56, 56, 256),
    ),
    "squeeze_excitation_block": (64 * 4 + 4 + 4 * 64 + 64, (56, 56, 64)),
    "inverted_residual_block": (
        24 * 144 + 9 * 144 + 144 * 24 + 2 * 4 * 144 + 4 * 24,
        (56, 56, 24),
    ),
    "dense_block": (
        sum(4 * c + c * 128 + 4 * 128 + 9 * 128 * 32 for c in range(64, 256, 32)),
        (56, 56, 256),
    ),
}


def test_every_block_that_ships_is_in_the_list_those_of_the_document_first() -> None:
    names = [entry.name for entry in library.shipped()]
    assert names[:3] == ["residual_block", "conv_block", "vgg_block"]
    assert sorted(names) == sorted(FIGURES)


@pytest.mark.parametrize("entry", library.shipped(), ids=lambda entry: entry.name)
def test_the_sample_is_sound_and_counts_as_the_papers_do(entry: library.Entry) -> None:
    document = native.load(entry.path).document
    analysis = analyse(document)
    params, shape = FIGURES[entry.name]
    assert analysis.diagnostics == ()
    assert analysis.totals.params == params
    assert analysis.root.outcome(f"{entry.name}_1").output == (None, *shape)


@pytest.mark.parametrize("entry", library.shipped(), ids=lambda entry: entry.name)
def test_the_description_says_what_from_where_and_each_parameter(entry: library.Entry) -> None:
    first, *rest = entry.description.split("\n")
    assert len(first) > 60
    assert "arXiv:" in first or "source document" in first
    told = {line.partition(":")[0] for line in rest}
    assert told == set(entry.blocks[entry.name].parameters)


@pytest.mark.parametrize("entry", library.shipped(), ids=lambda entry: entry.name)
def test_the_code_is_one_function_that_the_model_calls(entry: library.Entry) -> None:
    code = write(analyse(native.load(entry.path).document))
    tree = ast.parse(code)
    functions = {f.name: f for f in tree.body if isinstance(f, ast.FunctionDef)}
    assert entry.name in functions
    function = functions[entry.name]
    arguments = [argument.arg for argument in function.args.args]
    assert arguments[1:] == list(entry.blocks[entry.name].parameters)
    assert (ast.get_docstring(function) or "").startswith(entry.description[:20])
    assert len(ast.unparse(functions["build_model"]).splitlines()) == 4
    assert all(len(line) <= 88 for line in code.splitlines())


@pytest.mark.parametrize("entry", library.shipped(), ids=lambda entry: entry.name)
def test_files_are_written_as_the_program_writes_them(entry: library.Entry) -> None:
    text = entry.path.read_text(encoding="utf-8")
    assert native.dumps(native.loads(text).document) == text


# Saving and adding


def test_a_saved_block_is_found_again_with_what_it_calls(tmp_path: Path) -> None:
    (dense,) = [e for e in library.shipped() if e.name == "dense_block"]
    document = Document(blocks=dense.blocks)
    library.save(
        document, "dense_block", tmp_path / "new" / "dense_block.rsnet", ((None, 8, 8, 16),)
    )
    (entry,) = library.entries(tmp_path / "new")
    assert (entry.name, dict(entry.blocks)) == ("dense_block", dict(dense.blocks))
    sample = native.load(entry.path).document
    assert analyse(sample).ok
    assert analyse(sample).root.outcome("dense_block_1").output == (None, 8, 8, 16 + 6 * 32)


def test_a_name_that_ships_means_the_same_beside_the_users_own(tmp_path: Path) -> None:
    shipped = library.shipped()
    (conv,) = [e for e in shipped if e.name == "conv_block"]
    other = replace(conv.blocks["conv_block"], description="mine")
    library.save(
        Document(blocks={"conv_block": other}), "conv_block", tmp_path / "conv_block.rsnet"
    )
    found = library.beside(shipped, library.entries(tmp_path))
    assert found[1:] == shipped
    assert (found[0].name, found[0].shipped) == ("conv_block_2", False)
    assert found[0].blocks == {"conv_block_2": other}
    library.save(Document(blocks=conv.blocks), "conv_block", tmp_path / "conv_block.rsnet")
    assert library.beside(shipped, library.entries(tmp_path)) == shipped


def test_files_that_are_no_block_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.rsnet").write_text("{", encoding="utf-8")
    native.save(Document("empty"), tmp_path / "empty.rsnet")
    assert list(library.entries(tmp_path)) == []
    with pytest.raises(FormatError, match="holds no block"):
        library.read(tmp_path / "empty.rsnet")


def test_a_block_is_reused_where_it_means_the_same() -> None:
    document = tiny()
    after, names = merge_blocks(document, document.blocks)
    assert names == {"residual_block": "residual_block"}
    assert after.blocks == document.blocks
    other = replace(document.blocks["residual_block"], description="other")
    after, names = merge_blocks(document, {"residual_block": other})
    assert names == {"residual_block": "residual_block_2"}
    assert after.blocks["residual_block"] is document.blocks["residual_block"]


def test_a_block_that_calls_another_of_the_same_name_is_not_the_same() -> None:
    (dense,) = [e for e in library.shipped() if e.name == "dense_block"]
    changed = replace(dense.blocks["dense_layer"], description="changed")
    document = Document(blocks={**dense.blocks, "dense_layer": changed})
    after, names = merge_blocks(document, dense.blocks)
    assert names == {"dense_layer": "dense_layer_2", "dense_block": "dense_block_2"}
    layer = after.blocks["dense_block_2"].graph.nodes["layer"]
    assert layer.type == "dense_layer_2"
    assert after.blocks["dense_layer_2"] == dense.blocks["dense_layer"]


def test_two_files_of_one_name_are_two_blocks(tmp_path: Path) -> None:
    for at, description in (("a", "one"), ("b", "two"), ("c", "two")):
        block = replace(new_block(), description=description)
        library.save(Document(blocks={"mine": block}), "mine", tmp_path / f"{at}.rsnet")
    found = library.beside((), library.entries(tmp_path))
    assert [(e.name, e.description) for e in found][:2] == [("mine", "one"), ("mine_2", "two")]
    assert len({e.name for e in found}) == len(found)
