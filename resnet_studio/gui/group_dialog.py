"""Asking what a selection is to be as a block: its name, its parameters, where else it is used."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QScrollArea,
    QWidget,
)

from resnet_studio.core.block_edits import check_name
from resnet_studio.core.document import Block, Document
from resnet_studio.core.edits import EditError
from resnet_studio.core.elsewhere import equal_places
from resnet_studio.core.faces import call_text
from resnet_studio.core.fold.given import REPEAT
from resnet_studio.core.grouping import Parameter, Place, group
from resnet_studio.core.proposals import Offer, Proposal, propose
from resnet_studio.core.reusing import Holder, holders
from resnet_studio.gui.canvas.inside import inside_of, paint_inside
from resnet_studio.gui.canvas.painting import tinted
from resnet_studio.gui.figures import count, sentence
from resnet_studio.gui.inspector.literals import write_json
from resnet_studio.gui.repairs import Elided
from resnet_studio.gui.theme import theme, theme_notifier
from resnet_studio.gui.widgets import Debounce, Field, clear, column, label, row, rule, set_role

_MOST_VALUES = 4
_WIDTH, _MOST_ROWS = 660, 224
"""Of the dialog, and of the parameters that stand in it without scrolling."""


class GroupDialog(QDialog):
    """Shows a proposal that Enter accepts; what is changed is judged as one types."""

    def __init__(
        self,
        document: Document,
        scope: str,
        ids: Sequence[str],
        parent: QWidget | None = None,
        taken: Collection[str] = (),
    ) -> None:
        """``taken`` are names of blocks elsewhere, which are not proposed."""
        super().__init__(parent)
        self.setWindowTitle("Group into a block")
        kind = Qt.WindowType
        self.setWindowFlags(
            kind.Dialog
            | kind.CustomizeWindowHint
            | kind.WindowTitleHint
            | kind.WindowCloseButtonHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._document, self._scope, self._ids = document, scope, tuple(ids)
        self.places = equal_places(document, scope, ids)
        self._taken = taken
        self._proposal = propose(document, scope, ids, self.places, taken)
        self.result_document = document
        self.name = Field(self._proposal.name)
        self.name.setAccessibleName("Name of the block")
        self.name.setProperty("title", "true")
        self.picture = BlockPicture()
        self.border = label("", "caption")
        self.also = QCheckBox(_also_text(self.places, document, scope))
        self.also.setChecked(True)
        self.instead = QCheckBox()
        self.call = label("", "formula", wrap=True)
        self.fault = label("", "fault", wrap=True)
        self.rows: list[ParameterChoice] = []
        self._slot = column(gap=6)
        self._later = Debounce(self, 120, self._judge)
        self._lay_out()
        # Not before they have a parent: shown, they would be windows.
        self.also.setVisible(bool(self.places))
        self.holder = self._found_holder()
        self.name.textChanged.connect(self._name_typed)
        self.also.toggled.connect(self._propose_again)
        self.instead.toggled.connect(self._instead_toggled)
        self._build()
        self._judge()
        # What is there already is called, unless another name is typed.
        self.instead.setChecked(self.holder is not None)
        self.resize(_WIDTH, self.sizeHint().height())
        self.name.selectAll()
        self.name.setFocus()

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.ok = self.buttons.button(buttons.Ok)
        self.ok.setText("Group")
        self.ok.setProperty("primary", "true")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        holder = QWidget()
        holder.setLayout(column(self._slot, 1))
        self._scroll = scroll = QScrollArea()
        scroll.setWidget(holder)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        parts = (
            column(self.name, self.border, gap=2),
            label("Parameters", "heading"),
            scroll,
            self.instead,
            self.also,
            rule(),
            self.call,
            self.fault,
        )
        right = column(*parts, gap=10)
        right.setStretch(2, 1)
        self.setLayout(column(row(self.picture, right, gap=20), self.buttons, margin=20, gap=16))

    # What is offered

    def _build(self) -> None:
        clear(self._slot)
        self.rows = [ParameterChoice(offer) for offer in self._proposal.offers]
        for made in self.rows:
            made.changed.connect(self._later.start)
            self._slot.addWidget(made)
        if not self.rows:
            self._slot.addWidget(label("No argument that one would vary.", "muted"))
        self.border.setText(_border_text(self._proposal))
        rows = self._slot.sizeHint().height()
        self._scroll.setMinimumHeight(min(rows, _MOST_ROWS))

    def _found_holder(self) -> Holder | None:
        """The block that holds the selection already, if there is one, told beside its choice."""
        found = holders(self._document, self._scope, self._ids, self._wanted_places())
        holder = max(found, key=lambda held: len(held.places), default=None)
        self.instead.setVisible(holder is not None)
        if holder is not None:
            self.instead.setText(f"Call “{holder.block}”, which holds the same")
        return holder

    @property
    def reused(self) -> Holder | None:
        """The block that is to be called in place of a new one."""
        return self.holder if self.instead.isChecked() else None

    @property
    def block(self) -> str:
        """The block that is to be called: a new one, or the one that holds the same."""
        return self.reused.block if self.reused is not None else self.name.text().strip()

    def _instead_toggled(self, on: bool) -> None:
        self._show_choice(on)
        # Not judged as a name that one types: of a block that is there it is no free one.
        with QSignalBlocker(self.name):
            self.name.setText(self.reused.block if self.reused is not None else self._proposal.name)
        self.name.selectAll()
        self._judge()

    def _show_choice(self, calling: bool) -> None:
        self._scroll.setEnabled(not calling)
        self.ok.setText("Call" if calling else "Group")

    def _propose_again(self) -> None:
        self.holder = self._found_holder()
        places = self._wanted_places()
        self._proposal = propose(self._document, self._scope, self._ids, places, self._taken)
        self._build()
        if self.holder is None:
            self.instead.setChecked(False)
        self._judge()

    def _wanted_places(self) -> list[Place]:
        return self.places if self.also.isChecked() else []

    def parameters(self) -> list[Parameter]:
        """The parameters that are ticked, under the names that they are given."""
        return [parameter for made in self.rows if (parameter := made.parameter()) is not None]

    # Judging

    def _name_typed(self) -> None:
        if self.instead.isChecked():
            # Whoever types a name wants a new block.
            with QSignalBlocker(self.instead):
                self.instead.setChecked(False)
            self._show_choice(calling=False)
        try:
            check_name(self._document, self.name.text().strip())
        except EditError as error:
            self._show_fault(sentence(str(error)))
            return
        self._show_fault("")
        self._later.start()

    def _judge(self) -> None:
        try:
            self.result_document = self._result()
        except EditError as error:
            self._show_fault(sentence(str(error)))
            return
        self._show_fault("")
        self._show_result(self.block)

    def _result(self) -> Document:
        if self.reused is not None:
            return self.reused.document
        parameters = self.parameters()
        _refuse_names([parameter.name for parameter in parameters])
        places = self._wanted_places()
        return group(self._document, self._scope, self._ids, self.block, parameters, places)

    def _show_result(self, name: str) -> None:
        document = self.result_document
        block = document.blocks[name]
        self.picture.show_block(block, document)
        calls = [n for n in document.graph(self._scope).nodes.values() if n.type == name]
        shown = [
            call_text(n, block) + (f" × {n.repeat}" if n.repeat != 1 else "") for n in calls[:3]
        ]
        more = f"\nand {count(len(calls) - 3, 'more call')}" if len(calls) > 3 else ""
        self.call.setText("\n".join(shown) + more)

    def _show_fault(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        self.ok.setEnabled(not text)
        set_role(self.name, "fault", "true" if text else "false")

    def accept(self) -> None:
        """Takes the proposal as it stands, unless it cannot be."""
        self._later.stop()
        self._judge()
        if self.ok.isEnabled():
            super().accept()


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


class BlockPicture(QWidget):
    """The inside of a block, drawn as on the cards of its calls."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Block, Document] | None = None
        self.setFixedWidth(132)
        self.setMinimumHeight(180)
        self.setAccessibleName("Picture of the block")
        theme_notifier().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(132, 240)

    def show_block(self, block: Block, document: Document) -> None:
        self._shown = (block, document)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = theme().color("block")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tinted(color, 0.14 if theme().dark else 0.07))
        painter.drawRoundedRect(self.rect(), 10, 10)
        if self._shown is not None:
            painter.scale(2, 2)
            where = QRectF(0, 0, self.width() / 2, self.height() / 2)
            paint_inside(painter, inside_of(*self._shown), where.adjusted(6, 4, -6, -4))


def _refuse_names(names: Sequence[str]) -> None:
    for name in names:
        if not name.isidentifier():
            raise EditError(f"“{name}” cannot name a parameter: use letters, digits and “_”")
        if names.count(name) > 1:
            raise EditError(f"two parameters are called “{name}”")


# Words


def _border_text(proposal: Proposal) -> str:
    border = proposal.border
    parts = (
        count(len(border.ids), "layer"),
        count(len(border.inputs), "input"),
        count(len(border.outputs), "output"),
    )
    return " · ".join(parts)


def _also_text(places: Sequence[Place], document: Document, scope: str) -> str:
    others = {place.scope for place in places} - {scope}
    there = ""
    if others:
        names = ", ".join(f"“{name or document.name}”" for name in sorted(others)[:2])
        there = f", also in {names}" + (" …" if len(others) > 2 else "")
    return f"Use it at {count(len(places), 'more place')} that {_are(places)} the same{there}"


def _are(places: Sequence[Place]) -> str:
    return "is" if len(places) == 1 else "are"


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
