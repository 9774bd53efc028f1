"""Asking the real TensorFlow whether a document runs, in processes that may abort."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.core.flatten import flatten
from resnet_studio.keras_process.process import Raised, WorkerError, WorkerProcess

LIMIT = 120.0
ON_CPU = ("channels-first-on-cpu", "unequal-strides-on-cpu", "dilated-transpose-on-cpu")
"""Codes of what runs or fails with the processor's library of kernels."""


class Runner:
    """TensorFlow with oneDNN and without: a network runs only where it runs with both."""

    def __init__(self, with_onednn: WorkerProcess, plain: WorkerProcess) -> None:
        self.processes = (with_onednn, plain)

    def faults(
        self, document: Document, sizes: Sequence[int] = (12, 13), whole: bool = True
    ) -> dict[str, str]:
        """Why the document does not run, by path; “” stands for the model as a whole."""
        nodes, edges, paths = written(document)
        found: dict[str, str] = {}
        for process in self.processes:
            params = {"nodes": nodes, "edges": edges, "sizes": [2, *sizes], "whole": whole}
            try:
                answer = process.request("run", params, LIMIT)
            except Raised:
                raise
            except WorkerError as error:
                found[""] = str(error)
                continue
            assert not answer["refused"], answer["refused"]
            found |= {paths[key]: why for key, why in answer["failed"].items()}
            if answer["predict"]:
                found[""] = answer["predict"]
        return found


@contextmanager
def runner() -> Iterator[Runner]:
    """Both processes, started with the first question."""
    with ExitStack() as running:
        yield Runner(*(running.enter_context(_started(onednn)) for onednn in (1, 0)))


def _started(onednn: int) -> WorkerProcess:
    setting = f"TF_ENABLE_ONEDNN_OPTS={onednn}"
    return WorkerProcess(["env", setting, sys.executable, "-m", "tests.rules.forward_worker"])


def written(document: Document) -> tuple[list[dict[str, Any]], list[list[Any]], dict[str, str]]:
    """Nodes and edges of the unrolled network as a file has them, and the path of each id.

    A layer of the network itself keeps its name; inside blocks the name is the path's affair.
    """
    flat = flatten(analyse(document)).nodes
    ids = [f"n{i}" if node.path != node.node.id else node.path for i, node in enumerate(flat)]
    nodes = [
        {"id": ids[i], "type": node.type, "config": dict(node.config)}
        | ({} if node.shared_with is None else {"shared_with": ids[node.shared_with]})
        for i, node in enumerate(flat)
    ]
    edges = [
        [ids[tensor[0]] + (f":{tensor[1]}" if tensor[1] else ""), ids[i], slot]
        for i, node in enumerate(flat)
        for slot, tensor in enumerate(node.inputs)
        if tensor is not None
    ]
    return nodes, edges, dict(zip(ids, (node.path for node in flat), strict=True))
