"""Pages of big clusters come at once; what takes more than a moment is asked for by the page itself."""

import time

import pytest
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.store.configdir import Edit, save
from minos_web.views import later
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_running

LIVE = {"HX-Request": "true"}
PLAN = "/clusters/zookeeper/dptst/act/restart?job=zookeeper"
FILE = "/config/conf/zookeeper/zookeeper-dptst.cfg"


@pytest.fixture
def big(session: Session, console: Console, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A cluster of three tasks, which are many."""
    add_running(session, console)
    monkeypatch.setattr(later, "MANY", 2)
    return session


def test_a_plan_comes_after_its_page(testapp: Browser, big: Session) -> None:
    page = testapp.get(PLAN)
    asking = page.html.select_one("#act")
    assert asking["hx-get"] == PLAN and asking["hx-select"] == "#act" and not page.html.select("#plan")
    part = testapp.get(asking["hx-get"], headers=LIVE)
    assert part.html.select_one("#act #plan") and not part.html.select("#act[hx-get]")
    again = next(link["href"] for link in asking.select("a") if "now=1" in link["href"])
    assert testapp.get(again).html.select_one("#plan input[name=plan]")["value"]


def test_findings_come_after_the_file(testapp: Browser, big: Session, console: Console) -> None:
    text = "[cluster]\n  name=dptst\n  wrong=1\n"
    save(big, Edit("conf/zookeeper/zookeeper-dptst.cfg", "admin", time.time()), text.encode())
    big.commit()
    page = testapp.get(FILE)
    asking = page.html.select_one("#findings")
    assert asking["hx-get"] == FILE and not asking.select(".mn-problem")
    assert "wrong=1" in page.html.select_one("textarea[name=text]").text
    assert testapp.get(FILE, headers=LIVE).html.select("#findings .mn-problem")


def test_a_small_cluster_is_told_at_once(testapp: Browser, session: Session, console: Console) -> None:
    add_cluster(session, console)
    session.commit()
    assert not testapp.get(FILE).html.select("#findings[hx-get]")
    assert testapp.get(PLAN).html.select("#scope-title")
