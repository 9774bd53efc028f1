"""The editor of a layer inside a wrapper: its class, and a row for each of its arguments."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from resnet_studio.core.layer import ALIASES, LAYERS
from resnet_studio.gui.inspector.argument_row import ArgumentRow
from resnet_studio.gui.inspector.editors import Editor, QuietComboBox
from resnet_studio.gui.inspector.rows import Rows, layer_rows
from resnet_studio.gui.new_node import start_config
from resnet_studio.gui.widgets import clear, column
from resnet_studio.layers.inner import InnerLayer

_INDENT = 12


class InnerLayerEditor(Editor):
    """A box to choose the class from; ``below`` it, across the page, the rows of the arguments.

    What is no layer at all is shown as it stands and goes when a class is chosen.
    """

    def __init__(self, kind: InnerLayer) -> None:
        self._box = QuietComboBox()
        super().__init__(self._box)
        self._value: Any = None
        self._parameters: Mapping[str, Any] | None = None
        self._rows: Rows | None = None
        self._rows_type = ""
        self._slot = column()
        self._slot.setContentsMargins(_INDENT, 0, 0, 0)
        self._arguments = self.below = QWidget()
        self.below.setLayout(self._slot)
        if kind.optional:
            self._box.addItem("none", None)
        for name in kind.suggestions():
            self._box.addItem(name, name)
        self._box.setMaxVisibleItems(16)
        self._box.activated.connect(lambda _index: self._choose())

    @property
    def rows(self) -> dict[str, ArgumentRow]:
        """The rows on show by argument; none where there is no layer."""
        return self._rows.rows if self._rows is not None else {}

    def value(self) -> Any:
        return self._value

    def show_parameters(self, parameters: Mapping[str, Any] | None) -> None:
        self._parameters = parameters

    def show_value(self, value: Any) -> None:
        self._value = value
        name = _class_of(value)
        at = self._box.findData(name)
        if at < 0 and value is not None:
            self._box.addItem(name or "not a layer", name)
            at = self._box.count() - 1
        self._box.setCurrentIndex(at)
        self._show_rows(name if name in LAYERS else "")

    def _show_rows(self, name: str) -> None:
        if self._rows_type != name:
            clear(self._slot)
            self._rows_type = name
            self._rows = self._rows_of(name) if name else None
        self._arguments.setVisible(self._rows is not None)
        self.refresh()

    def _rows_of(self, name: str) -> Rows:
        rows = layer_rows(LAYERS[name].arguments.values(), more=f"More arguments of {name}")
        rows.changed.connect(self.change)
        rows.reset.connect(self.reset)
        rows.explained.connect(self.explained)
        rows.unfolded.connect(self.refresh)
        rows.make_all()
        self._slot.addWidget(rows)
        return rows

    def refresh(self) -> None:
        """Shows the arguments in all rows that there are by now."""
        if self._rows is not None:
            self._rows.show_config(_config_of(self._value), self._parameters)

    def _choose(self) -> None:
        """A layer of the class in the box, with what it has in common with the one before."""
        name = self._box.currentData()
        if name == _class_of(self._value):
            return
        if name not in LAYERS:
            self.edited.emit(None)
            return
        known = LAYERS[name].arguments
        kept = {key: item for key, item in _config_of(self._value).items() if key in known}
        self.edited.emit({"class_name": name, "config": start_config(name) | kept})

    def change(self, name: str, value: Any) -> None:
        self._emit({**_config_of(self._value), name: value})

    def reset(self, name: str) -> None:
        self._emit({k: v for k, v in _config_of(self._value).items() if k != name})

    def _emit(self, config: Mapping[str, Any]) -> None:
        self.edited.emit({**self._value, "config": config})


def _class_of(value: Any) -> str | None:
    name = value.get("class_name") if isinstance(value, Mapping) else None
    return ALIASES.get(name, name) if isinstance(name, str) else None


def _config_of(value: Any) -> Mapping[str, Any]:
    config = value.get("config") if isinstance(value, Mapping) else None
    return config if isinstance(config, Mapping) else {}
