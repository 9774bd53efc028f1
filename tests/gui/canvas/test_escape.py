"""Escape in the middle of a drag: everything is as it was before the press."""

import pytest
from PySide6.QtCore import QPointF, Qt

KEYS = Qt.KeyboardModifier


@pytest.mark.parametrize("held", [KEYS.NoModifier, KEYS.ControlModifier, KEYS.AltModifier])
@pytest.mark.parametrize("selected", [["b"], ["a", "b"]])
@pytest.mark.parametrize("zoom", [1.0, 0.2])
def test_a_card_in_hand_goes_back(hand, residual, zoom, selected, held) -> None:
    it = hand(residual)
    it.canvas.motion.wanted = True
    it.canvas.zoom_by(zoom)
    it.session.select(selected)
    before = dict(it.canvas.network.places)
    middle = it.canvas.network.nodes["b"].card.center()
    it.press("b")
    it._held = held
    for step in (30, 120, 200):
        it.move(middle + QPointF(step, step / 2))
    moved = it.canvas.network.places != before
    assert moved != (held == Qt.KeyboardModifier.AltModifier), "with Alt a copy is in hand"
    it.key(Qt.Key.Key_Escape, held)
    assert it.canvas.network.places == before
    it.move(middle + QPointF(240, 80))
    it.release(middle + QPointF(240, 80))
    assert it.canvas.network.places == before
    assert it.session.selection == set(selected)
    assert it.session.history.count() == 0
    assert it.session.document is residual
