"""The session: what is looked at, told by paths, whatever signs are in the ids."""

import gc
import weakref

import pytest

from resnet_studio.core import edits
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Block, Document, Edge, Graph, Node
from resnet_studio.gui.canvas.looks import Shown, at_node, findings
from resnet_studio.gui.session import Session


def odd() -> Document:
    """Ids that look like paths: ``x#1`` is no copy of ``x``, ``a/b`` lies in nothing."""
    inner = Graph(
        {n.id: n for n in (Node("in", "BlockInput"), Node("r#2", "Nothing"))},
        (Edge("in", "r#2", 0),),
    )
    nodes = (
        Node("x", "Input", {"shape": [4]}),
        Node("x#1", "Nothing"),
        Node("a/b", "Nothing"),
        Node("call", "block", repeat=2),
    )
    wires = (Edge("x", "x#1", 0), Edge("x", "a/b", 0), Edge("x", "call", 0))
    return Document(
        "odd", blocks={"block": Block(inner)}, network=Graph({n.id: n for n in nodes}, wires)
    )


@pytest.mark.parametrize(
    ("path", "trail", "selected"),
    [
        ("x#1", (), "x#1"),
        ("a/b", (), "a/b"),
        ("call#2/r#2", (("call", 2),), "r#2"),
        ("call#1/in", (("call", 1),), "in"),
    ],
)
def test_reveal_follows_ids_as_they_are_written(qapp, path, trail, selected) -> None:
    session = Session(odd())
    session.reveal(path)
    assert session.trail == trail
    assert session.selection == {selected}


@pytest.mark.parametrize(
    ("path", "outermost"), [("x#1", "x#1"), ("a/b", "a/b"), ("call#1/in", "call")]
)
def test_the_outermost_node_is_the_one_that_there_is(qapp, path, outermost) -> None:
    session = Session(odd())
    session.reveal_outermost(path)
    assert session.selection == {outermost}


def test_the_canvas_marks_the_node_that_a_finding_names(qapp) -> None:
    session = Session(odd())
    assert set(findings(Shown.now(session))) == {"x#1", "a/b", "call"}
    session.reveal("call#2/r#2")
    shown = Shown.now(session)
    assert at_node("call#2/r#2", shown) == "r#2"
    assert at_node("x#1", shown) is None


def test_the_analysis_names_these_paths() -> None:
    assert {d.node for d in analyse(odd()).diagnostics} >= {"x#1", "a/b"}


def test_undo_comes_back_to_the_analysis_that_there_was(qapp) -> None:
    session = Session(odd())
    seen = [session.analysis]
    for step in range(10):
        after = edits.set_argument(session.document, "", "x", "shape", [5 + step])
        session.apply("Resize", after)
        seen.append(session.analysis)
    for known in seen[-2:-5:-1]:
        session.history.undo()
        assert session.analysis is known
    session.history.redo()
    assert session.analysis is seen[-3]
    while session.history.canUndo():
        session.history.undo()
    # Not for ever: the memory would fill.
    assert session.analysis is not seen[0]
    assert session.analysis.document is seen[0].document
    assert session.analysis.root.outcomes == seen[0].root.outcomes


def test_a_trail_that_leads_nowhere_leads_as_far_as_it_can(qapp) -> None:
    session = Session(odd())
    session.go_to((("call", 1), ("r#2", 1)), ["x"])
    assert session.trail == (("call", 1),)
    session.select(["in"])
    session.go_to((("call", 1), ("gone", 1)), ["r#2"])
    assert session.selection == {"in"}, "what was to be selected is gone with its graph"
    session.go_to((("gone", 1),))
    assert session.trail == ()
    assert session.scope == ""


def test_an_edit_that_removes_the_call_one_stands_in_says_that_the_scope_changed(qapp) -> None:
    session = Session(odd())
    session.enter("call")
    told: list[object] = []
    session.changed.connect(lambda change: told.append(change.elsewhere))
    session.scope_changed.connect(lambda: told.append(session.scope))
    session.apply("Remove", edits.remove_nodes(session.document, "", ["call"]))
    assert told == [True, ""]
    session.history.undo()
    assert told == [True, "", True, "block"]
    session.apply("Resize", edits.set_argument(session.document, "", "x", "shape", [5]))
    assert told == [True, "", True, "block", False]


def test_a_session_can_be_garbage_whichever_of_its_parts_is_found_first(qapp) -> None:
    """The collector may come to the edits first: their history must not be there without them."""
    session = Session(odd())
    ring = [session]
    ring.append(ring)
    gc.collect()
    for size in range(5, 45):
        after = edits.set_argument(session.document, "", "x", "shape", [size])
        session.apply("Resize", after)
    # This puts what is young in front of what is old.
    gc.freeze()
    gc.unfreeze()
    gone = weakref.ref(session)
    del session, ring
    gc.collect()
    assert gone() is None
