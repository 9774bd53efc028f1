"""Opens files, each in a process of its own, and tells what came of it and what it took.

Run as a script with the files' paths; prints a line of JSON for each.  What is opened is analysed,
written as code and saved as well: all that a window or a command would do with it.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import resnet_studio.rules  # noqa: F401 - registers the rules
from resnet_studio.core.analysis import analyse
from resnet_studio.formats import keras_code, keras_config, native


def opened(path: Path) -> dict[str, Any]:
    try:
        imported = keras_config.load(path)
    except keras_config.FormatError as error:
        return {"refused": str(error)}
    analysis = analyse(imported.document)
    codes = sorted({d.code for d in analysis.diagnostics})
    again = native.loads(native.dumps(imported.document)).document
    if analysis.ok:
        keras_code.write(analysis)
    return {
        "nodes": len(imported.document.network.nodes),
        "codes": codes,
        "notes": list(imported.notes[:20]),
        "saved": again == imported.document,
    }


def measured(path: Path) -> dict[str, Any]:
    """What ``opened`` gives in a forked process, with its seconds and its bytes at the peak."""
    reading, writing = os.pipe()
    start = time.monotonic()
    child = os.fork()
    if not child:
        with os.fdopen(writing, "w") as pipe:
            json.dump(opened(path), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    _, status, usage = os.wait4(child, 0)
    result = json.loads(answer) if answer and not status else {"crashed": status}
    # The peak counts those that the process itself started, such as the reader of HDF5.
    peak = usage.ru_maxrss * 1024
    return {**result, "seconds": time.monotonic() - start, "bytes": peak}


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(json.dumps({"file": name, **measured(Path(name))}), flush=True)
