"""The panels: floating, hidden, put back, and the same after the next start."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QDockWidget, QWidget

from resnet_studio.gui.workbench import Workbench

NAMES = ["palette", "inspector", "code", "problems", "tables"]
Bench = Callable[..., Workbench]


def _asleep(dock: QDockWidget) -> list[QWidget]:
    """What of a panel is never painted again."""
    return [w for w in [dock, *dock.findChildren(QWidget)] if not w.updatesEnabled()]


def _float(workbench: Workbench, name: str) -> QDockWidget:
    dock = workbench.docks.by_name[name]
    dock.setFloating(True)
    return dock


@pytest.mark.parametrize("name", NAMES)
def test_a_floating_panel_is_painted_after_the_next_start(bench: Bench, name: str) -> None:
    first = bench()
    _float(first, name)
    first.docks.remember()
    dock = bench().docks.by_name[name]
    assert dock.isFloating()
    assert dock.isVisible()
    assert _asleep(dock) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_hidden_floating_panel_is_painted_when_it_is_shown(bench: Bench, name: str) -> None:
    first = bench()
    _float(first, name).close()
    first.docks.remember()
    docks = bench().docks
    assert docks.by_name[name].isHidden()
    docks.reveal(name)
    assert docks.by_name[name].isFloating()
    assert _asleep(docks.by_name[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_panel_that_floated_at_the_start_is_put_back_whole(bench: Bench, name: str) -> None:
    first = bench()
    _float(first, name)
    first.docks.remember()
    second = bench()
    second.actions["reset-layout"].trigger()
    dock = second.docks.by_name[name]
    assert not dock.isFloating()
    assert _asleep(dock) == []
