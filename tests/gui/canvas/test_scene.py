"""The scene after any series of edits is the scene of the document afresh."""

import itertools
import random

import pytest

from resnet_studio.core import edits
from resnet_studio.core.document import NETWORK, Document, Node
from resnet_studio.core.routing import Route
from resnet_studio.gui.canvas.scene import NetworkScene
from resnet_studio.gui.session import Session
from tests.gui.canvas.conftest import CONV


def shown(scene: NetworkScene) -> object:
    nodes = {
        key: (item.look, item.pos().toTuple(), item.wired_inputs, item.wired_outputs)
        for key, item in scene.nodes.items()
    }
    wires = {e: (w.label, w.identity, w.faulty) for e, w in scene.wires.items()}
    return nodes, wires


def crossings(scene: NetworkScene) -> list[tuple[str, str]]:
    """Upright stretches of wires that run through a card which is not their own."""
    found = []
    for edge, wire in scene.wires.items():
        for a, b in upright(wire.route):
            for key, item in scene.nodes.items():
                card = item.card.adjusted(1, 1, -1, -1)
                low, high = sorted((a[1], b[1]))
                inside = card.left() < a[0] < card.right()
                if key not in edge[:2] and inside and low < card.bottom() and card.top() < high:
                    found.append((f"{edge.source}-{edge.target}", key))
    return found


def upright(route: Route):
    points = route.points
    return [(a, b) for a, b in itertools.pairwise(points) if a[0] == b[0]]


def some_edit(document: Document, dice: random.Random) -> Document:
    nodes = list(document.network.nodes)
    key = dice.choice(nodes)
    place = (dice.randrange(-3, 4) * 104.0, dice.randrange(8) * 120.0)
    kind = dice.randrange(6)
    if kind == 0:
        made = Node(edits.free_id(nodes, "n"), dice.choice(["Conv2D", "Add"]), {}, position=place)
        if made.type == "Conv2D":
            made = Node(made.id, made.type, CONV, position=place)
        return edits.add_nodes(document, NETWORK, [made])
    if kind == 1 and len(nodes) > 3:
        return edits.remove_nodes(document, NETWORK, [key], bridge=dice.random() < 0.5)
    if kind == 2 and document.network.edges:
        return edits.disconnect(document, NETWORK, [dice.choice(document.network.edges)])
    if kind == 3:
        try:
            return edits.connect(document, NETWORK, key, dice.choice(nodes))
        except edits.EditError:
            return document
    if kind == 4 and document.network.nodes[key].type == "Conv2D":
        return edits.set_argument(document, NETWORK, key, "filters", dice.choice([64, 128]))
    return edits.move_nodes(document, NETWORK, {key: place})


@pytest.mark.parametrize("seed", range(8))
def test_incremental_equals_afresh(qapp, residual, seed):
    dice, session = random.Random(seed), Session(residual)
    scene = NetworkScene(session)
    scene.restart()
    session.changed.connect(lambda _change: scene.sync())
    for _ in range(40):
        if dice.random() < 0.2:
            session.history.undo()
        else:
            session.apply("edit", some_edit(session.document, dice))
        fresh = NetworkScene(session)
        fresh.restart()
        assert shown(scene) == shown(fresh)


def test_wires_keep_out_of_cards_wherever_they_stand(qapp, residual):
    dice, session = random.Random(1), Session(residual)
    scene = NetworkScene(session)
    scene.restart()
    session.changed.connect(lambda _change: scene.sync())
    assert not crossings(scene)
    for step in range(30):
        # One card at a time passes in front of the column and goes back.
        key = dice.choice(["a", "b", "spare"])
        old = scene.places[key]
        new = (dice.choice([-320.0, -96.0, 320.0]), old[1])
        session.apply(f"{step}", edits.move_nodes(session.document, NETWORK, {key: new}))
        assert not crossings(scene)
        session.history.undo()
        assert not crossings(scene)
