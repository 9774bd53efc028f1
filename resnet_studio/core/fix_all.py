"""One kind of repair made at every place that has the same problem.

A repair is carried through what lies behind its place already; here the others follow, such as
branches side by side.
"""

from resnet_studio.core.analysis import analyse
from resnet_studio.core.diagnostics import Diagnostic, Fix

_MOST = 60
"""Places mended in one go; each is looked at anew, since those before may have changed it."""


def all_like(diagnostic: Diagnostic, fix: Fix) -> Fix | None:
    """``fix`` and the same at every other place, as one repair; None where there is no other.

    What it costs is the sum of what each costs.
    """
    made = [fix]
    analysis = analyse(fix.document, diagnostic.analysis)
    while len(made) < _MOST:
        following = _next(analysis.diagnostics, diagnostic.code, fix.id)
        if following is None:
            break
        made.append(following)
        analysis = analyse(following.document, analysis)
    if len(made) == 1:
        return None
    macs = [each.delta_macs for each in made]
    return Fix(
        f"{fix.id}-everywhere",
        f"{fix.title}, and the same at {_places(len(made) - 1)}",
        made[-1].document,
        sum(each.delta_params for each in made),
        None if None in macs else sum(macs),  # type: ignore[arg-type]
        tuple(dict.fromkeys(path for each in made for path in each.touched)),
    )


def _next(found: tuple[Diagnostic, ...], code: str, kind: str) -> Fix | None:
    """The repair of this kind at the first place that has the problem."""
    for diagnostic in found:
        if diagnostic.code == code:
            return next((fix for fix in diagnostic.fixes if fix.id == kind), None)
    return None


def _places(number: int) -> str:
    return "one more place" if number == 1 else f"{number} more places"
