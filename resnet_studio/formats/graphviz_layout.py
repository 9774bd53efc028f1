"""Layout by graphviz' ``dot``, where the program is there.

Fine up to about a thousand cards (Gansner et al. 1993 minimise crossings well, and slowly);
``core.layout`` is for what is larger and for machines without graphviz.
"""

import shutil
import subprocess
from collections import Counter

from resnet_studio.core.layout import COLUMN_GAP, ROW_GAP, Plan, Position, snap

MOST_NODES = 1000
TIMEOUT = 20.0
"""Seconds after which ``dot`` is given up."""
_POINTS = 72.0


class GraphvizError(RuntimeError):
    """``dot`` is missing, failed or took too long; the message is a sentence."""


def available() -> bool:
    return shutil.which("dot") is not None


def arrange(what: Plan) -> dict[str, Position]:
    """The top-left corner of every card, on the grid, the topmost row at y = 0.

    Blocks until ``dot`` has answered: 14 ms for a dozen cards, 0.2 s for a thousand.

    Raises:
        GraphvizError: there is no answer; lay out with ``core.layout.layered`` instead.
    """
    if not what.extents:
        return {}
    return _read(_run(_dot(what)), what)


def _dot(what: Plan) -> str:
    """The graph in dot's language; cards are numbered, since ids may hold anything."""
    number = {key: i for i, key in enumerate(what.extents)}
    lines = [
        "digraph {",
        f"rankdir=TB; nodesep={COLUMN_GAP / _POINTS:.4f}; ranksep={ROW_GAP / _POINTS:.4f};",
        'splines=false; node [shape=box, fixedsize=true, label=""];',
    ]
    for key, (width, height) in what.extents.items():
        lines.append(f"{number[key]} [width={width / _POINTS:.4f}, height={height / _POINTS:.4f}];")
    leaving = Counter(source for source, _target in what.edges)
    arriving = Counter(target for _source, target in what.edges)
    for source, target in what.edges:
        # Unbranched chains come out straight, and their nodes close together.
        weight = 20 if leaving[source] == arriving[target] == 1 else 1
        lines.append(f"{number[source]} -> {number[target]} [weight={weight}];")
    return "\n".join([*lines, "}"])


def _run(text: str) -> str:
    program = shutil.which("dot")
    if program is None:
        raise GraphvizError("graphviz' program “dot” is not installed")
    try:
        done = subprocess.run(
            [program, "-Tplain"],
            check=False,
            input=text,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        raise GraphvizError(f"graphviz gave no answer within {TIMEOUT:g} seconds") from None
    except OSError as error:
        raise GraphvizError(f"graphviz could not be started: {error}") from error
    if done.returncode:
        raise GraphvizError(f"graphviz failed: {done.stderr.strip() or done.returncode}")
    return done.stdout


def _read(plain: str, what: Plan) -> dict[str, Position]:
    """``node 3 1.5 0.4 …``: the middle of a card in inches, y upwards."""
    ids = list(what.extents)
    middles: dict[str, Position] = {}
    for line in plain.splitlines():
        if line.startswith("node "):
            _word, number, x, y, *_rest = line.split()
            middles[ids[int(number)]] = (float(x) * _POINTS, -float(y) * _POINTS)
    if len(middles) != len(ids):
        raise GraphvizError("graphviz left out some of the nodes")
    corners = {
        key: (x - what.extents[key][0] / 2, y - what.extents[key][1] / 2)
        for key, (x, y) in middles.items()
    }
    top = min(y for _x, y in corners.values())
    return {key: (snap(x), snap(y - top)) for key, (x, y) in corners.items()}
