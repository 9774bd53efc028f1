"""Asking for the name of a new block."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from resnet_studio.core.block_edits import add_block, new_block, set_parameter
from resnet_studio.core.document import Document
from resnet_studio.core.edits import EditError, free_id
from resnet_studio.gui.figures import sentence
from resnet_studio.gui.widgets import Field, column, label, set_role


class NewBlockDialog(QDialog):
    """A name, judged as one types."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New block")
        self.setMinimumWidth(400)
        self._document = document
        self.result_document = document
        self.name = Field(free_id(document.blocks, "residual_block"))
        self.name.setAccessibleName("Name of the block")
        self.fault = label("", "fault", wrap=True)
        hint = "A block is a part of the network that can be called many times, like a function."
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.ok = self.buttons.button(buttons.Ok)
        self.ok.setText("Add block")
        self.ok.setProperty("primary", "true")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._judge)
        parts = (label(hint, "muted", wrap=True), self.name, self.fault, self.buttons)
        self.setLayout(column(*parts, margin=16, gap=12))
        self._judge()
        self.name.selectAll()

    def _judge(self, _text: str = "") -> None:
        name = self.name.text().strip()
        try:
            added = add_block(self._document, name, new_block())
            self.result_document = set_parameter(added, name, "n_filters", 64)
            text = ""
        except EditError as error:
            text = sentence(str(error))
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        self.ok.setEnabled(not text)
        set_role(self.name, "fault", "true" if text else "false")


def ask_for_block(document: Document, parent: QWidget) -> tuple[str, Document] | None:
    """The name of a new block and the document with it; None if the user thought better of it."""
    dialog = NewBlockDialog(document, parent)
    if not dialog.exec():
        return None
    return dialog.name.text().strip(), dialog.result_document
