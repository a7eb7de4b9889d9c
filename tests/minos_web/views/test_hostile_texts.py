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
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from pyramid.router import Router
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import delete
from sqlalchemy.orm import Session

from minos_web.boards.lists import LISTINGS
from minos_web.console import Console
from minos_web.models.database import metadata
from tests.minos_web.conftest import Browser
from tests.minos_web.hostile import FORMULAS, HARMLESS, MARK, PAYLOADS
from tests.minos_web.hostile_scene import BOARDS, CLUSTER, answer_questions, fill
from tests.minos_web.security.test_access import views_of

WORDS = {
    "service": CLUSTER[0], "cluster": CLUSTER[1], "job": "zookeeper", "number": "0", "id": "1", "list": "none", "table": "t",
    "path": "conf/notes.cfg", "action": "restart", "name": "host-31", "page": "quick-start",
}  # fmt: skip
FILLED = {
    "hosts_draft": "/hosts/add/1/names", "cluster_draft": "/clusters/new/1/service",
    "service": "/services/zookeeper", "alert_rule": "/alert-rules/task-down", "task_file": "…/files/zookeeper.cfg",
    "task_adopt": "…/files/zookeeper.cfg/adopt", "config_form": "/config-form/conf/zookeeper/zookeeper-odd.cfg",
    "hdfs_quota": "/clusters/hdfs/files/quotas/of/user/olga", "cluster_procedure": "…/procedures/none",
}  # fmt: skip
"""Addresses that the words above do not make."""
ELSEWHERE = {
    "audit_export": "a file",
    "__static/": "files of ours", "install_wheel": "a file", "cluster_pack": "a file", "inventory_csv": "see the test of cells", "history_csv": "a file",
    "old_file": "a file", "metrics": "plain text", "task_log_chunk": "JSON", "run_text": "plain text", "run_output": "JSON", "operation_output": "JSON", "sign_in_back": "leads elsewhere", "sign_in_provider": "leads elsewhere", "config_export": "a file",
    "dashboard_export": "JSON", "healthz": "JSON", "install_script": "plain text", "package_upload": "leads elsewhere",
    "old_check": "JSON", "old_latest": "JSON", "old_metrics": "JSON", "old_metrics_config": "JSON", "old_counters": "JSON",
}  # fmt: skip
"""Routes that answer with no page, and why."""
MORE = (
    "/hosts?q={word}", "/operations?q={word}&state=failed", "/alerts?host={word}", "/packages?q={word}", "/admin/audit?q={word}",
    "/config?q={word}", "/nothing/{word}", "/config/conf/zookeeper/zookeeper-bad.cfg", "/config-history/conf/notes.cfg?from=1&to=2",
    "/clusters/zookeeper/bad", "/clusters/zookeeper/odd", "/clusters/zookeeper/dptst/tasks/zookeeper/0/files?disk",
    "/clusters/zookeeper/dptst/tasks/zookeeper/0/log?q={word}", "/clusters/zookeeper/dptst/history?who={word}", "/history?host={word}&kind={word}", "/history?who={word}", "/clusters?q={word}", "/dashboards?q={word}",
    "/operations/2", "/operations/3", "/packages/2", "/packages/3", "/alerts/2", "/alerts/3", "/runs/2", "/schedules/2", "/counters/2",
    "/notifications/messages/2", "/notifications/messages/3", "/notifications?kind={word}", "/services/{word}", "/help/{word}",
    "/clusters/zookeeper/dptst/act/restart?job={word}", "/schedules/new?what=act:restart&cluster=zookeeper/dptst", "/sign-in?next={word}",
    "/hosts/{word}", "/alert-rules/{word}", "/config/{word}", "/dashboards/new?metric={word}", "/silences?rule={word}&reason={word}",
)  # fmt: skip
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
MAY_COME = {("a", ("href", "rel")), ("button", ("class", "title"))}
"""Shapes that depend on the text for good reasons: a web address in a dashboard's text, a button's hint."""
HEAVY = ("script", "style", "meta", "link", "base", "iframe", "object", "embed", "template", "title")


def pages(router: Router) -> list[str]:
    """The address of every page; a route that is neither a page nor named above as something else fails."""
    found = []
    for route in sorted({route for route, method, _ in views_of(router) if method == "GET"}):
        if route in ELSEWHERE or route.startswith("api_"):
            continue
        pattern = router.registry.introspector.get("routes", route)["pattern"]
        address = FILLED.get(route) or re.sub(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})+)?\}", lambda m: WORDS[m[1]], pattern)
        address = address.replace("…/files", "/clusters/zookeeper/dptst/tasks/zookeeper/0/files")
        address = address.replace("…/", "/clusters/zookeeper/dptst/")
        for service in ("hbase", "hdfs"):
            if route.startswith(f"{service}_"):
                address = address.replace("/zookeeper/dptst/", f"/{service}/{BOARDS[service]}/")
        found.append("/" + address.lstrip("/"))
    return found


def lists() -> list[str]:
    """The lists of services whose pages are made of facts."""
    return [
        f"/clusters/{service}/{BOARDS[service]}/lists/{one.name}"
        for service, found in LISTINGS.items()
        for one in found
    ]


def said_by(order: Iterator[str]) -> Callable[[], str]:
    """A new text at each call; the number makes those alike that have to differ, and stands behind them."""
    numbers = itertools.count()
    return lambda: f"{next(order)} {next(numbers)}"


def hostile_order(at: int) -> Iterator[str]:
    """For round ``at``: the texts in turn, one to a field in the even ones, a dozen in the odd ones."""
    turning = itertools.islice(itertools.cycle(PAYLOADS), at * 53, None)
    if at % 2:
        return ("\n".join(itertools.islice(turning, 12)) for _ in itertools.repeat(None))
    return turning


class Look:
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        self.shapes: set[tuple[str, tuple[str, ...]]] = set()
        self.heavy: Counter[str] = Counter()
        self.faults: list[str] = []
        self.marks = text.count(MARK)
        root = LexborHTMLParser(text).root
        for node in root.traverse(include_text=False) if root else ():
            tag, attributes = node.tag or "", node.attributes
            self.shapes.add((tag, tuple(sorted(attributes))))
            if tag in HEAVY:
                self.heavy[tag] += 1
            if tag in ("script", "style") and MARK in (node.text() or ""):
                self.faults.append(f"<{tag}> holds it")
            for name, value in attributes.items():
                if fault := fault_of(tag, name, value or ""):
                    self.faults.append(fault)


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
        text = page_of(browser, address)
        if answer_questions(session, say):
            text += page_of(browser, address)
        found[address] = Look(text)
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


def addresses_of(router: Router, word: str) -> list[str]:
    more = [address.replace("{word}", quote(word[:300], safe="")) for address in MORE]
    return [*pages(router), *lists(), *more]


def put_anew(session: Session) -> None:
    """Nothing of an earlier round: every row but those of people who sign in."""
    for table in reversed(metadata.sorted_tables):
        session.execute(delete(table) if table.name != "users" else delete(table).where(table.c.password_hash == "x"))
    session.commit()


@pytest.mark.timeout(180 if ROUNDS < 9 else 14_400)
def test_no_text_becomes_markup(
    app: Router, browser_as: Callable[[str], Browser], console: Console, session: Session
) -> None:
    plain = said_by(itertools.repeat(HARMLESS))
    usual = look_at_all(filled(browser_as, console, plain), session, addresses_of(app, HARMLESS), plain)
    assert {address: look.faults for address, look in usual.items() if look.faults} == {}
    assert sum(look.marks > 0 for look in usual.values()) > 90  # else the texts are no longer where they were
    shapes = set().union(*(look.shapes for look in usual.values()))
    wrong: dict[str, Any] = {}
    for at in range(ROUNDS):
        put_anew(session)
        say = said_by(hostile_order(at))
        browser = filled(browser_as, console, say)
        found = look_at_all(browser, session, addresses_of(app, PAYLOADS[at * 41 % len(PAYLOADS)]), say)
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
