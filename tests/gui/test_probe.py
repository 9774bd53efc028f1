"""What a test driver is told of the window."""

import shiboken6
from PySide6.QtWidgets import QLabel

from resnet_studio.gui import probe


def test_a_widget_that_goes_while_it_is_described_is_left_out(qtbot, monkeypatch) -> None:
    """A file dialog makes and deletes its completions while somebody types."""
    kept, gone = QLabel("kept"), QLabel("gone")
    qtbot.addWidget(kept)
    shiboken6.delete(gone)
    monkeypatch.setattr(probe, "_visible_widgets", lambda: [gone, kept])
    assert [each["text"] for each in probe._descriptions()] == ["kept"]
