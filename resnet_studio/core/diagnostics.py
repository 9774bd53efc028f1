"""Diagnostics, the rules that explain them and the repairs that they offer.

Detection is the analysis' (a refusal, or a check beside it); a rule says what the finding means
in the network around it and what mends it.  One file in ``resnet_studio.rules`` declares one
rule; ``RULES`` finds it by its code.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from resnet_studio.core.document import Document
from resnet_studio.core.layer import Problem

if TYPE_CHECKING:
    from resnet_studio.core.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair: the document after it, and what it costs.

    ``delta_params`` and ``delta_macs`` (None where a size is unknown) compare with the same
    network had the faulty node worked, so that what merely becomes known is not counted.
    ``touched`` names the paths of nodes that the repair adds or changes.
    """

    id: str
    title: str
    document: Document
    delta_params: int
    delta_macs: int | None
    touched: tuple[str, ...] = ()


class Diagnostic:
    """One finding at one node, named by its path (``group2#1/add``).

    ``message`` and ``fixes`` look at the network around the node, so they are worked out when
    first asked for.
    """

    __slots__ = ("_fixes", "_message", "analysis", "node", "problem")

    def __init__(self, analysis: "Analysis", node: str, problem: Problem) -> None:
        self.analysis, self.node, self.problem = analysis, node, problem
        self._message: str | None = None
        self._fixes: Sequence[Fix] | None = None

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def severity(self) -> str:
        """``error`` (Keras would refuse), ``warning`` or ``note``."""
        return self.problem.severity

    @property
    def message(self) -> str:
        if self._message is None:
            rule = RULES.get(self.code)
            self._message = rule.explain(self) if rule else self.problem.message
        return self._message

    @property
    def fixes(self) -> Sequence[Fix]:
        """The repairs, best first; each leaves the network without this diagnostic."""
        if self._fixes is None:
            from resnet_studio.core.placing import tidied

            rule = RULES.get(self.code)
            before = self.analysis.document
            self._fixes = tuple(
                replace(fix, document=tidied(fix.document, before))
                for fix in (rule.fixes(self) if rule else ())
            )
        return self._fixes

    def __repr__(self) -> str:
        return f"{self.severity} {self.code} at {self.node}: {self.problem.message}"


def _plain(diagnostic: Diagnostic) -> str:
    return diagnostic.problem.message


def _none(_diagnostic: Diagnostic) -> Sequence[Fix]:
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code means, how a finding is told and what mends it."""

    code: str
    severity: str
    summary: str
    explain: Callable[[Diagnostic], str] = _plain
    fixes: Callable[[Diagnostic], Sequence[Fix]] = _none


RULES: dict[str, Rule] = {}
"""Every rule by its code, filled by importing ``resnet_studio.rules``."""


NETWORK_CHECKS: list[Callable[["Analysis"], Iterable[tuple[str, Problem]]]] = []
"""Functions that warn of what takes the whole network to see: paths and problems.

Filled by the rules; asked where no error stands, as what Keras refuses cannot run anyway."""


def register(rule: Rule) -> Rule:
    """Adds a rule; a code can be declared once."""
    if rule.code in RULES:
        raise ValueError(f"the rule {rule.code} is declared twice")
    RULES[rule.code] = rule
    return rule
