"""What waits to be heard keeps its order; of a worker that says hello again and again the last one counts."""

from minos_common.words import Hello, Holds, HostFacts, Roots
from minos_web.engine import waiting as module
from minos_web.engine.hearing import Heard
from minos_web.engine.waiting import Waiting


def hello(session: str) -> Hello:
    return Hello("h", "127.0.0.1", session, "0.1", "boot", 1.0, Roots("/a", "/l", ["/d"], "/p"), HostFacts(), [], 1.0)


def heard(key: str) -> Heard:
    return Heard(key, b"route", 1.0, 1.0)


def test_order_is_kept_and_the_last_hello_of_a_key_counts() -> None:
    waiting = Waiting()
    told = [("a", hello("1")), ("b", hello("2")), ("a", Holds([])), ("a", hello("3")), ("c", hello("4"))]
    for key, message in told:
        waiting.add(message, heard(key), 10)
    assert len(waiting) == 4 and all(waiting.has(key) for key in "abc") and not waiting.has("d")
    first = waiting.take(2, 1.0)
    assert [(one.key, getattr(message, "session", "")) for message, one in first] == [("b", "2"), ("a", "")]
    assert not waiting.has("b") and waiting.has("a")
    waiting.add(hello("5"), heard("b"), 10)
    assert [getattr(message, "session", "") for message, _ in waiting.take(9, 1.0)] == ["3", "4", "5"]
    assert not len(waiting) and waiting.take(3, 1.0) == [] and not waiting.has("a")


def test_only_so_much_waits_here() -> None:
    waiting = Waiting()
    waiting.add(Holds([]), heard("a"), module.MOST_BYTES - 1)
    assert not waiting.is_full
    waiting.add(Holds([]), heard("a"), 1)
    assert waiting.is_full
    waiting.take(1, 1.0)
    assert not waiting.is_full


def test_a_hello_that_nobody_repeated_is_of_one_who_has_hung_up() -> None:
    waiting = Waiting()
    for key, message in (("gone", hello("1")), ("gone", Holds([])), ("here", hello("2"))):
        waiting.add(message, Heard(key, b"route", 1.0, 1.0), 10)
    waiting.add(hello("3"), Heard("here", b"route", 6.0, 6.0), 10)
    taken = waiting.take(9, 1.0 + module.HELLO_SECONDS)
    assert [(one.key, type(message).__name__) for message, one in taken] == [("gone", "Holds"), ("here", "Hello")]
    assert not len(waiting) and not waiting.has("gone")
