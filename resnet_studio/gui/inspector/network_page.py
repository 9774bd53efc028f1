"""The page of the network as a whole: name, description, training, what it comes to."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from resnet_studio.core.shapes import show
from resnet_studio.gui import figures
from resnet_studio.gui.inspector.editors import NameEditor, TextEditor
from resnet_studio.gui.inspector.facts import fact_grid
from resnet_studio.gui.inspector.literals import write_json
from resnet_studio.gui.inspector.text_box import TextBox
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets import FamilyBadge, Field, column, label, row

OPTIMIZERS = ("adam", "sgd", "adamw", "rmsprop", "nadam", "adagrad", "adadelta", "adamax", "lion")
LOSSES = (
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "mean_squared_error",
    "mean_absolute_error",
    "huber",
    "kl_divergence",
)
_LABEL_WIDTH = 80
"""Less than beside arguments, for the names of the losses are long."""


class NetworkPage(QWidget):
    """Shown on the main network while nothing is selected."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        badge = FamilyBadge(40)
        badge.show_family("merging")
        self.name = Field()
        self.name.setProperty("title", "true")
        self.name.setObjectName("network-name")
        self.name.setAccessibleName("Name of the network")
        self.name.textEdited.connect(self._rename)
        self.counts = label("", "caption")
        self.description = TextBox("What the network is and where it comes from")
        self.description.edited.connect(self._describe)
        self.figures = QFrame()
        self.figures.setObjectName("card")
        grid = fact_grid(self.figures, _LABEL_WIDTH)
        self._values = {
            name: label("", wrap=True)
            for name in ("Input", "Output", "Parameters", "Trainable", "MACs", "Size")
        }
        for at, (name, value) in enumerate(self._values.items()):
            grid.addWidget(label(name, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, at, 1)
        self.counts.setIndent(3)
        head = row(badge, column(self.name, self.counts, gap=0), gap=12)
        parts = (head, self.description, self.figures, self._training_part())
        self.setLayout(column(*parts, 1, margin=16, gap=12))

    def _training_part(self) -> QWidget:
        part = QWidget()
        self.optimizer = NameEditor(OPTIMIZERS)
        self.loss = NameEditor(LOSSES)
        self.metrics = TextEditor(_read_words, _write_words, "accuracy")
        form = column(gap=6)
        rows = (("optimizer", self.optimizer), ("loss", self.loss), ("metrics", self.metrics))
        for name, editor in rows:
            editor.name(name.capitalize(), f"The {name} that the exported code compiles with")
            editor.edited.connect(lambda value, name=name: self._train(name, value))
            title = label(name.capitalize())
            title.setFixedWidth(_LABEL_WIDTH)
            form.addLayout(row(title, editor, gap=4))
        part.setLayout(column(label("Training", "heading"), form))
        return part

    def refresh(self) -> None:
        document, analysis = self._session.document, self._session.analysis
        if not self.name.hasFocus() or self.name.text() != document.name:
            self.name.setText(document.name)
        self.description.show_text(document.description)
        layers = figures.count(analysis.root.layers, "layer")
        blocks = figures.count(len(document.blocks), "block")
        self.counts.setText(f"Network · {layers} · {blocks}")
        for name, text in self._facts().items():
            self._values[name].setText(text)
        training = document.training
        self.optimizer.show_value(training.get("optimizer"))
        self.loss.show_value(training.get("loss"))
        self.metrics.show_value(training.get("metrics"))

    def _facts(self) -> Mapping[str, str]:
        root, totals = self._session.analysis.root, self._session.analysis.totals
        nodes = list(root.graph.nodes.values())
        inputs = [o.output for n, o in zip(nodes, root.outcomes, strict=True) if n.type == "Input"]
        ends = [o.output for i, o in enumerate(root.outcomes) if not root.structure.successors[i]]
        return {
            "Input": "\n".join(map(show, inputs)) or "none",
            "Output": "\n".join(map(show, ends)) or "none",
            "Parameters": figures.whole(totals.params),
            "Trainable": figures.whole(totals.trainable_params),
            "MACs": figures.whole(totals.macs),
            "Size": figures.storage(totals.params),
        }

    def _rename(self, text: str) -> None:
        after = replace(self._session.document, name=text)
        self._session.apply("Rename the network", after, merge="network name")

    def _describe(self, text: str) -> None:
        after = replace(self._session.document, description=text)
        self._session.apply("Describe the network", after, merge="network description")

    def _train(self, name: str, value: Any) -> None:
        document = self._session.document
        training = {key: kept for key, kept in document.training.items() if key != name}
        if value not in (None, []):
            training = {**document.training, name: value}
        after = replace(document, training=training)
        self._session.apply(f"Set the {name}", after, merge=("training", name))


def _read_words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _write_words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(write_json(item) for item in value)
    return write_json(value)
