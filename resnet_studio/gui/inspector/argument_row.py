"""One argument in the inspector: its name, its editor, what is wrong, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from resnet_studio.core.arguments import Argument, ArgumentError
from resnet_studio.core.expressions import ExpressionError, contains_expression, resolve
from resnet_studio.gui.inspector.editors import Editor, ExpressionEditor, editor_for
from resnet_studio.gui.inspector.literals import write_json
from resnet_studio.gui.widgets import column, icon_button, label, row, set_role

LABEL_WIDTH = 96
_SHOWN = 6


class ArgumentRow(QWidget):
    """Emits ``changed`` only with values that the argument's kind accepts."""

    changed = Signal(str, object)
    reset = Signal(str)
    explained = Signal(str)
    """The help of the argument, when the pointer or the focus comes to it."""

    def __init__(self, argument: Argument, title: str = "") -> None:
        super().__init__()
        self.argument = argument
        self.name = argument.name
        self.setObjectName(f"argument-{self.name}")
        self._parameters: Mapping[str, Any] | None = None
        self._value: Any = None
        self._differing: Sequence[Any] = ()
        """The values of several nodes, where they are not one."""
        self._faulty = False
        self.label = label(title or spoken(self.name))
        self.label.setFixedWidth(LABEL_WIDTH)
        self.label.setWordWrap(True)
        self.editor: Editor = editor_for(argument.kind)
        self._plain = self.editor
        self._expression: ExpressionEditor | None = None
        self.fault = label("", "fault", wrap=True)
        self.worth = label("", "expression")
        self.aftermath = label("", "caption", wrap=True)
        self._fx = self._make_fx()
        self._back = icon_button("undo", "Back to the default", self._reset, size=14)
        self._slot = QVBoxLayout()
        self._slot.setContentsMargins(0, 0, 0, 0)
        self._slot.addWidget(self.editor)
        line = row(self.label, self._slot, self._fx, self._back, gap=4)
        line.setAlignment(self.label, Qt.AlignmentFlag.AlignVCenter)
        below = [self.editor.below] if self.editor.below is not None else []
        self.setLayout(column(line, *below, self.worth, self.fault, self.aftermath, gap=2))
        for text in (self.worth, self.fault, self.aftermath):
            text.setContentsMargins(LABEL_WIDTH + 4, 0, 0, 0)
            text.hide()
        self._adopt(self.editor)
        self.label.setToolTip(self.help())

    def help(self) -> str:
        """The keyword, what it means, what it takes and its default."""
        argument = self.argument
        default = (
            "required" if argument.required else f"default {write_json(argument.default) or 'none'}"
        )
        meaning = argument.help or "an argument of Keras."
        return f"{self.name}: {meaning} Takes {argument.kind.hint()}; {default}."

    def show_config(self, config: Mapping[str, Any], parameters: Mapping[str, Any] | None) -> None:
        """Shows the argument's value; ``parameters`` is None outside blocks."""
        self._parameters, self._differing = parameters, ()
        # A layer inside has expressions in its own rows.
        self._fx.setVisible(parameters is not None and self._plain.below is None)
        self._plain.show_parameters(parameters)
        given = self.name in config
        value = config.get(self.name, None if self.argument.required else self.argument.default)
        set_role(self.label, "role", "heading" if given else "muted")
        keeps_room = self._back.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self._back.setSizePolicy(keeps_room)
        self._back.setVisible(given and not self.argument.required)
        if self._faulty and value == self._value and self.editor.field.hasFocus():
            return
        self._value = value
        self._use_expression(contains_expression(value) and isinstance(value, str))
        self.editor.show_value(value)
        self._judge(value, given)

    def show_several(self, values: Sequence[Any]) -> None:
        """Stands for several nodes whose values differ; an edit gives all the same."""
        if self.editor.field.hasFocus() and self._faulty:
            return
        self._parameters, self._value, self._differing = None, None, values
        self._fx.setVisible(False)
        self._back.setVisible(True)
        set_role(self.label, "role", "heading")
        self._use_expression(False)
        self.editor.show_value(None)
        self._faulty = False
        self.editor.show_fault(False)
        self.fault.hide()
        shown = ", ".join(write_json(value) or "none" for value in values[:_SHOWN])
        self.worth.setText(f"differ: {shown}{' …' if len(values) > _SHOWN else ''}")
        self.worth.show()

    def show_aftermath(self, text: str, tone: str) -> None:
        """Says in small print what the edit of this argument changes in the network."""
        self.aftermath.setText(text)
        set_role(self.aftermath, "role", "fault" if tone == "error" else "caption")
        self.aftermath.setVisible(bool(text))

    # Editing

    def _edited(self, value: Any) -> None:
        if self._judge(value, True):
            self._value = value
            self.changed.emit(self.name, value)

    def _judge(self, value: Any, given: bool) -> bool:
        """Shows what is wrong with a value, or nothing; whether it may be applied."""
        message, worth = "", ""
        if given or self.argument.required:
            try:
                resolved = resolve(value, self._parameters or {})
                self.argument.kind.parse(resolved)
                if contains_expression(value) and not isinstance(value, Mapping):
                    worth = f"= {write_json(resolved)} in this copy"
            except (ArgumentError, ExpressionError) as error:
                message = fault_sentence(self.name, error, missing=value is None and not given)
        self._faulty = bool(message)
        self.fault.setText(message)
        self.fault.setVisible(bool(message))
        self.worth.setText(worth)
        self.worth.setVisible(bool(worth))
        self.editor.show_fault(self._faulty)
        return not message

    def _reset(self) -> None:
        self.reset.emit(self.name)

    def _tidy(self) -> None:
        """Writes the value as values are written, once the typing is over."""
        if not self._differing and not self._faulty and not self.editor.field.hasFocus():
            self.editor.show_value(self._value)

    def cancel(self) -> None:
        """Forgets what was typed and shows the value of the document again."""
        self._faulty = False
        if self._differing:
            self.show_several(self._differing)
            return
        self.editor.show_value(self._value)
        self._judge(self._value, True)

    # Expressions

    def _make_fx(self) -> QToolButton:
        button = QToolButton()
        button.setText("ƒx")
        button.setProperty("narrow", "true")
        button.setCheckable(True)
        button.setToolTip("Compute the value from the parameters of the block")
        button.setAccessibleName(f"Expression for {self.name}")
        button.clicked.connect(self._toggle_expression)
        return button

    def _toggle_expression(self, wanted: bool) -> None:
        self._use_expression(wanted)
        if wanted:
            first = next(iter(self._parameters or {}), "")
            self.editor.show_value(f"={first}")
        else:
            worth = self._resolved_value()
            self.editor.show_value(worth)
        self._edited(self.editor.value())
        self.editor.field.setFocus()

    def _resolved_value(self) -> Any:
        try:
            return resolve(self._value, self._parameters or {})
        except ExpressionError:
            return None if self.argument.required else self.argument.default

    def _use_expression(self, wanted: bool) -> None:
        self._fx.setChecked(wanted)
        if wanted and self._expression is None:
            self._expression = ExpressionEditor()
            self._adopt(self._expression)
            self._slot.addWidget(self._expression)
        new = self._expression if wanted and self._expression is not None else self._plain
        if new is not self.editor:
            self.editor.hide()
            self.editor = new
            new.show()

    # Help and the Escape key

    def _adopt(self, editor: Editor) -> None:
        editor.edited.connect(self._edited)
        editor.explained.connect(self.explained)
        editor.name(self.name, self.help())
        editor.field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            self.explained.emit(self.help())
        elif event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self._tidy)
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            wrong = self._faulty and event.key() == Qt.Key.Key_Escape
            if wrong:
                self.cancel()
            return wrong
        return super().eventFilter(watched, event)


def spoken(name: str) -> str:
    """``kernel_size`` as ``Kernel size``."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def fault_sentence(name: str, error: Exception, missing: bool) -> str:
    """What is wrong with the value of an argument, for the line below its field."""
    if missing:
        return f"{spoken(name)} is required."
    text = str(error)
    if isinstance(error, ExpressionError):
        return text[:1].upper() + text[1:] + "."
    return f"{spoken(name)} {text}."
