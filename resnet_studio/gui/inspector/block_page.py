"""The page of the block on the canvas: its name, what it is for, its parameters."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from resnet_studio.core.arguments import Anything, ArgumentError
from resnet_studio.core.block_edits import calls_of, copies_of, rename_block, set_parameter
from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.edits import EditError, free_id
from resnet_studio.core.feeding import Kinds, kinds_fed, together
from resnet_studio.core.parameters import remove_parameter, rename_parameter
from resnet_studio.gui import figures
from resnet_studio.gui.icons import icon
from resnet_studio.gui.inspector.argument_row import fault_sentence
from resnet_studio.gui.inspector.editors import editor_for
from resnet_studio.gui.inspector.text_box import TextBox
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets import (
    FamilyBadge,
    Field,
    clear,
    column,
    icon_button,
    label,
    row,
)


class BlockPage(QWidget):
    """Shown inside a block while nothing is selected."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: tuple[str, dict[str, Kinds]] | None = None
        self.badge = FamilyBadge(40)
        self.badge.show_family("block")
        self.name = Field()
        self.name.setProperty("title", "true")
        self.name.setAccessibleName("Name of the block")
        self.name.editingFinished.connect(self._rename)
        self.uses = label("", "caption")
        self.description = TextBox("What the block does")
        self.description.edited.connect(self._describe)
        self.fault = label("", "fault", wrap=True)
        self.parameters: dict[str, ParameterRow] = {}
        self._slot = column(gap=6)
        add = QPushButton("Add parameter")
        add.setIcon(icon("plus", "accent"))
        add.setProperty("flat-row", "true")
        add.setObjectName("add-parameter")
        add.clicked.connect(self._add)
        self.uses.setIndent(3)
        head = row(self.badge, column(self.name, self.uses, gap=0), gap=12)
        hint = label("Write “= n_filters” in an argument to use a parameter.", "caption", wrap=True)
        parts = (head, self.fault, self.description, label("Parameters", "heading"), self._slot)
        self.setLayout(column(*parts, add, hint, 1, margin=16, gap=12))

    def refresh(self) -> None:
        session = self._session
        if session.scope == NETWORK:
            return
        block = session.document.blocks[session.scope]
        if not self.name.hasFocus():
            self.name.setText(session.scope)
        self.uses.setText(f"Block · {_uses(session.document, session.scope)}")
        self.description.show_text(block.description)
        fed = dict(kinds_fed(session.document, session.scope))
        if self._shown != (session.scope, fed):
            self._build(fed)
            self._shown = (session.scope, fed)
        for name, default in block.parameters.items():
            self.parameters[name].show_default(default)
        self._show_fault("")

    def _build(self, fed: Mapping[str, Kinds]) -> None:
        clear(self._slot)
        self.parameters = {}
        ways = self._rename_parameter, self._set_default, self._remove
        for name, kinds in fed.items():
            made = ParameterRow(name, kinds, *ways)
            self.parameters[name] = made
            self._slot.addWidget(made)
        if not fed:
            self._slot.addWidget(label("The block has no parameters yet.", "muted"))

    # Edits; one that cannot be made says why

    def _try(self, text: str, edit: Callable[[Document], Document], merge: object = None) -> bool:
        try:
            after = edit(self._session.document)
        except EditError as error:
            self._show_fault(figures.sentence(str(error)))
            return False
        self._session.apply(text, after, merge=merge)
        return True

    def _rename(self) -> None:
        session, new = self._session, self.name.text().strip()
        old = session.scope
        if new == old or old == NETWORK:
            return
        if self._try(f"Rename the block to “{new}”", lambda d: rename_block(d, old, new)):
            self.refresh()
        else:
            self.name.setText(old)

    def _describe(self, text: str) -> None:
        session, scope = self._session, self._session.scope
        block = replace(session.document.blocks[scope], description=text)
        after = replace(session.document, blocks={**session.document.blocks, scope: block})
        session.apply(f"Describe “{scope}”", after, merge=("description", scope))

    def _add(self) -> None:
        scope = self._session.scope
        name = free_id(self._session.document.blocks[scope].parameters, "n_filters")
        self._try(f"Add the parameter “{name}”", lambda d: set_parameter(d, scope, name, 64))

    def _set_default(self, name: str, value: Any) -> None:
        scope = self._session.scope
        self._try(
            f"Set the default of “{name}”",
            lambda d: set_parameter(d, scope, name, value),
            merge=("default", scope, name),
        )

    def _rename_parameter(self, old: str, new: str) -> bool:
        scope = self._session.scope
        return self._try(
            f"Rename the parameter “{old}” to “{new}”",
            lambda d: rename_parameter(d, scope, old, new),
        )

    def _remove(self, name: str) -> None:
        scope = self._session.scope
        self._try(f"Remove the parameter “{name}”", lambda d: remove_parameter(d, scope, name))

    def _show_fault(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))


def _uses(document: Document, block: str) -> str:
    """``2 calls``, or ``1 call, 5 copies`` where one of them is a loop."""
    calls, copies = calls_of(document, block), copies_of(document, block)
    told = figures.count(calls, "call")
    return told if copies == calls else f"{told}, {figures.count(copies, 'copy', 'copies')}"


class ParameterRow(QWidget):
    """A parameter: its name, its default, and a button that removes it.

    The default is what the arguments that the parameter feeds take (``kinds``).
    """

    def __init__(
        self,
        name: str,
        kinds: Kinds,
        rename: Callable[[str, str], bool],
        set_default: Callable[[str, Any], None],
        remove: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._name, self._rename, self._set_default = name, rename, set_default
        self._kind = together(kinds) or Anything()
        self.name = Field(name)
        self.name.setAccessibleName(f"Name of the parameter {name}")
        self.editor = editor_for(self._kind)
        self.editor.name(f"Default of {name}", f"The default takes {self._kind.hint()}.")
        self.editor.setMaximumWidth(96)
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self.remove = icon_button("delete", f"Remove the parameter “{name}”", lambda: remove(name))
        self.setLayout(column(row(self.name, self.editor, self.remove, gap=4), self.fault, gap=2))
        self.name.editingFinished.connect(self._renamed)
        self.editor.edited.connect(self._edited)

    def show_default(self, value: Any) -> None:
        typing = self.editor.field.hasFocus()
        if not (typing and (self.fault.text() or self.editor.value() == value)):
            self.editor.show_value(value)
            # Without a default, every call says the value.
            self._judge(value, missing=False)

    def _judge(self, value: Any, missing: bool) -> bool:
        """Shows what is wrong with a default, or nothing; whether it may be applied."""
        message = self._fault(value, missing)
        self.fault.setText(message)
        self.fault.setVisible(bool(message))
        self.editor.show_fault(bool(message))
        return not message

    def _fault(self, value: Any, missing: bool) -> str:
        if missing and isinstance(self._kind, Anything):
            return fault_sentence(self._name, ArgumentError(), missing)
        try:
            if value is not None or missing:
                self._kind.parse(value)
        except ArgumentError as error:
            return fault_sentence(self._name, error, missing)
        return ""

    def _edited(self, value: Any) -> None:
        if self._judge(value, missing=value is None):
            self._set_default(self._name, value)

    def _renamed(self) -> None:
        new = self.name.text().strip()
        if new != self._name and not self._rename(self._name, new):
            self.name.setText(self._name)
