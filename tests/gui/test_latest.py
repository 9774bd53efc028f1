"""Work beside the window's thread: the newest result alone arrives."""

import threading
import time

from PySide6.QtCore import QObject, QThreadPool

from resnet_studio.core.edits import set_argument
from resnet_studio.gui.code_text import CodeText
from resnet_studio.gui.latest import Latest
from tests.benchmarks.networks import chain


def test_only_the_last_of_what_is_asked_meanwhile_is_done(qtbot) -> None:
    owner, begun, go_on = QObject(), threading.Event(), threading.Event()
    latest, done, told = Latest(owner), [], []

    def first() -> str:
        begun.set()
        go_on.wait(10)
        return "first"

    latest.ask(first, told.append)
    assert begun.wait(10)
    for name in ("second", "third"):
        latest.ask(lambda name=name: done.append(name) or name, told.append)
    assert latest.busy
    go_on.set()
    qtbot.waitUntil(lambda: not latest.busy)
    assert told == ["third"]
    assert done == ["third"]


def test_what_is_dropped_is_not_told(qtbot) -> None:
    owner, go_on, told = QObject(), threading.Event(), []
    latest = Latest(owner)
    latest.ask(lambda: go_on.wait(10), told.append)
    latest.drop()
    latest.ask(lambda: 1 / 0, told.append)
    go_on.set()
    qtbot.waitUntil(lambda: bool(told))
    assert [type(one) for one in told] == [ZeroDivisionError]


def test_who_waits_has_the_last_of_what_was_asked_and_has_it_once(qtbot) -> None:
    owner, told = QObject(), []
    latest = Latest(owner)
    latest.ask(lambda: time.sleep(0.05) or "first", told.append)
    latest.ask(lambda: "second", told.append)
    latest.finish()
    assert told == ["second"]
    assert not latest.busy
    qtbot.wait(20)
    assert told == ["second"]


def test_who_waits_does_itself_what_no_thread_had_time_for(qtbot) -> None:
    pool, go_on = QThreadPool.globalInstance(), threading.Event()
    for _ in range(pool.maxThreadCount()):
        pool.start(lambda: go_on.wait(10))
    owner, told = QObject(), []
    latest = Latest(owner)
    latest.ask(threading.get_ident, told.append)
    latest.finish()
    go_on.set()
    assert told == [threading.get_ident()]
    assert pool.waitForDone(10_000)
    qtbot.wait(20)
    assert len(told) == 1


def test_a_long_text_comes_in_over_several_turns(qtbot) -> None:
    text = CodeText()
    qtbot.addWidget(text)
    long = "".join(f"x = {k}\n" for k in range(2_000))
    text.show_code(long)
    assert text.code == long
    assert text.toPlainText() != long
    # What comes in between is shown right, whatever is there already.
    other = long.replace("x = 700\n", "").replace("x = 3\n", "y = 3\nz = 3\n")
    text.show_code(other)
    qtbot.waitUntil(lambda: text.toPlainText() == other)
    text.show_code("x = 1")
    assert text.toPlainText() == "x = 1"
    text.show_code("")
    assert text.toPlainText() == ""


def test_the_code_of_a_large_network_follows_the_edits(bench, qtbot) -> None:
    workbench = bench()
    session, view = workbench.session, workbench.code_view
    document = chain(400)
    session.load(document, None)
    view.write_now()
    key = next(k for k, n in document.network.nodes.items() if n.type == "Dense")
    session.apply("Edit", set_argument(session.document, "", key, "units", 7))
    session.select([key])
    view.write_now()
    qtbot.waitUntil(lambda: "Dense(7" in view.text.toPlainText(), timeout=10_000)
    lines = view.text.toPlainText().split("\n")
    marked = [line for first, last in view.text._spans for line in lines[first - 1 : last]]
    assert any("Dense(7" in line for line in marked)
