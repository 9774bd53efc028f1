"""Every rule is what its worked examples say, and every code has a rule."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import resnet_studio
import resnet_studio.layers
import resnet_studio.rules
from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.diagnostics import RULES, Diagnostic
from resnet_studio.core.document import Document
from resnet_studio.rules.examples import EXAMPLES

PACKAGE = Path(resnet_studio.__file__).parent
VALID = [(code, doc) for code, examples in EXAMPLES.items() for doc in examples.valid]
INVALID = [(code, doc) for code, examples in EXAMPLES.items() for doc in examples.invalid]


def of(analysis: Analysis, code: str) -> list[Diagnostic]:
    return [d for d in analysis.diagnostics if d.code == code]


@pytest.mark.parametrize(("code", "document"), VALID, ids=[code for code, _ in VALID])
def test_a_valid_example_has_no_finding_of_its_rule(code: str, document: Document) -> None:
    assert of(analyse(document), code) == []
    assert analyse(document).ok


@pytest.mark.parametrize(("code", "document"), INVALID, ids=[code for code, _ in INVALID])
def test_an_invalid_example_is_found_and_told(code: str, document: Document) -> None:
    analysis = analyse(document)
    found = of(analysis, code)
    assert found
    assert {d.code for d in analysis.diagnostics} == {code}
    for diagnostic in found:
        assert diagnostic.severity == RULES[code].severity
        assert re.fullmatch(r"\S.{20,}\.", diagnostic.message, re.DOTALL)


@pytest.mark.parametrize(("code", "document"), INVALID, ids=[code for code, _ in INVALID])
def test_each_repair_leaves_the_network_without_the_finding(code: str, document: Document) -> None:
    for diagnostic in of(analyse(document), code):
        assert diagnostic.fixes, f"{code} has an example that nothing mends"
        for fix in diagnostic.fixes:
            assert fix.document != document
            assert fix.touched
            after = analyse(fix.document)
            assert (diagnostic.node, diagnostic.problem) not in [
                (d.node, d.problem) for d in after.diagnostics
            ]
            assert after.ok, fix.id
            assert list(after.diagnostics) == [] or len(after.diagnostics) < len(
                analyse(document).diagnostics
            )


@pytest.mark.parametrize(("code", "document"), INVALID, ids=[code for code, _ in INVALID])
def test_the_repairs_of_a_finding_are_told_apart(code: str, document: Document) -> None:
    for diagnostic in of(analyse(document), code):
        ids = [fix.id for fix in diagnostic.fixes]
        assert len(set(ids)) == len(ids)
        assert len({fix.title for fix in diagnostic.fixes}) == len(ids)
        assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in ids)


def emitted(source: str) -> Iterator[str]:
    """The codes that a module hands to Problem, Refusal or a wiring fault; ``CODE`` is its own."""
    tree = ast.parse(source)
    own = [n.value for n in tree.body if isinstance(n, ast.Assign) and _target(n) == "CODE"]
    for node in ast.walk(tree):
        texts: list[ast.expr] = []
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in ("Problem", "Refusal", "_fault"):
                texts = own if getattr(node.args[0], "id", "") == "CODE" else [node.args[0]]
        elif isinstance(node, ast.Assign) and _target(node) == "code":
            texts = [node.value]
        for text in texts:
            for part in ast.walk(text):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def _target(node: ast.Assign) -> str:
    return getattr(node.targets[0], "id", "")


def codes() -> set[str]:
    files = [p for part in ("core", "layers", "rules") for p in (PACKAGE / part).rglob("*.py")]
    return {code for path in files for code in emitted(path.read_text(encoding="utf-8"))}


def test_every_code_that_is_emitted_has_a_rule_with_examples() -> None:
    found = codes()
    assert {"shortcut-mismatch", "missing-input", "cycle", "unknown-size"} <= found
    assert found <= RULES.keys()
    assert found <= EXAMPLES.keys()


def test_no_rule_is_left_of_a_code_that_nothing_emits() -> None:
    assert EXAMPLES.keys() - codes() == set()


def test_every_rule_has_a_summary_in_a_sentence() -> None:
    for rule in RULES.values():
        assert rule.summary[0].isupper()
        assert rule.summary.endswith(".")
        assert rule.severity in ("error", "warning", "note")
