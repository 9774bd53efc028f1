"""The lock: what it pins, and that it says nothing of where it was made."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

PINS = re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE)


def name_of(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9-]", requirement)[0].lower()


def test_qt_is_below_the_release_that_loses_references():
    versions = [version for name, version in PINS if name == "pyside6-essentials"]
    assert versions
    assert all(tuple(map(int, version.split(".")[:2])) < (6, 12) for version in versions)


def test_every_pin_has_hashes():
    entries = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(PINS)
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_everything_the_project_asks_for_is_pinned():
    asked = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    assert {name_of(requirement) for requirement in asked} - {name for name, _ in PINS} == set()


def test_no_address_is_in_the_lock():
    assert not re.search(r"://|--(extra-)?index-url|--find-links", LOCK)
