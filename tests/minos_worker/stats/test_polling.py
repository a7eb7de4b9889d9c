"""Pages that hang, and those beside them."""

import threading

from minos_worker.stats.polling import QUICK_THREADS, SLOW_SECONDS, SLOW_THREADS, Polling


def test_what_is_under_way_is_not_begun_again() -> None:
    polling: Polling[str, int] = Polling()
    go, begun = threading.Event(), []

    def work() -> int:
        begun.append(1)
        assert go.wait(20)
        return 5

    first = polling.ask("a", work)
    assert polling.ask("a", work) is first
    assert polling.done({"a": first}, 0.0) == []
    go.set()
    assert polling.done({"a": first}, 20.0) == ["a"] and first.result() == 5
    assert len(begun) == 1 and polling.ask("a", lambda: 6).result(20) == 6


def test_pages_that_hang_for_ever_leave_room_for_the_others() -> None:
    polling: Polling[str, str] = Polling()
    go = threading.Event()
    try:
        for number in range(3 * (QUICK_THREADS + SLOW_THREADS)):  # known to be slow from the last time
            polling._seconds[f"hangs{number}"] = SLOW_SECONDS + 1
            polling.ask(f"hangs{number}", lambda: str(go.wait(60)))
        quick = {f"quick{number}": polling.ask(f"quick{number}", lambda: "told") for number in range(50)}
        assert set(polling.done(quick, 20.0)) == set(quick)
    finally:
        go.set()


def test_one_that_was_slow_and_recovers_is_quick_again() -> None:
    polling: Polling[str, int] = Polling()
    polling._seconds["a"] = SLOW_SECONDS + 1
    polling.ask("a", lambda: 1).result(20)
    assert polling._seconds["a"] < SLOW_SECONDS
    polling.forget(set())
    assert polling._seconds == {} and polling._asked == {}


def test_a_page_that_breaks_the_reader_is_told_to_who_asked() -> None:
    polling: Polling[str, int] = Polling()
    asked = polling.ask("a", lambda: 1 // 0)
    assert polling.done({"a": asked}, 20.0) == ["a"]
    assert isinstance(asked.exception(), ZeroDivisionError)
