"""Starting on a file, on a broken one, at twice the scale; ending with and without changes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gui.real_window.driver import Driver, matching

pytestmark = pytest.mark.real_window


def test_it_opens_on_the_notebooks_network_and_quits(start: Callable[..., Driver]) -> None:
    driver = start()
    driver.until(lambda s: s["totals"][0] == "16,822,760", "the notebook's network is open")
    driver.picture("start")
    driver.key("ctrl+q")
    assert driver.process.wait(20) == 0
    assert driver.log() == ""


def test_a_broken_file_is_told_in_the_window(start: Callable[..., Driver], tmp_path: Path) -> None:
    broken = tmp_path / "broken.rsnet"
    broken.write_text('{"format": "resnet-studio/1", "network": {"nodes": [')
    driver = start(str(broken))
    told = driver.until(
        lambda s: [w["text"] for w in s["widgets"] if "cannot be opened" in w["text"]],
        "the message is there",
    )
    assert told[0].startswith("“broken.rsnet” cannot be opened: line 1:")
    assert driver.log() == ""


def test_changes_are_asked_about_before_the_end(start: Callable[..., Driver]) -> None:
    driver = start()
    driver.fill(driver.middle(name="palette-search"), "dropout")
    driver.key("Return")
    driver.until(lambda s: "dropout" in s["nodes"], "a Dropout is on the canvas")
    driver.key("ctrl+q")
    driver.widget(name="unsaved-guard")
    driver.picture("guard")
    driver.key("Escape")
    driver.until(lambda s: not matching(s, {"name": "unsaved-guard"}), "the question is gone")
    driver.key("ctrl+q")
    driver.widget(name="unsaved-guard")
    driver.click(driver.middle(text="Discard"))
    assert driver.process.wait(20) == 0


def test_everything_is_in_its_place_at_twice_the_scale(start: Callable[..., Driver]) -> None:
    driver = start(scale="2")
    row = driver.until(lambda s: s["palette"].get("Conv2D"), "the palette is there")
    driver.click((row[0] + 40, row[1] + row[3] // 2), times=2)
    driver.until(lambda s: s["selection"] == ["conv2d"], "a Conv2D was added and selected")
    driver.picture("twice")
