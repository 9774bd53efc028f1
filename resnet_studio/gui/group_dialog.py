"""Asking what a selection is to be as a block: its name, its parameters, where else it is used."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import NoReturn

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QScrollArea, QWidget

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.block_edits import check_name
from resnet_studio.core.document import Document
from resnet_studio.core.edits import EditError
from resnet_studio.core.faces import call_text
from resnet_studio.core.grouping import Parameter, Place
from resnet_studio.core.proposals import Proposal
from resnet_studio.core.reusing import Holder
from resnet_studio.gui.block_choice import Choice, Found, Made, Selection, find, make, proposed
from resnet_studio.gui.block_picture import BlockPicture
from resnet_studio.gui.figures import count, sentence
from resnet_studio.gui.latest import Latest, is_few
from resnet_studio.gui.parameter_choice import ParameterChoice
from resnet_studio.gui.widgets import Debounce, Field, clear, column, label, row, rule, set_role

_WIDTH, _MOST_ROWS = 660, 224
"""Of the dialog, and of the parameters that stand in it without scrolling."""


class GroupDialog(QDialog):
    """Shows a proposal that Enter accepts; what is changed is judged as one types.

    In a large document both are worked out beside the window's thread: the dialog is there at
    once, and accepted while it still looks, it closes as soon as it knows what it stands for.
    """

    def __init__(
        self,
        document: Document,
        scope: str,
        ids: Sequence[str],
        parent: QWidget | None = None,
        taken: Collection[str] = (),
        known: Analysis | None = None,
    ) -> None:
        """``taken`` are names of blocks elsewhere; ``known`` is an analysis of the document."""
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
        self._selection = Selection(document, scope, tuple(ids), taken)
        self._known, self._few = known, is_few(document)
        self._found: Found | None = None
        self._made: Made | None = None
        self._finding, self._judging = Latest(self), Latest(self)
        self._accepting = False
        self.name = Field()
        self.name.setAccessibleName("Name of the block")
        self.name.setProperty("title", "true")
        self.picture = BlockPicture()
        self.border = label("", "caption")
        self.also, self.instead = QCheckBox(), QCheckBox()
        self.also.setChecked(True)
        self.call = label("", "formula", wrap=True)
        self.fault = label("", "fault", wrap=True)
        self.rows: list[ParameterChoice] = []
        self._slot = column(gap=6)
        self._later = Debounce(self, 120, self._judge)
        self._lay_out()
        self.name.textChanged.connect(self._name_typed)
        self.also.toggled.connect(self._propose_again)
        self.instead.toggled.connect(self._instead_toggled)
        self._find()
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
        self._form = QWidget()
        self._form.setLayout(right)
        body = row(self.picture, self._form, gap=20)
        self.setLayout(column(body, self.buttons, margin=20, gap=16))
        # Not before they have a parent: shown, they would be windows.
        for part in (self.also, self.instead, self.fault):
            part.setVisible(False)

    # What is offered

    def _find(self) -> None:
        self.border.setText("Looking where else this stands, and what varies …")
        self._scroll.setMinimumHeight(_MOST_ROWS)
        self._finding.settle(partial(find, self._selection), self._take_first, self._few)
        self.resize(_WIDTH, self.sizeHint().height())

    def _take_first(self, found: Found | Exception) -> None:
        """Shows what was found; a name that was typed meanwhile stays, and means a new block."""
        if isinstance(found, Exception):
            self._give_up(found)
        self._show_found(found)
        document, scope = self._selection.document, self._selection.scope
        self.also.setText(_also_text(found.places, document, scope))
        self.also.setVisible(bool(found.places))
        if not self.name.text():
            # What is there already is called, unless another name is typed.
            with QSignalBlocker(self.instead):
                self.instead.setChecked(found.holder is not None)
            self._name_proposed()
        self._judge()
        if self.isVisible():
            self.resize(_WIDTH, max(self.height(), self.sizeHint().height()))

    def _show_found(self, found: Found) -> None:
        self._found = found
        self._build(found.proposal)
        self.instead.setVisible(found.holder is not None)
        if found.holder is not None:
            self.instead.setText(f"Call “{found.holder.block}”, which holds the same")

    def _build(self, proposal: Proposal) -> None:
        clear(self._slot)
        self.rows = [ParameterChoice(offer) for offer in proposal.offers]
        for made in self.rows:
            made.changed.connect(self._later.start)
            self._slot.addWidget(made)
        if not self.rows:
            self._slot.addWidget(label("No argument that one would vary.", "muted"))
        self.border.setText(_border_text(proposal))
        rows = self._slot.sizeHint().height()
        self._scroll.setMinimumHeight(min(rows, _MOST_ROWS))

    @property
    def reused(self) -> Holder | None:
        """The block that is to be called in place of a new one."""
        held = self._found.holder if self._found is not None else None
        return held if self.instead.isChecked() else None

    @property
    def block(self) -> str:
        """The block that is to be called: a new one, or the one that holds the same."""
        return self.reused.block if self.reused is not None else self.name.text().strip()

    def _instead_toggled(self) -> None:
        self._name_proposed()
        self._judge()

    def _name_proposed(self) -> None:
        """Puts the name of what is called, or the one proposed, in the place of what is there."""
        self._show_choice()
        # Not judged as a name that one types: of a block that is there it is no free one.
        with QSignalBlocker(self.name):
            if self.reused is not None:
                self.name.setText(self.reused.block)
            elif self._found is not None:
                self.name.setText(self._found.proposal.name)
        self.name.selectAll()

    def _show_choice(self) -> None:
        calling = self.instead.isChecked()
        self._scroll.setEnabled(not calling)
        self.ok.setText("Call" if calling else "Group")

    def _propose_again(self) -> None:
        if self._found is None:
            return
        work = partial(proposed, self._selection, self._found.places, self.also.isChecked())
        self._finding.settle(work, self._take_again, self._few)

    def _take_again(self, found: Found | Exception) -> None:
        if isinstance(found, Exception):
            self._give_up(found)
        self._show_found(found)
        if found.holder is None and self.instead.isChecked():
            self.instead.setChecked(False)
        else:
            self._judge()

    def parameters(self) -> list[Parameter]:
        """The parameters that are ticked, under the names that they are given."""
        return [parameter for made in self.rows if (parameter := made.parameter()) is not None]

    # Judging

    def _name_typed(self) -> None:
        if self.instead.isChecked():
            # Whoever types a name wants a new block.
            with QSignalBlocker(self.instead):
                self.instead.setChecked(False)
            self._show_choice()
        try:
            check_name(self._selection.document, self.name.text().strip())
        except EditError as error:
            self._show_fault(sentence(str(error)))
            return
        self._show_fault("")
        self._later.start()

    def _choice(self) -> Choice:
        places = self._found.places if self._found is not None and self.also.isChecked() else []
        return Choice(self.block, tuple(self.parameters()), tuple(places), self.reused)

    def _judge(self) -> None:
        """Works out what comes of the choice; while it is being looked, that is still to come."""
        if self._found is None or self._finding.busy:
            return
        known = None if self._few else self._known
        choice = self._choice()
        work = partial(make, self._selection, choice, known)
        self._judging.settle(work, partial(self._take_made, choice), self._few)

    def _take_made(self, choice: Choice, made: Made | Exception) -> None:
        if choice != self._choice():
            # Something else was chosen meanwhile, which is judged as soon as it is known.
            return
        if isinstance(made, EditError):
            self._made = None
            self._wait(waiting=False)
            self._show_fault(sentence(str(made)))
            return
        if isinstance(made, Exception):
            self._give_up(made)
        self._made = made
        self._show_fault("")
        self._show_made(made)
        if self._accepting:
            super().accept()

    def _give_up(self, error: Exception) -> NoReturn:
        """What nobody foresaw: it is told by who asks, and the dialog can be used on."""
        self._wait(waiting=False)
        raise error

    def _show_made(self, made: Made) -> None:
        document, name = made.document, made.choice.block
        block = document.blocks[name]
        self.picture.show_block(block, document)
        nodes = document.graph(self._selection.scope).nodes.values()
        calls = [n for n in nodes if n.type == name]
        shown = [
            call_text(n, block) + (f" × {n.repeat}" if n.repeat != 1 else "") for n in calls[:3]
        ]
        more = f"\nand {count(len(calls) - 3, 'more call')}" if len(calls) > 3 else ""
        self.call.setText("\n".join(shown) + more)

    def _show_fault(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        self.ok.setEnabled(not text and not self._accepting)
        set_role(self.name, "fault", "true" if text else "false")

    # Ending

    @property
    def made(self) -> Made:
        """What was accepted."""
        made = self._made
        assert made is not None
        return made

    def accept(self) -> None:
        """Takes the proposal as it stands, unless it cannot be; what is not known yet, then."""
        if self._accepting:
            return
        self._later.stop()
        if self._made is not None and self._made.choice == self._choice():
            super().accept()
            return
        self._accepting = True
        self._judge()
        if self._finding.busy or self._judging.busy:
            self._wait(waiting=True)

    def _wait(self, waiting: bool) -> None:
        """Nothing can be changed while what was accepted is worked out; it can be given up."""
        self._accepting = waiting
        held = self._form.isEnabled()
        self._form.setEnabled(not waiting)
        self.ok.setEnabled(not waiting)
        if waiting:
            self.ok.setText("Grouping …")
        elif not held:
            self._show_choice()
            self.name.setFocus()

    def done(self, result: int) -> None:
        self._finding.drop()
        self._judging.drop()
        super().done(result)


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
