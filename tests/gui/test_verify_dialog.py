"""The dialog of a verification: its verdict, what stands under it, and its rows."""

from dataclasses import replace

import pytest

from resnet_studio.gui import verify_dialog
from resnet_studio.keras_process.client import VerifyReport, WorkerError
from resnet_studio.keras_process.expectation import expectation
from resnet_studio.keras_process.report import compare, refused
from resnet_studio.rules.examples import document, place


@pytest.fixture
def shown(bench, qtbot, monkeypatch):
    """Opens the dialog on the analysis of a template, with a report made from it."""

    def open_dialog(make) -> verify_dialog.VerifyDialog:
        def verify(analysis, _progress, _cancel) -> VerifyReport:
            return make(expectation(analysis))

        monkeypatch.setattr(verify_dialog, "verify", verify)
        dialog = verify_dialog.VerifyDialog(bench("residual-block").session)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.close_button.text() == "Close", timeout=5000)
        return dialog

    return open_dialog


def agreeing(expected, **changes) -> VerifyReport:
    """What Keras would answer that has everything as the analysis has it."""
    inputs = [[i, 0] for i, node in enumerate(expected["nodes"]) if node["type"] == "Input"]
    observed = {**expected, "rows": expected["nodes"], "extra": [], "inputs": inputs}
    return replace(compare(expected, observed, "3.15"), **changes)


def test_agreement_is_identical(shown) -> None:
    dialog = shown(agreeing)
    assert dialog.verdict.text() == "Identical"
    assert "every wire, shape and count is that of Keras 3.15." in dialog.more.text()
    assert not dialog.fault.isVisible()


def test_no_forward_pass_is_mentioned_and_stays_identical(shown) -> None:
    dialog = shown(lambda e: agreeing(e, forward="no forward pass: it would take too long"))
    assert dialog.verdict.text() == "Identical"
    assert dialog.more.text().endswith("No forward pass: it would take too long.")


def test_a_forward_pass_that_fails_is_a_warning_and_not_plainly_identical(shown) -> None:
    dialog = shown(lambda e: agreeing(e, forward_error="InvalidArgumentError: in Softmax"))
    assert dialog.verdict.text() == "Builds as drawn, but a forward pass fails"
    assert dialog.fault.isVisible()
    assert dialog.fault.property("kind") == "warning"
    assert dialog.fault.text.text() == "InvalidArgumentError: in Softmax."


def test_a_refusal_is_different(shown) -> None:
    dialog = shown(lambda e: refused(e, "Keras refuses the code: ValueError"))
    assert dialog.verdict.text() == "Different"
    assert dialog.table.item(0, 4).text() == "not built"


def test_a_process_that_fails_is_told(shown) -> None:
    def fail(_expected) -> VerifyReport:
        raise WorkerError("Keras did not start\nTraceback")

    dialog = shown(fail)
    assert dialog.verdict.text() == "Keras could not be asked"
    assert dialog.more.text() == "Keras did not start."


def test_the_window_outlives_tensorflow_aborting_its_process(bench, qtbot) -> None:
    """The real thing: ``predict`` of a Dense on no values ends the process that Keras runs in."""
    session = bench("residual-block").session
    empty = document(place("i", "Input", shape=[0]), place("d", "Dense", "i", units=3))
    session.apply("Replace the network", empty)
    dialog = verify_dialog.VerifyDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.close_button.text() == "Close", timeout=180_000)
    assert dialog.verdict.text() == "Builds as drawn, but a forward pass fails"
    assert dialog.fault.text.text().startswith("The process for Keras crashed (SIG")
    session.apply("And back", session.document)
    assert dialog.isVisible()
