"""Three hundred texts that try to become more than text, in a real Chromium: none runs, none asks anybody, none breaks the policy.

The unit form (tests/minos_web/views/test_hostile_texts.py) looks at pages as they are sent; here is what scripts make of them:
polls, logs, charts, the editor, the palette, dialogs. The long form (MINOS_SOAK) has a round for each text, so that each comes into each field.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, Request, expect
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.store.configdir import Edit, save
from tests.browser.surfing import a_page, sign_in
from tests.minos_web.hostile import MARK, PAYLOADS
from tests.minos_web.hostile_pages import addresses_of, fewer, hostile_order, said_by
from tests.minos_web.hostile_scene import answer_questions, fill, put_anew
from tests.minos_web.views.test_hostile_texts import Look
from tests.whole.ensemble import Ensemble
from tests.whole.site import Site

pytestmark = pytest.mark.skipif(not os.environ.get("MINOS_SOAK"), reason="of the long form, make soak")
ROUNDS = range(len(PAYLOADS)) if os.environ.get("MINOS_SOAK") else (1,)
"""Odd rounds have a dozen texts in each field."""
WATCHED = Path(__file__).with_name("hostile.js").read_text()
LINES = [" ".join(payload.replace("\0", "").split()) for payload in PAYLOADS]
"""As lines of a file."""
FOREIGN = ("image", "media", "font", "object", "websocket", "ping", "texttrack")
"""Kinds of requests that our pages make for files of ours alone."""


class Watch:
    """What a window's texts did that they must not do."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.told: list[str] = []
        self.way: list[str] = []
        page.expose_function("minosTold", self._hear)
        page.add_init_script(WATCHED)
        page.on("dialog", lambda dialog: (self._hear(f"a dialog: {dialog.message}"), dialog.accept()))
        page.on("request", self._judge)
        page.on("download", lambda download: self._hear(f"a download: {download.url}"))
        page.on("popup", lambda popup: self._hear(f"a window: {popup.url}"))

    def _hear(self, what: str) -> None:
        self.told.append(f"{self.page.url}: {what}")

    def _judge(self, request: Request) -> None:
        ours = request.url.startswith((f"{self.site.url}/", "data:", "blob:"))
        of_ours = request.url.startswith((f"{self.site.url}/static/", "data:", "blob:"))
        if not ours or (request.resource_type in FOREIGN and not of_ours):
            self._hear(f"asks {request.resource_type} {request.url}")
        if request.is_navigation_request() and request.redirected_from is None:
            self.way.append(urlsplit(request.url).path)

    def goto(self, address: str) -> None:
        """Open a page."""
        self.way = []
        self.page.goto(address)
        self.do("minosQuiet")

    def do(self, what: str) -> None:
        """One of the words of hostile.js: minosTick (every poll comes now, once), minosOpen (whatever can be unfolded is)."""
        try:
            self.page.evaluate(f"{what}()")
        except Error as error:  # a page that loads itself anew once its worker answered; ``end`` looks where it led
            if "context was destroyed" not in error.message:
                raise
            self.page.wait_for_load_state()
            self.page.evaluate("minosQuiet()")

    def end(self) -> None:
        """The page is judged as it stands now."""
        self.told += [f"{self.page.url}: {one}" for one in self.page.evaluate("minosStrange()")]
        self.told += [f"{self.page.url}: {one}" for one in Look(self.page.content()).faults]
        if len(set(self.way)) > 1:
            self._hear(f"the page led elsewhere by itself: {self.way}")


@contextmanager
def watched(chromium: Browser, site: Site) -> Iterator[Watch]:
    """A window that is signed in; whatever its texts did fails the test."""
    with a_page(chromium, site, reduced_motion="reduce") as page:
        watch = Watch(page, site)
        sign_in(page, site)
        yield watch
        assert not watch.told, "\n".join(watch.told[:20])


def look_at_all(watch: Watch, session: Session, addresses: list[str], say: Any) -> int:
    """Each page as it comes, after what its workers would answer, with all that can be unfolded; how many asked a worker."""
    asking = 0
    for address in addresses:
        watch.goto(address)
        if answer_questions(session, say):
            asking += 1
            watch.do("minosTick")
        watch.do("minosOpen")
        if answer_questions(session, say):
            watch.do("minosTick")
        watch.do("minosTick")
        watch.end()
    return asking


def put_in(console: Console, at: int, say: Any) -> None:
    """The scene of a round, in place of that of the round before."""
    with console.writers() as session:
        if at != ROUNDS[0]:
            put_anew(session)
        fill(session, console, say)
        session.commit()


@pytest.mark.timeout(600 if len(ROUNDS) == 1 else 86_400)
def test_no_text_does_anything_on_any_page(chromium: Browser, quiet: tuple[Site, Console]) -> None:
    site, console = quiet
    for at in ROUNDS:
        addresses = fewer() if len(ROUNDS) == 1 else addresses_of(PAYLOADS[at * 41 % len(PAYLOADS)])
        say = said_by(hostile_order(at))
        put_in(console, at, say)
        with watched(chromium, site) as watch, console.writers() as session:
            assert look_at_all(watch, session, addresses, say) > 3, f"round {at}"


def test_the_editor_marks_and_completes_words_that_others_wrote(chromium: Browser, quiet: tuple[Site, Console]) -> None:
    site, console = quiet
    text = "".join(f"[{line}]\n  {line}={line}\n" for line in LINES)
    with console.writers.begin() as session:
        save(session, Edit("conf/zookeeper/zookeeper-lines.cfg", "admin", time.time()), text.encode())
    with watched(chromium, site) as watch:
        watch.goto("/config/conf/zookeeper/zookeeper-lines.cfg")
        editor = watch.page.locator(".cm-content")
        expect(editor).to_contain_text(MARK)
        expect(watch.page.locator(".mn-problem").first).to_be_visible()
        for key in ("Control+Space", "Escape", "Control+Shift+m", "Escape", "Control+f", "Escape", "Control+End"):
            editor.press(key)
            watch.do("minosTick")
        editor.press_sequentially(f"[{PAYLOADS[0]}")
        watch.do("minosTick")
        watch.end()
        watch.page.evaluate("document.querySelectorAll('form').forEach((form) => { form.dataset.leaving = ''; })")


def test_the_palette_shows_names_as_names(chromium: Browser, quiet: tuple[Site, Console]) -> None:
    with watched(chromium, quiet[0]) as watch:
        watch.goto("/")
        watch.page.keyboard.press("/")
        field = watch.page.get_by_role("combobox", name="Search and commands")
        for word in (MARK, "restart <img", PAYLOADS[0]):
            field.fill(word)
            watch.do("minosTick")
        field.fill(MARK)
        expect(watch.page.get_by_role("listbox", name="Found").get_by_text(MARK).first).to_be_visible()
        watch.end()


def test_no_line_of_a_log_does_anything(chromium: Browser, site: Site, running: Ensemble) -> None:
    """Lines in the newest output of a real task, and a file whose name is one; by the page of logs, and beside an operation."""
    root = site.hosts[0].root
    outputs = root.glob("app/zookeeper/lake/zookeeper/stdout/*")
    with max(outputs, key=lambda one: one.stat().st_mtime).open("a") as output:
        output.write("\n".join(PAYLOADS) + "\n")
    name = f"<img src=x onerror=window.{MARK}=1>.log"
    (root / "log" / "zookeeper" / "lake" / "zookeeper" / name).write_text("\n".join(LINES) + "\n")
    newest = site.api.get("operations", cluster="lake")["operations"][0]["id"]
    steps = [
        step for wave in site.operation(newest)["waves"] for step in wave["steps"] if step.get("task") == "zookeeper/0"
    ]
    logs = "/clusters/zookeeper/lake/tasks/zookeeper/0/log"
    with watched(chromium, site) as watch:
        for address in (logs, f"{logs}?file=log/{quote(name)}", f"/operations/{newest}?log={steps[0]['id']}"):
            watch.goto(address)
            expect(watch.page.locator(".mn-log__pane").last).to_contain_text(LINES[-1])
            watch.do("minosTick")
            watch.end()
        watch.goto(f"{logs}?file=log/{quote(name)}&q={quote(LINES[0])}")
        expect(watch.page.locator("#log-found")).to_contain_text(LINES[0])
        watch.end()
