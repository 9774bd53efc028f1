"""What an edit under way would come to: the analysis of the document after it, told briefly."""

from dataclasses import dataclass

from resnet_studio.core.document import Document
from resnet_studio.core.shapes import show
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.session import Session


@dataclass(frozen=True, slots=True)
class Trial:
    """The document after, or None where it cannot be; and what to say beside the pointer."""

    document: Document | None
    head: str
    more: str = ""
    tone: str = "text"


def refused(why: str) -> Trial:
    return Trial(None, why, tone="warning")


def tried(session: Session, document: Document, key: str) -> Trial:
    """What ``document`` would make of the node ``key``: its shape, its cost, its problems."""
    after = Shown.trial(session, document)
    outcome = after.outcome(key)
    if outcome.problems:
        problem = outcome.problems[0]
        tone = "error" if problem.severity == "error" else "warning"
        return Trial(document, f"“{key}”", problem.message, tone)
    if outcome.output is None:
        return Trial(document, f"Into “{key}”", "Its shape is not known yet.")
    return Trial(document, f"“{key}” gives {show(outcome.output)}", _cost(session, after))


def _cost(session: Session, after: Shown) -> str:
    before = session.analysis.totals.params
    difference = after.analysis.totals.params - before
    return f"{difference:+,} parameters" if difference else ""
