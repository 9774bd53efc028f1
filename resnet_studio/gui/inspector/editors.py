"""One editor for each kind of argument.

An editor shows a value and tells, through ``edited``, what value the user has put in; whether
that value is allowed is the argument's kind to say, in the row around the editor.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QToolButton, QVBoxLayout, QWidget

from resnet_studio.core.arguments import Kind
from resnet_studio.gui.icons import icon
from resnet_studio.gui.inspector.literals import (
    read_json,
    read_scalar,
    read_side,
    read_sizes,
    write_json,
    write_scalar,
    write_sizes,
)
from resnet_studio.gui.inspector.toggle import Toggle
from resnet_studio.gui.widgets import Field, row, set_role
from resnet_studio.layers.inner import InnerLayer


class Editor(QWidget):
    """The base: ``value`` is what stands in it, ``show_value`` puts a value in."""

    edited = Signal(object)
    explained = Signal(str)
    """The help of an argument inside the value, where an editor has such."""

    def __init__(self, field: QWidget) -> None:
        super().__init__()
        self.field = field
        self.below: QWidget | None = None
        """What needs the whole width of the page, under the line of the argument."""
        self.setFocusProxy(field)
        box = row(field, gap=4)
        self.setLayout(box)

    def value(self) -> Any:
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        raise NotImplementedError

    def show_parameters(self, parameters: Mapping[str, Any] | None) -> None:
        """What expressions inside a value may use; None outside blocks."""

    def show_fault(self, faulty: bool) -> None:
        set_role(self.field, "fault", "true" if faulty else "false")

    def name(self, text: str, tip: str) -> None:
        """What a screen reader says, and the tip."""
        self.field.setAccessibleName(text)
        self.field.setToolTip(tip)


class TextEditor(Editor):
    """A value in a line of text; the two functions read and write it."""

    def __init__(
        self, read: Callable[[str], Any], write: Callable[[Any], str], hint: str = ""
    ) -> None:
        self._line = Field()
        super().__init__(self._line)
        self._read, self._write = read, write
        self._line.setPlaceholderText(hint)
        self._line.textEdited.connect(lambda _text: self.edited.emit(self.value()))

    def value(self) -> Any:
        text = self._line.text()
        return text.strip() if text.strip().startswith("=") else self._read(text)

    def show_value(self, value: Any) -> None:
        # What is being typed stays as typed while it means the value: "3x3" is not rewritten.
        current = self.value()
        if current != value or type(current) is not type(value) or not self._line.hasFocus():
            self._line.setText(self._write(value))


class IntegerEditor(TextEditor):
    """A whole number with steps: arrows by one, with Shift by ten, with Ctrl twice or half."""

    def __init__(self, optional: bool = False) -> None:
        super().__init__(read_scalar, write_scalar, "none" if optional else "")
        self._line.installEventFilter(self)
        up, down = self._arrow("chevron-up", 1), self._arrow("chevron-down", -1)
        arrows = QVBoxLayout()
        arrows.setContentsMargins(0, 0, 4, 0)
        arrows.setSpacing(0)
        arrows.addWidget(up)
        arrows.addWidget(down)
        inside = row(0, arrows)
        inside.insertStretch(0, 1)
        self._line.setLayout(inside)
        self._line.setTextMargins(0, 0, 16, 0)

    def _arrow(self, name: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, "text-muted"))
        button.setFixedSize(16, 11)
        button.setStyleSheet("padding: 0; border: none;")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setAutoRepeat(True)
        button.clicked.connect(lambda: self.step(by))
        return button

    def step(self, by: int, factor: int = 1) -> None:
        """Adds ``by``, or doubles and halves where ``factor`` is 2 and ``by`` its direction."""
        value = self.value()
        if not isinstance(value, int) or isinstance(value, bool):
            return
        if factor == 2:
            value = value * 2 if by > 0 else value // 2
        else:
            value += by
        self._line.setText(write_scalar(value))
        self.edited.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
            if direction is not None:
                control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.step(direction * (10 if shift else 1), 2 if control else 1)
                return True
        return super().eventFilter(watched, event)


class ChoiceEditor(Editor):
    """One of a few words; an empty choice stands for None where that is allowed."""

    def __init__(self, choices: Sequence[Any], optional: bool) -> None:
        self._box = QuietComboBox()
        super().__init__(self._box)
        for value in ([None] if optional else []) + list(choices):
            self._box.addItem("default" if value is None else str(value), value)
        self._box.activated.connect(lambda _index: self.edited.emit(self.value()))

    def value(self) -> Any:
        return self._box.currentData()

    def show_value(self, value: Any) -> None:
        for at in range(self._box.count()):
            data = self._box.itemData(at)
            if data == value or (isinstance(value, str) and data == value.lower()):
                self._box.setCurrentIndex(at)
                return
        self._box.addItem(write_json(value), value)
        self._box.setCurrentIndex(self._box.count() - 1)


class NameEditor(Editor):
    """The name of a Keras object with suggestions, or the object as JSON."""

    def __init__(self, suggestions: Sequence[str]) -> None:
        self._box = QuietComboBox()
        super().__init__(self._box)
        self._box.setEditable(True)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._line = Field()
        self._box.setLineEdit(self._line)
        self._box.addItem("none")
        self._box.addItems(list(suggestions))
        self._box.setMaxVisibleItems(16)
        self._line.textEdited.connect(lambda _text: self.edited.emit(self.value()))
        self._box.activated.connect(lambda _index: self.edited.emit(self.value()))

    def value(self) -> Any:
        text = self._box.currentText().strip()
        return read_json(text) if text[:1] == "{" else (None if text in ("", "none") else text)

    def show_value(self, value: Any) -> None:
        if self.value() != value or not self._line.hasFocus():
            self._box.setEditText("none" if value is None else write_json(value))
            self._line.setCursorPosition(0)


class SwitchEditor(Editor):
    """On or off."""

    def __init__(self) -> None:
        self._toggle = Toggle()
        super().__init__(self._toggle)
        layout = self.layout()
        assert layout is not None
        layout.setAlignment(self._toggle, Qt.AlignmentFlag.AlignLeft)
        self._toggle.clicked.connect(lambda _checked: self.edited.emit(self.value()))

    def value(self) -> bool:
        return self._toggle.isChecked()

    def show_value(self, value: Any) -> None:
        self._toggle.setChecked(bool(value))


class ExpressionEditor(TextEditor):
    """``=2 * n_filters``: arithmetic over the parameters of the block."""

    def __init__(self) -> None:
        super().__init__(_as_expression, write_json, "= n_filters")
        self._line.setProperty("expression", "true")


class QuietComboBox(QComboBox):
    """Leaves the wheel to the page unless it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(3)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _as_expression(text: str) -> str:
    text = text.strip()
    return text if text.startswith("=") else f"={text}"


_LISTS = ("shape", "integers")


def editor_for(kind: Kind) -> Editor:
    """The editor that a kind of argument asks for by its ``editor``."""
    optional = bool(getattr(kind, "optional", False))
    match kind.editor:
        case "integer":
            return IntegerEditor(optional)
        case "number":
            return TextEditor(read_scalar, write_scalar, "none" if optional else "")
        case "side":
            return TextEditor(read_side, write_sizes)
        case "switch":
            return SwitchEditor()
        case "choice":
            choices = getattr(kind, "choices", ())
            return ChoiceEditor(choices, _allows_none(kind))
        case "name":
            suggest = getattr(kind, "suggestions", None)
            return NameEditor(suggest() if suggest is not None else ())
        case "layer":
            # Its rows have editors in turn.
            from resnet_studio.gui.inspector.inner_layer import InnerLayerEditor

            assert isinstance(kind, InnerLayer)
            return InnerLayerEditor(kind)
        case "sizes" | "margins" | "shape" | "integers" as name:
            always = name in _LISTS
            hint = "none" if _allows_none(kind) else ""
            return TextEditor(lambda text: read_sizes(text, always), write_sizes, hint)
        case _:
            return TextEditor(read_json, write_json, "none" if _allows_none(kind) else "")


def _allows_none(kind: Kind) -> bool:
    try:
        kind.parse(None)
    except ValueError:
        return False
    return True
