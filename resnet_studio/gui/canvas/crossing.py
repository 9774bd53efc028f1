"""Which wires a short stroke of the pointer crosses."""

from math import ceil, hypot

from PySide6.QtCore import QPointF

from resnet_studio.core.document import Edge
from resnet_studio.gui.canvas.scene import NetworkScene

_STEP = 3.0
"""The stroke is looked at this often, in the scene's units: half of what counts as on a wire."""


def crossed(scene: NetworkScene, start: QPointF, end: QPointF) -> list[Edge]:
    """The wires between two places, in the order of the stroke; the scene's index finds them."""
    by = end - start
    steps = max(1, ceil(hypot(by.x(), by.y()) / _STEP))
    found: dict[Edge, None] = {}
    for i in range(steps + 1):
        wire = scene.wire_at(start + by * (i / steps), _STEP)
        if wire is not None:
            found[wire] = None
    return list(found)
