"""The main job from end to end with mouse and keyboard: drag, see, repair, export, verify."""

import ast
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gui.real_window.driver import Driver, Point, matching

pytestmark = pytest.mark.real_window


class Builder:
    """Puts nodes on a grid over the empty canvas and wires them."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        left, top, width, height = driver.state["canvas"]
        self.left, self.top, self.width, self.height = left, top, width, height

    def place(self, across: float, down: float) -> Point:
        """A point of the canvas: ``across`` and ``down`` from 0 to 1."""
        return self.left + round(self.width * across), self.top + round(self.height * down)

    def drop(self, type_name: str, at: tuple[float, float]) -> str:
        """Drags a layer from the palette; returns the id of the node that comes of it."""
        driver = self.driver
        before = set(driver.state["nodes"])
        driver.fill(driver.middle(name="palette-search"), type_name)
        typed = {"name": "palette-search", "text": type_name}
        row = driver.until(
            lambda s: matching(s, typed) and s["palette"].get(type_name), f"{type_name} is shown"
        )
        start = (row[0] + 60, row[1] + row[3] // 2)
        driver.drag(start, self.place(*at))
        new = driver.until(lambda s: set(s["nodes"]) - before, f"{type_name} is on the canvas")
        return next(iter(new))

    def wire(self, source: str, target: str, slot: int = 0) -> None:
        driver = self.driver
        nodes = driver.state["nodes"]
        start = tuple(nodes[source]["outputs"][0])
        ports = nodes[target]["inputs"]
        driver.drag(start, tuple(ports[min(slot, len(ports) - 1)]))
        driver.until(
            lambda s: [source, target, slot, 0] in s["edges"], f"{source} feeds {target} at {slot}"
        )

    def select(self, node: str) -> None:
        self.driver.click(tuple(self.driver.state["nodes"][node]["middle"]))
        self.driver.until(lambda s: s["selection"] == [node], f"{node} is selected")

    def set_argument(self, name: str, text: str) -> None:
        self.driver.fill(self.driver.middle(says=name), text)


def test_draw_repair_export_verify(start: Callable[..., Driver], tmp_path: Path) -> None:
    driver = start()
    driver.key("ctrl+n")
    driver.until(lambda s: not s["nodes"], "the canvas is empty")
    driver.picture("empty")
    for _ in range(3):
        driver.key("ctrl+minus")
    build = Builder(driver)

    # The entry: 56×56×64 feature maps, from an image of 112×112.
    image = build.drop("Input", (0.5, 0.06))
    build.set_argument("shape", "112, 112, 3")
    entry = build.drop("Conv2D", (0.5, 0.2))
    pool = build.drop("MaxPooling2D", (0.5, 0.34))
    totals = [driver.state["totals"]]
    assert totals[0][0] == "0"
    build.wire(image, entry)
    driver.until(lambda s: s["totals"][0] == "1,792", "3·3·3·64 + 64 parameters are counted")
    driver.picture("entry")
    build.wire(entry, pool)

    # Two residual branches and the addition.
    first = build.drop("Conv2D", (0.3, 0.46))
    second = build.drop("Conv2D", (0.3, 0.6))
    add = build.drop("Add", (0.5, 0.72))
    build.wire(pool, first)
    driver.until(lambda s: s["totals"][0] == "38,720", "the first convolution is counted")
    build.wire(first, second)
    driver.until(lambda s: s["totals"][0] == "75,648", "the second convolution is counted")
    build.wire(pool, add)
    build.wire(second, add, slot=1)
    driver.picture("residual")

    # The head.
    average = build.drop("GlobalAveragePooling2D", (0.5, 0.84))
    dense = build.drop("Dense", (0.5, 0.95))
    build.wire(add, average)
    build.wire(average, dense)
    driver.until(lambda s: s["totals"][0] == "76,298", "the whole network is counted")
    assert driver.state["problems"] == []
    driver.picture("whole")

    # A mismatch: the branch now has 128 filters, the identity link still 64.
    build.select(second)
    build.set_argument("filters", "128")
    driver.until(lambda s: s["problems"] == [[add, "shortcut-mismatch"]], "the mismatch is flagged")
    assert driver.state["nodes"][add]["errors"] == 1
    driver.picture("mismatch")

    # Its repair: a projection on the shortcut, and nothing else changes.
    driver.key("F8")
    repair = driver.until(_projection, "the projection is offered")
    driver.move((repair[0] + 40, repair[1] + 10))
    driver.picture("ghost")
    before = len(driver.state["nodes"])
    driver.click((repair[0] + 40, repair[1] + 10))
    driver.until(lambda s: not s["problems"], "the network is mended")
    after = driver.state
    assert len(after["nodes"]) == before + 1
    assert after["totals"][0] == f"{76_298 + 36_928 + 640 + 8_320:,}"
    driver.picture("repaired")

    export(driver, tmp_path / "network.py")
    verify(driver)


def _projection(state: dict) -> list[int] | None:
    for widget in state["widgets"]:
        if widget["kind"] == "RepairButton" and "projection" in widget["says"].lower():
            return widget["area"]
    return None


def export(driver: Driver, path: Path) -> None:
    """Exports Keras code through the dialog; what is written is Python that uses Keras."""
    driver.key("ctrl+e")
    driver.fill(driver.middle(name="export-path"), os.fspath(path))
    driver.picture("export")
    driver.click(driver.middle(name="export-go"))
    driver.until(lambda _: path.is_file(), "the file is written")
    code = path.read_text(encoding="utf-8")
    ast.parse(code)
    assert "import keras" in code
    assert "Conv2D(128" in code
    driver.picture("exported")


def verify(driver: Driver) -> None:
    """Has the real Keras build the network; it says that all is the same."""
    driver.key("F9")
    verdict = {"name": "verdict", "text": "Identical"}
    driver.until(lambda s: matching(s, verdict), "Keras has agreed", patience=180)
    driver.picture("verified")
