"""The worker's pipes: time limits, cancelling, and every way in which a process can end."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.analysis import analyse
from resnet_studio.keras_process.client import verify, verify_code
from resnet_studio.keras_process.process import Cancelled, Raised, WorkerError, WorkerProcess
from tests.core.networks import tiny

ECHO = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    params = request["params"]
    {body}
    print(json.dumps({{"id": request["id"], "result": params}}), flush=True)
"""


def pretender(body: str = "pass") -> WorkerProcess:
    """A process that speaks the protocol, does ``body`` with each request, and starts at once."""
    return WorkerProcess([sys.executable, "-c", ECHO.format(body=body)])


def test_one_process_answers_many_requests() -> None:
    with pretender() as process:
        assert process.request("any", {"a": "“é\u2028\ud800"}, 10) == {"a": "“é\u2028\ud800"}
        first = process.pid
        assert process.request("any", {"a": "x" * 1_000_000}, 10)["a"] == "x" * 1_000_000
        assert process.pid == first


def test_it_ends_with_the_context_and_leaves_no_folder() -> None:
    with pretender(
        "print(json.dumps({'id': request['id'], 'progress': __import__('os').getcwd()}))"
    ) as p:
        folders: list[str] = []
        p.request("any", {}, 10, progress=folders.append)
        pid = p.pid
        assert folders
        assert Path(folders[0]).is_dir()
    assert not Path(folders[0]).exists()
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_time_limit() -> None:
    with pretender("__import__('time').sleep(60)") as process:
        begun = time.monotonic()
        with pytest.raises(WorkerError, match=r"did not finish within 0\.3 seconds"):
            process.request("any", {}, 0.3)
        assert time.monotonic() - begun < 5
        assert not process.running


def test_cancelling_ends_the_process() -> None:
    with pretender("__import__('time').sleep(60)") as process:
        asked = threading.Event()
        threading.Timer(0.2, asked.set).start()
        with pytest.raises(Cancelled):
            process.request("any", {}, 60, cancel=asked.is_set)
        assert not process.running
        with pytest.raises(Cancelled):
            process.request("any", {}, 60, cancel=asked.is_set)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("sys.exit(7)", r"ended unexpectedly \(exit code 7\)"),
        ("__import__('os').abort()", r"crashed \(SIGABRT\)"),
        ("__import__('os').kill(__import__('os').getpid(), 9)", "memory ran out"),
        ("raise ModuleNotFoundError(\"No module named 'keras'\")", "Keras is not installed"),
    ],
)
def test_each_way_to_die_is_one_sentence(body: str, sentence: str) -> None:
    with pretender(f"print('last words', file=sys.stderr, flush=True); {body}") as process:
        with pytest.raises(WorkerError, match=sentence) as raised:
            process.request("any", {}, 20)
        assert "\n" not in str(raised.value)
        assert "last words" in raised.value.details


def test_after_a_death_the_next_request_starts_another() -> None:
    with pretender("params.get('die') and sys.exit(1)") as process:
        with pytest.raises(WorkerError):
            process.request("any", {"die": True}, 20)
        assert process.request("any", {"die": False}, 20) == {"die": False}


def test_a_program_that_is_not_there() -> None:
    with (
        WorkerProcess(["/nowhere/python"]) as process,
        pytest.raises(WorkerError, match="cannot be started"),
    ):
        process.request("any", {}, 5)


def test_lines_that_are_no_answers_end_in_a_sentence() -> None:
    with (
        pretender("print('rubbish', flush=True)") as process,
        pytest.raises(WorkerError, match="did not answer in its own language"),
    ):
        process.request("any", {}, 5)


@pytest.mark.tensorflow
def test_an_unknown_request(worker: WorkerProcess) -> None:
    with pytest.raises(Raised, match="KeyError"):
        worker.request("no such thing", {}, 60)


@pytest.mark.tensorflow
def test_killed_while_it_builds() -> None:
    """As the kernel does when memory runs out."""
    code = "import time\ndef build_model():\n    time.sleep(60)\n"
    with WorkerProcess() as process:

        def kill(text: str) -> None:
            if text == "building the network" and process.pid is not None:
                threading.Timer(0.2, os.kill, (process.pid, signal.SIGKILL)).start()

        with pytest.raises(WorkerError, match="memory ran out"):
            verify_code(code, analyse(tiny()), progress=kill, worker=process)


@pytest.mark.tensorflow
def test_a_crash_in_the_forward_pass_keeps_the_comparison() -> None:
    """TensorFlow aborts on some networks that Keras builds; here the code does so itself."""
    analysis = analyse(tiny())
    from resnet_studio.formats.keras_code import write

    crash = """
import os

def crashing(build):
    def build_and_arm():
        model = build()
        model.layers[-1].call = lambda *args, **kwargs: os.abort()
        return model
    return build_and_arm

build_model = crashing(build_model)
"""
    with WorkerProcess() as process:
        report = verify_code(write(analysis) + crash, analysis, worker=process)
    assert report.identical
    assert "the process for Keras crashed (SIGABRT)" in report.forward_error


@pytest.mark.tensorflow
def test_progress_is_told_and_nothing_is_left_in_the_users_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    told: list[str] = []
    assert verify(analyse(tiny()), progress=told.append).identical
    assert told == [
        "starting Keras",
        "building the network",
        "comparing every layer",
        "running one sample through the network",
    ]
    assert os.listdir(tmp_path) == []


@pytest.mark.tensorflow
def test_it_ends_when_its_input_does() -> None:
    """So that no worker outlives a window that crashed."""
    process = WorkerProcess()
    process.request("hello", {}, 120)
    inner: Any = process._process
    inner.stdin.close()
    assert inner.wait(timeout=20) == 0
    process.close()
