"""One kind of repair at every place that needs it."""

import resnet_studio.layers
import resnet_studio.rules  # noqa: F401
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.core.fix_all import all_like
from tests.core.networks import conv, graph


def branches(count: int) -> Document:
    """Residual branches side by side, each with twice the channels of its identity link."""
    nodes = [("image", "Input", {"shape": [16, 16, 8]})]
    edges = []
    for i in range(count):
        nodes += [(f"conv{i}", "Conv2D", conv(16)), (f"add{i}", "Add")]
        edges += [("image", f"conv{i}"), ("image", f"add{i}"), (f"conv{i}", f"add{i}", 1)]
    return Document(network=graph(nodes, edges))


def test_all_mismatches_are_mended_in_one_step_and_cost_their_sum() -> None:
    before = analyse(branches(3))
    assert [d.node for d in before.diagnostics] == ["add0", "add1", "add2"]
    first = next(f for f in before.diagnostics[0].fixes if f.id == "projection")
    everywhere = all_like(before.diagnostics[0], first)
    assert everywhere is not None
    assert everywhere.title == f"{first.title}, and the same at 2 more places"
    assert analyse(everywhere.document).ok
    assert everywhere.delta_params == 3 * (8 * 16 + 16), "a 1×1 convolution a link"
    assert sum(n.type == "Conv2D" for n in everywhere.document.network.nodes.values()) == 6
    assert len(everywhere.touched) == 3


def test_where_there_is_no_other_there_is_nothing_to_add() -> None:
    found = analyse(branches(1)).diagnostics[0]
    assert all(all_like(found, fix) is None for fix in found.fixes)
