"""Blocks under a real mouse and keyboard: group, repeat on the card, open in place, library."""

from collections.abc import Callable

import pytest

from tests.gui.real_window.driver import ROOT, Driver, Point
from tests.gui.real_window.test_canvas import middle, settle

pytestmark = pytest.mark.real_window

PARAMETERS = 16_822_760
OF_ONE_COPY = 73_856


@pytest.fixture
def driver(start: Callable[..., Driver]) -> Driver:
    """The document's network, at rest."""
    opened = start(str(ROOT / "resources" / "templates" / "resnet34-notebook.rsnet"))
    opened.until(lambda s: "group_64" in s["nodes"], "the network is there")
    settle(opened)
    return opened


def select(driver: Driver, node: str) -> None:
    driver.click(middle(driver, node))
    driver.until(lambda s: s["selection"] == [node], f"{node} is selected")


def chip(driver: Driver, node: str) -> Point:
    """Where “× 2” stands on the card of a call: upon its upper edge, at the right."""
    (x, top), (_x, y) = driver.state["nodes"][node]["inputs"][0], middle(driver, node)
    unit = (y - top) / 56
    return round(x + 78 * unit), round(top + 4 * unit)


def parameters(count: int) -> Callable[[dict], bool]:
    return lambda state: state["totals"][0] == f"{count:,}"


def test_a_call_comes_out_and_goes_in_again_under_another_name(driver: Driver) -> None:
    select(driver, "group_64")
    driver.key("ctrl+shift+g")
    driver.until(lambda s: "conv_a_2" in s["selection"], "the layers are out")
    driver.key("ctrl+g")
    driver.widget(says="Name of the block")
    driver.picture("group")
    driver.key("ctrl+a")
    driver.type("first_group")
    driver.key("Return")
    driver.until(lambda s: "first_group" in s["nodes"], "the selection is a block")
    assert parameters(PARAMETERS)(driver.state)
    driver.key("ctrl+z", "ctrl+z")
    driver.until(lambda s: "group_64" in s["nodes"], "all is as it was")
    driver.picture("undone")


def test_the_repeat_is_typed_into_the_card(driver: Driver) -> None:
    driver.click(chip(driver, "group_64"))
    driver.widget(name="repeat-on-card")
    driver.picture("spin-box")
    driver.key("Up")
    driver.until(parameters(PARAMETERS + OF_ONE_COPY), "there are three copies")
    driver.key("ctrl+a")
    driver.type("5")
    driver.key("Return")
    driver.until(parameters(PARAMETERS + 3 * OF_ONE_COPY), "there are five copies")
    driver.key("ctrl+z")
    driver.until(parameters(PARAMETERS), "one step brings two back")


def apart(state: dict) -> int:
    """How far below the first group the next block stands on the screen."""
    lower, upper = (state["nodes"][key]["middle"][1] for key in ("double_to_128", "group_64"))
    return int(lower - upper)


def test_a_call_opens_in_its_place(driver: Driver) -> None:
    select(driver, "group_64")
    assert apart(driver.state) < 250
    driver.key("alt+Return")
    driver.until(lambda s: apart(s) > 400, "the others make room")
    settle(driver)
    driver.picture("open")
    assert driver.state["trail"] == []
    driver.key("alt+Return")
    driver.until(lambda s: apart(s) < 250, "it closes")


def test_a_block_is_dragged_from_the_library_into_a_wire(driver: Driver) -> None:
    driver.click(driver.middle(name="palette-search"))
    driver.type("squeeze")
    row = driver.until(
        lambda s: s["palette"].get("squeeze_excitation_block"), "the block is in the palette"
    )
    start = (row[0] + row[2] // 3, row[1] + row[3] // 2)
    top = driver.state["nodes"]["entry_pool"]["outputs"][0]
    end = driver.state["nodes"]["group_64"]["inputs"][0]
    driver.drag(start, ((top[0] + end[0]) // 2, (top[1] + end[1]) // 2))
    driver.until(
        lambda s: ["squeeze_excitation_block", "group_64", 0, 0] in s["edges"],
        "the wire took it in",
    )
    driver.picture("from-library")
