"""What an edit under way would come to: the analysis of the document after it, told briefly."""

from dataclasses import dataclass

from resnet_studio.core.diagnostics import Diagnostic
from resnet_studio.core.document import Document
from resnet_studio.core.effects import Effect, effect
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
    broken: bool = False
    """The node that was tried would have an error."""


def refused(why: str) -> Trial:
    return Trial(None, why, tone="warning")


def tried(session: Session, document: Document, key: str) -> Trial:
    """What ``document`` would make of the node ``key``: its shape, its cost, its problems."""
    after = Shown.trial(session, document)
    outcome = after.outcome(key)
    what = effect(session.analysis, after.analysis)
    found = diagnostic_at(after, key)
    if found is not None:
        broken = found.severity == "error"
        tone = "error" if broken else "warning"
        more = " ".join(
            filter(None, (f"{found.message.rstrip('.')}.", _beyond(what, errors=broken)))
        )
        return Trial(document, f"“{key}”", more, tone, broken)
    if outcome.output is None:
        return Trial(document, f"Into “{key}”", "Its shape is not known yet.")
    tone = "error" if what.new_errors else "text"
    return Trial(document, f"“{key}” gives {show(outcome.output)}", _beyond(what), tone)


def diagnostic_at(shown: Shown, key: str) -> Diagnostic | None:
    """The first finding at a node of the canvas itself, told by its rule."""
    if not shown.outcome(key).problems:
        return None
    path = shown.prefix + key
    return next((d for d in shown.analysis.diagnostics if d.node == path), None)


def _beyond(what: Effect, *, errors: bool = False) -> str:
    """What else the edit changes; ``errors`` leaves out the one that is told already."""
    rest = Effect(
        0 if errors else what.shapes,
        0 if errors else what.lost,
        what.params,
        what.new_errors - errors,
        what.gone_errors,
    )
    text = str(rest)
    return f"{text[0].upper()}{text[1:]}" if text else ""


def consequences(session: Session, document: Document) -> Trial:
    """What a destructive edit would do downstream, before it is made."""
    after = Shown.trial(session, document)
    what = effect(session.analysis, after.analysis)
    text = str(what) or "changes no shape further on"
    return Trial(document, "", f"{text[0].upper()}{text[1:]}", what.tone)
