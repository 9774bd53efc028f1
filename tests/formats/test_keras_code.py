"""The code writer: what it writes, that it builds what was meant, and nothing else."""

import ast
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core import edits
from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Block, Document, Edge, Graph, Node
from resnet_studio.formats import Style, native_reader, notebook
from resnet_studio.formats.keras_code import ExportError, write, write_mapped
from resnet_studio.formats.keras_code.constructors import constructor
from resnet_studio.formats.keras_code.layout import Group, flat
from resnet_studio.formats.keras_code.literals import docstring, literal
from resnet_studio.formats.keras_code.naming import identifier
from tests.core.networks import graph, tiny
from tests.formats import stub_keras
from tests.formats.random_networks import AWKWARD, documents

TEMPLATES = Path(__file__).parents[2] / "resources" / "templates"
SOUND = sorted(p.stem for p in TEMPLATES.glob("*.rsnet") if p.stem != "doubling-mismatch")
STYLES: tuple[Style, ...] = ("blocks", "flat")


def template(name: str) -> Analysis:
    text = (TEMPLATES / f"{name}.rsnet").read_text(encoding="utf-8")
    return analyse(native_reader.read(text).document)


def of(network: Graph, **more: Any) -> Analysis:
    return analyse(Document("test", network=network, **more))


def body(code: str, name: str = "build_model") -> list[str]:
    """The statements of one function, each on one line."""
    tree = ast.parse(code)
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
    return [ast.unparse(statement) for statement in function.body]


# As an expert would have written it


def test_the_notebooks_network_reads_like_the_notebook() -> None:
    code = write(template("resnet34-notebook"))
    assert len(code.splitlines()) <= 60
    assert body(code, "residual_block")[1:] == [
        "shortcut = x",
        "x = layers.Conv2D(n_filters, 3, padding='same', activation='relu')(x)",
        "x = layers.Conv2D(n_filters, 3, padding='same', activation='relu')(x)",
        "x = layers.Add()([shortcut, x])",
        "return x",
    ]
    assert "def conv_block(x, n_filters):" in code
    loops = re.findall(r"for _ in range\((\d)\):\n +x = residual_block\(x, n_filters=(\d+)\)", code)
    assert loops == [("2", "64"), ("3", "128"), ("5", "256")]
    assert "Parameters: 16,822,760" in (ast.get_docstring(ast.parse(code)) or "")


def test_a_loop_over_a_parameter() -> None:
    code = write(template("vgg16"))
    assert "def conv_block(x, n_layers, n_filters):" in code
    assert "    for _ in range(n_layers):\n        x = layers.Conv2D(n_filters, 3" in code
    assert "x = conv_block(x, n_layers=3, n_filters=512)" in code


@pytest.mark.parametrize("style", STYLES)
def test_what_is_bypassed_is_left_out(style: Style) -> None:
    document = edits.set_bypassed(tiny(128), "", ["group1", "group2"])
    code = write(analyse(document), style)
    assert "residual_block" not in code
    assert "Conv2D" not in code
    document = edits.set_bypassed(tiny(), "residual_block", ["conv_b"])
    code = write(analyse(document), style)
    assert code.count("layers.Conv2D(") == (1 if style == "blocks" else 5)


def test_small_numbers_have_no_padded_exponent() -> None:
    assert "epsilon=1.001e-5)" in write(template("resnet50"))


def test_the_projection_shortcut_has_its_name() -> None:
    lines = body(write(template("resnet50")), "projection_block")
    assert lines[1] == "shortcut = layers.Conv2D(4 * n_filters, 1, strides=strides)(x)"
    assert lines[2] == "shortcut = layers.BatchNormalization(epsilon=1.001e-05)(shortcut)"
    assert lines[-3:] == ["x = layers.Add()([shortcut, x])", "x = layers.ReLU()(x)", "return x"]


def test_compile_and_summary_run_the_program() -> None:
    code = write(template("resnet34-notebook"))
    assert code.endswith("    model.summary()\n")
    assert 'loss="categorical_crossentropy"' in code.split("__main__")[1]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", SOUND)
def test_templates_are_formatted_and_build_what_is_drawn(name: str, style: Style) -> None:
    analysis = template(name)
    code = write(analysis, style)
    assert stub_keras.differences(code, analysis) == []
    assert formatted(code) == code


def formatted(code: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "88", "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=True).stdout


def squeeze_and_excite() -> Graph:
    return graph(
        [
            ("image", "Input", {"shape": [8, 8, 4]}),
            ("conv", "Conv2D", {"filters": 4, "kernel_size": 1}),
            ("features", "Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same"}),
            ("squeeze", "GlobalAveragePooling2D", {"keepdims": True}),
            ("excite", "Conv2D", {"filters": 4, "kernel_size": 1, "activation": "sigmoid"}),
            ("scale", "Multiply"),
            ("add", "Add"),
            ("relu", "ReLU"),
        ],
        [
            ("image", "conv"), ("conv", "features"), ("features", "squeeze"),
            ("squeeze", "excite"), ("features", "scale"), ("excite", "scale", 1),
            ("conv", "add"), ("scale", "add", 1), ("add", "relu"),
        ],
    )  # fmt: skip


def test_a_fork_inside_a_bridged_branch_is_called_by_its_id() -> None:
    lines = body(write(of(squeeze_and_excite())))
    assert lines[2] == "shortcut = x"
    assert lines[3].startswith("features = layers.Conv2D(4, 3")
    assert lines[6] == "x = layers.Multiply(name='scale')([features, x])"
    assert lines[7] == "x = layers.Add()([shortcut, x])"


def test_parallel_branches_are_called_by_their_ids() -> None:
    network = graph(
        [
            ("image", "Input", {"shape": [8, 8, 4]}),
            ("stem", "ReLU"),
            ("left", "Conv2D", {"filters": 4, "kernel_size": 1}),
            ("middle_1", "Conv2D", {"filters": 4, "kernel_size": 1}),
            ("middle_2", "Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same"}),
            ("right", "MaxPooling2D", {"pool_size": 3, "strides": 1, "padding": "same"}),
            ("join", "Concatenate"),
        ],
        [
            ("image", "stem"), ("stem", "left"), ("stem", "middle_1"), ("middle_1", "middle_2"),
            ("stem", "right"), ("left", "join"), ("middle_2", "join", 1), ("right", "join", 2),
        ],
    )  # fmt: skip
    assert [line.split(" = ")[0] for line in body(write(of(network)))[1:-1]] == [
        "stem", "left", "x", "middle_2", "right", "outputs",
    ]  # fmt: skip


def test_several_inputs_outputs_and_a_shared_layer() -> None:
    network = graph(
        [
            ("left", "Input", {"shape": [8, 8, 4]}),
            ("right", "Input", {"shape": [8, 8, 4]}),
            ("tower", "Conv2D", {"filters": 2, "kernel_size": 1}),
            ("difference", "Subtract"),
            ("score", "Flatten"),
        ],
        [],
    )
    again = Node("again", "Conv2D", {"filters": 2, "kernel_size": 1}, shared_with="tower")
    edges = [("left", "tower"), ("right", "again"), ("tower", "difference")]
    edges += [("again", "difference", 1), ("again", "score")]  # type: ignore[list-item]
    whole = Graph({**network.nodes, "again": again}, tuple(Edge(*edge) for edge in edges))
    assert body(write(of(whole))) == [
        "left = keras.Input(shape=(8, 8, 4), name='left')",
        "right = keras.Input(shape=(8, 8, 4), name='right')",
        "tower_layer = layers.Conv2D(2, 1, name='tower')",
        "tower = tower_layer(left)",
        "again = tower_layer(right)",
        "difference = layers.Subtract(name='difference')([tower, again])",
        "score = layers.Flatten(name='score')(again)",
        "return keras.Model([left, right], [difference, score], name='test')",
    ]


def test_blocks_of_several_inputs_and_outputs_return_tuples() -> None:
    inside = graph(
        [
            ("x", "BlockInput"), ("skip", "BlockInput"), ("up", "UpSampling2D"),
            ("join", "Concatenate"), ("y", "BlockOutput"), ("raw", "BlockOutput"),
        ],
        [("x", "up"), ("up", "join"), ("skip", "join", 1), ("join", "y"), ("up", "raw")],
    )  # fmt: skip
    network = graph(
        [
            ("image", "Input", {"shape": [8, 8, 4]}), ("down", "MaxPooling2D"),
            ("decode", "decoder"), ("a", "ReLU"), ("b", "ReLU"),
        ],
        [
            ("image", "down"), ("down", "decode"), ("image", "decode", 1), ("decode", "a"),
            ("decode", "b", 0, 1),
        ],
    )  # fmt: skip
    code = write(of(network, blocks={"decoder": Block(inside)}))
    assert body(code, "decoder") == [
        "up = layers.UpSampling2D()(x)",
        "join = layers.Concatenate()([up, skip])",
        "return (join, up)",
    ]
    assert "    y, raw = decoder(x, inputs)\n" in code


def test_only_what_some_call_leaves_out_has_a_default() -> None:
    inside = graph(
        [("x", "BlockInput"), ("c", "Conv2D", {"filters": "=n", "kernel_size": ["=k", "=k"]}),
         ("y", "BlockOutput")],
        [("x", "c"), ("c", "y")],
    )  # fmt: skip
    network = graph(
        [("image", "Input", {"shape": [8, 8, 4]}), ("a", "conv", {"n": 2}),
         ("b", "conv", {"n": 3, "k": 1})],
        [("image", "a"), ("a", "b")],
    )  # fmt: skip
    code = write(of(network, blocks={"conv": Block(inside, {"k": 3, "n": 64})}))
    assert "def conv(x, n, k=3):" in code
    assert "x = layers.Conv2D(n, k)(x)" in code
    assert "conv(inputs, n=2)" in code
    assert "conv(x, k=1, n=3)" in code


def test_a_repeated_layer_is_a_loop_without_a_name() -> None:
    network = graph(
        [("image", "Input", {"shape": [4]}), ("thrice", "Dense", {"units": 4}, 3)],
        [("image", "thrice")],
    )
    expected = "x = inputs\n    for _ in range(3):\n        x = layers.Dense(4)(x)\n"
    assert expected in write(of(network))


def test_sizes_defaults_and_objects_are_written_the_short_way() -> None:
    def made(type_name: str, **config: Any) -> str:
        return flat(constructor(type_name, config, {}))

    assert made("Conv2D", filters=8, kernel_size=[3, 3], strides=[2, 1], use_bias=True) == (
        "layers.Conv2D(8, 3, strides=(2, 1))"
    )
    assert made("MaxPooling2D", pool_size=[2, 2], strides=[2, 2]) == "layers.MaxPooling2D()"
    assert made("MaxPooling2D", pool_size=[3, 3], strides=2) == "layers.MaxPooling2D(3, strides=2)"
    assert made("MaxPooling2D", strides=3) == "layers.MaxPooling2D(strides=3)"
    assert made("ZeroPadding2D", padding=[[3, 3], [3, 3]]) == "layers.ZeroPadding2D(3)"
    assert made("ZeroPadding2D", padding=[[1, 2], [1, 2]]) == (
        "layers.ZeroPadding2D(((1, 2), (1, 2)))"
    )
    assert made("Dropout", rate=0.5, seed=1) == "layers.Dropout(0.5, seed=1)"
    assert made("Rescaling", scale=1 / 127.5, offset=-1) == "layers.Rescaling(1 / 127.5, offset=-1)"
    assert made("ReLU", max_value=float("inf")) == 'layers.ReLU(max_value=float("inf"))'
    l2 = {"class_name": "L2", "config": {"l2": 0.001}}
    assert made("Dense", units=1, kernel_regularizer=l2) == (
        "layers.Dense(1, kernel_regularizer=keras.regularizers.L2(0.001))"
    )
    assert made("Dense", units=1, kernel_initializer="HeNormal") == (
        'layers.Dense(1, kernel_initializer="he_normal")'
    )


# Which lines are whose


def test_lines_of_each_node() -> None:
    code, spans = write_mapped(analyse(tiny()))
    lines = code.splitlines()

    def text(scope: str, node: str) -> str:
        first, last = spans[scope, node]
        return " ".join(line.strip() for line in lines[first - 1 : last])

    assert text("residual_block", "x") == "def residual_block(x, n_filters):"
    assert text("residual_block", "conv_a").startswith("shortcut = x x = layers.Conv2D(n_filters")
    assert text("residual_block", "y") == "return x"
    assert text("", "group2") == "for _ in range(3): x = residual_block(x, n_filters=64)"
    assert text("", "classes").startswith("outputs = layers.Dense(10")
    assert text("", "").startswith("def build_model")


def test_lines_of_each_layer_in_flat_code() -> None:
    code, spans = write_mapped(analyse(tiny()), "flat")
    first, last = spans["", "group2#3/add"]
    assert code.splitlines()[first - 1 : last] == [
        '    x = layers.Add(name="group2_3_add")([shortcut, x])'
    ]


# Nothing but the network


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_random_networks_build_what_was_meant(document: Document) -> None:
    analysis = analyse(document)
    assume(analysis.ok)
    for style in STYLES:
        code, spans = write_mapped(analysis, style)
        assert all(c.isprintable() or c == "\n" for c in code)
        assert stub_keras.differences(code, analysis) == []
        last = len(code.splitlines())
        assert all(1 <= first <= end <= last for first, end in spans.values())


@pytest.mark.parametrize("name", AWKWARD)
def test_any_name_anywhere(name: str) -> None:
    """As a block, its parameter, an input, a layer and the document."""
    if "/" in name or not name:
        return
    inside = graph(
        [
            (name, "BlockInput"),
            ("c", "Conv2D", {"filters": 2, "kernel_size": 1}),
            ("y", "BlockOutput"),
        ],
        [(name, "c"), ("c", "y")],
    )
    nodes = [(name, "Input", {"shape": [4, 4, 2]}), ("call", name, {}), (f"{name} ", "ReLU")]
    network = graph(nodes, [(name, "call"), ("call", f"{name} ")])
    document = Document(name, network=network, blocks={name: Block(inside, {name: 1}, name)})
    analysis = analyse(document)
    assert analysis.ok
    for style in STYLES:
        assert stub_keras.differences(write(analysis, style), analysis) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_literals_mean_what_they_were(value: Any) -> None:
    text = flat(literal(value))
    assert text.isprintable()
    assert eval(text, {"__builtins__": {"float": float}}) == value


@given(st.text(), st.sampled_from([0, 4]))
def test_docstrings_stay_docstrings(text: str, indent: int) -> None:
    lines = docstring(text, indent)
    code = "if True:\n" * (indent > 0) + "\n".join(lines)
    statements = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Expr)]
    assert len(statements) == 1
    assert isinstance(statements[0].value, ast.Constant)
    assert statements[0].value.value.split() == text.split()


@given(st.text())
def test_identifiers(text: str) -> None:
    name = identifier(text, "tensor")
    assert name.isidentifier()
    assert name.isascii()
    ast.parse(f"{name} = 1")


def test_names_that_keras_would_give_itself_make_every_layer_named() -> None:
    """“conv2d” is the user's; an unnamed layer inside the block would get it, too."""
    inside = graph(
        [("x", "BlockInput"), ("c", "Conv2D", {"filters": 2, "kernel_size": 1}),
         ("y", "BlockOutput")],
        [("x", "c"), ("c", "y")],
    )  # fmt: skip
    network = graph(
        [("image", "Input", {"shape": [4, 4, 2]}), ("call", "block"),
         ("mine", "Conv2D", {"filters": 2, "kernel_size": 1, "name": "conv2d"})],
        [("image", "call"), ("call", "mine")],
    )  # fmt: skip
    lines = body(write(of(network, blocks={"block": Block(inside)})))
    assert lines[1:3] == [
        "x = layers.Conv2D(2, 1, name='call_c')(inputs)",
        "outputs = layers.Conv2D(2, 1, name='conv2d')(x)",
    ]


def test_what_a_block_leaves_unread_is_an_output_of_the_model() -> None:
    inside = graph(
        [("x", "BlockInput"), ("aside", "ReLU"), ("main", "ELU"), ("y", "BlockOutput")],
        [("x", "aside"), ("x", "main"), ("main", "y")],
    )
    network = graph(
        [("image", "Input", {"shape": [4]}), ("call", "block", {}, 2)], [("image", "call")]
    )
    analysis = of(network, blocks={"block": Block(inside)})
    assert stub_keras.differences(write(analysis), analysis) == []
    assert "[call_1_aside, call_2_aside, call_2_main]" in write(analysis).replace("\n", "")


def test_a_long_chain() -> None:
    nodes: list[tuple[Any, ...]] = [("image", "Input", {"shape": [4]})]
    nodes += [(f"n{k}", "Activation", {"activation": "relu"}) for k in range(3000)]
    edges = [(a[0], b[0]) for a, b in itertools.pairwise(nodes)]
    analysis = of(graph(nodes, edges))
    code = write(analysis)
    assert "sys.setrecursionlimit(10_000)" in code
    assert formatted(code) == code
    assert code.count("\n    x = ") == 2999
    assert stub_keras.differences(code, analysis) == []


# What cannot be written


def test_a_network_with_errors_is_not_written() -> None:
    with pytest.raises(ExportError, match=r"group2#1/add"):
        write(analyse(tiny(second=128)))


def test_a_network_without_an_input_is_not_written() -> None:
    with pytest.raises(ExportError, match="begin with an Input"):
        write(analyse(Document()))


# Layout


@given(st.lists(st.integers(0, 10**30), max_size=8), st.integers(1, 60))
def test_layout_is_that_of_the_formatter(numbers: list[int], length: int) -> None:
    """Long literals and calls, checked against ruff for a few of each size in one go."""
    from resnet_studio.formats.keras_code.layout import call, laid_out

    items = tuple((str(number),) for number in numbers)
    group = Group("[", items, "]", literal=True)
    expression = (f"{'v' * length} = f", call(*items), call((group,)))
    text = laid_out(expression)
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(flat(expression)))
    if len(flat(expression)) <= 88:
        assert text == flat(expression)
    assert not any(line.endswith(" ") for line in text.splitlines())


# The notebook


def test_the_notebook_has_a_cell_for_each_function_and_runs() -> None:
    analysis = template("resnet34-notebook")
    made = json.loads(notebook.write(analysis))
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])
    cells = ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code"]
    starts = [cell.splitlines()[0] for cell in cells]
    assert starts[1:4] == [
        "def residual_block(x, n_filters):",
        "def conv_block(x, n_filters):",
        "def build_model() -> keras.Model:",
    ]
    assert starts[4] == "model = build_model()"
    assert starts[-1] == "model.summary()"
    assert stub_keras.differences("\n\n".join(cells[:4]), analysis) == []
