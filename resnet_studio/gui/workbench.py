"""What fills the window: one session, the canvas, the panels, and the commands over them."""

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QLabel, QToolButton

import resnet_studio.layers
import resnet_studio.rules  # noqa: F401 (both fill their registries)
from resnet_studio.core import arranging
from resnet_studio.core.edits import add_nodes
from resnet_studio.core.waiting import waiting
from resnet_studio.formats import native, templates
from resnet_studio.gui.actions import Actions
from resnet_studio.gui.blocks import BlockCommands
from resnet_studio.gui.breadcrumb import Breadcrumb
from resnet_studio.gui.building import Building
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.code_view import CodeView
from resnet_studio.gui.docks import Docks
from resnet_studio.gui.figures import count, sentence
from resnet_studio.gui.files import Files
from resnet_studio.gui.finder.finding import Finding
from resnet_studio.gui.fold_offer import FoldOffer
from resnet_studio.gui.frame_colours import FrameColours
from resnet_studio.gui.icons import icon
from resnet_studio.gui.inspector.panel import Inspector
from resnet_studio.gui.memory import spare_collector
from resnet_studio.gui.menus import Menus
from resnet_studio.gui.message_bar import MessageBar
from resnet_studio.gui.middle import Middle
from resnet_studio.gui.palette import Palette, TemplateInfo
from resnet_studio.gui.placing import node_in_view
from resnet_studio.gui.problems import Problems
from resnet_studio.gui.recovery import Recovery, orphans
from resnet_studio.gui.session import Session
from resnet_studio.gui.strip import Strip
from resnet_studio.gui.tables import Tables
from resnet_studio.gui.theme import Scheme, remember_theme, set_theme
from resnet_studio.gui.toolbar import ToolBar
from resnet_studio.gui.totals import TotalsBar
from resnet_studio.gui.window import PRODUCT, Window

_AREA = Qt.DockWidgetArea

_NEED_NODES = {
    1: ("cut", "bypass", "lay-out-selection"),
    2: tuple(f"align-{edge}" for edge in get_args(arranging.Edge)),
    3: ("spread-across", "spread-down"),
}
"""How many nodes must be selected for what is done with them."""
_ON_FRAMES_TOO = ("copy", "duplicate", "rename", "fit-selection")


class Workbench(QObject):
    """Builds the panels around one session and ties the commands to them."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.session = Session(parent=self)
        self.files = Files(self.session, window)
        self.canvas = Canvas(self.session)
        self.building = Building(self.canvas)
        self.docks = Docks(window)
        self._add_panels()
        self.finding = Finding(self.session, self.canvas, window.menuBar())
        self.blocks = BlockCommands(self.session, self.canvas, self.message_bar, self.palette.shelf)
        self.actions = Actions(window, window.menuBar(), self._handlers())
        self.actions.bind_to(self.canvas)
        self.actions["minimap"].setChecked(self.canvas.minimap.wanted)
        self.actions["motion"].setChecked(self.canvas.motion.wanted)
        self.actions["maps"].setChecked(self.canvas.network.showing.maps)
        self.blocks.bind(self.actions)
        self.building.bind(self.actions)
        self.toolbar = ToolBar(window, self.actions)
        self.menus = Menus(self.actions, self.files, self.docks.toggles.values(), self.choose_theme)
        self.menus.fill_costs(self.canvas.network.showing)
        self.frame_colours = FrameColours(self.actions.menu("frame-colour"), self.canvas.framing)
        self._add_status()
        self._connect()
        self.fold_offer = FoldOffer(self.session, self.canvas, self.message_bar)
        self.files.imported.connect(self.fold_offer.look)
        self.files.flat_opened.connect(self.fold_offer.look)
        self.recovery = Recovery(self.session)
        self._offer_recovery()
        self._show_title()
        self.canvas.setFocus()

    # Building

    def _add_panels(self) -> None:
        session = self.session
        self.breadcrumb, self.totals = Breadcrumb(session), TotalsBar(session)
        self.message_bar = MessageBar()
        strip = Strip(self.breadcrumb, self.totals)
        self.window.setCentralWidget(Middle(strip, self.message_bar, self.canvas, self.files))
        self.palette = Palette(session, _template_infos())
        self.inspector = Inspector(session)
        self.code_view, self.problems, self.tables = (
            CodeView(session),
            Problems(session),
            Tables(session),
        )
        for name, title, panel, area in (
            ("palette", "Palette", self.palette, _AREA.LeftDockWidgetArea),
            ("inspector", "Inspector", self.inspector, _AREA.RightDockWidgetArea),
            ("code", "Code", self.code_view, _AREA.BottomDockWidgetArea),
            ("problems", "Problems", self.problems, _AREA.BottomDockWidgetArea),
            ("tables", "Layers and stages", self.tables, _AREA.BottomDockWidgetArea),
        ):
            self.docks.add(name, title, panel, area)

    def _handlers(self) -> dict[str, Callable[..., Any]]:
        canvas, session, files = self.canvas, self.session, self.files
        return {
            "new": files.new,
            "open": files.ask_and_open,
            "save": files.save,
            "save-as": files.save_as,
            "export": self.export,
            "quit": self.window.close,
            "undo": session.history.undo,
            "redo": session.history.redo,
            "cut": self.cut,
            "copy": canvas.copy,
            "paste": canvas.paste,
            "duplicate": canvas.duplicate,
            "delete": canvas.delete_selection,
            "bridge": lambda: canvas.delete_selection(bridge=True),
            "frame": canvas.framing.add,
            "select-all": canvas.select_all,
            "find": self.finding.find_node,
            "find-layer": self.find_layer,
            "commands": self.finding.find_command,
            "zoom-in": lambda: canvas.zoom_by(1.25),
            "zoom-out": lambda: canvas.zoom_by(0.8),
            "fit": canvas.fit_all,
            "fit-selection": canvas.fit_selection,
            "enter": self.enter,
            "leave": session.leave,
            "minimap": canvas.minimap.want,
            "motion": canvas.motion.want,
            "maps": canvas.network.showing.show_maps,
            "reset-layout": self.docks.reset,
            "lay-out": canvas.lay_out,
            "lay-out-selection": lambda: canvas.lay_out(selection_only=True),
            "lay-out-columns": canvas.lay_out_columns,
            **self.blocks.handlers(),
            **self.building.handlers(),
            "properties": self.properties,
            "next-problem": self.next_problem,
            "verify": self.verify,
            "about": self.about,
        }

    def _add_status(self) -> None:
        bar = self.window.statusBar()
        bar.setSizeGripEnabled(False)
        self.zoom_label = QLabel("100 %")
        self.zoom_label.setToolTip("Zoom of the canvas")
        self.health = QToolButton()
        self.health.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.health.setIconSize(QSize(14, 14))
        self.health.setToolTip("Show the problems")
        self.health.setObjectName("health")
        self.health.clicked.connect(lambda: self.docks.reveal("problems"))
        bar.addPermanentWidget(self.health)
        bar.addPermanentWidget(self.zoom_label)

    def _connect(self) -> None:
        session, canvas = self.session, self.canvas
        session.file_changed.connect(self._show_title)
        session.changed.connect(self._show_state)
        # What was said of the edit before; what this one has to say comes after it.
        session.changed.connect(lambda _change: self.window.statusBar().clearMessage())
        session.loaded.connect(self._show_errors)
        session.loaded.connect(spare_collector)
        session.loaded.connect(canvas.setFocus)
        session.scope_changed.connect(self._show_state)
        session.selection_changed.connect(self._show_state)
        session.led_out.connect(self._show_led_out)
        session.history.canUndoChanged.connect(self._show_state)
        session.history.canRedoChanged.connect(self._show_state)
        canvas.zoom_changed.connect(lambda level: self.zoom_label.setText(f"{level:.0%}"))
        canvas.network.selectionChanged.connect(self._show_state)
        canvas.message.connect(self.say)
        canvas.refused.connect(self.refuse)
        canvas.framing.chosen.connect(self._show_state)
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        canvas.customContextMenuRequested.connect(partial(self.menus.show_canvas_menu, canvas))
        self.tables.message.connect(self.say)
        self.code_view.message.connect(self.say)
        self.code_view.edited.connect(canvas.setFocus)
        self.palette.add_requested.connect(self.add)
        self.palette.template_requested.connect(self.files.open_template)
        self.palette.shelved_requested.connect(self.blocks.shelving.add)
        self.palette.unshelve_requested.connect(self.blocks.shelving.remove)
        self.palette.shelve_requested.connect(self.blocks.shelve)
        self.palette.new_block_requested.connect(self.blocks.new_block)
        self.palette.remove_block_requested.connect(self.blocks.remove_block)
        self.inspector.repairs_wanted.connect(self.show_repairs)
        self.inspector.focus_lost.connect(self.canvas.setFocus)
        self.problems.ghost.connect(canvas.show_ghost)
        self.problems.count_changed.connect(self._show_health)
        self.files.told.connect(self.message_bar.tell)
        self.files.waiting.connect(self._show_waiting)
        self.problems.refresh()
        self._show_state()

    # What the window says

    def say(self, text: str) -> None:
        """One sentence in the status bar, for a while."""
        self.window.statusBar().showMessage(text, 6000)

    def refuse(self, why: str) -> None:
        """Says above the canvas why what was asked for cannot be done."""
        self.message_bar.tell("warning", sentence(why))

    def _show_led_out(self, key: str) -> None:
        """Says why the canvas shows another graph than a moment ago."""
        scope = self.session.scope
        where = f"inside “{scope}”" if scope else "in the network"
        self.message_bar.tell(
            "note", f"The call “{key}” that you were in is gone: you are {where}."
        )

    def _show_waiting(self, text: str) -> None:
        """Says what the window waits for, and lets it be given up; nothing once it is over."""
        if text:
            self.message_bar.tell("note", text, "Cancel", self.files.cancel)
        else:
            self.message_bar.hide()

    def _show_title(self) -> None:
        path, name = self.session.path, self.session.document.name or "network"
        shown = path.name if path is not None else name
        self.window.setWindowTitle(f"{shown}[*] — {PRODUCT}")
        if self.window.isWindowModified() != self.session.unsaved:
            # Qt tells the window manager even where nothing changed, which takes milliseconds.
            self.window.setWindowModified(self.session.unsaved)
        self.window.setWindowFilePath(str(path) if path is not None else "")

    def _show_state(self, _what: object = None) -> None:
        history, session = self.session.history, self.session
        chosen = session.selection
        for name, text, can in (
            ("undo", history.undoText(), history.canUndo()),
            ("redo", history.redoText(), history.canRedo()),
        ):
            self.actions[name].setEnabled(can)
            self.actions[name].setText(f"&{name.capitalize()} {text}".strip())
        wires = self.canvas.network.selected_wires
        for least, names in _NEED_NODES.items():
            for name in names:
                self.actions[name].setEnabled(len(chosen) >= least)
        framed = self.canvas.framing.selected is not None
        for name in ("delete", "bridge"):
            self.actions[name].setEnabled(bool(chosen or wires or framed))
        for name in _ON_FRAMES_TOO:
            self.actions[name].setEnabled(bool(chosen or framed))
        self.actions["frame-colour"].setEnabled(framed)
        self.frame_colours.refresh()
        types = {session.graph.nodes[key].type for key in (chosen if len(chosen) == 1 else ())}
        self.actions["enter"].setEnabled(not types.isdisjoint(session.document.blocks))
        self.actions["leave"].setEnabled(bool(session.trail))

    def _show_health(self, errors: int, warnings: int) -> None:
        total = errors + warnings
        self.docks.by_name["problems"].setWindowTitle(
            f"Problems ({total})" if total else "Problems"
        )
        text, picture, color = self._health(errors, warnings)
        self.health.setText(text)
        self.health.setIcon(icon(picture, color))
        self.actions["next-problem"].setEnabled(bool(total))

    def _health(self, errors: int, warnings: int) -> tuple[str, str, str]:
        """The words, the picture and its colour; what is not wired yet alarms nobody."""
        if loose := waiting(self.session.analysis):
            return f"{count(len(loose), 'node')} without input", "link", "text-muted"
        kind = "error" if errors else "warning" if warnings else "ok"
        words = count(errors or warnings, kind) if errors or warnings else "No problems"
        return words, kind, kind

    # Commands

    def add(self, type_name: str) -> None:
        """Adds a layer or a call of a block at the middle of what the canvas shows."""
        session = self.session
        node = node_in_view(self.canvas, type_name)
        after = add_nodes(self.canvas.pinned(), session.scope, [node])
        session.apply(f"Add “{node.id}”", after, select=[node.id])
        self.canvas.setFocus()

    def cut(self) -> None:
        self.canvas.copy()
        self.canvas.delete_selection()

    def find_layer(self) -> None:
        self.docks.reveal("palette")
        self.palette.search.setFocus()
        self.palette.search.selectAll()

    def enter(self) -> None:
        if len(self.session.selection) == 1:
            self.session.enter(next(iter(self.session.selection)))

    def properties(self) -> None:
        """Shows the page of the network itself, or of the block one is in."""
        self.session.select(())
        self.docks.reveal("inspector")

    def next_problem(self) -> None:
        self.docks.reveal("problems")
        self.problems.pick_next()

    def show_repairs(self, path: str) -> None:
        self.docks.reveal("problems")
        self.problems.pick_path(path)

    def _show_errors(self) -> None:
        """A document that is opened with errors shows the first of them and its repairs."""
        found = self.session.analysis.diagnostics
        if self.session.document.network.nodes and any(d.severity == "error" for d in found):
            self.docks.reveal("problems")
            self.problems.show_first()

    def choose_theme(self, scheme: Scheme) -> None:
        set_theme(scheme)
        remember_theme()

    def export(self) -> None:
        from resnet_studio.gui.export_dialog import ExportDialog

        if self._sound("exported"):
            dialog = ExportDialog(self.session, self.window)
            dialog.told.connect(self.message_bar.tell)
            dialog.open()

    def verify(self) -> None:
        from resnet_studio.gui.verify_dialog import VerifyDialog

        if self._sound("verified"):
            VerifyDialog(self.session, self.window).open()

    def _sound(self, done: str) -> bool:
        """Whether the network has no error; else the first one is shown."""
        analysis = self.session.analysis
        if not self.session.document.network.nodes:
            self.message_bar.tell("note", "The network is empty: drag layers from the palette.")
            return False
        if analysis.ok:
            return True
        first = next(d for d in analysis.diagnostics if d.severity == "error")
        self.docks.reveal("problems")
        self.message_bar.tell(
            "error",
            f"The network cannot be {done} while it has errors; the first is at “{first.node}”.",
            "Show it",
            self.next_problem,
        )
        return False

    def about(self) -> None:
        from resnet_studio.gui.about import show_about

        show_about(self.window)

    # Closing, recovery

    def may_close(self) -> bool:
        """Whether unsaved changes are dealt with; then the arrangement is remembered."""
        if not self.files.may_leave():
            return False
        self.fold_offer.stop()
        self.docks.remember()
        self.recovery.forget()
        return True

    def _offer_recovery(self) -> None:
        left = orphans()
        if left:
            self.message_bar.tell(
                "warning",
                "ResNet Studio ended without saving last time; the work was kept.",
                "Open it",
                lambda: self.files.recover(left[0]),
            )


def _template_infos() -> list[TemplateInfo]:
    """Names and first sentences of the templates."""
    found = []
    for name in templates.names():
        try:
            description = native.load(templates.path(name)).document.description
        except native.FormatError:
            continue
        found.append(TemplateInfo(name, description.split("\n")[0]))
    return found
