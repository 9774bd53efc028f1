"""The code of folded networks: it builds what was there before folding, and stays as written."""

from hypothesis import HealthCheck, Phase, assume, given, settings

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.core.fold import fold_all
from resnet_studio.formats import native
from resnet_studio.formats.keras_code import write
from tests.core.sketch import Sketch, resnet
from tests.core.test_folding import planted
from tests.formats import stub_keras
from tests.formats.test_keras_code import formatted


@settings(
    max_examples=30, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(planted())
def test_folded_code_builds_the_flat_network(document: Document) -> None:
    folded = analyse(fold_all(document))
    assume(folded.ok)
    code = write(folded)
    assert stub_keras.differences(code, folded) == []
    ast_calls = code.count("layers.")
    assert ast_calls <= write(analyse(document)).count("layers.")


def test_a_stage_is_a_function_with_a_loop() -> None:
    code = write(analyse(fold_all(resnet())))
    assert formatted(code) == code
    assert (
        "def stage(x, filters, repeats, strides=2):\n"
        "    x = projection_block(x, filters=filters, strides=strides)\n"
        "    for _ in range(repeats):\n"
        "        x = bottleneck_block(x, filters=filters)\n"
        "    return x\n"
    ) in code
    assert "    x = stage(x, filters=64, repeats=2, strides=1)\n" in code


def test_sizes_that_differ_by_axis_are_tuples() -> None:
    sketch = Sketch()
    for k, size in enumerate(([1, 7], [7, 1], [3, 3], [1, 3], [3, 1])):
        sketch.then(f"conv{k}", "Conv2D", filters=8, kernel_size=size, padding="same")
        sketch.then(f"bn{k}", "BatchNormalization")
        sketch.then(f"relu{k}", "Activation", activation="relu")
    code = write(analyse(fold_all(sketch.document())))
    assert "    x = conv_bn_relu(inputs, kernel_size=(1, 7))\n" in code
    assert "    x = conv_bn_relu(x, kernel_size=3)\n" in code


def test_a_folded_network_is_saved_and_opened_again() -> None:
    folded = fold_all(resnet())
    opened = native.loads(native.dumps(folded))
    assert not opened.problems
    assert opened.document == folded
