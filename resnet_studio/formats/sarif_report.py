"""``check --format sarif``: one log for all files, as code hosts show in review.

Follows SARIF 2.1.0 (OASIS standard, 2020).  Places in the network are logical locations,
places in the file physical ones.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from resnet_studio import __version__
from resnet_studio.core.diagnostics import RULES
from resnet_studio.formats import Report
from resnet_studio.formats.checked import Checked, Finding, Unreadable
from resnet_studio.formats.files import escape_surrogates

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def tell(results: Iterable[Checked | Unreadable]) -> Iterator[str]:
    found: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []
    for result in results:
        if isinstance(result, Unreadable):
            faults.append(_fault(result))
        else:
            found += [_result(result, finding) for finding in result.findings]
    log = {"version": "2.1.0", "$schema": _SCHEMA, "runs": [_run(found, faults)]}
    yield escape_surrogates(json.dumps(log, ensure_ascii=False, indent=2)) + "\n"


def _run(found: list[dict[str, Any]], faults: list[dict[str, Any]]) -> dict[str, Any]:
    codes = sorted({result["ruleId"] for result in found})
    invocation: dict[str, Any] = {"executionSuccessful": not faults}
    if faults:
        invocation["toolExecutionNotifications"] = faults
    driver = {
        "name": "ResNet Studio",
        "version": __version__,
        "rules": [_rule(code) for code in codes],
    }
    return {"tool": {"driver": driver}, "invocations": [invocation], "results": found}


def _rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    told: dict[str, Any] = {"id": code}
    if rule is not None:
        told["shortDescription"] = {"text": rule.summary}
        told["defaultConfiguration"] = {"level": rule.severity}
    return told


def _result(result: Checked, finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": _place(result.file, result.line(finding))}
    if finding.node:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.node, "kind": "member"}]
    return {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [location],
    }


def _fault(result: Unreadable) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": result.fault.message},
        "locations": [{"physicalLocation": _place(result.file, result.fault.line)}],
    }


def _place(file: str, line: int | None) -> dict[str, Any]:
    path = PurePath(file)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if line is not None:
        place["region"] = {"startLine": line}
    return place


REPORTS = (Report("sarif", tell),)
