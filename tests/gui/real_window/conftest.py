"""A display and a program of its own for each test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gui.real_window.driver import Display, Driver, missing_tools


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Display]:
    missing = missing_tools()
    if missing:
        if os.environ.get("CI"):
            pytest.fail(f"a real window needs {', '.join(missing)}")
        pytest.skip(f"a real window needs {', '.join(missing)}")
    made = Display(tmp_path_factory.mktemp("display"))
    yield made
    made.close()


@pytest.fixture
def start(display: Display, tmp_path: Path) -> Iterator[Callable[..., Driver]]:
    """Starts the program with arguments, its settings and pictures in the test's own folder."""
    started: list[Driver] = []

    def start(*arguments: str, scale: str = "1") -> Driver:
        folder = Path(os.environ.get("RESNET_STUDIO_PICTURES", tmp_path))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "probe.json").unlink(missing_ok=True)
        driver = Driver(display, folder, *arguments, scale=scale)
        started.append(driver)
        return driver

    yield start
    for driver in started:
        driver.close()
