"""The row of one argument that a block to be made can have as a parameter."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from resnet_studio.core.fold.given import REPEAT
from resnet_studio.core.grouping import Parameter
from resnet_studio.core.proposals import Offer
from resnet_studio.gui.inspector.literals import write_json
from resnet_studio.gui.repairs import Elided
from resnet_studio.gui.widgets import Field, column, label, row

_MOST_VALUES = 4


class ParameterChoice(QWidget):
    """One argument that can be a parameter: whether it is, its name, its values, its uses."""

    changed = Signal()

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self.offer = offer
        parameter = offer.parameter
        self.chosen = QCheckBox()
        self.chosen.setChecked(offer.forced or offer.wanted)
        self.chosen.setEnabled(not offer.forced)
        self.chosen.setAccessibleName(f"Make {parameter.name} a parameter")
        if offer.forced:
            self.chosen.setToolTip("It differs from place to place, so that it must be a parameter")
        self.name = Field(parameter.name)
        self.name.setAccessibleName(f"Name of the parameter {parameter.name}")
        self.name.setFixedWidth(132)
        self.values = label(_values_text(offer), "formula")
        self.uses = Elided(_uses_text(parameter), "caption")
        self.uses.setToolTip(_uses_text(parameter, most=99))
        told = column(self.values, self.uses, gap=0)
        box = row(self.chosen, self.name, told, gap=10)
        box.setStretch(2, 1)
        self.setLayout(box)
        self.chosen.toggled.connect(self._toggled)
        self.name.textChanged.connect(self.changed)
        self.name.setEnabled(self.chosen.isChecked())

    def _toggled(self, on: bool) -> None:
        self.name.setEnabled(on)
        self.changed.emit()

    def parameter(self) -> Parameter | None:
        """The parameter as named here; None where it is not wanted."""
        if not self.chosen.isChecked():
            return None
        parameter = self.offer.parameter
        return Parameter(self.name.text().strip(), parameter.default, parameter.uses)


def _values_text(offer: Offer) -> str:
    values = list(dict.fromkeys(_value_text(value) for value in offer.values))
    more = " …" if len(values) > _MOST_VALUES else ""
    return ", ".join(values[:_MOST_VALUES]) + more


def _value_text(value: object) -> str:
    """Sizes as everywhere, ``3×3``; the rest as JSON has it."""
    if isinstance(value, list | tuple) and value and all(type(part) is int for part in value):
        return "×".join(map(str, value)) if len(value) > 1 else write_json(value)
    return write_json(value)


def _uses_text(parameter: Parameter, most: int = 3) -> str:
    """``filters of conv_a, conv_b and 4 × in expand``."""
    argument = parameter.uses[0].argument
    what = "repeat count" if argument == REPEAT else argument
    names = [
        use.node if use.factor == 1 else f"{use.node} ({use.factor} ×)" for use in parameter.uses
    ]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{what} of {', '.join(names[:most])}{more}"
