"""What an edit would change in the network around it, told before it is made."""

from collections import Counter
from dataclasses import dataclass

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.core.waiting import waits


@dataclass(frozen=True, slots=True)
class Effect:
    """How many shapes of nodes that stay change, what it costs, which problems come and go."""

    shapes: int = 0
    lost: int = 0
    """Nodes of which no shape will be known any more."""
    params: int = 0
    new_errors: int = 0
    gone_errors: int = 0

    @property
    def nothing(self) -> bool:
        return self == Effect()

    @property
    def tone(self) -> str:
        """The token of the theme in which it is told."""
        return "error" if self.new_errors else "text"

    def __str__(self) -> str:
        """``changes 14 shapes, brings 2 errors``; empty where nothing changes."""
        changes = []
        if self.shapes:
            changes.append(f"changes {_count(self.shapes, 'shape')}")
        if self.lost:
            changes.append(f"leaves {_count(self.lost, 'node')} without a shape")
        if self.params:
            changes.append(f"{self.params:+,} parameters".replace("-", "−"))
        if self.new_errors:
            changes.append(f"brings {_count(self.new_errors, 'error')}")
        if self.gone_errors:
            changes.append(f"mends {_count(self.gone_errors, 'error')}")
        return ", ".join(changes)


def effect(before: Analysis, after: Analysis) -> Effect:
    """What differs between two analyses, counted over the nodes of the network itself."""
    changed, lost = _shapes(before.root, after.root)
    old, new = _errors(before), _errors(after)
    gone = (old - new) - _waits(before)
    return Effect(
        changed,
        lost,
        after.totals.params - before.totals.params,
        (new - old).total(),
        gone.total(),
    )


def _shapes(before: GraphAnalysis, after: GraphAnalysis) -> tuple[int, int]:
    was, now = before.structure.index, after.structure.index
    changed = lost = 0
    for key, i in now.items():
        old = before.outcomes[was[key]].outputs if key in was else None
        if key not in was or old == after.outcomes[i].outputs:
            continue
        if after.outcomes[i].outputs is None:
            lost += 1
        elif old is not None:
            changed += 1
    return changed, lost


def _errors(analysis: Analysis) -> Counter[tuple[str, str]]:
    found = analysis.diagnostics
    return Counter((d.node, d.code) for d in found if d.severity == "error")


def _waits(analysis: Analysis) -> Counter[tuple[str, str]]:
    """Of the errors those of nodes that merely waited for a wire: nobody made a mistake there."""
    found = analysis.diagnostics
    return Counter((d.node, d.code) for d in found if waits(d, analysis.document))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
