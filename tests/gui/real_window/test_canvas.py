"""The canvas under a real mouse and keyboard: what only a window system can show."""

import time
from collections.abc import Callable

import pytest

from tests.gui.real_window.driver import ROOT, Driver, Point

pytestmark = pytest.mark.real_window


@pytest.fixture
def driver(start: Callable[..., Driver]) -> Driver:
    """The document's network, at rest."""
    opened = start(str(ROOT / "resources" / "templates" / "resnet34-notebook.rsnet"))
    opened.until(lambda s: "group_64" in s["nodes"], "the network is there")
    settle(opened)
    return opened


def settle(driver: Driver) -> None:
    """Waits until the docks and the view have come to rest."""
    before: list[dict] = []

    def at_rest(state: dict) -> bool:
        before.append({"nodes": state["nodes"], "canvas": state["canvas"]})
        return len(before) > 12 and all(one == before[-1] for one in before[-12:])

    driver.until(at_rest, "nothing moves any more")


def middle(driver: Driver, node: str) -> Point:
    x, y = driver.state["nodes"][node]["middle"]
    return x, y


def port(driver: Driver, node: str, side: str, number: int = 0) -> Point:
    x, y = driver.state["nodes"][node][side][number]
    return x, y


def hold_and_drag(driver: Driver, button: int, start: Point, end: Point) -> None:
    driver.move(start)
    driver._do("mousedown", button)
    for step in range(1, 9):
        across = start[0] + (end[0] - start[0]) * step // 8
        down = start[1] + (end[1] - start[1]) * step // 8
        driver.move((across, down))
        time.sleep(0.03)
    driver._do("mouseup", button)
    time.sleep(0.1)


def enter_the_block(driver: Driver) -> None:
    driver.click(middle(driver, "group_64"), times=2)
    driver.until(lambda s: s["trail"] == [["group_64", 1]], "the block is entered")
    driver.until(lambda s: "conv_a" in s["nodes"], "its nodes are shown")
    settle(driver)


def test_the_canvas_has_the_keys_from_the_start(driver: Driver) -> None:
    assert driver.widget(kind="Canvas")["focus"]
    first = driver.state["nodes"]["group_64"]["middle"]
    driver.key("f")
    driver.until(lambda s: s["nodes"]["group_64"]["middle"] != first, "all is fitted in")


def test_a_block_is_entered_edited_and_left(driver: Driver) -> None:
    parameters = driver.state["totals"][0]
    enter_the_block(driver)
    driver.picture("inside")

    # The identity link's end is dragged off and let go: a wire less, an undo brings it back.
    edges = len(driver.state["edges"])
    add = port(driver, "add", "inputs", 0)
    driver.drag(add, (add[0] + 260, add[1] - 60))
    driver.until(lambda s: len(s["edges"]) == edges - 1, "the wire is off")
    driver.picture("wire-off")
    driver.key("ctrl+z")
    driver.until(lambda s: len(s["edges"]) == edges, "the wire is back")

    # A layer dropped onto a wire is taken in.
    settle(driver)
    build = middle(driver, "conv_a")
    below = middle(driver, "conv_b")
    driver.fill(driver.middle(name="palette-search"), "BatchNormalization")
    row = driver.until(
        lambda s: len(s["palette"]) < 12 and s["palette"].get("BatchNormalization"), "the row"
    )
    between = (build[0] + 4, (build[1] + below[1]) // 2)
    driver.drag((row[0] + 60, row[1] + row[3] // 2), between)
    new = driver.until(
        lambda s: next((n for n in s["nodes"] if n.startswith("batch")), None), "it is taken in"
    )
    driver.until(lambda s: ["conv_a", new, 0, 0] in s["edges"], "it is fed")
    driver.until(lambda s: [new, "conv_b", 0, 0] in s["edges"], "it feeds on")
    driver.until(lambda s: s["totals"][0] != parameters, "all copies of the block count")
    driver.picture("spliced")

    driver.until(lambda s: s["selection"] == [new], "the new layer is selected")
    driver.key("Escape")
    driver.until(lambda s: not s["selection"], "nothing is selected any more")
    driver.key("Escape")
    driver.until(lambda s: not s["trail"], "the block is left")
    driver.until(lambda s: s["selection"] == ["group_64"], "its call is selected")


def test_moving_panning_zooming_selecting(driver: Driver) -> None:
    enter_the_block(driver)
    left, top, width, height = driver.state["canvas"]

    # Move a card, then a second step by arrow keys, then take both back.
    start = middle(driver, "conv_b")
    driver.drag(start, (start[0] + 120, start[1] + 16))
    driver.until(lambda s: s["nodes"]["conv_b"]["middle"][0] > start[0] + 90, "the card moved")
    driver.picture("moved")
    driver.key("Right", "Right")
    driver.key("ctrl+z", "ctrl+z")
    driver.until(lambda s: s["nodes"]["conv_b"]["middle"] == list(start), "it is back")

    # A rubber band round everything on empty canvas.
    driver.drag((left + 12, top + 12), (left + width - 12, top + height - 12))
    driver.until(lambda s: len(s["selection"]) >= 4, "the band selects")
    driver.click((left + 12, top + height - 12))
    driver.until(lambda s: not s["selection"], "a click on the sheet clears")

    # The middle button and Space with the left button move the sheet.
    hold_and_drag(driver, 2, (left + 40, top + 300), (left + 100, top + 340))
    driver.until(lambda s: s["nodes"]["conv_b"]["middle"] == [start[0] + 60, start[1] + 40], "pan")
    driver._do("keydown", "space")
    hold_and_drag(driver, 1, (left + 100, top + 340), (left + 40, top + 300))
    driver._do("keyup", "space")
    driver.until(lambda s: s["nodes"]["conv_b"]["middle"] == list(start), "pan back")
    assert not driver.state["selection"]

    # The wheel zooms at the pointer: what is under it stays.
    driver.move(start)
    driver._do("click", "--repeat", 4, "--delay", 60, 5)
    gap = middle(driver, "conv_b")[1] - middle(driver, "conv_a")[1]
    driver._do("click", "--repeat", 4, "--delay", 60, 4)
    driver.until(
        lambda s: s["nodes"]["conv_b"]["middle"][1] - s["nodes"]["conv_a"]["middle"][1] > gap,
        "nearer",
    )
    near = middle(driver, "conv_b")
    assert abs(near[0] - start[0]) < 4
    assert abs(near[1] - start[1]) < 4


def test_clipboard_and_keys(driver: Driver) -> None:
    count = len(driver.state["nodes"])
    driver.click(middle(driver, "entry_pool"))
    driver.until(lambda s: s["selection"] == ["entry_pool"], "selected")
    driver.key("ctrl+c", "ctrl+v")
    driver.until(lambda s: len(s["nodes"]) == count + 1, "pasted")
    driver.key("ctrl+d")
    driver.until(lambda s: len(s["nodes"]) == count + 2, "duplicated")
    driver.key("Delete")
    driver.until(lambda s: len(s["nodes"]) == count + 1, "deleted")
    driver.key("ctrl+z", "ctrl+z", "ctrl+z")
    driver.until(lambda s: len(s["nodes"]) == count, "all undone")

    # Ctrl+Delete keeps the data flowing.
    driver.click(middle(driver, "entry_pool"))
    driver.key("ctrl+Delete")
    driver.until(lambda s: ["entry_conv", "group_64", 0, 0] in s["edges"], "bridged")
    driver.key("ctrl+z")
    driver.until(lambda s: "entry_pool" in s["nodes"], "undone")
