"""Pages with nothing on them and pages with a thousand rows, on a console without workers."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.clusters import Cluster, Task
from minos_web.models.engine_counts import REASONS, EngineCount
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package
from minos_web.scripts.opening import console_of_ini
from minos_web.security.audit import NewEntry, record
from minos_web.store.configdir import Edit, save
from tests.browser.surfing import NARROW, WIDE, a_page, fits, sign_in
from tests.whole.site import Site, a_site

MANY = 1000
CLUSTER = "/clusters/zookeeper/ocean"
LONG = "a-name-as-long-as-a-name-can-be-" * 3


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A console that nothing was done with yet."""
    with a_site(tmp_path_factory.mktemp("bare"), []) as made:
        yield made


@pytest.fixture(scope="module")
def window(chromium: Browser, bare: Site) -> Iterator[Page]:
    """A window, signed in."""
    with a_page(chromium, bare) as page:
        sign_in(page, bare)
        yield page


def fits_everywhere(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways, on a desk and in a hand. Leaves it wide."""
    found = []
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        found.append(fits(page))
    return all(found)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "No clusters yet"),
        ("/hosts", "No hosts yet"),
        ("/operations", "Nothing was done yet"),
        ("/packages", "No packages yet"),
        ("/clusters/new", "No host is approved yet"),
        ("/admin/audit?q=none", "No entry fits"),
    ],
)
def test_empty_pages_say_what_to_do(window: Page, address: str, words: str) -> None:
    window.goto(address)
    expect(window.locator("main")).to_contain_text(words)
    assert fits_everywhere(window)


@pytest.fixture(scope="module")
def crowded(bare: Site) -> Site:
    """A thousand of everything, some with hostile or endless names."""
    console = console_of_ini(str(bare.folder / "console.ini"))
    with console.writers.begin() as session:
        fill(session, console.secret, time.time())
    console.engine.dispose()
    return bare


def fill(session: Session, secret: bytes, now: float) -> None:
    cluster = Cluster(service="zookeeper", name="ocean", created_at=now, version="3.9.5", bootstrapped_at=now)
    session.add(cluster)
    for number in range(MANY):
        name = LONG[:100] if number == 3 else f"host-{number:04}.a-rather-long-domain.example"
        session.add(
            Host(
                name=name, address=f"10.0.{number // 250}.{number % 250}", public_key=f"{number:040}", state="approved",
                first_seen=now, beat_at=now + 3600, figures={"host.cpu_percent": number % 100}, figures_at=now,
            )
        )  # fmt: skip
        artifact = f"zookeeper-3.9.{number}-<script>alert(1)</script>.tar.gz"
        session.add(
            Package(
                artifact="zookeeper", name=artifact, revision=LONG[:60], timestamp="20260101-000000", size=number * 10**6,
                sha256=f"{number:064x}", sha1="0" * 40, uploaded_by="admin", uploaded_at=now - number, path="none",
            )
        )  # fmt: skip
        edit = Edit(f"conf/zookeeper/common/file-{number:04}-{'x' * 80}.cfg", "admin", now)
        save(session, edit, b"[a]\nb=c\n")
        record(session, secret, NewEntry(now, "admin", "config.save", f"{LONG}{number}", details={"note": LONG * 2}))
    session.flush()
    for reason in REASONS:
        session.merge(EngineCount(reason=reason, number=10**8, since=now, last_at=now, last_key=f"{reason:40}"))
    hosts = session.scalars(select(Host).order_by(Host.id)).all()
    tasks = [
        Task(
            cluster=cluster, job="zookeeper", number=number, address=host.address, host_number=number, host_id=host.id,
            state=("RUNNING", "STOPPED", "FATAL", "BACKOFF")[number % 4], wanted="running", heard_at=now, since=now,
            bootstrapped=True, pid=number, reason=f"it ended with <b>{number}</b> " + LONG, ports={"client": 12000},
        )
        for number, host in enumerate(hosts)
    ]  # fmt: skip
    session.add_all(tasks)
    for number in range(MANY):
        state = ("done", "failed", "cancelled")[number % 3]
        session.add(
            Operation(cluster=cluster, action="restart", state=state, message=f"why {LONG * 3}", created_by="admin",
                      created_at=now - number, ended_at=now - number, wave_names=["Restart"])
        )  # fmt: skip
    session.flush()
    newest = session.scalars(select(Operation).order_by(Operation.id)).first()
    assert newest is not None
    for number, task in enumerate(tasks):
        session.add(
            Step(
                operation=newest, position=number, task=task, verb="start", label=f"zookeeper/{number} start",
                state=("done", "failed")[number % 2], command_id=f"c{number}", created_at=now, message=LONG,
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "/", "/hosts", "/operations", "/operations/1", "/packages", "/config", "/clusters/new", "/admin/audit",
        CLUSTER, f"{CLUSTER}/history", f"{CLUSTER}/charts", f"{CLUSTER}/act/stop", f"{CLUSTER}/act/restart",
        "/operations?page=20", "/hosts?page=7&q=host-0", "/packages?page=99999", "/tasks?kind=down&size=200&col=since&col=pid",
    ],
)  # fmt: skip
def test_a_thousand_rows(crowded: Site, window: Page, address: str, tmp_path: Path) -> None:
    window.goto(address)
    expect(window.locator("h1")).to_be_visible()
    assert fits_everywhere(window), "it scrolls sideways"
    assert window.locator("tbody tr").count() <= 200
    assert window.evaluate("document.getElementsByTagName('*').length") < 30_000


def test_what_was_refused_is_told_below_the_hosts(crowded: Site, window: Page) -> None:
    window.goto("/hosts")
    panel = window.get_by_role("region", name="Refused at the door")
    expect(panel.locator("tbody tr")).to_have_count(len(REASONS))
    expect(panel).to_contain_text("100000000")
    assert fits_everywhere(window)


def test_filters_reach_every_row(crowded: Site, window: Page) -> None:
    window.goto("/hosts")
    window.get_by_role("searchbox").fill("host-0777")
    window.keyboard.press("Enter")
    expect(window.locator("#hosts tbody tr")).to_have_count(1)
    expect(window.locator("#hosts tbody")).to_contain_text("host-0777")


def test_hostile_names_are_text(crowded: Site, window: Page) -> None:
    dialogs: list[str] = []
    window.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    window.goto("/packages")
    expect(window.locator("tbody")).to_contain_text("<script>alert(1)</script>")
    window.goto(f"{CLUSTER}?kind=down")
    expect(window.locator("#tasks tbody")).to_contain_text("<b>")
    assert not dialogs


def change(site: Site, **values: object) -> None:
    """Another host comes, and of host-0777 something is told."""
    console = console_of_ini(str(site.folder / "console.ini"))
    with console.writers.begin() as session:
        for row in session.scalars(select(Host).where(Host.name.startswith("host-0777"))):
            row.figures = {"host.cpu_percent": 77.5}
        session.add(Host(name="host-0770-new", public_key="n" * 40, state="approved", first_seen=1.0, **values))
    console.engine.dispose()


def test_rows_stay_under_the_hand(crowded: Site, chromium: Browser) -> None:
    """What changes is seen in its place; what is new waits to be shown, and a tick stays."""
    with a_page(chromium, crowded) as window:
        sign_in(window, crowded)
        window.goto("/hosts?q=host-077&sort=host")
        rows = window.locator("#host-rows tr")
        expect(rows).to_have_count(10)
        rows.nth(7).get_by_role("checkbox").check()
        expect(window.locator("[data-bulk-scope]")).to_have_text("1 selected / 10 matching / 1,000 total")
        change(crowded, address="10.9.9.9", beat_at=time.time() + 3600)
        expect(rows.nth(7)).to_contain_text("77.5 %")
        expect(rows.nth(0)).to_contain_text("host-0770.a-rather")
        expect(rows).to_have_count(10)
        expect(rows.nth(7).get_by_role("checkbox")).to_be_checked()
        rows.nth(7).get_by_role("link").first.focus()
        window.keyboard.press("ArrowDown")
        expect(rows.nth(8).get_by_role("link").first).to_be_focused()
        window.get_by_role("button", name="1 new, show it").click()
        expect(rows).to_have_count(11)
        expect(window.get_by_role("button", name="1 new, show it")).to_be_hidden()


def test_lists_work_without_scripts(crowded: Site, chromium: Browser) -> None:
    with a_page(chromium, crowded, java_script_enabled=False) as window:
        sign_in(window, crowded)
        window.goto("/hosts?q=host-01")
        window.get_by_role("link", name="CPU").click()
        expect(window.locator("th[aria-sort=descending]")).to_have_text("CPU")
        expect(window.locator("#host-rows tr").first).to_contain_text("99 %")
        window.get_by_role("searchbox").fill("rak:r1")
        window.get_by_role("button", name="Filter").click()
        expect(window.locator("#q-error")).to_contain_text("there are address, cluster")
        window.goto("/hosts?q=host-0123")
        window.get_by_role("checkbox", name="that fit the filter").check()
        window.get_by_role("button", name="Look at it").click()
        expect(window.locator("h1")).to_have_text("Begin a maintenance of 1 host")
