"""Which layers of a network take their weights from the file of the model that it came from."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.correspondence import correspondence
from resnet_studio.core.flatten import FlatNetwork, flatten
from resnet_studio.core.fold import original_name
from resnet_studio.formats import keras_config
from resnet_studio.formats.files import FormatError
from resnet_studio.formats.keras_config.source import Source
from resnet_studio.formats.keras_config.weights import Place, places

_MOST_NAMED = 5


@dataclass(frozen=True)
class Transfer:
    """The file, and for nodes of the unrolled network where their weights lie in it."""

    file: Path
    places: dict[int, Place]

    def request(self, expected: dict[str, Any]) -> dict[str, Any]:
        """For the worker, with the network that its model is to be held against."""
        wanted = [
            {"node": i, "names": place.names, "group": place.group}
            for i, place in self.places.items()
        ]
        return {"file": str(self.file.absolute()), "wanted": wanted, "expected": expected}


class Saved(NamedTuple):
    """What was written: how many layers took their weights over, which of others begin afresh.

    ``note`` is a sentence about that, empty for a network that came from no file of weights.
    """

    carried: int = 0
    fresh: tuple[str, ...] = ()
    note: str = ""


def planned(analysis: Analysis, folder: Path | None = None) -> Transfer | str:
    """What can be taken over; a sentence where nothing can, empty where there is no such file.

    ``folder`` is where the network's own file lies: the model may have moved with it.
    """
    source = Source.of(analysis.document)
    if source is None:
        return ""
    name, so = source.file.name, "so all weights begin afresh"
    path = source.found(folder)
    if path is None:
        return f"“{name}” is no longer in “{source.file.parent}”, {so}; put it back to use them"
    if not source.unchanged(path):
        return f"“{name}” has changed since it was opened, {so}; open it again to use them"
    try:
        imported = keras_config.load(path)
    except FormatError as error:
        return f"“{name}” cannot be read any more ({error.message}), {so}"
    old, new = flatten(analyse(imported.document)), flatten(analysis)
    lie = places(imported.model, imported.origins, imported.document)
    pairs = correspondence(new, old, partial(original_name, analysis.document))
    wanted = _weighty(new)
    known = {
        i: lie[old.nodes[j].path]
        for i, j in pairs.items()
        if i in wanted and old.nodes[j].path in lie
    }
    return Transfer(path, known)


def _weighty(network: FlatNetwork) -> dict[int, str]:
    """The nodes that hold weights of their own, with their paths."""
    return {
        i: node.path
        for i, node in enumerate(network.nodes)
        if node.outcome.params and node.shared_with is None
    }


def told(analysis: Analysis, transfer: Transfer, carried: list[int], fault: str) -> Saved:
    """What came of a transfer, with its note."""
    name = transfer.file.name
    fresh = [path for i, path in _weighty(flatten(analysis)).items() if i not in carried]
    if fault:
        note = f"the weights in “{name}” cannot be read ({fault}), so all begin afresh"
    elif not fresh:
        note = f"the weights of {_layers(len(carried))} were carried over from “{name}”, none left"
    else:
        note = (
            f"the weights of {_layers(len(carried))} were carried over from “{name}”; "
            f"{_layers(len(fresh))} begin{'s' * (len(fresh) == 1)} afresh: {_named(fresh)}"
        )
    return Saved(len(carried), tuple(fresh), note)


def _layers(number: int) -> str:
    return f"{number:,} layer" + "s" * (number != 1)


def _named(paths: list[str]) -> str:
    more = f" and {len(paths) - _MOST_NAMED:,} more" if len(paths) > _MOST_NAMED else ""
    return ", ".join(f"“{path}”" for path in paths[:_MOST_NAMED]) + more


__all__ = ["Saved", "Transfer", "planned", "told"]
