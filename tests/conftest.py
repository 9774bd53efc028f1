"""What every test stands on: no user's settings touched, no user's screen used."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

SCREEN_SIZE = "1440x900x24"
PATIENCE = 20.0
"""Seconds a server may take to start on a loaded machine."""


def pytest_configure(config: pytest.Config) -> None:
    """Gives the run settings and recent files of its own, in this and in started processes."""
    folder = tempfile.TemporaryDirectory(prefix="resnet-studio-tests-")
    config.add_cleanup(folder.cleanup)
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[variable] = str(Path(folder.name, variable.lower()))


@dataclass(frozen=True, slots=True)
class Screen:
    """A virtual screen with a window manager, for real mouse and keyboard events."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which a program opens its window there."""
        own = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
        return {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"} | own


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """A screen of the tests' own: on the user's, the mouse would run away from the user."""
    if sys.platform != "linux":
        pytest.skip("virtual screens are an affair of X11")
    missing = [name for name in ("Xvfb", "openbox", "xdotool") if not shutil.which(name)]
    if missing:
        pytest.fail(
            f"Not installed: {', '.join(missing)}. “packaging/studio.py test” installs them."
        )
    with ExitStack() as running:
        started = Screen(_start_server(running))
        _start_window_manager(running, started)
        yield started


def _start_server(running: ExitStack) -> str:
    """Starts Xvfb on a free display, which it names itself once it is ready."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN_SIZE, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    running.callback(_end, process)
    os.close(writer)
    with os.fdopen(reader) as answer:
        number = answer.readline().strip()
    if not number:
        pytest.fail("Xvfb ended before it named its display.")
    return f":{number}"


def _start_window_manager(running: ExitStack, screen: Screen) -> None:
    """Starts openbox: without a window manager nothing gives a window the keyboard's focus."""
    process = subprocess.Popen(["openbox"], env=screen.environment, stderr=subprocess.DEVNULL)
    running.callback(_end, process)
    asked = ["xdotool", "get_num_desktops"]
    limit = time.monotonic() + PATIENCE
    while subprocess.run(
        asked, env=screen.environment, capture_output=True, check=False
    ).returncode:
        if time.monotonic() > limit:
            pytest.fail("openbox did not answer.")
        time.sleep(0.05)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
