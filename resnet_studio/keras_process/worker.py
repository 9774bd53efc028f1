"""The worker process: the only module that imports Keras.

Run as ``python -m resnet_studio.keras_process.worker``.  It reads requests and writes answers,
a JSON object a line, on the pipes it was started with; whatever Keras, TensorFlow or the code
under test print goes to standard error.  It ends when its input ends, whatever it is doing.
"""

import json
import os
import queue
import sys
import threading
import types
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TextIO

from resnet_studio.keras_process.observation import Observation

Json = dict[str, Any]
UNKNOWN_SIZE = 64
"""Stands for a size that is not known until the network runs."""


class Worker:
    """Answers one request after the other; keeps the model that was built last."""

    def __init__(self, answer: Callable[[Json], None]) -> None:
        self._answer = answer
        self._id: Any = None
        self.model: Any = None
        self.methods: dict[str, Callable[..., Json]] = {
            "hello": self.hello,
            "build": self.build,
            "forward": self.forward,
            "save": self.save,
            "predict": self.predict,
            "application": self.application,
        }

    def serve(self, request: Json) -> None:
        """Answers one request, with an error where anything at all is raised."""
        self._id = request.get("id")
        limit = sys.getrecursionlimit()
        try:
            result = self.methods[request["method"]](**request.get("params", {}))
        except BaseException as error:  # noqa: BLE001 - the code under test may raise anything
            described = {"type": type(error).__name__, "message": str(error)}
            self._answer({"id": self._id, "error": described})
        else:
            self._answer({"id": self._id, "result": result})
        finally:
            # Code of a deep network raises the limit; the next must not profit from it.
            sys.setrecursionlimit(limit)

    def progress(self, text: str) -> None:
        self._answer({"id": self._id, "progress": text})

    # Requests

    def hello(self) -> Json:
        """Imports Keras; the versions that the answers come from."""
        keras = self._keras()
        import tensorflow

        return {"keras": keras.__version__, "tensorflow": tensorflow.__version__}

    def build(self, code: str, expected: Json, weights: bool = True) -> Json:
        """Runs ``code``, calls its ``build_model`` and compares the result with ``expected``.

        Without ``weights`` no memory is taken for them, and the model can only be looked at.
        """
        keras = self._keras()
        self.model = None
        keras.utils.clear_session()
        self.progress("building the network")
        if weights:
            self.model = _run(code)
            return self._observe(self.model, expected)
        # The variables that are put off inside are forgotten with the next clear_session.
        with keras.StatelessScope(initialize_variables=False):
            return self._observe(_run(code), expected)

    def _observe(self, model: Any, expected: Json) -> Json:
        self.progress("comparing every layer")
        return Observation(model, expected).report()

    def forward(self) -> Json:
        """One forward pass of the model built last; the shapes that come out.

        First layer by layer, then compiled as ``predict`` and ``fit`` do it, which is stricter.
        """
        if self.model is None:
            raise ValueError("no model has been built")
        self.progress("running one sample through the network")
        samples = [self._sample(tensor) for tensor in self.model.inputs]
        results = self.model(samples, training=False)
        self.model.predict_on_batch(samples)
        return {"outputs": _shapes(results)}

    def save(
        self, code: str, path: str, training: Json | None = None, stored: Json | None = None
    ) -> Json:
        """Builds the model of ``code`` and saves it as ``path`` (.keras), whole or not at all.

        ``stored`` names a file, and which layers take their weights from it.
        """
        keras = self._keras()
        keras.utils.clear_session()
        self.progress("building the network")
        model = _run(code)
        if training:
            model.compile(**training)
        carried = self._carried(model, stored) if stored else {}
        self.progress("saving")
        target = Path(path)
        temporary = target.with_name(f".{target.stem[:64]}.{os.getpid()}.keras")
        try:
            model.save(temporary)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        return {"params": model.count_params(), "bytes": target.stat().st_size, **carried}

    def _carried(self, model: Any, stored: Json) -> Json:
        from resnet_studio.keras_process.stored_weights import UnreadableWeightsError, carry_over

        self.progress("carrying weights over")
        layers = Observation(model, stored["expected"]).layers()
        wanted = [each for each in stored["wanted"] if each["node"] in layers]
        try:
            return {"carried": carry_over(model, layers, Path(stored["file"]), wanted)}
        except UnreadableWeightsError as error:
            return {"carried": [], "fault": str(error)}

    def predict(self, path: str) -> Json:
        """Loads a saved model and predicts on one sample; the shapes that come out."""
        keras = self._keras()
        keras.utils.clear_session()
        self.progress("loading the file")
        model = keras.saving.load_model(path)
        samples = [self._sample(tensor) for tensor in model.inputs]
        self.progress("predicting")
        result = model.predict(samples[0] if len(samples) == 1 else samples, verbose=0)
        return {"outputs": _shapes(result)}

    def application(self, name: str) -> Json:
        """The JSON of a model of ``keras.applications``; no memory is taken for its weights."""
        keras = self._keras()
        known = [each for each in dir(keras.applications) if each[:1].isupper()]
        if name not in known:
            alike = get_close_matches(name, known) or known
            raise ValueError(f"keras.applications has no “{name}”; it has {', '.join(alike)}")
        keras.utils.clear_session()
        self.progress(f"building {name}")
        with keras.StatelessScope(initialize_variables=False):
            return {"config": getattr(keras.applications, name)(weights=None).to_json()}

    def _sample(self, tensor: Any) -> Any:
        batch, *sizes = tensor.shape
        shape = (batch or 1, *(UNKNOWN_SIZE if size is None else size for size in sizes))
        ops = self._keras().ops
        return ops.cast(ops.ones(shape), tensor.dtype)

    def _keras(self) -> Any:
        if "keras" not in sys.modules:
            self.progress("starting Keras")
        import keras

        return keras


def _run(code: str) -> Any:
    """The model that ``code`` builds, run as a module of its own."""
    module = types.ModuleType("exported_network")
    exec(compile(code, "<exported code>", "exec"), module.__dict__)  # noqa: S102 - its purpose
    return module.build_model()


def _shapes(results: Any) -> list[list[int]]:
    several = isinstance(results, list | tuple)
    return [[int(s) for s in r.shape] for r in (results if several else [results])]


# The pipes


def _own_pipes() -> tuple[TextIO, TextIO]:
    """Requests and answers on descriptors that nothing else in the process knows."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, encoding="utf-8") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return requests, answers


def _read(requests: TextIO, inbox: "queue.Queue[str]") -> None:
    for line in requests:
        inbox.put(line)
    # Nobody waits for an answer any more, even if Keras is in the middle of something.
    os._exit(0)


def main() -> None:
    requests, answers = _own_pipes()

    def answer(message: Json) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    inbox: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(requests, inbox), daemon=True).start()
    worker = Worker(answer)
    while True:
        worker.serve(json.loads(inbox.get()))


if __name__ == "__main__":
    main()
