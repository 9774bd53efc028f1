"""The rows of several arguments, the rarer ones behind a heading that folds."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.core.arguments import Argument
from resnet_studio.gui.inspector.argument_row import ArgumentRow
from resnet_studio.gui.inspector.fine import is_fine
from resnet_studio.gui.inspector.section import Section
from resnet_studio.gui.widgets import column


class Rows(QWidget):
    """The plain rows are made one by one, the fine ones when first unfolded.

    Arguments of Keras are written as words; ``verbatim`` names are the user's own.
    """

    changed = Signal(str, object)
    reset = Signal(str)
    explained = Signal(str)
    unfolded = Signal()
    """There are new rows, which show nothing yet."""

    def __init__(
        self,
        plain: Iterable[Argument],
        fine: Iterable[Argument] = (),
        more: str = "More arguments",
        verbatim: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._plain, self._fine = list(plain), list(fine)
        self.names = {argument.name for argument in (*self._plain, *self._fine)}
        self.has_plain = bool(self._plain)
        self._verbatim = verbatim
        self.rows: dict[str, ArgumentRow] = {}
        self._box = column(gap=6)
        self.more = Section(more, self._unfold)
        self._box.addWidget(self.more)
        self.setLayout(self._box)
        self.more.setVisible(bool(self._fine))

    def make_next(self) -> bool:
        """Makes one more of the plain rows; whether there is another."""
        if self._plain:
            self._box.insertWidget(self._box.count() - 1, self._made(self._plain.pop(0)))
        return bool(self._plain)

    def make_all(self) -> None:
        """Makes all plain rows that are still missing."""
        while self.make_next():
            pass

    def show_config(self, config: Mapping[str, Any], parameters: Mapping[str, Any] | None) -> None:
        for made in self.rows.values():
            made.show_config(config, parameters)

    def _unfold(self, box: QVBoxLayout) -> None:
        for argument in self._fine:
            box.addWidget(self._made(argument))
        self.unfolded.emit()

    def _made(self, argument: Argument) -> ArgumentRow:
        name = argument.name
        made = self.rows[name] = ArgumentRow(argument, name if name in self._verbatim else "")
        made.changed.connect(self.changed)
        made.reset.connect(self.reset)
        made.explained.connect(self.explained)
        made.ensurePolished()
        return made


def layer_rows(
    arguments: Iterable[Argument], also: Iterable[Argument] = (), more: str = "More arguments"
) -> Rows:
    """The rows of a layer's arguments; ``also`` come last among the rarer ones."""
    shown = [argument for argument in arguments if not argument.hidden]
    plain = [argument for argument in shown if not is_fine(argument)]
    fine = [argument for argument in shown if is_fine(argument)]
    return Rows(plain, [*fine, *also], more)
