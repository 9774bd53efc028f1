"""Pictures of the real window for people to look at: scenes at three distances, and moments.

Not a part of any ordinary run, since nothing but the eye can judge them::

    RESNET_STUDIO_PICTURES=/some/folder python -m pytest -m pictures tests/gui/real_window

``-k`` takes a few of them by name.  Each test leaves one picture named as the test is:
``resnet50-far-dark-2x.png``.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resnet_studio.core.fold import fold_all
from resnet_studio.formats import keras_config, native
from tests.gui.real_window.driver import ROOT, Display, Driver, missing_tools
from tests.gui.real_window.test_canvas import hold_and_drag, middle, settle

pytestmark = [pytest.mark.real_window, pytest.mark.pictures]

TEMPLATES = ROOT / "resources" / "templates"
SETTINGS = Path("config", "ResNet Studio", "ResNet Studio.conf")
FRAMES = """<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <theme><name>Breeze-ob</name><titleLayout>LC</titleLayout><keepBorder>no</keepBorder></theme>
  <mouse/>
</openbox_config>
"""
"""Plain frames around dialogs, with nothing but a title and a button that closes."""
SCREENS = {"1": "1440x900", "2": "2880x1800"}
DISTANCES = {"near": 130, "middle": 75, "far": 40}
"""The zoom in per cent at most; from afar the whole network is in sight."""
SCENES = ("notebook", "resnet50", "inside", "mismatch", "vgg16", "mobilenet", "mobilenet-folded")
LOOKS = (("light", "1"), ("dark", "2"), ("dark", "1"), ("light", "2"))

Start = Callable[..., Driver]


@pytest.fixture(scope="module")
def displays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Display]]:
    """A screen for windows drawn at once, and one for twice the size."""
    if missing := missing_tools():
        pytest.fail(f"a real window needs {', '.join(missing)}")
    made = {
        scale: Display(tmp_path_factory.mktemp("display"), size, FRAMES)
        for scale, size in SCREENS.items()
    }
    yield made
    for display in made.values():
        display.close()


@pytest.fixture
def show(displays: dict[str, Display], tmp_path: Path) -> Iterator[Start]:
    """Starts the program on a file, in a theme and a scale, with further settings."""
    started: list[Driver] = []

    def start(file: Path, theme: str, scale: str, **canvas: str) -> Driver:
        settings = tmp_path / SETTINGS
        settings.parent.mkdir(parents=True)
        chosen = "\n".join(f"{name.replace('_', '-')}={value}" for name, value in canvas.items())
        settings.write_text(f"[window]\ntheme={theme}\n\n[canvas]\nmotion=false\n{chosen}\n")
        driver = Driver(displays[scale], tmp_path, str(file), scale=scale)
        started.append(driver)
        driver.until(lambda s: s["nodes"], "the network is there")
        settle(driver)
        return driver

    yield start
    for driver in started:
        driver.close()


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[[Driver, str], None]:
    """Files a picture of what the window holds, with all that stands above it."""
    folder = os.environ.get("RESNET_STUDIO_PICTURES")
    if folder is None:
        pytest.skip("RESNET_STUDIO_PICTURES names the folder for the pictures")

    def keep(driver: Driver, name: str) -> None:
        time.sleep(0.4)
        Path(folder).mkdir(parents=True, exist_ok=True)
        left, top, width, height = (n * driver._scale for n in driver.widget(name="window")["area"])
        inner = ["-crop", f"{width}x{height}+{left}+{top}", "+repage", "-strip"]
        path = driver.picture("kept")
        subprocess.run(["convert", str(path), *inner, f"{folder}/{name}.png"], check=True)
        assert driver.log() == ""

    return keep


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Networks of keras.applications as Keras' JSON."""
    folder = tmp_path_factory.mktemp("flat")
    models = {"mobilenet": "MobileNetV2", "resnet50": "ResNet50"}
    calls = (
        f"print(keras.applications.{model}(weights=None).to_json())" for model in models.values()
    )
    code = "\n".join(["import keras", *calls])
    result = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=300
    )
    written = result.stdout.splitlines()[-len(models) :]
    for model, text in zip(models.values(), written, strict=True):
        (folder / f"{model}.json").write_text(text, encoding="utf-8")
    return {name: folder / f"{model}.json" for name, model in models.items()}


@pytest.fixture(scope="module")
def mobilenet(flat: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """MobileNetV2 as Keras' JSON, and what folding makes of it."""
    folded = tmp_path_factory.mktemp("mobilenet") / "MobileNetV2.rsnet"
    native.save(fold_all(keras_config.load(flat["mobilenet"]).document), folded)
    return {"mobilenet": flat["mobilenet"], "mobilenet-folded": folded}


# Scenes


def open_scene(show: Start, request: pytest.FixtureRequest, scene: str, *look: str) -> Driver:
    if scene.startswith("mobilenet"):
        return show(request.getfixturevalue("mobilenet")[scene], *look)
    names = {"notebook": "resnet34-notebook", "inside": "resnet34-notebook"}
    names["mismatch"] = "doubling-mismatch"
    driver = show(TEMPLATES / f"{names.get(scene, scene)}.rsnet", *look)
    if scene == "inside":
        driver.click(middle(driver, "group_64"), times=2)
        driver.until(lambda s: "conv_a" in s["nodes"], "the block is entered")
        settle(driver)
    if scene == "mismatch":
        rest_on_repair(driver)
    return driver


def rest_on_repair(driver: Driver) -> None:
    """The pointer upon the first repair: the canvas shows what it would bring."""
    button = driver.widget(kind="RepairButton")
    left, top, width, height = button["area"]
    driver.move((left + width // 2, top + height // 2))
    time.sleep(0.5)


def zoom(driver: Driver) -> int:
    labels = [w["text"] for w in driver.state["widgets"] if w["kind"] == "QLabel"]
    return next(int(text[:-1]) for text in labels if re.fullmatch(r"\d+%", text))


def stand_at(driver: Driver, distance: str) -> None:
    if distance == "far":
        driver.key("f")
        time.sleep(0.4)
        zoom_out(driver, DISTANCES[distance])
    else:
        zoom_to(driver, DISTANCES[distance])


def zoom_to(driver: Driver, wanted: int) -> None:
    """Steps to the nearest zoom that is no larger than wanted."""
    step(driver, "ctrl+plus", lambda now: now * 1.25 > wanted)
    zoom_out(driver, wanted)


def zoom_out(driver: Driver, most: int) -> None:
    step(driver, "ctrl+minus", lambda now: now <= most)


def step(driver: Driver, key: str, there: Callable[[int], bool]) -> None:
    for _ in range(20):
        if there(zoom(driver)):
            return
        driver.key(key)
        time.sleep(0.25)


def look(scene: str, distance: str) -> tuple[str, str]:
    """Each scene comes in both themes and at both scales."""
    return LOOKS[(SCENES.index(scene) + list(DISTANCES).index(distance)) % len(LOOKS)]


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("scene", SCENES)
def test_scene(show: Start, keep, request, scene: str, distance: str) -> None:
    theme, scale = look(scene, distance)
    driver = open_scene(show, request, scene, theme, scale)
    stand_at(driver, distance)
    keep(driver, f"{scene}-{distance}-{theme}-{scale}x")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["resnet50", "mobilenet"])
def test_in_columns(show: Start, keep, flat: dict[str, Path], name: str, theme: str) -> None:
    """A long network without blocks, whole."""
    driver = show(flat[name], theme, "1")
    driver.key("ctrl+shift+l")
    time.sleep(2)
    settle(driver)
    keep(driver, f"columns-{name}-{theme}-1x")


# Moments


def focus(state: dict) -> str:
    """The kind of the widget that has the keys."""
    return next((w["kind"] for w in state["widgets"] if w["focus"]), "")


def notebook(show: Start, theme: str, scale: str, **canvas: str) -> Driver:
    return show(TEMPLATES / "resnet34-notebook.rsnet", theme, scale, **canvas)


@pytest.mark.parametrize(("theme", "scale"), [("light", "1"), ("dark", "2")])
def test_search_to_add(show: Start, keep, theme: str, scale: str) -> None:
    driver = notebook(show, theme, scale)
    x, y = driver.state["nodes"]["entry_pool"]["middle"]
    driver.click((x + 220, y - 30), times=2)
    driver.widget(name="search-popup")
    driver.type("conv 64")
    keep(driver, f"search-to-add-{theme}-{scale}x")


@pytest.mark.parametrize(("theme", "scale"), [("dark", "1"), ("light", "2")])
def test_wire_in_hand(show: Start, keep, theme: str, scale: str) -> None:
    """What leading a wire past the pooling layer would bring, told before it is let go."""
    driver = notebook(show, theme, scale)
    nodes = driver.state["nodes"]
    start, end = nodes["entry_conv"]["outputs"][0], nodes["group_64"]["inputs"][0]
    driver.move(tuple(start))
    time.sleep(0.2)
    driver._do("mousedown", 1)
    for step in range(1, 13):
        across = start[0] + (end[0] - start[0]) * step // 12
        driver.move((across, start[1] + (end[1] - start[1]) * step // 12))
        time.sleep(0.04)
    time.sleep(0.8)
    keep(driver, f"wire-in-hand-{theme}-{scale}x")
    driver.key("Escape")
    driver._do("mouseup", 1)


@pytest.mark.parametrize(("theme", "scale"), [("light", "1"), ("dark", "1")])
def test_group_dialog(show: Start, keep, theme: str, scale: str) -> None:
    driver = notebook(show, theme, scale)
    driver.click(middle(driver, "group_64"))
    driver.key("ctrl+shift+g")
    driver.until(lambda s: "conv_a_2" in s["selection"], "the layers are out")
    driver.key("ctrl+g")
    driver.widget(says="Name of the block")
    keep(driver, f"group-dialog-{theme}-{scale}x")


@pytest.mark.parametrize(("theme", "scale"), [("light", "2"), ("dark", "1")])
def test_frame(show: Start, keep, theme: str, scale: str) -> None:
    driver = notebook(show, theme, scale)
    driver.click(middle(driver, "entry_conv"))
    driver.until(lambda s: s["selection"] == ["entry_conv"], "a layer is selected")
    driver._do("keydown", "shift")
    driver.click(middle(driver, "entry_pool"))
    driver._do("keyup", "shift")
    driver.until(lambda s: len(s["selection"]) == 2, "two are")
    driver.key("ctrl+j")
    time.sleep(0.3)
    driver.type("Entry: four times smaller before the first block")
    driver.key("Return")
    keep(driver, f"frame-{theme}-{scale}x")


@pytest.mark.parametrize(("theme", "scale"), [("dark", "2"), ("light", "1")])
def test_finder(show: Start, keep, theme: str, scale: str) -> None:
    driver = notebook(show, theme, scale)
    driver.key("ctrl+f")
    driver.until(lambda s: focus(s) == "Field", "one can type")
    driver.type("conv")
    keep(driver, f"finder-{theme}-{scale}x")


def test_commands(show: Start, keep) -> None:
    driver = notebook(show, "light", "1")
    driver.key("ctrl+shift+p")
    driver.until(lambda s: focus(s) == "Field", "one can type")
    driver.type("zoom")
    keep(driver, "commands-light-1x")


@pytest.mark.parametrize(("distance", "theme", "scale"), [
    ("near", "light", "1"), ("middle", "dark", "2"), ("far", "light", "1"), ("far", "dark", "1"),
])  # fmt: skip
def test_feature_maps(show: Start, keep, distance: str, theme: str, scale: str) -> None:
    name = "vgg16" if distance == "near" else "resnet50"
    driver = show(TEMPLATES / f"{name}.rsnet", theme, scale, feature_maps="true")
    stand_at(driver, distance)
    keep(driver, f"feature-maps-{distance}-{theme}-{scale}x")


def test_maps_of_a_flat_network(show: Start, keep, request) -> None:
    driver = show(request.getfixturevalue("mobilenet")["mobilenet"], "light", "2",
                  feature_maps="true")  # fmt: skip
    zoom_to(driver, 30)
    keep(driver, "feature-maps-flat-light-2x")


@pytest.mark.parametrize(("theme", "scale"), [("light", "1"), ("dark", "2")])
def test_opened_in_place(show: Start, keep, theme: str, scale: str) -> None:
    driver = notebook(show, theme, scale, cost="parameters")
    driver.click(middle(driver, "group_64"))
    driver.key("alt+Return")
    time.sleep(0.5)
    keep(driver, f"opened-in-place-{theme}-{scale}x")


def test_panned_with_minimap(show: Start, keep) -> None:
    driver = show(TEMPLATES / "resnet50.rsnet", "dark", "1")
    left, top, _width, height = driver.state["canvas"]
    hold_and_drag(driver, 2, (left + 60, top + height - 40), (left + 60, top + 40))
    settle(driver)
    keep(driver, "minimap-dark-1x")


def test_a_layer_selected(show: Start, keep) -> None:
    driver = notebook(show, "light", "1")
    driver.click(middle(driver, "entry_conv"))
    driver.until(lambda s: s["selection"] == ["entry_conv"], "it is selected")
    keep(driver, "selected-light-1x")
