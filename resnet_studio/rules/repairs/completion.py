"""Carrying a repair through until the network stands, and telling what it costs.

A step mends one merge.  Behind it the next group may fail in turn, or the next copy of a loop:
the same step is then taken there, until no error is left that was not there before.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from resnet_studio.core.analysis import Analysis, Totals, analyse
from resnet_studio.core.diagnostics import Diagnostic, Fix
from resnet_studio.core.document import Document
from resnet_studio.rules.repairs.junction import Junction, flat_network

MOST_STEPS = 40
CODE = "shortcut-mismatch"
STRETCHED = "silent-broadcast"


@dataclass(frozen=True, slots=True)
class Edited:
    """What one way of taking a step comes to."""

    document: Document
    title: str
    touched: tuple[str, ...] = ()


Step = Callable[[Junction], Iterable[Edited]]
"""Ways to mend one merge, the least intrusive first; none where the step does not apply."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A repair carried through: ``left`` are the errors that it brings to light."""

    analysis: Analysis
    titles: tuple[str, ...]
    touched: tuple[str, ...]
    left: tuple[Diagnostic, ...]

    @property
    def title(self) -> str:
        more = len(self.titles) - 1
        places = "place" if more == 1 else "places"
        return self.titles[0] + (f", and likewise at {more} more {places}" if more else "")


def carry_through(analysis: Analysis, path: str, step: Step) -> Mended | None:
    """Takes ``step`` at ``path`` and wherever the merges behind it then fail."""
    known = {(d.code, d.node) for d in errors(analysis)} - {(CODE, path)}
    titles: list[str] = []
    touched: list[str] = []
    for _ in range(MOST_STEPS):
        taken = _best(analysis, path, step, known)
        if taken is None:
            return None
        edited, analysis = taken
        titles.append(edited.title)
        touched += [name for name in edited.touched if name not in touched]
        left = _new(analysis, known)
        ahead = next((d for d in left if d.code == CODE), None)
        if ahead is None:
            return Mended(analysis, tuple(titles), tuple(touched), left)
        path = ahead.node
    return None


def without_stretching(before: Analysis, mended: Mended, step: Step) -> Mended:
    """Takes the step also where Keras would now stretch a side, as long as that helps.

    Behind a mended merge a further copy may meet a map of 1×1, which fits without an error.
    """
    while ahead := _stretched(before, mended.analysis):
        junction = Junction(mended.analysis, ahead[0].node)
        for edited in step(junction):
            after = analyse(edited.document, mended.analysis)
            if not any(errors(after)) and len(_stretched(before, after)) < len(ahead):
                touched = dict.fromkeys((*mended.touched, *edited.touched))
                mended = Mended(after, (*mended.titles, edited.title), tuple(touched), ())
                break
        else:
            return mended
    return mended


def _stretched(before: Analysis, after: Analysis) -> list[Diagnostic]:
    """The warnings of an analysis that were not there before."""
    known = {(d.code, d.node) for d in before.diagnostics}
    found = (d for d in after.diagnostics if (d.code, d.node) not in known)
    return [d for d in found if d.code == STRETCHED]


def errors(analysis: Analysis) -> Iterator[Diagnostic]:
    return (d for d in analysis.diagnostics if d.severity == "error")


def _new(analysis: Analysis, known: set[tuple[str, str]]) -> tuple[Diagnostic, ...]:
    return tuple(d for d in errors(analysis) if (d.code, d.node) not in known)


def _best(
    analysis: Analysis, path: str, step: Step, known: set[tuple[str, str]]
) -> tuple[Edited, Analysis] | None:
    """The first way that leaves no new error, else the one after which most is known."""
    best: tuple[Edited, Analysis] | None = None
    least = None
    for edited in step(Junction(analysis, path)):
        after = analyse(edited.document, analysis)
        if not _new(after, known):
            return edited, after
        unknown = sum(node.output is None for node in flat_network(after).nodes)
        if least is None or unknown < least:
            best, least = (edited, after), unknown
    return best


def offer(
    diagnostic: Diagnostic, steps: Iterable[tuple[str, Step]], base: Mended | None
) -> list[Fix]:
    """The repairs that leave the network valid, each with what it costs beside ``base``.

    One after which Keras stretches a map somewhere is kept only where none does without.
    Where the merge hid a further fault that none of the repairs could avoid (``base`` has it
    too), those that bring nothing worse to light are offered.
    """
    clean: list[Fix] = []
    whole: list[Fix] = []
    partial: list[Fix] = []
    for name, step in steps:
        mended = carry_through(diagnostic.analysis, diagnostic.node, step)
        if mended is None:
            continue
        if not mended.left:
            mended = without_stretching(diagnostic.analysis, mended, step)
            stretched = _stretched(diagnostic.analysis, mended.analysis)
            (whole if stretched else clean).append(_fix(name, mended, base))
        elif base is not None and not _tails(mended.left) - _tails(base.left):
            partial.append(_fix(name, mended, base))
    return _distinct(clean or whole or partial)


def _tails(found: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    """Codes and node ids: isolation may have given the paths other names."""
    return Counter((d.code, d.node.rpartition("/")[2]) for d in found)


def _fix(name: str, mended: Mended, base: Mended | None) -> Fix:
    after = mended.analysis.totals
    before = base.analysis.totals if base is not None else after
    document = mended.analysis.document
    macs = _less(after, before)
    return Fix(name, mended.title, document, after.params - before.params, macs, mended.touched)


def _less(after: Totals, before: Totals) -> int | None:
    if after.macs is None or before.macs is None:
        return None
    return after.macs - before.macs


def _distinct(fixes: list[Fix]) -> list[Fix]:
    """Without repairs that come to the same document as a better one."""
    kept: list[Fix] = []
    for fix in fixes:
        if not any(fix.document == other.document for other in kept):
            kept.append(fix)
    return kept
