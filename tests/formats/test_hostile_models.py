"""Hostile models: each ends in under 10 s and 1 GiB, measured, and is refused in one sentence or
opened as far as it can be understood."""

import itertools
import json
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 10
MOST_BYTES = 2**30

IMAGE = {
    "name": "image",
    "class_name": "InputLayer",
    "config": {"batch_input_shape": [None, 8, 8, 4], "name": "image"},
    "inbound_nodes": [],
}


def layer(name: str, *sources: str, kind: str = "ReLU", **config: Any) -> dict[str, Any]:
    inbound = [[[source, 0, 0, {}] for source in sources]] if sources else []
    return {
        "name": name,
        "class_name": kind,
        "config": {"name": name, **config},
        "inbound_nodes": inbound,
    }


def functional(entries: Iterable[Any], *outputs: str, name: str = "model") -> dict[str, Any]:
    config = {
        "name": name,
        "layers": [IMAGE, *entries],
        "input_layers": [["image", 0, 0]],
        "output_layers": [[output, 0, 0] for output in outputs],
    }
    return {"class_name": "Functional", "config": config}


def text(value: Any) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")

    return make


def archive(*members: tuple[str, bytes]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
            for name, data in members:
                file.writestr(name, data)

    return make


def doubled_member(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        archive(("config.json", b"{}"), ("config.json", b"{}"))(path)


def lying_directory(path: Path) -> None:
    """A member of 300 MB whose entries say 100 bytes."""
    archive(("config.json", b" " * 300_000_000))(path)
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rindex(signature) + at
        data[place : place + 4] = struct.pack("<I", 100)
    path.write_bytes(data)


def overlapping_members(path: Path) -> None:
    """Many entries of the directory that all name one and the same piece of data."""
    archive(("config.json", b" " * 2**20))(path)
    data = path.read_bytes()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry, tail = data[start:end], bytearray(data[end:])
    count = 5000
    struct.pack_into("<HHI", tail, 8, count, count, len(entry) * count)
    path.write_bytes(data[:start] + entry * count + tail)


def sparse(size: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.write(b'{"class_name": "Sequential", "config": [')
            file.truncate(size)

    return make


def hdf5(write: Callable[[h5py.File], None]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with h5py.File(path, "w", libver="latest") as file:
            write(file)

    return make


def attribute(value: Any) -> Callable[[Path], None]:
    return hdf5(lambda file: file.attrs.__setitem__("model_config", value))


GOOD = json.dumps(functional([layer("a", "image")], "a"))


def damaged(seed: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        attribute(GOOD)(path)
        data, chance = bytearray(path.read_bytes()), random.Random(seed)
        for _ in range(30):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        path.write_bytes(data)

    return make


def chain(length: int) -> dict[str, Any]:
    names = ["image", *(f"l{i}" for i in range(length))]
    entries = [layer(b, a) for a, b in itertools.pairwise(names)]
    return functional(entries, names[-1])


def doubling(levels: int) -> dict[str, Any]:
    model = functional([layer("r", "image")], "r")
    for level in range(levels):
        inner = {
            "name": f"m{level}",
            "class_name": "Functional",
            "config": model["config"],
            "inbound_nodes": [[["image", 0, 0, {}]], [[f"m{level}", 1, 0, {}]]],
        }
        model = functional([inner], f"m{level}")
    return model


NAMES = ["a'b", 'a"b', "a\nb", "../../etc/passwd", "/abs", "a\u202eb\u2066", "class", "None",
         "ﬁ", "fi", "x');import os;os.abort()#", '"""', "\ud800", "\0", "", "a" * 100_000,
         "=1", "a:0", "a#1", "\u2028", "{x}", "%s", "__class__"]  # fmt: skip

REFUSED: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "bomb": ("m.keras", archive(("config.json", b" " * 300_000_000)), "larger than"),
    "lying": ("m.keras", lying_directory, "damaged"),
    "members": ("m.keras", archive(*((f"{i:060}", b"") for i in range(40_000))), "far more"),
    "doubled": ("m.keras", doubled_member, "2 times"),
    "overlapping": ("m.keras", overlapping_members, "5000 times"),
    "gigabyte": ("m.json", sparse(2**30), "larger than"),
    "gigabyte-h5": ("m.h5", sparse(2**30), "larger than"),
    "lists": ("m.json", text("[" * 5000 + "]" * 5000), "nested"),
    "objects": ("m.json", text('{"a":' * 5000 + "1" + "}" * 5000), "nested"),
    "models": ("m.json", text('{"class_name":"Sequential","config":[' * 5000 + "]}" * 5000),
               "nested"),
    "digits": ("m.json", text('{"class_name": "S", "config": ' + "9" * 4300 + "}"), "digits"),
    "megadigits": ("m.json", text('{"class_name": "S", "config": ' + "9" * 4_000_000 + "}"),
                   "digits"),
    "nan": ("m.json", text('{"class_name": "S", "config": NaN}'), "NaN"),
    "infinity": ("m.json", text('{"class_name": "S", "config": -Infinity}'), "Infinity"),
    "huge-float": ("m.json", text('{"class_name": "S", "config": 1e999}'), "too large"),
    "keys": ("m.json", text('{"class_name": "S", "config": 1, "config": 2}'), "twice"),
    "layers": ("m.json", text(chain(20_001)), "20,000"),
    "wires": ("m.json", text(functional([layer("a", *["image"] * 100_001, kind="Add")], "a")),
              "100,000"),
    "doubling": ("m.json", text(doubling(15)), "20,000"),
    "int-attribute": ("m.h5", attribute(3), "not a text"),
    "array-attribute": ("m.h5", attribute(np.zeros(1_000_000)), "not a text"),
    "texts-attribute": ("m.h5", attribute(["a", "b"]), "not a text"),
    "empty-attribute": ("m.h5", attribute(h5py.Empty("S10")), "not a text"),
    "compound": ("m.h5", attribute(np.array([(1, 2)], dtype=[("a", "i4"), ("b", "i4")])),
                 "not a text"),
    "50-mb-bytes": ("m.h5", attribute(np.bytes_(b"x" * 50_000_000)), "larger than"),
    "50-mb-text": ("m.h5", attribute("x" * 50_000_000), "larger than"),
    "no-utf8": ("m.h5", attribute(np.bytes_(b"\xff\xfe")), "UTF-16"),
    "weights-only": ("m.h5", hdf5(lambda file: file.create_group("model_weights")),
                     "weights only"),
    "link": ("m.h5", hdf5(lambda file: file.__setitem__(
        "model_config", h5py.ExternalLink("/etc/passwd", "/"))), "weights only"),
}  # fmt: skip

OPENED: dict[str, tuple[str, Callable[[Path], None], set[str]]] = {
    "good-h5": ("m.h5", attribute(GOOD), set()),
    "bytes-h5": ("m.h5", attribute(np.bytes_(GOOD.encode())), set()),
    "external-weights": ("m.h5", hdf5(lambda file: (
        file.attrs.__setitem__("model_config", GOOD),
        file.__setitem__("model_weights", h5py.ExternalLink("/dev/zero", "/")))), set()),
    "cycle": ("m.json", text(functional([layer("a", "b"), layer("b", "a")], "b")), {"cycle"}),
    "self-loop": ("m.json", text(functional([layer("a", "a")], "a")), {"cycle"}),
    "dangling": ("m.json", text(functional([layer("a", "gone"), layer("b", "image")], "b")),
                 {"broken-edge"}),
    "long-chain": ("m.json", text(chain(9_000)), set()),
    "long-list": ("m.json", text(functional(
        [layer("a", "image", kind="Dense", units=[1] * 1_500_000)], "a")), {"invalid-argument"}),
    "many-sizes": ("m.json", text(functional(
        [layer("a", "image", kind="Reshape", target_shape=[1] * 1_000_000)], "a")),
                   {"reshape-mismatch"}),
    "huge-units": ("m.json", text(functional(
        [layer("a", "image", kind="Dense", units=10**17)], "a")), {"invalid-argument"}),
    "one-name": ("m.json", text(functional([layer("a", "image")] * 5_000, "a")),
                 {"duplicate-name"}),
    "unreadable-calls": ("m.json", text(functional(
        [{**layer("a"), "inbound_nodes": [3] * 10_000}], "a")), {"missing-input"}),
    "one-layer-often": ("m.json", text(functional(
        [{**layer("a"), "inbound_nodes": [[["image", 0, 0, {}]]] * 9_000}], "a")), set()),
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What came of each file; all are opened by one process, each in a fork of it."""
    folder = tmp_path_factory.mktemp("hostile")
    files = {}
    for key, (name, make, _) in [*REFUSED.items(), *OPENED.items()]:
        (folder / key).mkdir()
        files[key] = folder / key / name
        make(files[key])
    for key, make in _others().items():
        (folder / key).mkdir()
        files[key] = folder / key / "m.h5"
        make(files[key])
    script = Path(__file__).with_name("hostile_child.py")
    done = subprocess.run(
        [sys.executable, str(script), *map(str, files.values())],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        timeout=400,
        check=True,
    )
    return dict(zip(files, map(json.loads, done.stdout.splitlines()), strict=True))


def _others() -> dict[str, Callable[[Path], None]]:
    named = functional([layer(name, "image") for name in NAMES], *NAMES)
    return {"names": text(named), **{f"damaged-{seed}": damaged(seed) for seed in range(12)}}


def within_bounds(result: dict[str, Any]) -> None:
    assert "crashed" not in result
    assert result["seconds"] < MOST_SECONDS
    assert result["bytes"] < MOST_BYTES


def one_sentence(result: dict[str, Any]) -> str:
    refused: str = result["refused"]
    assert refused.isprintable()
    assert len(refused) < 600
    return refused


@pytest.mark.parametrize("key", REFUSED)
def test_what_is_no_model_is_refused_in_a_sentence(results, key):
    within_bounds(results[key])
    assert REFUSED[key][2] in one_sentence(results[key])


@pytest.mark.parametrize("key", OPENED)
def test_what_can_be_understood_is_kept(results, key):
    within_bounds(results[key])
    assert set(results[key]["codes"]) == OPENED[key][2]
    assert results[key]["saved"]


def test_names_of_any_kind_are_kept_or_told(results):
    within_bounds(results["names"])
    assert results["names"]["nodes"] == len(NAMES) + 1
    assert results["names"]["saved"]
    assert all(note.isprintable() for note in results["names"]["notes"])


@pytest.mark.parametrize("seed", range(12))
def test_damaged_hdf5_never_takes_the_program_with_it(results, seed):
    result = results[f"damaged-{seed}"]
    within_bounds(result)
    if "refused" in result:
        one_sentence(result)
