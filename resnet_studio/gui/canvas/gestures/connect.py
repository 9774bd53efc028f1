"""Drawing a wire: from an output to an input, back from an input, or a wire's end elsewhere."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

from resnet_studio.core import edits
from resnet_studio.core.building import Tap
from resnet_studio.core.document import BLOCK_OUTPUT, Document, Edge, Graph
from resnet_studio.gui.canvas.gestures.gesture import Gesture
from resnet_studio.gui.canvas.gestures.refusals import refusing
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.ports import Port
from resnet_studio.gui.canvas.search.origin import Origin
from resnet_studio.gui.canvas.trial import Trial, consequences, refused, tried
from resnet_studio.gui.canvas.wire_in_hand import WireInHand
from resnet_studio.gui.figures import sentence

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


class Connect(Gesture):
    """Holds one end at ``fixed``; ``carried`` is the wire whose other end was taken off."""

    def __init__(
        self, canvas: "Canvas", at: QPointF, fixed: Port, carried: Edge | None = None
    ) -> None:
        super().__init__(canvas, at)
        self._fixed, self._carried = fixed, carried
        self._trials: dict[Port | None, Trial] = {}
        self._removal: Trial | None = None
        self._moved = False
        self._base = self._without_carried()
        self._line = WireInHand(self.scene)
        canvas.add_overlay(self._line)
        canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)

    @classmethod
    def from_port(cls, canvas: "Canvas", at: QPointF, port: Port) -> "Connect":
        """From an output forwards; from a wired input its wire's end; else backwards."""
        if port.is_input:
            wires = canvas.network.drawing.wiring.into(port.node)
            carried = next((edge for edge in wires if edge.slot == port.number), None)
            if carried is not None:
                return cls.from_end(canvas, at, carried)
        return cls(canvas, at, port)

    @classmethod
    def from_end(cls, canvas: "Canvas", at: QPointF, wire: Edge) -> "Connect":
        return cls(canvas, at, Port.output(wire.source, wire.output), wire)

    # The drag

    def move(self, at: QPointF) -> None:
        if not self._moved and not self.travelled(at):
            return
        if not self._moved:
            self._begin()
        goal = self._goal(at)
        trial = self._trial(goal) if goal is not None else None
        possible = trial is not None and trial.document is not None
        self._draw(at, goal if possible else None)
        self.scene.show_target(goal.node if goal is not None and possible else None)
        self.scene.show_hover(None, goal if possible and self._is_port(goal) else None)
        self._tell(self._beside(at, goal), trial)

    def _begin(self) -> None:
        self._moved = True
        impossible = self._find_impossible()
        self.scene.dim(impossible | self._refusing(impossible))
        if self._carried is not None:
            self.scene.wires[self._carried].set_shown(shown=False)

    def release(self, at: QPointF) -> None:
        moved, goal = self._moved, self._goal(at)
        self.cancel()
        if not moved:
            return
        if goal is None:
            self._drop_nowhere(at)
            return
        trial = self._trial(goal)
        if trial.document is None:
            self.canvas.message.emit(trial.head)
        elif not self._unchanged(goal):
            self.session.apply(self._label(goal), trial.document)
            if trial.broken:
                self.canvas.offer.start((self._fixed if self._fixed.is_input else goal).node)

    def cancel(self) -> None:
        self.canvas.remove_overlay(self._line)
        self.canvas.hint.hide()
        self.canvas.rest_cursor()
        self.scene.dim(())
        self.scene.show_target(None)
        self.scene.show_hover(None)
        if self._carried is not None and self._carried in self.scene.wires:
            self.scene.wires[self._carried].set_shown(shown=True)

    def _drop_nowhere(self, at: QPointF) -> None:
        if self._carried is None:
            self._ask(at)
            return
        wire = self._carried
        label = f"Remove the wire from “{wire.source}” to “{wire.target}”"
        self.session.apply(label, self._base)

    def _ask(self, at: QPointF) -> None:
        """Asks what stands at the other end; the wire stays in sight meanwhile."""
        port = self._fixed
        if port.is_input:
            origin = Origin(target=(port.node, port.number), from_wire=True)
        else:
            origin = Origin((Tap(port.node, port.number),), from_wire=True)
        self._draw(at, None)
        self.canvas.add_overlay(self._line)
        self.canvas.adding.from_wire(origin, at, lambda: self.canvas.remove_overlay(self._line))

    # What it would do

    def _goal(self, at: QPointF) -> Port | None:
        """The port under the pointer; anywhere on a card stands for its next port (-1)."""
        wants_input = not self._fixed.is_input
        port = self.scene.port_at(at, self.canvas.reach())
        if port is not None and port.is_input == wants_input and port.node != self._fixed.node:
            return port
        key = self.scene.node_at(at)
        if key is None or key == self._fixed.node:
            return None
        return Port(key, wants_input, -1 if wants_input else 0)

    def _is_port(self, goal: Port | None) -> bool:
        return goal is not None and goal.number >= 0

    def _trial(self, goal: Port) -> Trial:
        if goal not in self._trials:
            self._trials[goal] = self._try(goal)
        return self._trials[goal]

    def _try(self, goal: Port) -> Trial:
        source, target = (goal, self._fixed) if self._fixed.is_input else (self._fixed, goal)
        if why := self._no_port(goal):
            return refused(why)
        slot = self._slot(target)
        document, scope = self._base, self.session.scope
        try:
            after = edits.connect(
                document, scope, source.node, target.node, slot, max(source.number, 0)
            )
        except edits.EditError as error:
            return refused(f"{str(error)[0].upper()}{str(error)[1:]}.")
        trial = self._with_replaced(tried(self.session, after, target.node), after)
        if trial.broken:
            note = "Let go to connect and see repairs."
            trial = replace(trial, more=f"{sentence(trial.more)} {note}".lstrip())
        return trial

    def _with_replaced(self, trial: Trial, after: Document) -> Trial:
        """Says also which wire would give way to the new one."""
        scope = self.session.scope
        left = set(after.graph(scope).edges)
        gone = [e for e in self._base.graph(scope).edges if e not in left]
        if not gone:
            return trial
        note = f"Replaces the wire from “{gone[0].source}”."
        return replace(trial, more=f"{sentence(trial.more)} {note}".lstrip())

    def _slot(self, target: Port) -> int | None:
        """The slot meant; None for the next free one, which closes up in a merge."""
        taken = len(self._base.graph(self.session.scope).into(target.node))
        merge = self.scene.nodes[target.node].look.open_input
        return None if target.number < 0 or (merge and target.number >= taken) else target.number

    def _no_port(self, goal: Port) -> str:
        look = self.scene.nodes[goal.node].look
        if goal.is_input and not look.inputs and not look.open_input:
            return f"“{goal.node}” takes no wire: data enters the network there."
        if not goal.is_input and not look.outputs:
            return f"“{goal.node}” gives no wire: data leaves the block there."
        return ""

    def _unchanged(self, goal: Port) -> bool:
        wire = self._carried
        if wire is None or goal.node != wire.target:
            return False
        return goal.number in (-1, wire.slot)

    def _label(self, goal: Port) -> str:
        source, target = (goal, self._fixed) if self._fixed.is_input else (self._fixed, goal)
        verb = "Connect" if self._carried is None else "Lead"
        return f"{verb} “{source.node}” to “{target.node}”"

    def _without_carried(self) -> Document:
        if self._carried is None:
            return self.session.document
        return edits.disconnect(self.session.document, self.session.scope, [self._carried])

    def _find_impossible(self) -> set[str]:
        """The nodes that cannot take the other end: no port there, or a circle."""
        graph = self._base.graph(self.session.scope)
        around = graph.structure.below if self._fixed.is_input else graph.structure.above
        return (around(self._fixed.node) | self._dead_ends(graph)) - {self._fixed.node}

    def _dead_ends(self, graph: Graph) -> set[str]:
        """The nodes without a port for the other end."""
        nodes = graph.nodes.items()
        if self._fixed.is_input:
            return {key for key, node in nodes if node.type == BLOCK_OUTPUT}
        types = {node.type for node in graph.nodes.values()}
        closed = {name for name in types if edits.slots(self._base, name) == 0}
        wired = self.scene.drawing.wiring.wired
        return {key for key, node in nodes if node.type in closed and not wired(key)}

    def _refusing(self, impossible: set[str]) -> set[str]:
        """The nodes in sight that the engine says would refuse the tensor."""
        canvas = self.canvas
        shown = Shown.now(self.session)
        if self._carried is not None:
            shown = Shown.trial(self.session, self._base)
        view = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        seen = self.scene.nodes_in(view) - impossible - {self._fixed.node}
        return refusing(shown, self._fixed, seen)

    # What it shows

    def _draw(self, at: QPointF, goal: Port | None) -> None:
        held = self._point(self._fixed)
        free = at if goal is None else self._point(goal)
        first, last = (free, held) if self._fixed.is_input else (held, free)
        self._line.lead(first, last, free, firm=goal is not None)

    def _point(self, port: Port) -> QPointF:
        item = self.scene.nodes[port.node]
        if not port.is_input:
            return item.output_point(port.number)
        slot = port.number if port.number >= 0 else len(self._base_edges(port.node))
        return item.input_point(slot)

    def _base_edges(self, key: str) -> list[Edge]:
        return self._base.graph(self.session.scope).into(key)

    def _beside(self, at: QPointF, goal: Port | None) -> QPoint:
        """Where the note stands: right of the card that is meant, else at the pointer."""
        if goal is None:
            return self.canvas.mapFromScene(at)
        card = self.scene.nodes[goal.node].card
        return self.canvas.mapFromScene(QPointF(card.right(), min(at.y(), card.center().y())))

    def _tell(self, here: QPoint, trial: Trial | None) -> None:
        if trial is not None:
            self.canvas.hint.tell(here, trial.head, trial.more, trial.tone)
        elif self._carried is not None:
            self._tell_removal(here)
        else:
            self.canvas.hint.tell(here, "Let go to add a node here")

    def _tell_removal(self, here: QPoint) -> None:
        if self._removal is None:
            self._removal = consequences(self.session, self._base)
        self.canvas.hint.tell(
            here, "Let go to remove the wire", self._removal.more, self._removal.tone
        )
