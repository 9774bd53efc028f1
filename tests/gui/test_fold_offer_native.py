"""A flat network of the program's own format that repeats itself: folding is offered, once."""

from pathlib import Path

from resnet_studio.core.document import Document
from resnet_studio.formats import native
from tests.core.sketch import resnet


def saved(folder: Path, document: Document, name: str) -> Path:
    path = folder / f"{name}.rsnet"
    native.save(document, path)
    return path


def test_a_long_flat_network_is_offered_to_be_folded_once(bench, qtbot, tmp_path) -> None:
    path = saved(tmp_path, resnet((2, 3)), "flat")
    workbench = bench()
    bar = workbench.message_bar
    workbench.files.load(path)
    qtbot.waitUntil(lambda: bar.button.text().startswith("Fold"), timeout=20_000)
    assert bar.text.text().startswith("The network repeats itself")
    assert not workbench.session.unsaved
    with qtbot.waitSignal(workbench.session.loaded):
        workbench.files.load(path)
    assert not bar.isVisible()
    qtbot.wait(500)
    assert not bar.isVisible(), "asked once, it does not ask again"


def test_short_networks_and_those_with_blocks_are_left_alone(bench, qtbot, tmp_path) -> None:
    workbench = bench("resnet34-notebook")
    blocks = workbench.session.document.blocks
    looked = []
    workbench.files.flat_opened.connect(looked.append)
    long = resnet((2, 3))
    with_blocks = Document(network=long.network, blocks=blocks)
    for name, document in (("short", resnet((1,))), ("blocks", with_blocks), ("long", long)):
        assert (name == "short") == (len(document.network.nodes) <= 40)
        with qtbot.waitSignal(workbench.session.loaded):
            workbench.files.load(saved(tmp_path, document, name))
        assert bool(looked) == (name == "long")
