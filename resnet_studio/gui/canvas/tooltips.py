"""What the canvas says of the thing that the pointer rests upon."""

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from resnet_studio.core.analysis import Totals
from resnet_studio.core.document import Edge
from resnet_studio.core.layer import Outcome
from resnet_studio.core.shapes import show
from resnet_studio.gui.canvas.looks import Shown, at_node
from resnet_studio.gui.figures import whole

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_MOST_FINDINGS = 3
_OFF = 4.0
"""Pixels by which the pointer may miss a card that is seen from afar."""


def tooltip(canvas: "Canvas", at: QPointF) -> str:
    """Rich text for a node, a wire or a frame; empty elsewhere."""
    key = canvas.network.node_at(at)
    if key is None and canvas.is_far():
        key = _close_by(canvas, at)
    if key is not None:
        return _of_node(canvas, key)
    edge = canvas.network.wire_at(at, canvas.reach() / 2)
    if edge is not None and canvas.framing.title_at(at) is None:
        return _of_wire(canvas, edge)
    frame = canvas.framing.head_at(at)
    return _of_frame(canvas, frame) if frame is not None else ""


def _close_by(canvas: "Canvas", at: QPointF) -> str | None:
    """The card a few pixels off: from afar one is soon beside it."""
    off = _OFF / canvas.zoom_level()
    for dx, dy in ((0, -off), (0, off), (-off, 0), (off, 0)):
        if key := canvas.network.node_at(at + QPointF(dx, dy)):
            return key
    return None


def _of_node(canvas: "Canvas", key: str) -> str:
    shown = Shown.now(canvas.session)
    look = canvas.network.nodes[key].look
    outcome = shown.outcome(key)
    lines = [f"<b>{escape(key)}</b> &nbsp;{escape(look.face.line)}"]
    if outcome.outputs is not None:
        shapes = ", ".join(show(shape) for shape in outcome.outputs)
        lines += [f"Output {shapes}", _cost(outcome, shown.analysis.totals)]
    found = [d for d in shown.analysis.diagnostics if at_node(d.node, shown) == key]
    lines += [escape(finding.message) for finding in found[:_MOST_FINDINGS]]
    if look.block:
        lines.append("Double-click to look inside.")
    return "<p style='white-space: pre-wrap'>" + "<br>".join(lines) + "</p>"


def _cost(outcome: Outcome, totals: Totals) -> str:
    """``36,928 parameters (1.2 % of the network) · 115,605,504 MACs (3.1 %)``."""
    params, macs = f"{outcome.params:,} parameters", f"{whole(outcome.macs)} MACs"
    if outcome.params and totals.params:
        params += f" ({outcome.params / totals.params:.1%} of the network)"
    if outcome.macs and totals.macs:
        macs += f" ({outcome.macs / totals.macs:.1%})"
    return f"{params} · {macs}"


def _of_wire(canvas: "Canvas", edge: Edge) -> str:
    wire = canvas.network.wires[edge]
    kind = "Identity link" if wire.identity else "Wire"
    ends = f"from “{escape(edge.source)}” to slot {edge.slot} of “{escape(edge.target)}”"
    return f"<p style='white-space: pre-wrap'><b>{wire.label}</b><br>{kind} {ends}</p>"


def _of_frame(canvas: "Canvas", index: int) -> str:
    """All of a text that may be shortened on the canvas."""
    text = escape(canvas.framing.shown()[index].text).replace("\n", "<br>")
    does = "write" if canvas.framing.is_comment(index) else "name it"
    lines = ([f"<b>{text}</b>"] if text else []) + [f"Double-click to {does}, drag to move."]
    return "<p style='white-space: pre-wrap'>" + "<br>".join(lines) + "</p>"
