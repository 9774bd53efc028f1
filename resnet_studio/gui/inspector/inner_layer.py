"""The editor of a layer inside a wrapper: its class, and a row for each of its arguments."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.core.layer import ALIASES, LAYERS
from resnet_studio.gui.inspector.argument_row import ArgumentRow
from resnet_studio.gui.inspector.editors import Editor, QuietComboBox
from resnet_studio.gui.inspector.fine import is_fine
from resnet_studio.gui.inspector.section import Section
from resnet_studio.gui.new_node import start_config
from resnet_studio.gui.widgets import column
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
        self._rows: InnerRows | None = None
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
        if self._rows is not None and self._rows.type_name != name:
            self._rows.hide()
            self._rows.deleteLater()
            self._rows = None
        if self._rows is None and name:
            self._rows = InnerRows(self, name)
            self._slot.addWidget(self._rows)
        self._arguments.setVisible(self._rows is not None)
        self.refresh()

    def refresh(self) -> None:
        """Shows the arguments in all rows that there are by now."""
        for row in self.rows.values():
            row.show_config(_config_of(self._value), self._parameters)

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


class InnerRows(QWidget):
    """The rows of one class of layer; the rarer ones are made when first unfolded."""

    def __init__(self, editor: InnerLayerEditor, type_name: str) -> None:
        super().__init__()
        self._editor, self.type_name = editor, type_name
        self.rows: dict[str, ArgumentRow] = {}
        shown = [a for a in LAYERS[type_name].arguments.values() if not a.hidden]
        self._fine = [a for a in shown if is_fine(a)]
        box = column(gap=6)
        self._add([a for a in shown if not is_fine(a)], box)
        self.more = Section(f"More arguments of {type_name}", self._unfold)
        box.addWidget(self.more)
        self.more.setVisible(bool(self._fine))
        self.setLayout(box)

    def _unfold(self, box: QVBoxLayout) -> None:
        self._add(self._fine, box)
        self._editor.refresh()

    def _add(self, arguments: list[Any], box: QVBoxLayout) -> None:
        for argument in arguments:
            row = ArgumentRow(argument)
            row.changed.connect(self._editor.change)
            row.reset.connect(self._editor.reset)
            row.explained.connect(self._editor.explained)
            self.rows[argument.name] = row
            box.addWidget(row)


def _class_of(value: Any) -> str | None:
    name = value.get("class_name") if isinstance(value, Mapping) else None
    return ALIASES.get(name, name) if isinstance(name, str) else None


def _config_of(value: Any) -> Mapping[str, Any]:
    config = value.get("config") if isinstance(value, Mapping) else None
    return config if isinstance(config, Mapping) else {}
