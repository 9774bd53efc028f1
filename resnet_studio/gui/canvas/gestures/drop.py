"""Dropping a node from the palette: onto the sheet, or onto a wire, which takes it in."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from resnet_studio.core import edits, fragments
from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    NETWORK,
    Block,
    Document,
    Edge,
)
from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import snap
from resnet_studio.gui.canvas.gestures.gesture import Gesture
from resnet_studio.gui.canvas.ghosts import GhostCard
from resnet_studio.gui.canvas.looks import NO_FINDINGS, Look, Looks, Shown
from resnet_studio.gui.canvas.splicing import fits, spliced
from resnet_studio.gui.canvas.trial import Trial, refused, tried
from resnet_studio.gui.new_node import new_node
from resnet_studio.gui.shelf import called_otherwise

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


class Drop(Gesture):
    """A node of one type hovers under the pointer until it is let go."""

    def __init__(
        self,
        canvas: "Canvas",
        at: QPointF,
        type_name: str,
        blocks: Mapping[str, Block] = MappingProxyType({}),
    ) -> None:
        """``blocks`` come along with the node: those of the library that it calls."""
        super().__init__(canvas, at)
        self._blocks = blocks
        ready, names = fragments.merge_blocks(self.session.document, blocks)
        self._node = new_node(ready, self.session.scope, names.get(type_name, type_name))
        self._dropped = type_name
        self._extent = card_extent(self._node, ready)
        self._trials: dict[Edge | None, Trial] = {}
        self._ghost = GhostCard(self._look())
        canvas.add_overlay(self._ghost)
        self.move(at)

    def move(self, at: QPointF) -> None:
        self._ghost.setPos(*self._corner(at))
        wire = self._wire(at)
        trial = self._trial(at, wire)
        self.scene.show_target(wire if trial.document is not None else None)
        if wire is not None or trial.document is None:
            self.canvas.hint.tell(self.canvas.mapFromScene(at), trial.head, trial.more, trial.tone)
        else:
            self.canvas.hint.hide()

    def release(self, at: QPointF) -> None:
        wire = self._wire(at)
        self.cancel()
        trial = self._trial(at, wire)
        if trial.document is None:
            self.canvas.message.emit(trial.head)
            return
        # Where it lands was not known when the trial was made.
        document = self._spliced(wire) if wire is not None else self._added(at)
        label = f"Add “{self._node.id}”"
        self.session.apply(label, document, select=[self._node.id])
        if self._node.type != self._dropped:
            self.canvas.message.emit(called_otherwise(self._dropped, self._node.type))

    def cancel(self) -> None:
        self.canvas.remove_overlay(self._ghost)
        self.canvas.hint.hide()
        self.scene.show_target(None)

    # What it would do

    def _wire(self, at: QPointF) -> Edge | None:
        """The wire that would take the node in."""
        if not fits(self._ghost.look) or self.scene.node_at(at) is not None:
            return None
        return self.scene.wire_at(at, 2 * self.canvas.reach())

    def _trial(self, at: QPointF, wire: Edge | None) -> Trial:
        if wire not in self._trials:
            self._trials[wire] = self._try(at, wire)
        return self._trials[wire]

    def _try(self, at: QPointF, wire: Edge | None) -> Trial:
        document, scope, kind = (
            self._ready(self.session.document),
            self.session.scope,
            self._node.type,
        )
        if kind in document.blocks and scope in fragments.used_blocks(document, [kind]):
            return refused(f"“{kind}” is, or holds, the block you are in: it cannot hold itself.")
        if kind in (BLOCK_INPUT, BLOCK_OUTPUT) and scope == NETWORK:
            return refused("Inputs and outputs of a block stand only inside a block.")
        if wire is None:
            return Trial(self._added(at), "")
        return tried(self.session, self._spliced(wire), self._node.id)

    def _added(self, at: QPointF) -> Document:
        node = replace(self._node, position=self._corner(at))
        return edits.add_nodes(self._ready(self.canvas.pinned()), self.session.scope, [node])

    def _spliced(self, wire: Edge) -> Document:
        return self._ready(spliced(self.canvas, wire, self._node, self._ghost.look))

    def _ready(self, document: Document) -> Document:
        """The document with the blocks that come along."""
        return fragments.merge_blocks(document, self._blocks)[0] if self._blocks else document

    def _corner(self, at: QPointF) -> tuple[float, float]:
        """The node's corner with the pointer in the middle of the card, on the grid."""
        width, height = self._extent
        return snap(at.x() - width / 2), snap(at.y() - height / 2)

    def _look(self) -> Look:
        session = self.session
        after = edits.add_nodes(self._ready(session.document), session.scope, [self._node])
        look = Looks(Shown.trial(session, after)).of(self._node.id)
        # That nothing is wired to it yet is no fault of what is still in the hand.
        return replace(look, findings=NO_FINDINGS)
