"""``check --format json``: one object to a file, each on a line of its own (JSON Lines).

The schema is public: keys are added, never changed.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from resnet_studio.core.flatten import FlatNode
from resnet_studio.formats import Report
from resnet_studio.formats.checked import Checked, Finding, Unreadable
from resnet_studio.formats.files import escape_surrogates

_NOTHING = {"params": 0, "trainable_params": 0, "non_trainable_params": 0, "macs": None}


def tell(results: Iterable[Checked | Unreadable]) -> Iterator[str]:
    for result in results:
        told = _unreadable(result) if isinstance(result, Unreadable) else _checked(result)
        yield escape_surrogates(json.dumps(told, ensure_ascii=False, allow_nan=False)) + "\n"


def _checked(result: Checked) -> dict[str, Any]:
    return {
        "ok": result.ok,
        "file": result.file,
        "nodes": {node.path: _node(node) for node in result.layers},
        "totals": result.analysis.totals._asdict(),
        "diagnostics": [_finding(finding, result.line(finding)) for finding in result.findings],
    }


def _unreadable(result: Unreadable) -> dict[str, Any]:
    fault: dict[str, Any] = {
        "code": "unreadable-file",
        "severity": "error",
        "node": "",
        "message": result.fault.message,
        "line": result.fault.line,
        "fixes": [],
    }
    return {
        "ok": False,
        "file": result.file,
        "nodes": {},
        "totals": _NOTHING,
        "diagnostics": [fault],
    }


def _node(node: FlatNode) -> dict[str, Any]:
    outcome = node.outcome
    return {
        "type": node.type,
        "input_shapes": node.input_shapes,
        "output_shape": outcome.output,
        "params": outcome.params,
        "trainable_params": outcome.trainable,
        "macs": outcome.macs if outcome.outputs else None,
    }


def _finding(finding: Finding, line: int | None) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "node": finding.node,
        "message": finding.message,
        "line": line,
        "fixes": [
            {
                "id": fix.id,
                "title": fix.title,
                "delta_params": fix.delta_params,
                "delta_macs": fix.delta_macs,
            }
            for fix in finding.fixes
        ],
    }


REPORTS = (Report("json", tell),)
