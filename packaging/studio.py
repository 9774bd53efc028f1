#!/usr/bin/env python3
"""Sets ResNet Studio up and starts it, on a machine that has nothing but Python.

    python3 packaging/studio.py run [FILE]     open the window
    python3 packaging/studio.py test [ARGS…]   run the tests (ARGS go to pytest)
    python3 packaging/studio.py check          format, lint, types, import contracts and tests
    python3 packaging/studio.py lock           renew packaging/requirements.lock

What is missing is installed first, into ``.venv`` beside this folder; the second time there is
nothing to do.  Only the standard library is used here, and nothing newer than Python 3.7 before
the version is checked.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "studio-stamp.txt"
LOCK = ROOT / "packaging" / "requirements.lock"

OLDEST, NEWEST = (3, 11), (3, 13)
"""The Pythons that TensorFlow has wheels for."""

# Debian's package of each shared library that Qt loads and its wheel does not bring.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
WINDOW_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
}
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "openbox": "openbox",
    "xclip": "xclip",
    "dot": "graphviz",
}
TEMPLATE = "resnet34-notebook"


class Stop(Exception):
    """What is to be told before stopping with exit code 1."""


def main(argv: list[str]) -> int:
    """Sets up what the command needs and does it; returns the exit code."""
    arguments, more = _arguments(argv)
    if more and arguments.command != "test":
        raise Stop(f"“{more[0]}” means nothing to “{arguments.command}”; see --help.")
    if arguments.command == "lock":
        return lock()
    check_python()
    install_libraries(for_tests=arguments.command in ("test", "check"))
    make_environment()
    if arguments.command == "test":
        return run(tests(more))
    if arguments.command == "check":
        return check()
    return open_window(arguments.file)


def _arguments(argv: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="studio.py", description="Sets ResNet Studio up in .venv and starts it."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("run", help="open the window")
    start.add_argument("file", nargs="?", help="a .rsnet file; the notebook's network without one")
    commands.add_parser("test", help="run the tests; more arguments go to pytest", add_help=False)
    commands.add_parser("check", help="format, lint, types, import contracts and tests")
    commands.add_parser("lock", help="renew packaging/requirements.lock (needs uv)")
    return parser.parse_known_args(argv)


# --- what there must be ---------------------------------------------------------------------


def check_python() -> None:
    """Stops where no wheel of TensorFlow would fit this Python."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise Stop(
            "ResNet Studio needs Python 3.11, 3.12 or 3.13; this is Python {}.{} ({}). Start it "
            "with another, for example: python3.12 packaging/studio.py run".format(
                *sys.version_info[:2], sys.executable
            )
        )


def install_libraries(*, for_tests: bool) -> None:
    """Installs the shared libraries that Qt needs on Linux, or says how."""
    if sys.platform != "linux":
        return
    missing = missing_packages(for_tests=for_tests)
    if missing:
        apt_install(missing)
        still = missing_packages(for_tests=for_tests)
        if still:
            raise Stop("Still missing after the installation: {}.".format(" ".join(still)))


def missing_packages(*, for_tests: bool) -> list[str]:
    """The Debian packages without which Qt, or the tests of real windows, would not start."""
    libraries = dict(QT_LIBRARIES)
    if for_tests or has_display():
        libraries.update(WINDOW_LIBRARIES)
    missing = [package for library, package in libraries.items() if not loads(library)]
    if for_tests:
        missing += [package for name, package in TEST_PROGRAMS.items() if not shutil.which(name)]
    return missing


def loads(library: str) -> bool:
    """Whether the dynamic linker finds a shared library."""
    # In a process of its own: a loader's cache of this process is not renewed by an installation.
    probe = f"import ctypes; ctypes.CDLL({library!r})"
    try:
        ctypes.CDLL(library)
    except OSError:
        done = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False)
        return done.returncode == 0
    return True


def apt_install(packages: list[str]) -> None:
    """Installs Debian packages as root; otherwise stops with the line that does it."""
    line = "apt-get install --no-install-recommends " + " ".join(packages)
    if not shutil.which("apt-get"):
        raise Stop(
            "Some libraries are missing and there is no apt-get to install them. Install what "
            "your system calls these Debian packages: {}.".format(" ".join(packages))
        )
    if os.geteuid() != 0:
        raise Stop(
            "Some system packages are missing. Install them and start again:\n  sudo " + line
        )
    say("Installing system packages: {}".format(" ".join(packages)))
    # A fresh machine has no package lists, one in use may have old ones.
    if not (_apt(["apt-get", "update", "-q"]) and _apt([*line.split(), "-y", "-q"])):
        raise Stop(f"“{line}” failed; its own words stand above.")


def _apt(command: list[str]) -> bool:
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


# --- the environment ------------------------------------------------------------------------


def make_environment() -> None:
    """Makes ``.venv`` with exactly what the lock names; does nothing where it is that already."""
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    started = time.monotonic()
    say("Setting up .venv (once; some 300 MB are fetched)")
    make_venv()
    # Compiled below, on all cores at once. Said twice, "quiet" leaves errors alone.
    pip = [python(), "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-compile"]
    say("  packages, each checked against its hash")
    must([*pip, "--no-deps", "--require-hashes", "-r", str(LOCK)], "fetch the packages")
    say("  ResNet Studio itself")
    itself = [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    must(itself, "install the project")
    say("  compiling, so that the first start is not slower than the others")
    # Some packages carry files for other Pythons, so the exit code says nothing.
    packages = [python(), "-m", "compileall", "-q", "-j", "0", str(VENV)]
    subprocess.run(packages, capture_output=True, check=False)
    STAMP.write_text(wanted, encoding="utf-8")
    say(f"Ready after {time.monotonic() - started:.0f} s")


def fingerprint() -> str:
    """Everything that an environment depends on, as one line."""
    digest = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes())
    return f"{ROOT} {platform.python_version()} {platform.machine()} {digest.hexdigest()}"


def make_venv() -> None:
    """Makes an empty ``.venv``, with what Debian keeps in a package of its own if need be."""
    if VENV.exists():
        shutil.rmtree(VENV)
    try:
        import ensurepip  # noqa: F401 - only whether it is there
    except ImportError:
        if not shutil.which("apt-get"):
            raise Stop("This Python has no “ensurepip”; install its venv package.") from None
        apt_install(["python{}.{}-venv".format(*sys.version_info[:2])])
    must([sys.executable, "-m", "venv", str(VENV)], "make .venv")


def python() -> str:
    """The environment's interpreter."""
    windows = sys.platform == "win32"
    return str(VENV / ("Scripts/python.exe" if windows else "bin/python"))


# --- the commands ---------------------------------------------------------------------------


def open_window(file: str | None) -> int:
    """Opens the window; without a display does the same network's work without one."""
    if not has_display():
        return work_without_window(file)
    return run([python(), "-m", "resnet_studio", *([file] if file else [])])


def has_display() -> bool:
    """Whether a window can be shown."""
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    return sys.platform != "linux" or bool(named or chosen)


def work_without_window(file: str | None) -> int:
    """Exports and verifies the network, and says how the window is to be had."""
    say("There is no display here, so the network is exported and verified instead.")
    studio = [python(), "-m", "resnet_studio"]
    with tempfile.TemporaryDirectory() as folder:
        network = file or str(Path(folder, f"{TEMPLATE}.rsnet"))
        code = str(Path.cwd() / Path(network).with_suffix(".py").name)
        steps = [] if file else [[*studio, "new", "--template", TEMPLATE, "-o", network]]
        # Code beside a file of the user's own is not written over.
        if Path(code).exists():
            code = str(Path(folder, "network.py"))
        steps += [[*studio, "export", network, "-o", code], [*studio, "verify", network]]
        for step in steps:
            say("$ resnet-studio " + " ".join(step[3:]))
            failed = run(step)
            if failed:
                return failed
        if not code.startswith(folder):
            say(f"\nThe Keras code is in {code}")
    say(
        "To get the window: start this on a desktop, over “ssh -X”, or on a virtual screen with\n"
        "  xvfb-run python3 packaging/studio.py run"
    )
    return 0


def tests(chosen: list[str]) -> list[str]:
    """The command for the tests: all of them on several cores, or what the arguments choose."""
    # A file to one process: its tests share windows and models. Each process holds a TensorFlow.
    parallel = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
    return [python(), "-m", "pytest", *(chosen or parallel)]


def check() -> int:
    """Every check of the project, all of them even where one fails."""
    tools = Path(python()).parent
    checks = {
        "format": [tools / "ruff", "format", "--check", "--quiet", "."],
        "lint": [tools / "ruff", "check", "--quiet", "."],
        "types": [python(), "-m", "mypy"],
        "import contracts": [tools / "lint-imports"],
        "tests": tests([]),
    }
    results = {}
    for name, command in checks.items():
        say(f"== {name}")
        results[name] = run([str(part) for part in command])
    failed = [name for name, code in results.items() if code]
    say("All checks passed." if not failed else "Failed: {}.".format(", ".join(failed)))
    return 1 if failed else 0


def lock() -> int:
    """Renews the lock: the newest versions that pyproject.toml allows, for every platform."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(python()).parent))
    if not uv:
        raise Stop("“lock” needs uv (pip install uv).")
    must([uv, "lock", "--upgrade", "--quiet"], "resolve the versions")
    export = [
        uv,
        "export",
        "--frozen",
        "--all-groups",
        "--no-emit-project",
        "--no-header",
        "--quiet",
    ]
    must([*export, "--format", "requirements-txt", "-o", str(LOCK)], "write the lock")
    # It names the registry that it was made with.
    (ROOT / "uv.lock").unlink()
    say(f"Wrote {LOCK.relative_to(ROOT)}")
    return 0


# --- helpers --------------------------------------------------------------------------------


def say(text: str) -> None:
    """Shows progress at once, also where the output goes to a file."""
    print(text, flush=True)


def run(command: list[str]) -> int:
    """Runs a command from the checkout, with its output in sight; returns its exit code."""
    try:
        return subprocess.run(command, cwd=_where(command), check=False).returncode
    except KeyboardInterrupt:
        return 130


def _where(command: list[str]) -> Path | None:
    """A user's own file is named from where the user stands; tools work on the checkout."""
    return None if "resnet_studio" in command else ROOT


def must(command: list[str], purpose: str) -> None:
    """Runs a command that everything after it depends on."""
    code = run(command)
    if code:
        raise Stop(f"Could not {purpose} (“{Path(command[0]).name}” ended with {code}); see above.")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"studio.py: {stop}", file=sys.stderr)
        sys.exit(1)
