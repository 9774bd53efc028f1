"""A file with all that can be said of it: what the reports tell and the commands go by."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.diagnostics import Diagnostic
from resnet_studio.core.flatten import FlatNode, flatten
from resnet_studio.formats import behind, native
from resnet_studio.formats.native import FormatError, Opened, ReadingProblem

Finding = Diagnostic | ReadingProblem


@dataclass(frozen=True)
class Checked:
    """A file that could be opened, and the analysis of its network."""

    file: str
    opened: Opened
    analysis: Analysis

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was not understood, then the diagnostics in topological order."""
        return (*self.opened.problems, *self.analysis.diagnostics)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]

    @property
    def ok(self) -> bool:
        """Whether Keras would build the network that the file describes."""
        return not self.errors

    def line(self, finding: Finding) -> int | None:
        """The line of the file that a finding is about."""
        if isinstance(finding, ReadingProblem):
            return finding.line
        return self.opened.line(finding.node)

    @cached_property
    def unrolled(self) -> Sequence[FlatNode]:
        """The nodes of the unrolled network; inputs of each count along this sequence."""
        return flatten(self.analysis).nodes

    @cached_property
    def layers(self) -> Sequence[FlatNode]:
        """The layers in topological order, without ports, those behind an error included."""
        return behind.layers(self.analysis, self.unrolled)


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be opened, and why."""

    file: str
    fault: FormatError


def check(file: str) -> Checked | Unreadable:
    """Opens a file and analyses its network; every layer and every rule is known to it."""
    import resnet_studio.layers
    import resnet_studio.rules  # noqa: F401 - registers the rules

    try:
        opened = native.load(Path(file))
    except FormatError as fault:
        return Unreadable(file, fault)
    return Checked(file, opened, analyse(opened.document))
