"""The network as Keras code, after every edit; the lines of the selected node are marked."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QWidget

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK
from resnet_studio.core.waiting import Rest, rest, waiting
from resnet_studio.gui.code_edit import CodeEditing
from resnet_studio.gui.code_text import CodeText
from resnet_studio.gui.figures import count, named, sentence
from resnet_studio.gui.finder.entries import first_calls
from resnet_studio.gui.highlighter import PythonHighlighter
from resnet_studio.gui.inspector.header import Banner
from resnet_studio.gui.latest import Latest, is_small
from resnet_studio.gui.session import Session
from resnet_studio.gui.theme import theme_notifier
from resnet_studio.gui.widgets import Debounce, column, icon_button, in_sight, label, row

if TYPE_CHECKING:
    # The code writer is not needed for the first painted window.
    from resnet_studio.core.analysis import Analysis
    from resnet_studio.formats import Style
    from resnet_studio.formats.keras_code import LineMap, Value

_PAUSE = 120
"""Milliseconds without an edit before the code is written anew."""

_AT_ONCE = 500
"""The lines of so many nodes are marked together with what else shows the selection."""


class CodeView(QWidget):
    """Written only while it is in sight; keeps the last good code while there are errors.

    Nodes that merely wait for an input, and those behind them, are left out of the code.
    The code of a large network is written beside the window's thread.
    """

    message = Signal(str)
    edited = Signal()
    """A value was edited with the pointer; the keyboard is to go back to the network."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code-view")
        self._session = session
        self._lines: LineMap = {}
        self._shown = session.analysis
        """What the code on show was written from."""
        self._written_for: tuple[object, str] = (None, "")
        self.text = CodeText()
        self.text.line_clicked.connect(self._line_clicked)
        self._editing = CodeEditing(self.text, session, self._editable, lambda: self._shown)
        self._editing.done.connect(self.edited)
        self._values: Sequence[Value] | None = None
        self._highlighter = PythonHighlighter(self.text.document())
        self.banner = Banner()
        self.style_box = QComboBox()
        self.style_box.addItem("Functions and loops", "blocks")
        self.style_box.addItem("Layer by layer", "flat")
        self.style_box.setAccessibleName("Style of the code")
        self.style_box.activated.connect(lambda _index: self.write_now())
        self.copy_button = icon_button("copy", "Copy the code", self.copy)
        self.lines_label = label("", "caption")
        bar = QFrame()
        bar.setObjectName("panel-header")
        head = row(self.style_box, self.lines_label, 1, self.copy_button, gap=8)
        head.setContentsMargins(12, 6, 8, 6)
        bar.setLayout(head)
        self.setLayout(column(bar, self.banner, self.text, gap=0))
        self._later = Debounce(self, _PAUSE, self._write_if_seen)
        self._writing, self._finding = Latest(self), Latest(self)
        session.changed.connect(self._changed)
        self._unmarked = False
        """Whether something else was selected since the lines were marked."""
        session.selection_changed.connect(self._selection_changed)
        session.scope_changed.connect(self._selection_changed)
        theme_notifier().changed.connect(self.mark)

    def _changed(self, _change: object) -> None:
        if in_sight(self):
            self._later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later.start()

    def come_into_sight(self) -> None:
        """Its tab was brought to the front, with the code of some time ago."""
        self._write_if_seen()

    def _write_if_seen(self) -> None:
        if in_sight(self):
            self.write_now()
            if self._unmarked:
                self.mark()

    def write_now(self) -> None:
        """Writes the code of the network as it is, or says why it cannot be."""
        self._later.stop()
        style, analysis = self.style_box.currentData(), self._session.analysis
        if self._written_for[0] is analysis and self._written_for[1] == style:
            return
        self._written_for = (analysis, style)
        self._values = None
        self._finding.drop()
        self._writing.settle(lambda: _written(analysis, style), self._show, is_small(analysis))

    def _show(self, written: Any) -> None:
        """Shows the code, or why there is none."""
        self._values = None
        if isinstance(written, Exception):
            self._show_fault(str(written))
            return
        code, self._lines, self._shown, left_out = written
        if left_out is None:
            self.banner.hide()
        else:
            self.banner.show_text("note", _without(left_out))
        self.text.dim(False)
        self.text.show_code(code)
        self.lines_label.setText(f"{code.count(chr(10)):,} lines")
        self.mark()

    def _show_fault(self, reason: str) -> None:
        if not self._session.document.network.nodes:
            self.text.show_code("")
            self.lines_label.clear()
            self.banner.show_text("note", "The code appears here as soon as there are layers.")
            return
        errors = [d for d in self._session.analysis.diagnostics if d.severity == "error"]
        where = f" at “{errors[0].node}”" if errors else ""
        kept = "this is the code from before" if self.text.code else "there is no code yet"
        if loose := waiting(self._session.analysis):
            self.banner.show_text("note", f"“{loose[0]}” lacks an input as yet; {kept}.")
        elif errors:
            self.banner.show_text("warning", f"The network has an error{where}; {kept}.")
        else:
            self.banner.show_text("warning", sentence(reason))
        self.text.dim(True)

    def _editable(self) -> Sequence["Value"]:
        """The values in the code that can be edited; none in code from before an error."""
        from resnet_studio.formats.keras_code import values

        analysis = self._shown
        stale = self._written_for[0] is not self._session.analysis or self._writing.busy
        if stale or self._finding.busy or self.text.dimmed:
            return ()
        if self._values is None:
            code, lines = self.text.code, self._lines
            self._finding.settle(
                lambda: values(code, lines, analysis), self._found, is_small(analysis)
            )
        return self._values or ()

    def _found(self, values: Any) -> None:
        self._values = () if isinstance(values, Exception) else values

    def copy(self) -> None:
        """Puts the code on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.code)
        self.message.emit("Copied the code to the clipboard.")

    # From a node to its lines and back

    def _selection_changed(self) -> None:
        self._unmarked = True
        if not in_sight(self):
            return
        if len(self._session.selection) <= _AT_ONCE:
            self.mark()
        else:
            self._later.start()

    def mark(self) -> None:
        """Marks the lines of the selected nodes and shows the first of them."""
        self._unmarked = False
        if self._writing.busy:
            return  # They are marked as soon as they are written.
        spans = [span for key in self._chosen() if (span := self._lines.get(key)) is not None]
        self.text.mark(spans)
        around = self._lines.get((self._session.scope, ""))
        if not spans and around is not None and self._session.scope != NETWORK:
            self.text.scroll_to(*around)

    def _chosen(self) -> list[tuple[str, str]]:
        session = self._session
        if self.style_box.currentData() == "flat":
            return self._chosen_paths()
        scope = session.scope
        return [(scope, node_id) for node_id in session.selection]

    def _chosen_paths(self) -> list[tuple[str, str]]:
        """In unrolled code every layer of a selected call is its own."""
        prefix = self._session.prefix
        starts = {prefix + node_id for node_id in self._session.selection}
        return [key for key in self._lines if not starts.isdisjoint(_around(key[1]))]

    def _line_clicked(self, line: int) -> None:
        """Selects the node whose lines are the fewest around the clicked one."""
        around = [
            (last - first, key)
            for key, (first, last) in self._lines.items()
            if first <= line <= last and key[1]
        ]
        if not around:
            return
        scope, node_id = min(around)[1]
        if self.style_box.currentData() == "flat":
            self._session.reveal(node_id)
        elif scope == self._session.scope:
            self._session.select([node_id])
        else:
            prefixes = {name: prefix for name, _, prefix in first_calls(self._session.document)}
            if scope in prefixes:
                self._session.reveal(prefixes[scope] + node_id)


class _Written(NamedTuple):
    """The code, the lines of each node, what both were written from, and what is not in them."""

    code: str
    lines: "LineMap"
    analysis: "Analysis"
    left_out: Rest | None


def _written(analysis: "Analysis", style: "Style") -> Any:
    """The code of all that does not wait for an input, or what keeps it from being written."""
    from resnet_studio.formats import keras_code

    left = rest(analysis)
    whole = analysis if left is None else analyse(left.document, analysis)
    try:
        return _Written(*keras_code.write_mapped(whole, style), whole, left)
    except keras_code.ExportError as error:
        return error


def _without(left_out: Rest) -> str:
    """As “Without “re_lu”, which has no input yet, and the 2 nodes behind it”."""
    number, behind = len(left_out.waiting), left_out.behind
    told = named(left_out.waiting)
    verb, them = ("has", "it") if number == 1 else ("have", "them")
    more = f", and the {count(behind, 'node')} behind {them}" if behind else ""
    return f"Without {told}, which {verb} no input yet{more}."


def _around(path: str) -> Iterator[str]:
    """A path and those of all calls and copies around it."""
    yield path
    for at, sign in enumerate(path):
        if sign in "/#":
            yield path[:at]
