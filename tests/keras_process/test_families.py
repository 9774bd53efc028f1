"""Networks of sequences, volumes and images: as the engine has them, as Keras builds them."""

from itertools import pairwise
from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.formats.keras_code import write
from resnet_studio.keras_process.client import WorkerProcess, format_report, verify, verify_code

pytestmark = pytest.mark.tensorflow

Step = tuple[str, dict[str, Any]]

WORDS: list[Step] = [
    ("Input", {"shape": [32], "dtype": "int32"}),
    ("Embedding", {"input_dim": 100, "output_dim": 8}),
    ("SpatialDropout1D", {"rate": 0.2}),
    ("ZeroPadding1D", {"padding": [2, 0]}),
    ("Conv1D", {"filters": 6, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}),
    ("UpSampling1D", {}),
    ("SeparableConv1D", {"filters": 8, "kernel_size": 5, "strides": 2}),
    ("DepthwiseConv1D", {"kernel_size": [3], "depth_multiplier": 2}),
    ("MaxPooling1D", {}),
    ("Conv1DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2}),
    ("AveragePooling1D", {"pool_size": 3, "padding": "same"}),
    ("Cropping1D", {}),
    ("RMSNormalization", {}),
    ("GlobalMaxPooling1D", {}),
    ("UnitNormalization", {}),
    ("RepeatVector", {"n": 3}),
    ("GlobalAveragePooling1D", {}),
]
VOLUMES: list[Step] = [
    ("Input", {"shape": [12, 16, 16, 2]}),
    ("ZeroPadding3D", {"padding": [[1, 0], [1, 1], [0, 2]]}),
    ("Conv3D", {"filters": 4, "kernel_size": [3, 3, 2], "strides": 2, "groups": 2}),
    ("SpatialDropout3D", {"rate": 0.1}),
    ("MaxPooling3D", {"padding": "same"}),
    ("Conv3DTranspose", {"filters": 3, "kernel_size": 2, "strides": [2, 2, 1]}),
    ("UpSampling3D", {"size": [1, 2, 2]}),
    ("Cropping3D", {"cropping": 1}),
    ("AveragePooling3D", {"pool_size": 2}),
    ("GaussianDropout", {"rate": 0.1}),
    ("GlobalAveragePooling3D", {"keepdims": True}),
    ("GlobalMaxPooling3D", {}),
    ("ActivityRegularization", {"l2": 0.01}),
]
IMAGES: list[Step] = [
    ("Input", {"shape": [40, 30, 3]}),
    ("Resizing", {"height": 28, "width": 26, "crop_to_aspect_ratio": True}),
    ("RandomFlip", {"mode": "horizontal"}),
    ("RandomRotation", {"factor": 0.1}),
    ("RandomZoom", {"height_factor": [-0.2, 0.1], "fill_mode": "nearest"}),
    ("RandomTranslation", {"height_factor": 0.1, "width_factor": [0.0, 0.2]}),
    ("RandomContrast", {"factor": 0.3}),
    ("RandomBrightness", {"factor": [-0.1, 0.2], "value_range": [0, 1]}),
    ("RandomCrop", {"height": 24, "width": 24}),
    ("CenterCrop", {"height": 20, "width": 22}),
    ("AlphaDropout", {"rate": 0.1}),
    ("Identity", {}),
    ("Masking", {"mask_value": -1.0}),
]
FAMILIES = {"words": WORDS, "volumes": VOLUMES, "images": IMAGES}


def chain(steps: list[Step]) -> Document:
    """The steps one behind the other, each called by its type."""
    nodes = {kind.lower(): Node(kind.lower(), kind, config) for kind, config in steps}
    names = list(nodes)
    edges = tuple(Edge(a, b) for a, b in pairwise(names))
    return Document(network=Graph(nodes, edges))


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_is_identical(family: str, worker: WorkerProcess) -> None:
    analysis = analyse(chain(FAMILIES[family]))
    assert analysis.ok, [d.message for d in analysis.diagnostics]
    report = verify(analysis, worker=worker)
    assert report.identical, format_report(report)
    assert (report.forward, report.forward_error) == ("", "")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_code_of_each_family_builds_it(family: str, worker: WorkerProcess) -> None:
    analysis = analyse(chain(FAMILIES[family]))
    report = verify_code(write(analysis), analysis, worker=worker)
    assert report.identical, format_report(report)
