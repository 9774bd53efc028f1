"""A panel dragged out of the window: it is there, and painted, after the next start."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage

from tests.gui.real_window.driver import Driver, State

pytestmark = pytest.mark.real_window


def _panel(driver: Driver, name: str) -> State:
    return driver.widget(name=f"dock-{name}")


def _colours(driver: Driver, area: list[int]) -> int:
    """How many colours the screen shows in an area: a blank one has a single one."""
    left, top, width, height = area
    image = QImage(str(driver.picture("floating")))
    seen = {image.pixel(left + x, top + y) for x in range(0, width, 3) for y in range(0, height, 3)}
    return len(seen)


@pytest.mark.parametrize("name", ["inspector", "palette"])
def test_a_panel_dragged_out_is_whole_after_the_next_start(
    start: Callable[..., Driver], name: str
) -> None:
    driver = start()
    driver.until(lambda s: s["nodes"], "the network is shown")
    left, top, *_ = _panel(driver, name)["area"]
    across, down, width, height = driver.state["canvas"]
    driver.drag((left + 60, top + 20), (across + width // 2, down + height // 3))
    driver.until(
        lambda s: any(w["name"] == f"dock-{name}" == w["window"] for w in s["widgets"]),
        "the panel is a window of its own",
    )
    driver.key("ctrl+q")
    assert driver.process.wait(20) == 0

    again = start()
    again.until(lambda s: s["nodes"], "the network is shown")
    assert _panel(again, name)["window"] == f"dock-{name}"
    assert _colours(again, _panel(again, name)["area"]) > 20
