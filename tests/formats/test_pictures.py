"""Pictures: everything that was drawn is on them, they parse, and they are not blank."""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.formats import dot, figure, picture, templates, writers
from resnet_studio.formats.checked import Checked, check

SOUND = [name for name in templates.names() if name != "doubling-mismatch"]
SVG = "{http://www.w3.org/2000/svg}"


def analysed(name: str) -> Analysis:
    result = check(str(templates.path(name)))
    assert isinstance(result, Checked)
    return result.analysis


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_blocks_style_draws_each_block_once() -> None:
    drawn = figure.draw(analysed("resnet34-notebook"), "blocks")
    assert [panel.title for panel in drawn.panels] == [
        "resnet34_notebook",
        "residual_block(n_filters=64)",
        "conv_block(n_filters=128)",
    ]
    main, residual, conv = drawn.panels
    assert len(main.cards) == 12
    assert [card.face.repeat for card in main.cards if card.face.repeat] == ["× 2", "× 3", "× 5"]
    assert [wire.shape for wire in conv.wires] == ["56×56×64", "28×28×128", "14×14×128"]
    assert [wire.edge.source for wire in residual.wires if wire.identity] == ["x"]


def test_flat_style_draws_every_layer() -> None:
    (panel,) = figure.draw(analysed("resnet34-notebook"), "flat").panels
    assert len(panel.cards) == 44
    assert sum(wire.identity for wire in panel.wires) == 11


@pytest.mark.parametrize("name", templates.names())
@pytest.mark.parametrize("style", ["blocks", "flat"])
def test_cards_do_not_overlap_and_lie_within(name: str, style: figure.Style) -> None:
    for panel in figure.draw(analysed(name), style).panels:
        rects = [card.rect for card in panel.cards]
        for rect in rects:
            assert 0 <= rect.left < rect.right <= panel.width
            assert 0 <= rect.top < rect.bottom <= panel.height
        for i, a in enumerate(rects):
            for b in rects[:i]:
                apart = a.right <= b.left or b.right <= a.left
                assert apart or a.bottom <= b.top or b.bottom <= a.top, (a, b)


def test_the_layout_needs_no_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    (panel,) = figure.draw(analysed("resnet34-notebook"), "flat").panels
    tops = {card.rect.key: card.rect.top for card in panel.cards}
    for wire in panel.wires:
        assert tops[wire.edge.source] < tops[wire.edge.target]


def test_a_network_keeps_the_places_that_its_author_gave() -> None:
    nodes = {
        "x": Node("x", "Input", {"shape": [4]}, position=(900.0, 50.0)),
        "y": Node("y", "ReLU", position=(100.0, 400.0)),
    }
    analysis = analyse(Document(network=Graph(nodes, (Edge("x", "y"),))))
    (panel,) = figure.draw(analysis, "blocks").panels
    x, y = (card.rect for card in panel.cards)
    assert (x.left - y.left, y.top - x.top) == (800, 350)


@pytest.mark.parametrize("name", SOUND)
def test_svg_parses_and_names_every_card(name: str) -> None:
    analysis = analysed(name)
    svg = picture.write(analysis)
    shown = Counter(texts(svg))
    for key in analysis.document.network.nodes:
        assert shown[key] >= 1
    root = ET.fromstring(svg)
    assert float(root.attrib["width"]) > 200
    assert root.find(f"{SVG}title").text == analysis.document.name


def test_svg_survives_any_name() -> None:
    key = 'a<b>&"\x00\ud800 日本'
    nodes = {key: Node(key, "Input", {"shape": [4]})}
    svg = picture.write(analyse(Document(key, network=Graph(nodes))))
    assert 'a<b>&"�� 日本' in texts(svg)


DRAW = """
import sys
from pathlib import Path
from resnet_studio.formats import templates, writers
from resnet_studio.formats.checked import check
analysis = check(str(templates.path("residual-block"))).analysis
for suffix in (".png", ".pdf"):
    Path(sys.argv[1] + suffix).write_bytes(writers()[suffix].write(analysis, "blocks"))
"""


def test_png_and_pdf_are_drawn_without_a_window(tmp_path: Path) -> None:
    # In a process of its own: it makes a Qt application, of which a process has one.
    done = subprocess.run(
        [sys.executable, "-c", DRAW, str(tmp_path / "net")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "net.pdf").read_bytes().startswith(b"%PDF-1.")
    _assert_colourful((tmp_path / "net.png").read_bytes(), analysed("residual-block"))


def _assert_colourful(png: bytes, analysis: Analysis) -> None:
    from PySide6.QtGui import QImage

    image = QImage.fromData(png)
    drawn = figure.draw(analysis, "blocks")
    assert image.width() == pytest.approx(2 * (drawn.width + 2 * picture.MARGIN), abs=3)
    assert image.height() == pytest.approx(2 * (drawn.height + 2 * picture.MARGIN), abs=3)
    colours = {
        image.pixelColor(x, y).name().upper()
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    }
    for token in ("canvas", "surface", "convolution", "merging", "wire-identity"):
        assert picture.colour(token).upper() in colours


def test_dot_source_has_every_node_and_edge() -> None:
    source = dot.write(analysed("resnet34-notebook"))
    assert source.count(" -> ") == 11 + 5 + 3
    assert source.count("subgraph cluster_") == 3
    assert dot.write(analysed("resnet34-notebook"), "flat").count(" -> ") == 43 + 11


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
def test_graphviz_takes_the_source() -> None:
    key = 'a"b\\c\nd -> {x}; 日本'
    nodes = {key: Node(key, "Input", {"shape": [4]}), "b": Node("b", "ReLU")}
    analysis = analyse(Document(key, network=Graph(nodes, (Edge(key, "b"),))))
    for source in (dot.write(analysis), dot.write(analysed("resnet50"))):
        done = subprocess.run(
            ["dot", "-Tplain"],
            input=source,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("\nedge ") == source.count(" -> ") - source.count("d -> {x}")


def test_every_suffix_of_the_contract_has_a_writer() -> None:
    assert {".py", ".ipynb", ".json", ".dot", ".svg", ".png", ".pdf"} <= set(writers())
