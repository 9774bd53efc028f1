"""Building by hand in one real window: search-to-add, wires, cut, bypass, copies, repairs."""

import time
from collections.abc import Callable

import pytest

from tests.gui.real_window.driver import Driver, Point

pytestmark = pytest.mark.real_window

LINES = (
    "input 224x224x3", "conv 64 7 /2 relu", "maxpool 3 /2 same", "residual 64 x2",
    "conv_b 128", "residual 128 x3", "conv_b 256", "residual 256 x5", "conv_b 512",
    "residual 512", "gap", "dense 1000 softmax",
)  # fmt: skip


def middle(driver: Driver, node: str) -> Point:
    x, y = driver.state["nodes"][node]["middle"]
    return x, y


def empty_spot(driver: Driver, across: float, down: float) -> Point:
    left, top, width, height = driver.state["canvas"]
    return left + round(width * across), top + round(height * down)


def select(driver: Driver, node: str) -> None:
    driver.click(middle(driver, node))
    driver.until(lambda s: s["selection"] == [node], f"{node} is selected")


def test_the_notebooks_network_is_typed_in_twelve_lines(start: Callable[..., Driver]) -> None:
    driver = start()
    driver.key("ctrl+n")
    driver.until(lambda s: not s["nodes"], "the canvas is empty")
    driver.click(empty_spot(driver, 0.4, 0.1), times=2)
    driver.widget(name="search-popup")
    driver.picture("search")
    for count, line in enumerate(LINES, start=1):
        driver.type(line)
        driver.key("ctrl+Return" if count < len(LINES) else "Return")
        driver.until(lambda s, n=count: len(s["nodes"]) == n, f"“{line}” is added")
        if count == 3:
            driver.picture("after-three")
    driver.until(lambda s: s["totals"][0] == "16,822,760", "it is the notebook's network")
    assert driver.state["problems"] == []
    assert len(driver.state["edges"]) == 11
    driver.key("f")
    driver.picture("whole")
    driver.key("ctrl+z")
    driver.until(lambda s: len(s["nodes"]) == 11, "one addition is one step")
    assert driver.log() == ""


def test_the_notebooks_network_in_23_keys(start: Callable[..., Driver]) -> None:
    """No click and no mouse; a key that is held counts as one more.

    Ctrl+N, Tab, Ctrl+Enter (Input), Enter (Conv2D), Enter (MaxPooling2D), x 2 Enter, Enter
    (conv_block), x 3 Enter, Enter, x 5 Enter, Enter, Enter (residual_block), Enter
    (GlobalAveragePooling2D), Enter (Dense), Escape.
    """
    driver = start()
    driver.key("ctrl+n")
    driver.until(lambda s: not s["nodes"], "the canvas is empty")
    driver.key("Tab")
    driver.widget(name="search-popup")
    driver.picture("what-begins")
    pressed = 2 + 1
    typed = ["", "", "", "x2", "", "x3", "", "x5", "", "", "", ""]
    for count, text in enumerate(typed, start=1):
        if text:
            driver.type(text)
            driver.picture(f"usual-{count}")
        driver.key("ctrl+Return" if count == 1 else "Return")
        pressed += len(text) + (2 if count == 1 else 1)
        driver.until(lambda s, n=count: len(s["nodes"]) == n, f"node {count} is added")
    driver.key("Escape")
    pressed += 1
    driver.until(lambda s: not [w for w in s["widgets"] if w["name"] == "search-popup"], "it ends")
    driver.until(lambda s: s["totals"][0] == "16,822,760", "it is the notebook's network")
    assert driver.state["problems"] == []
    left, top, width, height = driver.state["canvas"]
    x, y = middle(driver, "dense")
    assert left < x < left + width, "the view followed"
    assert top < y < top + height
    assert pressed == 23
    driver.picture("built")
    driver.key("ctrl+z")
    driver.until(lambda s: len(s["nodes"]) == 11, "one addition is one step")
    assert driver.log() == ""


def test_gestures_that_build(start: Callable[..., Driver]) -> None:
    driver = start()
    driver.key("ctrl+n")
    driver.until(lambda s: not s["nodes"], "the canvas is empty")
    driver.click(empty_spot(driver, 0.35, 0.12), times=2)
    driver.widget(name="search-popup")
    for line, key in (
        ("input 56x56x64", "ctrl+Return"), ("conv 64 3", "ctrl+Return"), ("conv 64 3", "Return"),
    ):  # fmt: skip
        driver.type(line)
        driver.key(key)
    driver.until(lambda s: len(s["edges"]) == 2, "a chain stands")

    # A wire let go on the sheet asks what stands there.
    output = tuple(driver.state["nodes"]["input"]["outputs"][0])
    driver.drag(output, (output[0] + 280, output[1] + 30))
    driver.widget(name="search-popup")
    driver.picture("wire-on-sheet")
    driver.type("relu")
    driver.key("Return")
    driver.until(lambda s: ["input", "re_lu", 0, 0] in s["edges"], "the wire leads to it")

    # Bypass, and back.
    select(driver, "conv2d")
    driver.key("m")
    driver.until(lambda s: s["totals"][0] == "36,928", "one convolution is passed by")
    driver.picture("bypassed")
    driver.key("m")
    driver.until(lambda s: s["totals"][0] == "73,856", "and used again")

    # The keyboard walks, renames, tells.
    driver.key("Tab")
    driver.until(lambda s: s["selection"] == ["conv2d_2"], "Tab walks on")
    driver.key("F2")
    driver.widget(name="name-on-card")
    driver.key("ctrl+a")
    driver.type("second")
    driver.picture("naming")
    driver.key("Return")
    driver.until(lambda s: "second" in s["nodes"], "it is renamed")
    driver.key("F1")
    driver.widget(name="help-page")
    driver.picture("help")
    driver.key("Escape")
    driver.until(lambda s: not [w for w in s["widgets"] if w["name"] == "help-page"], "it is gone")

    # Alt-drag leaves a copy.
    start_at = middle(driver, "second")
    # (window managers keep a press with Alt to themselves: it is held once the drag is under way)
    held_drag(driver, start_at, (start_at[0] + 250, start_at[1] + 6), "alt", 1, pressed_first=True)
    driver.until(lambda s: "second_2" in s["nodes"], "a copy stands there")
    driver.key("ctrl+z")
    driver.until(lambda s: "second_2" not in s["nodes"], "and is undone")

    # Ctrl and the right button cut.
    nodes = driver.state["nodes"]
    x, upper = nodes["conv2d"]["outputs"][0]
    lower = nodes["second"]["inputs"][0][1]
    height = (upper + lower) // 2 + 12
    held_drag(driver, (x - 60, height), (x + 60, height + 2), "ctrl", 3)
    driver.until(lambda s: ["conv2d", "second", 0, 0] not in s["edges"], "the wire is cut")
    driver.key("ctrl+z")
    driver.until(lambda s: ["conv2d", "second", 0, 0] in s["edges"], "and is undone")
    assert driver.log() == ""


def test_an_incompatible_wire_is_mended_by_one_key(start: Callable[..., Driver]) -> None:
    driver = start()
    driver.key("ctrl+n")
    driver.until(lambda s: not s["nodes"], "the canvas is empty")
    driver.click(empty_spot(driver, 0.3, 0.1), times=2)
    driver.widget(name="search-popup")
    for line, key in (
        ("input 56x56x64", "ctrl+Return"), ("conv 128 3", "ctrl+Return"), ("add", "Return"),
    ):  # fmt: skip
        driver.type(line)
        driver.key(key)
    driver.until(lambda s: len(s["edges"]) == 2, "a branch stands")
    output = tuple(driver.state["nodes"]["input"]["outputs"][0])
    driver.drag(output, middle(driver, "add"))
    driver.widget(name="repair-offer")
    driver.picture("offer")
    driver.key("Tab")
    time.sleep(0.3)
    driver.picture("next-offer")
    driver.key("Return")
    driver.until(lambda s: not s["problems"], "the network is mended")
    driver.picture("mended")
    assert driver.log() == ""


def held_drag(
    driver: Driver,
    start_at: Point,
    end: Point,
    modifier: str,
    button: int,
    pressed_first: bool = False,
) -> None:
    """A drag with a key held all the while, or from just after the press on."""
    driver.move(start_at)
    presses = [("keydown", modifier), ("mousedown", button)]
    for words in reversed(presses) if pressed_first else presses:
        driver._do(*words)
    try:
        for step in range(1, 11):
            across = start_at[0] + (end[0] - start_at[0]) * step // 10
            down = start_at[1] + (end[1] - start_at[1]) * step // 10
            driver.move((across, down))
            time.sleep(0.03)
        driver.picture(f"held-{modifier}")
    finally:
        driver._do("mouseup", button)
        driver._do("keyup", modifier)
    time.sleep(0.2)
