"""What the menus and keys do with blocks: group, ungroup, repeat, give a call its own."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, QRect, QSize

from resnet_studio.core.block_edits import calls_of, own_block, remove_block
from resnet_studio.core.borders import between, groupable, interface
from resnet_studio.core.document import NETWORK, Node
from resnet_studio.core.edits import EditError, set_repeat
from resnet_studio.core.paths import split_path
from resnet_studio.core.ungrouping import ungroup
from resnet_studio.gui.actions import Actions
from resnet_studio.gui.beside import beside
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.figures import count, sentence
from resnet_studio.gui.message_bar import MessageBar
from resnet_studio.gui.session import Session
from resnet_studio.gui.shelf import Shelf
from resnet_studio.gui.shelving import Shelving
from resnet_studio.rules.repairs.isolation import isolate

_TITLE_BAR = 36
"""About what the frame of a dialog adds to its height."""


class BlockCommands(QObject):
    """The commands on blocks of one window."""

    def __init__(self, session: Session, canvas: Canvas, bar: MessageBar, shelf: Shelf) -> None:
        super().__init__(canvas)
        self._session, self._canvas, self._bar = session, canvas, bar
        self._actions: Actions | None = None
        self.shelving = Shelving(session, canvas, bar, shelf)

    def handlers(self) -> dict[str, Callable[[], Any]]:
        """What each command of the menus does, by its name."""
        return {
            "new-block": self.new_block,
            "group": self.group,
            "ungroup": self.ungroup,
            "expand": self.expand,
            "own-block": self.own_block,
            "shelve": self.shelve,
            "fold": self.fold,
            "repeat-more": lambda: self.repeat_by(+1),
            "repeat-less": lambda: self.repeat_by(-1),
        }

    def bind(self, actions: Actions) -> None:
        """Keeps the actions enabled where they can do something."""
        self._actions = actions
        for signal in (
            self._session.changed,
            self._session.selection_changed,
            self._session.scope_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self, _what: object = None) -> None:
        if self._actions is None:
            return
        session, calls = self._session, self.calls()
        one = calls[0] if len(calls) == 1 and len(session.selection) == 1 else None
        repeatable = self._repeatable()
        several = one is not None and calls_of(session.document, one.type) > 1
        for name, can in (
            ("group", bool(session.selection)),
            ("ungroup", bool(calls)),
            ("expand", bool(calls)),
            ("own-block", several or bool(session.trail and not session.selection)),
            ("shelve", bool(calls) or session.scope != NETWORK),
            ("repeat-more", bool(repeatable)),
            ("repeat-less", any(node.repeat != 1 for node in repeatable)),
        ):
            self._actions[name].setEnabled(can)

    def calls(self) -> list[Node]:
        """The selected calls of blocks."""
        session = self._session
        nodes, blocks = session.graph.nodes, session.document.blocks
        if not blocks:
            return []
        calls = [node for key in session.selection if (node := nodes[key]).type in blocks]
        return sorted(calls, key=lambda node: node.id)

    # Grouping

    def group(self) -> None:
        """Asks how the selection is to be a block; says why where it cannot be one."""
        session = self._session
        document, scope = self._canvas.pinned(), session.scope
        try:
            interface(document, scope, session.selection)
        except EditError as error:
            self._refuse_group(str(error))
            return
        from resnet_studio.gui.group_dialog import GroupDialog

        ids = groupable(document, scope, session.selection)
        taken = self.shelving.shelf.shipped_names()
        window, known = self._canvas.window(), session.analysis
        dialog = GroupDialog(document, scope, ids, window, taken, known)
        dialog.accepted.connect(lambda: self._grouped(dialog, scope))
        # With the frame that the desktop puts around it.
        size = dialog.size() + QSize(0, _TITLE_BAR)
        rooms = [window.frameGeometry(), window.screen().availableGeometry()]
        dialog.move(beside(size, _on_screen(self._canvas, ids), rooms))
        dialog.open()

    def _grouped(self, dialog: Any, scope: str) -> None:
        (name, *_), document, analysis = dialog.made
        before = self._session.document
        made = name not in before.blocks
        old = before.graph(scope).nodes
        calls = [
            node.id
            for node in document.graph(scope).nodes.values()
            if node.type == name and (node.id not in old or old[node.id].repeat != node.repeat)
        ]
        text = f"Group into “{name}”" if made else f"Call “{name}”"
        self._session.apply(text, document, select=calls, analysis=analysis)
        self._canvas.setFocus()

    def _refuse_group(self, why: str) -> None:
        session = self._session
        lacking = between(session.document, session.scope, session.selection)
        if lacking:
            whole = session.selection | lacking
            text = f"Select {count(len(lacking), 'node')} between"
            self._bar.tell("warning", sentence(why), text, lambda: session.select(whole))
        else:
            self._bar.tell("warning", sentence(why))

    def ungroup(self) -> None:
        """Each selected call replaced by the inside of its block."""
        session, calls = self._session, self.calls()
        document, made = self._canvas.pinned(), []
        try:
            for node in calls:
                document, ids = ungroup(document, session.scope, node.id)
                made += ids
        except EditError as error:
            self._bar.tell("warning", sentence(str(error)))
            return
        if calls:
            what = f"“{calls[0].id}”" if len(calls) == 1 else count(len(calls), "call")
            session.apply(f"Ungroup {what}", document, select=made)

    def expand(self) -> None:
        """Opens the selected calls in their place, or closes them."""
        for node in self.calls():
            self._canvas.expanding.toggle(node.id)

    def fold(self) -> None:
        """Shows what repeats, and folds it."""
        from resnet_studio.gui.fold_dialog import FoldDialog

        FoldDialog(self._session, self._canvas, self._canvas.window()).open()

    # Calls

    def own_block(self) -> None:
        """Gives the selected call a block of its own, or the copy that one is inside of."""
        session, calls = self._session, self.calls()
        if not calls:
            self._own_copy()
            return
        try:
            document, name = own_block(session.document, session.scope, calls[0].id)
        except EditError as error:
            self._bar.tell("note", sentence(str(error)))
            return
        key = calls[0].id
        session.apply(f"Give “{key}” its own block", document)
        self._canvas.message.emit(f"“{key}” calls “{name}” now, the others “{calls[0].type}”.")

    def _own_copy(self) -> None:
        """The copy that one looks at becomes a call of its own, of a block of its own."""
        session = self._session
        copies = [session.copies(depth) for depth in range(len(session.trail))]
        chain = [
            (key, copy if count > 1 else None)
            for (key, copy), count in zip(session.trail, copies, strict=True)
        ]
        place = isolate(session.document, chain, "own")
        if not place.clones:
            self._canvas.message.emit(f"“{session.scope}” is called nowhere else already.")
            return
        path = place.prefix.rstrip("/")
        session.go_to(())
        session.apply(f"Give “{path}” its own block", place.document)
        session.go_to(tuple((key, copy or 1) for key, copy in split_path(path)))
        self._canvas.message.emit(f"What you change in “{place.scope}” changes this copy alone.")

    def _repeatable(self) -> list[Node]:
        return [
            node for node in self.calls() if isinstance(node.repeat, int) and self.loops(node.type)
        ]

    def loops(self, name: str) -> bool:
        """Whether a call of the block can be repeated."""
        block = self._session.document.blocks[name]
        return len(block.inputs()) == 1 and len(block.outputs()) == 1

    def repeat_by(self, step: int) -> None:
        """Lets the selected calls go round once more, or once less; never less than once."""
        session = self._session
        document, chosen = session.document, self._repeatable()
        for node in chosen:
            times = max(1, int(node.repeat) + step)
            if times != node.repeat:
                document = set_repeat(document, session.scope, node.id, times)
        ids = frozenset(node.id for node in chosen)
        session.apply("Change the repeat", document, merge=("repeat", session.scope, ids))

    def shelve(self, name: str = "") -> None:
        """Saves a block to the library: the one named, or that of the selected call."""
        session, calls = self._session, self.calls()
        name = name or (calls[0].type if calls else session.scope)
        if name in session.document.blocks:
            self.shelving.save(name)
        else:
            self._canvas.message.emit("Select a call of the block to save first.")

    # Blocks of the document

    def new_block(self) -> None:
        from resnet_studio.gui.new_block import ask_for_block

        made = ask_for_block(self._session.document, self._canvas.window())
        if made is not None:
            name, document = made
            self._session.apply(f"Add the block “{name}”", document)

    def remove_block(self, name: str) -> None:
        """Removes a block that nothing calls; says where it is called otherwise."""
        try:
            after = remove_block(self._session.document, name)
        except EditError as error:
            text = str(error)
            self._bar.tell("warning", sentence(f"{text}; remove that first"))
            return
        self._session.apply(f"Remove the block “{name}”", after)


def _on_screen(canvas: Canvas, keys: Iterable[str]) -> QRect:
    """What is in sight of some nodes' cards, in pixels of the screen."""
    shown = canvas.mapFromScene(canvas.network.bounds(keys)).boundingRect()
    seen = shown & canvas.viewport().rect()
    return QRect(canvas.viewport().mapToGlobal(seen.topLeft()), seen.size())
