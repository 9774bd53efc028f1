"""What a node comes to: the shapes at its ends, its parameters spelled out, its MACs."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from resnet_studio.core.calls import Compound
from resnet_studio.core.document import Node
from resnet_studio.core.layer import Outcome
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.core.shapes import show
from resnet_studio.gui import figures
from resnet_studio.gui.inspector.argument_row import LABEL_WIDTH
from resnet_studio.gui.inspector.formula import formula, legend, weights_of
from resnet_studio.gui.widgets import label

_ROWS = ("Input", "Output", "Parameters", "", "Trainable", "MACs")


class Facts(QFrame):
    """A card of figures, one to a line."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        grid = fact_grid(self)
        self.values: dict[str, QLabel] = {}
        for at, name in enumerate(_ROWS):
            value = label("", "formula" if not name else "body", wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            if name:
                key = label(name, "muted")
                grid.addWidget(key, at, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(value, at, 1)
            else:
                grid.addWidget(value, at, 0, 1, 2)
            self.values[name or "Formula"] = value
        self.formula.setObjectName("formula")

    @property
    def formula(self) -> QLabel:
        return self.values["Formula"]

    def show_node(self, graph: GraphAnalysis | None, node: Node) -> None:
        """Fills in what is known; a node behind an error has unknown shapes."""
        if graph is None:
            for value in self.values.values():
                value.setText("unknown")
            self.formula.hide()
            return
        outcome = graph.outcome(node.id)
        inputs = graph.input_shapes(node.id)
        self._put("Input", "\n".join(show(shape) for shape in inputs) or "none")
        self._put("Output", _outputs(outcome))
        self._put("Parameters", figures.whole(outcome.params) + _copies(outcome))
        self._put("Trainable", _trainable(outcome))
        self._put("MACs", figures.whole(outcome.macs))
        inferable = graph.inferables[graph.structure.index[node.id]]
        weights = weights_of(inferable, inputs)
        if node.shared_with is not None:
            self._put("Parameters", f"counted at “{node.shared_with}”")
            weights = ()
        self.formula.setVisible(bool(weights))
        self.formula.setText(_breakable(formula(weights)))
        self.formula.setToolTip(legend(weights))

    def _put(self, name: str, text: str) -> None:
        self.values[name].setText(text)


def fact_grid(card: QFrame, label_width: int = LABEL_WIDTH) -> QGridLayout:
    """Names on the left, and values in line with what stands in the editors of the page.

    ``label_width`` is that of the labels left of the editors, in pixels.
    """
    grid = QGridLayout(card)
    grid.setContentsMargins(12, 8, 12, 8)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, label_width - 10)
    grid.setColumnStretch(1, 1)
    return grid


def _outputs(outcome: Outcome) -> str:
    return "unknown" if outcome.outputs is None else "\n".join(show(s) for s in outcome.outputs)


def _copies(outcome: Outcome) -> str:
    """Of which copies of a loop the figure is the sum: what follows an error is not counted."""
    if not isinstance(outcome, Compound) or len(outcome.copies) < 2:
        return ""
    total = len(outcome.copies)
    if outcome.outputs is not None:
        return f" in {total} copies together"
    reached = next((n for n, c in enumerate(outcome.copies, 1) if c.outputs is None), total)
    which = "the first" if reached == 1 else f"the first {reached}"
    return f" in {which} of {total} copies, the rest unknown"


def _trainable(outcome: Outcome) -> str:
    if outcome.params and outcome.trainable == outcome.params:
        return "all"
    return figures.whole(outcome.trainable)


def _breakable(text: str) -> str:
    """Lets a long product break after its dots."""
    return text.replace("·", "·\u200b")
