"""The canvas: the view of the graph that the session shows, and the gestures upon it.

Events come in here and go to the gesture under way; edits go to the session, and what the
session announces goes to the scene.
"""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QWidget

from resnet_studio.core.diagnostics import Fix
from resnet_studio.core.document import Document
from resnet_studio.gui.canvas import sheet
from resnet_studio.gui.canvas.editing import Editing, Sight
from resnet_studio.gui.canvas.escaping import Escaping
from resnet_studio.gui.canvas.expanding import Expanding
from resnet_studio.gui.canvas.framing import Framing
from resnet_studio.gui.canvas.helping import Helping
from resnet_studio.gui.canvas.hint import Hint
from resnet_studio.gui.canvas.keys import act_on_key
from resnet_studio.gui.canvas.layout_worker import Layouts
from resnet_studio.gui.canvas.minimap import Minimap
from resnet_studio.gui.canvas.motion import Motion
from resnet_studio.gui.canvas.naming import Naming
from resnet_studio.gui.canvas.offer import Offer
from resnet_studio.gui.canvas.painting import FAR
from resnet_studio.gui.canvas.pointer import Pointer
from resnet_studio.gui.canvas.ports import REACH
from resnet_studio.gui.canvas.preview import Preview
from resnet_studio.gui.canvas.repeat_box import RepeatBox
from resnet_studio.gui.canvas.scene import NetworkScene
from resnet_studio.gui.canvas.search.adding import Adding
from resnet_studio.gui.canvas.surface import Surface
from resnet_studio.gui.canvas.tooltips import tooltip
from resnet_studio.gui.canvas.walking import announce
from resnet_studio.gui.canvas.zoom import Zoom
from resnet_studio.gui.session import Change, Session
from resnet_studio.gui.theme import theme_notifier

_AROUND = 24.0
"""How much around a node comes into sight with it."""


class Canvas(QGraphicsView):
    """Shows and edits one graph: the network, or the inside of a block."""

    zoom_changed = Signal(float)
    message = Signal(str)
    """One sentence for the status bar."""
    refused = Signal(str)
    """Why what was asked for cannot be done, for the message bar."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.network = NetworkScene(session)
        self.setScene(self.network)
        self.hint = Hint(self.viewport())
        self._zoom = Zoom(self)
        self.surface = Surface(self)
        self.far = self.surface.far
        self._overlays: list[QGraphicsItem] = []
        self.preview = Preview(self)
        say = self.message.emit, self.refused.emit
        self.editing = Editing(session, self.network, *say, self._settle, self._sight)
        self._layouts = Layouts(self)
        self.pointer = Pointer(self)
        self.adding = Adding(self)
        self.offer = Offer(self)
        self.naming = Naming(self)
        self.framing = Framing(self)
        self.motion = Motion(self)
        self.helping = Helping(self)
        self.repeating = RepeatBox(self)
        self.expanding = Expanding(self)
        self.escaping = Escaping(self)
        self.space_held = False
        self._set_up()
        session.changed.connect(self._on_changed)
        session.scope_changed.connect(self._on_scope)
        session.selection_changed.connect(self._on_selection)
        theme_notifier().changed.connect(self._on_theme)
        self.minimap = Minimap(self)
        self.network.restart()
        announce(self)

    def _set_up(self) -> None:
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(off)
        self.setVerticalScrollBarPolicy(off)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setSceneRect(sheet.EXTENT)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Every pixel is painted: nothing need be cleared before.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setAutoFillBackground(False)

    # The session speaks

    def _on_changed(self, change: Change) -> None:
        if change.elsewhere:
            return  # All is shown from scratch as soon as the scope is told.
        self.drop_passing()
        self.stay()
        before = self.motion.before()
        self.network.sync()
        self.expanding.refresh(change)
        self.preview.follow(change)
        self.motion.play(before)
        announce(self)
        self.viewport().update()

    def _on_scope(self) -> None:
        self.drop_passing()
        self.motion.finish()
        self.expanding.clear()
        self.network.restart()
        self._zoom.go_to(self.session.trail)
        self.viewport().update()

    def _on_selection(self) -> None:
        self.network.show_selection()
        announce(self)
        if self.is_far():
            self.viewport().update()

    def _on_theme(self) -> None:
        self.resetCachedContent()
        self.viewport().update()

    def drop_passing(self) -> None:
        """A gesture or a preview over a graph that changed means nothing any more."""
        self.pointer.cancel()
        self.end_notes()
        self.show_ghost(None)

    def end_notes(self) -> None:
        """Closes what stands above the canvas and waits for an answer."""
        self.adding.close()
        self.naming.close()
        self.framing.close()
        self.helping.close()
        self.offer.end()

    # Looking

    def zoom_level(self) -> float:
        """Pixels of the screen to one of the canvas."""
        return self.transform().m11()

    def zoom_by(self, factor: float) -> None:
        """Zooms round the middle of the view."""
        self._zoom.by(factor, self.viewport().rect().center())

    def fit_all(self) -> None:
        """Shows the whole graph."""
        self.motion.look(lambda: self._zoom.fit(self.framing.whole()))

    def show_home(self) -> None:
        """Shows the whole graph if its texts can be read then, else its upper part."""
        self.motion.look(self._zoom.home)

    def fit_selection(self) -> None:
        """Shows the selected nodes or frame, or the whole graph where nothing is selected."""
        frame = self.framing.selected_area()
        self._zoom.fit(frame or self.network.bounds(self.session.selection or None))

    def look_at(self, keys: Iterable[str]) -> None:
        """Brings nodes that were asked for elsewhere into comfortable sight; see ``Zoom``."""
        area = self.network.bounds(frozenset(keys))
        if not area.isEmpty():
            self.motion.look(lambda: self._zoom.look_at(area))

    def rename(self) -> None:
        """Opens the name of what is selected, a frame or a node."""
        if not self.framing.rename_selected():
            self.naming.start()

    def _settle(self) -> None:
        """Whoever writes places down wants those where the cards will stand."""
        self.motion.finish()

    def stay(self) -> None:
        """Keeps the view where it is when the window changes its size."""
        self._zoom.stay()

    def way_back(self) -> Callable[[], None]:
        """What shows the graph again as it is seen now."""
        return partial(self._zoom.look_again, self._zoom.outlook())

    def is_far(self) -> bool:
        return self.zoom_level() < FAR

    def reach(self) -> float:
        """How near the pointer must come to a port, in the scene's units."""
        return REACH / max(self.zoom_level(), FAR)

    def rest_cursor(self) -> None:
        held = self.space_held
        shape = Qt.CursorShape.OpenHandCursor if held else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.network.places and not self.pointer.busy:
            sheet.paint_invitation(self.viewport(), inside_block=bool(self.session.trail))

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self.surface.show(painter, QRectF(rect))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self.is_far():
            # What stands beside the stages keeps to the part that is in sight.
            self.viewport().update()

    def add_overlay(self, item: QGraphicsItem) -> None:
        """Shows an item above the network for the time of a gesture."""
        self._overlays.append(item)
        self.network.addItem(item)

    def remove_overlay(self, item: QGraphicsItem) -> None:
        if item in self._overlays:
            self._overlays.remove(item)
            self.network.removeItem(item)
            self.viewport().update()

    # Editing (``editing.py``) and layout (``layout_worker.py``)

    def pinned(self) -> Document:
        """The document with the places on the screen written to the nodes that have none."""
        return self.editing.pinned()

    def delete_selection(self, bridge: bool = False) -> None:
        """Removes the selected nodes, or wires; with ``bridge`` the data flows on past them."""
        if not self.framing.delete():
            self.editing.delete(bridge)

    def copy(self) -> None:
        """Puts the selection on the clipboard; a frame with what stands in it."""
        self.editing.copy(*self.framing.taken())

    def paste(self, keep_inputs: bool = False) -> None:
        """Adds what is on the clipboard, at the pointer or beside where it came from."""
        self.bring_into_sight(self.editing.paste(keep_inputs))

    def duplicate(self) -> None:
        """Adds a copy of the selection beside it; the clipboard stays as it is."""
        self.bring_into_sight(self.editing.duplicate(*self.framing.taken()))

    def select_all(self) -> None:
        self.session.select(self.session.graph.nodes)

    def lay_out(self, selection_only: bool = False, columns: bool = False) -> None:
        """Lays out the graph, or the selected nodes in their place; one undo step, later."""
        self._layouts.start(selection_only, columns)

    def lay_out_columns(self) -> None:
        """Lays out the selected nodes, or all where there are not several, in columns."""
        self.lay_out(len(self.session.selection) > 1, columns=True)

    def show_ghost(self, fix: Fix | None) -> None:
        """Shows what a repair would bring to the graph on the canvas; None ends the preview."""
        self.preview.show(fix)

    def show_cards(self, keys: Iterable[str]) -> None:
        """Scrolls so far that some nodes are in sight."""
        area = QRectF()
        for key in keys:
            area |= self.network.nodes[key].card
        self.bring_into_sight(area)

    def _sight(self) -> Sight:
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        return Sight(seen, self.pointer.place)

    def bring_into_sight(self, area: QRectF) -> None:
        """Scrolls no further than it must; not at all for what is seen already."""
        if not area.isEmpty():
            self.ensureVisible(area.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND), 0, 0)

    # Mouse (``pointer.py``)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointer.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom.wheel(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointer.leave()
        super().leaveEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.pointer.drag_enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.pointer.drag_move(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.pointer.drag_leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self.pointer.drop(event)

    def refresh_far(self) -> None:
        """From afar nothing but the whole picture is painted."""
        if self.is_far():
            self.viewport().update()

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.pointer.modifier(event, down=True)
        if act_on_key(self, event):
            event.accept()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.pointer.modifier(event, down=False)
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space_held = False
            self.rest_cursor()
        super().keyReleaseEvent(event)

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Tab walks the nodes; Ctrl+Tab and F6 leave the canvas (``keys.py``)."""
        return False

    def leave_focus(self, forward: bool = True) -> None:
        """Gives the keys to the next widget of the window, or the one before."""
        super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.space_held = False
        super().focusOutEvent(event)

    def end_passing(self) -> bool:
        """Ends the gesture or the preview that is under way; whether there was any."""
        if not self.pointer.busy and self.preview.ghost is None:
            return False
        self.drop_passing()
        self.network.sync()
        self.viewport().update()
        return True

    # The rest

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._zoom.resized()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ContextMenu and self.pointer.held:
            # A menu in the middle of a drag would leave the drag without its release.
            return True
        if event.type() == QEvent.Type.ToolTip and not self.pointer.busy:
            place: QPoint = event.pos()  # type: ignore[attr-defined]
            self.viewport().setToolTip(tooltip(self, self.mapToScene(place)))
        return bool(super().viewportEvent(event))
