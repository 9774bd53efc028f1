"""What the table can list: every layer, or every stage; cells, what they sort by, where they lie.

A sheet keeps to the unrolled network and makes the texts of a row when they are asked for: a
network of ten thousand layers shows thirty of them at a time.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from resnet_studio.core.flatten import FlatNetwork
from resnet_studio.core.shapes import show
from resnet_studio.core.stages import Stage, stages
from resnet_studio.gui.figures import whole

Cells = tuple[str, ...]


class Heading(NamedTuple):
    """A column: ``width`` in pixels where there is room, 0 for one that takes what is left."""

    text: str
    width: int = 0
    number: bool = False
    share: bool = False
    """A bar tells the part of the sum."""
    spare: bool = False
    """It gives way where there is little room."""


class Sheet(ABC):
    """Rows over one unrolled network; ``span`` tells which of its layers a row is."""

    headings: tuple[Heading, ...]
    noun: str

    def __init__(self, network: FlatNetwork) -> None:
        self.network = network
        self._sums: dict[int, int] = {}

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def texts(self, row: int) -> Cells: ...

    @abstractmethod
    def words(self, row: int) -> str:
        """What a row is found by."""

    @abstractmethod
    def sort_key(self, column: int) -> Callable[[int], Any]:
        """What rows are sorted by in a column; the first sorts by the order in the network."""

    @abstractmethod
    def count(self, row: int, column: int) -> int | None:
        """The number in a column of numbers."""

    @abstractmethod
    def span(self, row: int) -> range: ...

    @abstractmethod
    def rows_of(self, layers: set[int]) -> set[int]:
        """The rows that stand for some of these layers."""

    @property
    @abstractmethod
    def wholes(self) -> tuple[int, int]:
        """The columns of parameters and of MACs."""

    def share(self, row: int, column: int) -> float:
        """The part of the column's sum, from 0 to 1."""
        total = self._sums.get(column)
        if total is None:
            total = sum(self.count(row, column) or 0 for row in range(len(self)))
            self._sums[column] = total
        return (self.count(row, column) or 0) / total if total else 0.0

    def plain(self, row: int) -> Cells:
        """The cells as a spreadsheet reads them: numbers without commas, nothing for unknown."""
        texts = self.texts(row)
        return tuple(
            _digits(self.count(row, at)) if heading.number else texts[at]
            for at, heading in enumerate(self.headings)
        )


class LayerSheet(Sheet):
    """A row for each layer that Keras is given."""

    headings = (
        Heading("Layer"),
        Heading("Type", 184, spare=True),
        Heading("Output", 112),
        Heading("Parameters", 136, number=True, share=True),
        Heading("MACs", 144, number=True, share=True),
    )
    noun = "layer"
    wholes = (3, 4)

    def __len__(self) -> int:
        return len(self.network.nodes)

    def texts(self, row: int) -> Cells:
        node = self.network.nodes[row]
        outcome = node.outcome
        return (
            node.path, node.type, show(node.output), whole(outcome.params), whole(outcome.macs)
        )  # fmt: skip

    def count(self, row: int, column: int) -> int | None:
        outcome = self.network.nodes[row].outcome
        return outcome.params if column == self.wholes[0] else outcome.macs

    def sort_key(self, column: int) -> Callable[[int], Any]:
        nodes = self.network.nodes
        keys: tuple[Callable[[int], Any], ...] = (
            lambda row: row,
            lambda row: nodes[row].type,
            lambda row: [size or 0 for size in (nodes[row].output or ())[1:]],
            lambda row: nodes[row].outcome.params,
            lambda row: _known(nodes[row].outcome.macs),
        )
        return keys[column]

    def words(self, row: int) -> str:
        node = self.network.nodes[row]
        return f"{node.path}\t{node.type}\t{show(node.output)}"

    def span(self, row: int) -> range:
        return range(row, row + 1)

    def rows_of(self, layers: set[int]) -> set[int]:
        return layers


class StageSheet(Sheet):
    """A row for each run of layers over feature maps of one size."""

    headings = (
        Heading("Size", 100),
        Heading("Channels", 84, number=True, spare=True),
        Heading("Layers", 72, number=True, spare=True),
        Heading("Parameters", 136, number=True, share=True),
        Heading("MACs", 144, number=True, share=True),
        Heading("From"),
        Heading("To", spare=True),
    )
    noun = "stage"
    wholes = (3, 4)

    def __init__(self, network: FlatNetwork) -> None:
        super().__init__(network)
        self._stages: Sequence[Stage] = stages(network)
        self._starts = [0]
        for stage in self._stages:
            self._starts.append(self._starts[-1] + stage.layers)

    def __len__(self) -> int:
        return len(self._stages)

    def texts(self, row: int) -> Cells:
        stage = self._stages[row]
        channels = "" if stage.channels is None else str(stage.channels)
        return (
            _size(stage), channels, str(stage.layers), whole(stage.params), whole(stage.macs),
            stage.first, stage.last,
        )  # fmt: skip

    def count(self, row: int, column: int) -> int | None:
        stage = self._stages[row]
        return (None, stage.channels, stage.layers, stage.params, stage.macs)[column]

    def sort_key(self, column: int) -> Callable[[int], Any]:
        if column == 0:
            return lambda row: row
        if self.headings[column].number:
            return lambda row: _known(self.count(row, column))
        return lambda row: self._starts[row + 1 if column == len(self.headings) - 1 else row]

    def words(self, row: int) -> str:
        stage = self._stages[row]
        return f"{_size(stage)}\t{stage.first}\t{stage.last}"

    def span(self, row: int) -> range:
        return range(self._starts[row], self._starts[row + 1])

    def rows_of(self, layers: set[int]) -> set[int]:
        return {bisect_right(self._starts, layer) - 1 for layer in layers}


def _digits(count: int | None) -> str:
    return "" if count is None else str(count)


def _known(count: int | None) -> int:
    """What is not known sorts below everything."""
    return -1 if count is None else count


def _size(stage: Stage) -> str:
    if stage.size is None:
        return "unknown"
    return "×".join("?" if size is None else str(size) for size in stage.size) or "vectors"
