"""The log page: searched, downloaded from, cleared; asked once, and told when the worker has answered."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import StepState
from minos_web.console import Console
from minos_web.models.operations import Step
from minos_web.operations.log_files import MOST_OF_ONE, spool_of
from minos_web.store.spool import Piece
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts

PAGE = "/clusters/zookeeper/dptst/tasks/zookeeper/0/log?file=log/zookeeper.log"


@pytest.fixture
def described(session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    session.commit()


def answer(session: Session, **data: object) -> Step:
    """The worker answers the newest search."""
    step = session.scalars(select(Step).where(Step.verb == "search-log").order_by(Step.id.desc())).first()
    assert step is not None
    step.state, step.ended_at, step.data = StepState.DONE.value, time.time(), data
    session.commit()
    return step


def test_lines_come_when_the_worker_has_answered(testapp: Browser, session: Session, described: None) -> None:
    page = testapp.get(f"{PAGE}&q=<b>lost</b>")
    assert "is searching" in page.text and page.html.select_one("#log-found")["hx-get"].endswith(
        "q=%3Cb%3Elost%3C%2Fb%3E"
    )
    step = answer(session, matches=[{"offset": 9000, "text": "it is <b>lost</b>"}], before=700, size=10000)
    assert step.args == {"name": "log/zookeeper.log", "text": "<b>lost</b>", "before": None, "limit": 200}
    found = testapp.get(f"{PAGE}&q=<b>lost</b>").html.select_one("#log-found")
    assert "hx-get" not in found.attrs
    line, further = found.select("li a")[0], found.select("p a")[0]
    assert line.text == "it is <b>lost</b>" and "at=9000" in line["href"]
    assert "before=700" in further["href"]


def test_nothing_found_says_how_far_it_looked(testapp: Browser, session: Session, described: None) -> None:
    testapp.get(f"{PAGE}&q=x")
    answer(session, matches=[], before=4000, size=10000)
    assert "No line of the last 5.86 KB holds it" in " ".join(
        testapp.get(f"{PAGE}&q=x").html.select_one("#log-found").text.split()
    )


def test_a_found_line_is_shown_with_what_stands_around_it(testapp: Browser, described: None) -> None:
    viewer = testapp.get(f"{PAGE}&at=9000").html.select_one(".mn-log")
    assert "data-log-static" in viewer.attrs and "offset=4904" in viewer["data-log-url"]
    assert "data-log-static" not in testapp.get(f"{PAGE}&at=-1").html.select_one(".mn-log").attrs


TASK = "/clusters/zookeeper/dptst/tasks/zookeeper/0"


def press(browser: Browser, url: str, **fields: str) -> str:
    """Send a form; the page that follows."""
    return str(browser.post(url, {"csrf_token": browser.csrf_token, **fields}, status=303).location)


def newest(session: Session, verb: str) -> int:
    """Number of the last step with this verb."""
    number = session.scalars(select(Step.id).where(Step.verb == verb).order_by(Step.id.desc())).all()[0]
    session.rollback()  # a session that writes holds the lock as long as it looks
    return number


def settle(session: Session, number: int, state: StepState, message: str = "", **data: object) -> None:
    step = session.get_one(Step, number)
    step.state, step.message, step.data, step.ended_at = state.value, message, data, time.time()
    session.commit()


def told(browser: Browser, page: str) -> tuple[str, bool]:
    """What the page tells, and whether it goes on asking."""
    found = browser.get(page).html.select_one("#told")
    return " ".join(found.get_text(" ").split()), "hx-get" in found.attrs


def test_a_download_is_told_from_asking_to_saving(
    browser_as: Callable[[str], Browser], session: Session, console: Console, described: None
) -> None:
    viewer = browser_as("viewer")
    page = press(viewer, f"{TASK}/log/fetch", name="log/<b>.log", file="log/zookeeper.log")
    step = newest(session, "send-log")
    assert page.endswith(f"{TASK}/log?file=log%2Fzookeeper.log&told={step}")
    assert told(viewer, page) == ("Download log/<b>.log the worker begins to send it Cancel", True)
    settle(session, step, StepState.WAITING, "waits for host-31, which is silent")
    assert "waits for host-31" in told(viewer, page)[0]
    settle(session, step, StepState.RUNNING)
    spool_of(console).put(step, Piece("a", 0, 2048), b"x" * 1024)
    assert "1 KB of 2 KB are here" in told(viewer, page)[0]
    bar = viewer.get(page).html.select_one("#told progress")
    assert (bar["value"], bar["max"]) == ("1024", "2048")
    spool_of(console).put(step, Piece("a", 1024, 2048), b"y" * 1024)
    settle(session, step, StepState.DONE, name="log/<b>.log", size=2048)
    words, asks = told(viewer, page)
    assert "All 2 KB are here" in words and not asks
    link = viewer.get(page).html.select_one("#told a[data-save-now]")
    assert viewer.get(link["href"]).body == b"x" * 1024 + b"y" * 1024
    spool_of(console).forget_others([])
    assert "not kept any more" in told(viewer, page)[0]


def test_a_download_that_failed_says_why_and_can_be_asked_for_again(
    testapp: Browser, session: Session, described: None
) -> None:
    page = press(testapp, f"{TASK}/log/fetch", name="log/a.log")
    settle(session, newest(session, "send-log"), StepState.FAILED, "log/a.log cannot be read: <No such file>")
    assert told(testapp, page) == ("Download log/a.log log/a.log cannot be read: <No such file> Download again", False)
    again = testapp.get(page).html.select_one("#told button")
    assert (again["form"], again["value"]) == ("log-fetch", "log/a.log")


def test_only_who_asked_or_an_operator_may_cancel(
    browser_as: Callable[[str], Browser], session: Session, described: None
) -> None:
    viewer, admin = browser_as("viewer"), browser_as("admin")
    page = press(admin, f"{TASK}/log/fetch", name="log/a.log")
    step = newest(session, "send-log")
    assert "Cancel" not in told(viewer, page)[0]
    cancel = f"/log-files/{step}/cancel"
    assert viewer.post(cancel, {"csrf_token": viewer.csrf_token}, expect_errors=True).status_int == 403
    assert press(admin, cancel).endswith(f"told={step}")
    assert "cancelled by admin" in told(viewer, page)[0]


def test_too_many_downloads_are_refused_in_words(testapp: Browser, described: None) -> None:
    for number in range(MOST_OF_ONE):
        press(testapp, f"{TASK}/log/fetch", name=f"log/{number}")
    page = press(testapp, f"{TASK}/log/fetch", name="log/more")
    assert "told=" not in page
    assert "your share" in testapp.get(page).html.select_one(".mn-flash").text


@pytest.mark.parametrize("back", ["log", "host"])
def test_clearing_is_told_where_it_was_asked_for(
    testapp: Browser, session: Session, described: None, back: str
) -> None:
    page = press(testapp, f"{TASK}/log/clear", back=back, file="")
    step = newest(session, "clear-log")
    assert ("/hosts/host-31" if back == "host" else f"{TASK}/log") in page and page.count(f"told={step}") == 1
    assert told(testapp, page) == ("Asking the worker to clear the output …", True)
    settle(session, step, StepState.DONE, files=3, bytes=2048)
    assert told(testapp, page) == ("The output was cleared: 3 files, 2 KB.", False)
    settle(session, step, StepState.DONE, files=0, bytes=0)
    assert told(testapp, page) == ("There was no output to clear.", False)
    settle(session, step, StepState.FAILED, "unknown verb 'clear-log'")
    assert told(testapp, page) == ("The output was not cleared: unknown verb 'clear-log'", False)


def test_after_clearing_the_worker_is_asked_anew_which_logs_there_are(
    testapp: Browser, session: Session, described: None
) -> None:
    testapp.get(f"{TASK}/log")
    settle(session, newest(session, "list-logs"), StepState.DONE, files=[{"name": "stdout/old", "size": 9}])
    assert "stdout/old" in testapp.get(f"{TASK}/log").text
    page = press(testapp, f"{TASK}/log/clear")
    assert "stdout/old" not in testapp.get(page).text
    settle(session, newest(session, "clear-log"), StepState.DONE, files=1, bytes=9)
    before = newest(session, "list-logs")
    assert "asking the worker" in testapp.get(page).text
    asked = newest(session, "list-logs")
    assert asked > before
    settle(session, asked, StepState.DONE, files=[{"name": "stdout/new", "size": 0}])
    assert "stdout/new" in testapp.get(page).text


@pytest.mark.parametrize("number", ["", "x", "-1", "999", "9" * 30, "1"])
def test_what_nobody_asked_is_told_of_nothing(testapp: Browser, session: Session, described: None, number: str) -> None:
    testapp.get(f"{TASK}/log")  # question 1 is no download
    assert testapp.get(f"{TASK}/log?told={number}").html.select_one("#told") is None


def test_a_viewer_may_download_and_not_clear(browser_as: Callable[[str], Browser], described: None) -> None:
    viewer = browser_as("viewer")
    page = viewer.get(f"{TASK}/log").html
    assert page.select("button[form=log-fetch]") and not page.select("[data-dialog-open]")
    viewer.post(f"{TASK}/log/clear", {"csrf_token": viewer.csrf_token}, status=403)


def test_the_viewer_learns_of_a_cut(testapp: Browser, session: Session, described: None) -> None:
    chunk = f"{TASK}/log-chunk?file=stdout/a.out&offset=10"
    assert testapp.get(chunk).json["state"] == "waiting"
    data = {"name": "stdout/a.out", "offset": 10, "next_offset": 10, "size": 3, "text": ""}
    settle(session, newest(session, "read-log"), StepState.DONE, **data, file="1-2", cut_at=7.5, cleared=True)
    told = testapp.get(chunk).json
    assert (told["id"], told["cut_at"], told["cleared"], told["size"]) == ("1-2", 7.5, True, 3)
