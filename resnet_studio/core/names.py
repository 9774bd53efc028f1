"""Layer names: Keras refuses a model in which one is used twice, TensorFlow foreign signs.

A layer is named by its config, else by its node's id (inside blocks, by its path, which cannot
collide); so only explicit names need a look.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from resnet_studio.core.calls import Compound, is_name
from resnet_studio.core.layer import Broken, Layer, Outcome, Problem

if TYPE_CHECKING:
    from resnet_studio.core.propagation import GraphAnalysis


def name_problems(root: "GraphAnalysis") -> list[tuple[str, Problem]]:
    """Paths of the layers whose name is taken."""
    places: dict[str, list[str]] = {}
    for path, name in _explicit(root, ""):
        if is_name(name):
            places.setdefault(name, []).append(path)
    if not places:
        return []
    for i, (key, node) in enumerate(root.graph.nodes.items()):
        plain = key in places and "name" not in node.config and node.shared_with is None
        if plain and isinstance(root.inferables[i], Layer | Broken):
            places[key].append(key)
    return [
        (path, _taken(name, paths))
        for name, paths in places.items()
        if len(paths) > 1
        for path in paths
    ]


def _explicit(graph: "GraphAnalysis", prefix: str) -> Iterator[tuple[str, Any]]:
    """Every name that is not left to the path, with where it stands."""
    for i, (key, node) in enumerate(graph.graph.nodes.items()):
        if type(graph.outcomes[i]) is Outcome and "name" not in node.config:
            # Nearly all nodes of a large network.
            continue
        path = prefix + key
        if isinstance(graph.inferables[i], Layer | Broken) and node.shared_with is None:
            if node.config.get("name") is not None:
                yield path, node.config["name"]
        elif isinstance(graph.outcomes[i], Compound):
            yield from _inside(graph.outcomes[i], path, node.config.get("name"))


def _inside(outcome: Outcome, path: str, name: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(outcome, Compound):
        if name is not None:
            yield path, name
        return
    if outcome.inside is not None:
        yield from _explicit(outcome.inside, f"{path}/")
    for number, copy in enumerate(outcome.copies, start=1):
        yield from _inside(copy, f"{path}#{number}", name)


def _taken(name: str, paths: list[str]) -> Problem:
    others = ", ".join(f"“{path}”" for path in paths[:4])
    return Problem(
        "duplicate-name", f"the layer name “{name}” is used {len(paths)} times: at {others}"
    )


def scope_name(text: str, fallback: str) -> str:
    """A layer's name like ``text`` that TensorFlow takes as the name of a scope.

    Keras builds and saves layers of any name; ``predict`` refuses what is not
    ``[A-Za-z0-9.][A-Za-z0-9_.>-]*``.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", plain).lstrip("_-") or fallback
