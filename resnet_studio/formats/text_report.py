"""``check`` for people: a finding to a line, the way compilers write them, then the totals."""

from collections.abc import Iterable, Iterator

from resnet_studio.core.diagnostics import Fix
from resnet_studio.formats import Report
from resnet_studio.formats.checked import Checked, Finding, Unreadable


def tell(results: Iterable[Checked | Unreadable]) -> Iterator[str]:
    """Files that cannot be read are not told here: the command says so where errors go."""
    for result in results:
        if isinstance(result, Checked):
            yield from map(finding_line, [result] * len(result.findings), result.findings)
            yield f"{result.file}: {_verdict(result)}; {totals_line(result)}\n"


def finding_line(result: Checked, finding: Finding) -> str:
    """``tiny.rsnet:21: error: group2#1/add: … [shortcut-mismatch]`` and the repairs below."""
    place = ":".join(str(part) for part in (result.file, result.line(finding)) if part)
    node = f"{finding.node}: " if finding.node else ""
    head = f"{place}: {finding.severity}: {node}{finding.message} [{finding.code}]\n"
    return head + "".join(f"    {fix.id}: {fix.title} ({cost(fix)})\n" for fix in finding.fixes)


def cost(fix: Fix) -> str:
    """``+8,320 parameters, +0 MACs``."""
    macs = "an unknown number of" if fix.delta_macs is None else f"{fix.delta_macs:+,}"
    return f"{fix.delta_params:+,} parameters, {macs} MACs"


def counted(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _verdict(result: Checked) -> str:
    errors = len(result.errors)
    warnings = sum(finding.severity == "warning" for finding in result.findings)
    found = [counted(errors, "error")] * bool(errors) + [counted(warnings, "warning")] * bool(
        warnings
    )
    return ", ".join(found) or "no problems"


def totals_line(result: Checked) -> str:
    totals = result.analysis.totals
    macs = "MACs unknown" if totals.macs is None else f"{totals.macs:,} MACs"
    return (
        f"{counted(len(result.layers), 'layer')}, {counted(totals.params, 'parameter')} "
        f"({totals.trainable_params:,} trainable), {macs}"
    )


REPORTS = (Report("text", tell),)
