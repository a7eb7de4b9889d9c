"""Every page, with 300 texts that try to become more than text in every field that others write: none becomes markup.

Pages are read as a browser reads them. What a page is made of when all its texts are plain words is what it may be made of
at all. The long form (MINOS_SOAK) has so many rounds that each text
comes into each field.
"""

import csv
import io
import itertools
import os
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy.orm import Session

from minos_web.console import Console
from tests.minos_web.conftest import Browser
from tests.minos_web.hostile import FORMULAS, HARMLESS, MARK, PAYLOADS
from tests.minos_web.hostile_pages import addresses_of, hostile_order, said_by
from tests.minos_web.hostile_scene import answer_questions, fill, put_anew

ROUNDS = len(PAYLOADS) if os.environ.get("MINOS_SOAK") else 2
AS_URLS = {
    "href",
    "src",
    "action",
    "formaction",
    "xlink:href",
    "data",
    "poster",
    "background",
    "srcset",
    "ping",
    "hx-get",
    "hx-post",
}
NEVER = (
    "style",
    "srcdoc",
    "hx-vals",
    "hx-headers",
    "hx-vars",
    "hx-trigger",
    "hx-swap",
    "hx-target",
    "hx-include",
    "class",
)
"""Attributes in which a stranger's text can do something; beside them all that begin with on or hx-on."""
MAY_COME = {
    ("a", ("href", "rel")),
    ("button", ("class", "title")),
    ("span", ("class", "data-beat", "data-stale-after")),
}
"""Shapes that depend on the text or the time for good reasons: a web address in a dashboard's text, a button's hint, a state that
grew old."""
HEAVY = ("script", "style", "meta", "link", "base", "iframe", "object", "embed", "template", "title")


class Look:
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        self.shapes: set[tuple[str, tuple[str, ...]]] = set()
        self.heavy: Counter[str] = Counter()
        self.faults: list[str] = []
        self.marks = 0
        self.look_again(text)

    def look_again(self, text: str) -> None:
        """The same page later; of heavy elements the most that it had at once counts."""
        self.marks += text.count(MARK)
        heavy: Counter[str] = Counter()
        root = LexborHTMLParser(text).root
        for node in root.traverse(include_text=False) if root else ():
            tag, attributes = node.tag or "", node.attributes
            self.shapes.add((tag, tuple(sorted(attributes))))
            if tag in HEAVY:
                heavy[tag] += 1
            if tag in ("script", "style") and MARK in (node.text() or ""):
                self.faults.append(f"<{tag}> holds it")
            for name, value in attributes.items():
                if fault := fault_of(tag, name, value or ""):
                    self.faults.append(fault)
        self.heavy |= heavy


def fault_of(tag: str, name: str, value: str) -> str:
    """What is wrong with an attribute."""
    if MARK in name:
        return f"<{tag} {name}>"
    if name.startswith(("on", "hx-on")) or (MARK in value and name in NEVER):
        return f"<{tag} {name}={value[:60]!r}>"
    plain = re.sub(r"[\x00-\x20]", "", value).lower()
    ours = plain.startswith(("http://", "https://", "#", "?", "/")) and not plain.startswith(("//", "/\\"))
    if name in AS_URLS and MARK in value and not ours:
        return f"<{tag} {name}={value[:60]!r}> leads astray"
    return ""


def look_at_all(browser: Browser, session: Session, addresses: list[str], say: Callable[[], str]) -> dict[str, Look]:
    """Each page twice where it asks a worker: waiting, and with an answer."""
    found = {}
    for address in addresses:
        found[address] = Look(page_of(browser, address))
        if answer_questions(session, say):
            found[address].look_again(page_of(browser, address))
    return found


def page_of(browser: Browser, address: str) -> str:
    answer = browser.get(address, headers={"User-Agent": "x"}, expect_errors=True)
    if answer.status_int == 303:
        answer = browser.get(answer.location, expect_errors=True)
    # 422: a word where a kind is expected; 504: no ZooKeeper is here to be read.
    assert answer.status_int in (200, 404, 422, 504), f"{address}: {answer.status}"
    assert answer.content_type == "text/html", f"{address}: {answer.content_type}"
    return str(answer.text)


def filled(browser_as: Callable[[str], Browser], console: Console, say: Callable[[], str]) -> Browser:
    with console.writers.begin() as session:
        fill(session, console, say)
    return browser_as("admin")


@pytest.mark.timeout(180 if ROUNDS < 9 else 14_400)
def test_no_text_becomes_markup(browser_as: Callable[[str], Browser], console: Console, session: Session) -> None:
    plain = said_by(itertools.repeat(HARMLESS))
    usual = look_at_all(filled(browser_as, console, plain), session, addresses_of(HARMLESS), plain)
    assert {address: look.faults for address, look in usual.items() if look.faults} == {}
    assert sum(look.marks > 0 for look in usual.values()) > 90  # else the texts are no longer where they were
    shapes = set().union(*(look.shapes for look in usual.values()))
    wrong: dict[str, Any] = {}
    for at in range(ROUNDS):
        put_anew(session)
        say = said_by(hostile_order(at))
        browser = filled(browser_as, console, say)
        found = look_at_all(browser, session, addresses_of(PAYLOADS[at * 41 % len(PAYLOADS)]), say)
        for address, before, look in zip(found, usual.values(), found.values(), strict=True):
            new, heavier = look.shapes - shapes - MAY_COME, look.heavy - before.heavy
            if new or heavier or look.faults:
                wrong[f"{at}: {address}"] = (sorted(new)[:5], dict(heavier), look.faults[:5])
    assert not wrong, wrong


def test_there_are_enough_of_them_and_each_is_another() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) > 300
    assert all(MARK in one for one in PAYLOADS)


def test_no_cell_is_a_formula(browser_as: Callable[[str], Browser], console: Console) -> None:
    browser = filled(browser_as, console, said_by(itertools.cycle(FORMULAS)))
    for address in (
        "hosts/inventory.csv",
        "clusters/hbase/tables/tables?csv=all",
        "clusters/yarn/programs/lists/queues?csv=all",
    ):
        cells = [cell for row in csv.reader(io.StringIO(browser.get(f"/{address}").text)) for cell in row]
        assert any(MARK in cell for cell in cells), address
        assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and MARK in cell] == []
