"""Going from node to node by keys: in the order of the data, or along the wires."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleEvent

from resnet_studio.core.document import Graph
from resnet_studio.core.faces import face_of
from resnet_studio.gui.canvas.looks import UNKNOWN_SHAPE, Shown, shape_text

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


def data_order(graph: Graph) -> list[str]:
    """Every node, in the order in which the data reaches them; those on circles come last."""
    structure = graph.structure
    last = len(structure.ids)
    ranked = sorted(
        range(last), key=lambda i: structure.rank[i] if structure.rank[i] >= 0 else last
    )
    return [structure.ids[i] for i in ranked]


def step(canvas: "Canvas", by: int) -> None:
    """Selects the next node in the order of the data, or the one before; the ends meet."""
    order = data_order(canvas.session.graph)
    if not order:
        return
    chosen = [i for i, key in enumerate(order) if key in canvas.session.selection]
    if not chosen:
        at = 0 if by > 0 else -1
    else:
        at = ((chosen[-1] if by > 0 else chosen[0]) + by) % len(order)
    _select(canvas, order[at])


def follow(canvas: "Canvas", across: int, down: int) -> None:
    """Along a wire: down to what a node feeds, up to what feeds it, across to its siblings."""
    if len(canvas.session.selection) != 1:
        step(canvas, down or across)
        return
    key = next(iter(canvas.session.selection))
    graph, places = canvas.session.graph, canvas.network.places
    if down:
        found = _following(graph, key) if down > 0 else _feeding(graph, key)
        if found:
            # The one that stands nearest to straight on.
            _select(canvas, min(found, key=lambda k: (abs(places[k][0] - places[key][0]), k)))
        return
    level = [k for k in _siblings(graph, key) if (places[k][0] - places[key][0]) * across > 0]
    if level:
        _select(canvas, min(level, key=lambda k: (abs(places[k][0] - places[key][0]), k)))


def _following(graph: Graph, key: str) -> list[str]:
    """What a node feeds: asked of the structure, which need not look all wires through."""
    structure = graph.structure
    here = structure.index[key]
    # The further places of a shared layer come after it too, without a wire.
    fed = (i for i in structure.successors[here] if _is_fed_by(graph, i, here))
    return [structure.ids[i] for i in fed]


def _is_fed_by(graph: Graph, target: int, source: int) -> bool:
    sources = graph.structure.sources[target]
    return sources is None or any(i == source for i, _output in sources)


def _feeding(graph: Graph, key: str) -> list[str]:
    structure = graph.structure
    sources = structure.sources[structure.index[key]]
    if sources is None:
        return list(dict.fromkeys(e.source for e in graph.into(key) if e.source in graph.nodes))
    return list(dict.fromkeys(structure.ids[i] for i, _output in sources))


def _siblings(graph: Graph, key: str) -> set[str]:
    """What is fed by the same nodes, or feeds the same."""
    beside = {k for source in _feeding(graph, key) for k in _following(graph, source)}
    beside |= {k for target in _following(graph, key) for k in _feeding(graph, target)}
    return beside - {key}


def _select(canvas: "Canvas", key: str) -> None:
    canvas.session.select([key])
    canvas.show_cards([key])


# The screen reader


def description(canvas: "Canvas") -> str:
    """What the canvas is to a screen reader: the selected node with its type and shape."""
    session = canvas.session
    where = f"inside {session.scope}" if session.scope else "network"
    chosen = sorted(session.selection)
    if len(chosen) != 1:
        what = f"{len(chosen)} nodes selected" if chosen else "nothing selected"
        return f"Canvas, {where}, {len(session.graph.nodes)} nodes, {what}"
    return f"Canvas, {where}: {described(Shown.now(session), chosen[0])}"


def described(shown: Shown, key: str) -> str:
    """``Conv2D conv_a, 3×3, 64, relu, gives 56×56×64, fed by x, feeds add, 1 error``."""
    node, graph = shown.graph.nodes[key], shown.graph
    face = face_of(node, shown.document, shown.inferable(key))
    shape = shape_text(shown.outcome(key))
    parts = [f"{face.kind if face.brief else node.type} {key}", face.figures, face.repeat]
    parts.append("shape not known" if shape == UNKNOWN_SHAPE else f"gives {shape}")
    for word, names in (("fed by", _feeding(graph, key)), ("feeds", _following(graph, key))):
        if names:
            parts.append(f"{word} {' and '.join(names)}")
    errors = sum(problem.severity == "error" for problem in shown.outcome(key).problems)
    if errors:
        parts.append("1 error" if errors == 1 else f"{errors} errors")
    return ", ".join(filter(None, parts))


def announce(canvas: "Canvas") -> None:
    """Tells a screen reader that the canvas is about another node."""
    text = description(canvas)
    if text == canvas.accessibleName():
        return
    canvas.setAccessibleName(text)
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(canvas, QAccessible.Event.NameChanged))
