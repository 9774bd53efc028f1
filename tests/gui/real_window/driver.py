"""Drives the program as a person does: its own process, an X server, a real mouse and keyboard.

The driver learns from the probe's file where things are; all it does to the program is to move
the pointer, press buttons and type.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("Xvfb", "openbox", "xdotool", "import")
PATIENCE = 20.0
"""Seconds that the program has for anything, on a machine that is busy otherwise."""

Point = tuple[int, int]
State = dict[str, Any]


def missing_tools() -> list[str]:
    return [name for name in NEEDED if shutil.which(name) is None]


class Display:
    """An X server of its own with a window manager, which gives windows the focus."""

    def __init__(self, folder: Path, size: str = "1440x900", settings: str = "") -> None:
        """``settings`` are those of the window manager, in its own XML."""
        reading, writing = os.pipe()
        self._log = log = (folder / "display.log").open("w")
        screen = ["-screen", "0", f"{size}x24", "-nolisten", "tcp"]
        self._processes = [
            subprocess.Popen(
                ["Xvfb", "-displayfd", str(writing), *screen],
                pass_fds=[writing], stdout=log, stderr=log,
            )
        ]  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"
        env = {**os.environ, "DISPLAY": self.name}
        manager = ["openbox"]
        if settings:
            (folder / "openbox.xml").write_text(settings)
            manager += ["--config-file", str(folder / "openbox.xml")]
        self._processes.append(subprocess.Popen(manager, env=env, stdout=log, stderr=log))

    def close(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait(10)
        self._log.close()


class Driver:
    """The program in its process, and the hands on it."""

    def __init__(self, display: Display, folder: Path, *arguments: str, scale: str = "1") -> None:
        self.folder = folder
        self._probe = folder / "probe.json"
        self._env = {
            **os.environ,
            "DISPLAY": display.name,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": scale,
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "LC_ALL": "C.UTF-8",
            "RESNET_STUDIO_PROBE": str(self._probe),
        }
        self._pictures = 0
        self._scale = int(scale)
        self._log = (folder / "program.log").open("w")
        code = "import sys; from resnet_studio.gui.app import run; sys.exit(run(*sys.argv[1:]))"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=ROOT, env=self._env, stdout=self._log, stderr=self._log,
        )  # fmt: skip
        self.until(lambda s: s["active"], "the window is there and active")

    # What the program shows

    @property
    def state(self) -> State:
        state: State = json.loads(self._probe.read_text(encoding="utf-8"))
        return state

    def until(self, holds: Callable[[State], Any], what: str, patience: float = PATIENCE) -> Any:
        """What ``holds`` gives, as soon as it is something; fails after a while."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended: {self.log()}")
            try:
                found = holds(self.state)
            except (FileNotFoundError, KeyError, IndexError):
                found = None
            if found:
                return found
            time.sleep(0.05)
        self.picture("timeout")
        raise AssertionError(f"in vain waited until {what}; {self.log()}")

    def log(self) -> str:
        return (self.folder / "program.log").read_text()[-3000:]

    def widget(self, **wanted: str) -> State:
        """The widget in sight whose name, text … are these."""
        what = f"there is a widget {wanted}"
        return self.until(lambda state: matching(state, wanted), what)  # type: ignore[no-any-return]

    def has_widget(self, **wanted: str) -> bool:
        return matching(self.state, wanted) is not None

    def middle(self, **wanted: str) -> Point:
        left, top, width, height = self.widget(**wanted)["area"]
        return left + width // 2, top + height // 2

    def picture(self, name: str) -> Path:
        """A picture of the whole screen, numbered in the order of the steps."""
        self._pictures += 1
        path = self.folder / f"{self._pictures:02d}-{name}.png"
        subprocess.run(["import", "-window", "root", str(path)], env=self._env, check=True)
        return path

    # Hands

    def _do(self, *words: object) -> None:
        command = ["xdotool", *map(str, words)]
        subprocess.run(command, env=self._env, check=True, timeout=30)

    def move(self, at: Point) -> None:
        self._do("mousemove", at[0] * self._scale, at[1] * self._scale)

    def click(self, at: Point, button: int = 1, times: int = 1) -> None:
        self.move(at)
        time.sleep(0.1)
        self._do("click", "--repeat", times, "--delay", 60, button)
        time.sleep(0.1)

    def drag(self, start: Point, end: Point) -> None:
        """Presses, moves in steps as a hand does, rests over the goal, lets go."""
        self.move(start)
        time.sleep(0.15)
        self._do("mousedown", 1)
        time.sleep(0.15)
        for step in range(1, 13):
            across = start[0] + (end[0] - start[0]) * step // 12
            down = start[1] + (end[1] - start[1]) * step // 12
            self.move((across, down))
            time.sleep(0.03)
        time.sleep(0.25)
        self.move((end[0] + 1, end[1]))
        time.sleep(0.15)
        self._do("mouseup", 1)
        time.sleep(0.2)

    def key(self, *keys: str) -> None:
        self._do("key", "--clearmodifiers", "--delay", 60, *keys)
        time.sleep(0.1)

    def type(self, text: str) -> None:
        self._do("type", "--delay", 30, "--", text)

    def fill(self, at: Point, text: str) -> None:
        """Replaces what stands in a field."""
        self.click(at)
        self.key("ctrl+a")
        self.type(text)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        self._log.close()


def matching(state: State, wanted: dict[str, str]) -> State | None:
    for widget in state["widgets"]:
        if all(widget[key] == value for key, value in wanted.items()):
            found: State = widget
            return found
    return None
