"""The inspector panel: the page that fits the selection, and a strip that explains."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QStackedWidget, QWidget
from shiboken6 import isValid

from resnet_studio.core.document import NETWORK
from resnet_studio.gui.inspector.block_page import BlockPage
from resnet_studio.gui.inspector.call_page import CallPage
from resnet_studio.gui.inspector.many_page import ManyPage
from resnet_studio.gui.inspector.network_page import NetworkPage
from resnet_studio.gui.inspector.node_page import NodePage
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets import column, label, scrolled


class Inspector(QWidget):
    """Follows the session's selection and scope."""

    repairs_wanted = Signal(str)
    """Carries the path of the node whose repairs are to be shown."""

    focus_lost = Signal()
    """The part that had the keyboard is not there any more."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._session = session
        self.network_page = NetworkPage(session)
        self.block_page = BlockPage(session)
        self.node_page = NodePage(session)
        self.call_page = CallPage(session)
        self.many_page = ManyPage(session)
        self._stack = QStackedWidget()
        self._areas: dict[QWidget, QScrollArea] = {}
        for page in (
            self.network_page,
            self.block_page,
            self.node_page,
            self.call_page,
            self.many_page,
        ):
            self._areas[page] = scrolled(page)
            self._stack.addWidget(self._areas[page])
        self.help = label("", "caption", wrap=True)
        self.help.setContentsMargins(16, 8, 16, 8)
        self.help.setMinimumHeight(56)
        strip = QFrame()
        strip.setObjectName("help-strip")
        strip.setLayout(column(self.help))
        self.setLayout(column(self._stack, strip, gap=0))
        self._strip = strip
        self.many_page.explained.connect(self.help.setText)
        for source in (self.node_page, self.call_page):
            source.explained.connect(self.help.setText)
            source.header.repairs_wanted.connect(self.repairs_wanted)
        session.changed.connect(self.refresh)
        session.selection_changed.connect(self._selected)
        self.refresh()

    @property
    def page(self) -> QWidget:
        """The page on show."""
        area = self._stack.currentWidget()
        return next(page for page, its in self._areas.items() if its is area)

    def refresh(self, _change: object = None) -> None:
        """Shows the page that fits, with the values of now."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            self._refresh()
            return
        self._refresh()
        if not (isValid(focused) and focused.isVisibleTo(self)):
            self.focus_lost.emit()

    def _refresh(self) -> None:
        session = self._session
        chosen = session.selection & session.graph.nodes.keys()
        if len(chosen) > 1:
            self._show(self.many_page)
            self.many_page.refresh()
        elif chosen:
            self._show_node(next(iter(chosen)))
        elif session.scope != NETWORK:
            self._show(self.block_page)
            self.block_page.refresh()
        else:
            self._show(self.network_page)
            self.network_page.refresh()

    def _show_node(self, node_id: str) -> None:
        is_call = self._session.graph.nodes[node_id].type in self._session.document.blocks
        page = self.call_page if is_call else self.node_page
        page.show_node(node_id)
        self._show(page)

    def _show(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(self._areas[page])
        self._strip.setVisible(page in (self.node_page, self.call_page, self.many_page))

    def _selected(self) -> None:
        self.help.setText("")
        self.refresh()
        self._areas[self.page].verticalScrollBar().setValue(0)
