"""A worker process and the pipes to it: requests, time limits, cancelling, what a crash meant.

Free of Qt and of Keras.  Every call blocks, so a window makes them on a thread of its own (see
``client``); ``cancel`` is asked twenty times a second, and whatever happens to the process the
call ends.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

Progress = Callable[[str], None]
Cancel = Callable[[], bool]

MODULE = "resnet_studio.keras_process.worker"
_TICK = 0.05
_STDERR_LINES = 60


class WorkerError(RuntimeError):
    """The worker could not do what it was asked; one sentence, and ``details`` from stderr."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details


class Cancelled(WorkerError):
    """The caller asked to stop; the process was ended."""


class Raised(WorkerError):
    """An exception inside the worker: ``kind`` is its class, the process lives on."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind, self.message = kind, message


class WorkerProcess:
    """Starts the worker with the first request, and again after it was killed.

    Use as a context manager, or call ``close``.
    """

    def __init__(self, command: list[str] | None = None) -> None:
        self.command = command or worker_command()
        self._process: subprocess.Popen[bytes] | None = None
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._home: tempfile.TemporaryDirectory[str] | None = None
        self._last_id = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def close(self) -> None:
        """Ends the process, whatever it is doing, and removes its temporary folder."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
        if self._home is not None:
            self._home.cleanup()
            self._home = None

    def request(
        self,
        method: str,
        params: Mapping[str, Any],
        timeout: float,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> dict[str, Any]:
        """The worker's answer.

        Raises Raised for an exception inside it, Cancelled when ``cancel()`` is true, and
        WorkerError when the process ends or takes longer than ``timeout`` seconds; in these
        two cases it is gone and the next request starts another.
        """
        if cancel is not None and cancel():
            raise Cancelled("cancelled")
        if not self.running:
            self.close()
            self._start()
        self._last_id += 1
        self._send({"id": self._last_id, "method": method, "params": params})
        return self._await(time.monotonic() + timeout, timeout, progress, cancel)

    def _await(
        self, deadline: float, timeout: float, progress: Progress | None, cancel: Cancel | None
    ) -> dict[str, Any]:
        while True:
            if cancel is not None and cancel():
                self.close()
                raise Cancelled("cancelled")
            if time.monotonic() > deadline:
                self.close()
                raise WorkerError(f"Keras did not finish within {timeout:g} seconds", self.details)
            try:
                message = self._inbox.get(timeout=_TICK)
            except queue.Empty:
                continue
            if message is not None and "progress" in message:
                if progress is not None:
                    progress(message["progress"])
                continue
            return self._result(message)

    def _result(self, message: dict[str, Any] | None) -> dict[str, Any]:
        """The result that a message brings; raises what else it tells."""
        if message is None:
            raise self._ended()
        if message.get("id") != self._last_id:
            self.close()
            raise WorkerError("the process for Keras did not answer in its own language")
        if "error" in message:
            raise Raised(message["error"]["type"], message["error"]["message"])
        result: dict[str, Any] = message["result"]
        return result

    @property
    def details(self) -> str:
        """The last lines that the worker, or what ran in it, wrote to standard error."""
        return "\n".join(self._stderr)

    def _ended(self) -> WorkerError:
        assert self._process is not None
        code = self._process.wait()
        threading.Event().wait(_TICK)  # the last lines of stderr arrive on another thread
        details = self.details
        self.close()
        return WorkerError(_why(code, details), details)

    # Starting

    def _start(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="resnet-studio-")
        self._inbox = queue.Queue()
        self._stderr = deque(maxlen=_STDERR_LINES)
        try:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._home.name,
                env=_environment(self._home.name),
            )
        except OSError as error:
            self.close()
            raise WorkerError(f"the process for Keras cannot be started: {error}") from None
        self._listen(self._process.stdout, _receive, self._inbox)
        self._listen(self._process.stderr, _collect, self._stderr)

    @staticmethod
    def _listen(pipe: IO[bytes] | None, read: Callable[..., None], into: Any) -> None:
        threading.Thread(target=read, args=(pipe, into), daemon=True).start()

    def _send(self, message: Mapping[str, Any]) -> None:
        """Written on a thread: a process that does not read must not block the caller."""
        assert self._process is not None
        data = json.dumps(message).encode() + b"\n"
        threading.Thread(target=_write, args=(self._process.stdin, data), daemon=True).start()


def _write(pipe: IO[bytes], data: bytes) -> None:
    # A process that is gone is noticed where its answer is awaited.
    with contextlib.suppress(OSError, ValueError):
        pipe.write(data)
        pipe.flush()


def _receive(pipe: IO[bytes], inbox: "queue.Queue[dict[str, Any] | None]") -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in pipe:
            inbox.put(_parsed(line))
    inbox.put(None)


def _parsed(line: bytes) -> dict[str, Any]:
    """The message of a line; an empty one, which answers nothing, where it is no JSON object."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _collect(pipe: IO[bytes], lines: "deque[str]") -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in pipe:
            lines.append(line.decode(errors="replace").rstrip())


def worker_command() -> list[str]:
    """How to start the worker: with this Python, or with the frozen program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--keras-worker"]
    return [sys.executable, "-m", MODULE]


def _environment(home: str) -> dict[str, str]:
    """Quiet, on the processor, and without a trace in the user's folders."""
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "KERAS_BACKEND": "tensorflow",
        "KERAS_HOME": home,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


def _why(code: int, details: str) -> str:
    """One sentence for a process that ended before it answered."""
    if "No module named 'keras'" in details or "No module named 'tensorflow'" in details:
        return "Keras is not installed for this Python; install keras and tensorflow-cpu"
    if code == -signal.SIGKILL:
        return "the process for Keras was killed, most likely because memory ran out"
    if code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            return f"the process for Keras crashed ({name}); this network may be beyond TensorFlow"
    return f"the process for Keras ended unexpectedly (exit code {code})"
