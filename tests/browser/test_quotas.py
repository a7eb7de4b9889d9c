"""Pages of quotas on a console without workers: nothing read yet, a thousand users, hostile names, on every screen."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Step
from minos_web.models.quotas import Quota, QuotaAddress, QuotaReading
from minos_web.models.runs import ClientRun
from minos_web.scripts.opening import console_of_ini
from tests.browser.surfing import a_page, sign_in
from tests.browser.test_pages import look_everywhere
from tests.whole.site import Site, a_site

AT, EMPTY = "/clusters/hdfs/ocean-files/quotas", "/clusters/hdfs/puddle-files/quotas"
GB = 1024**3
LONG = "a-user-whose-name-is-as-long-as-a-name-can-be-" * 4
MANY = 1000


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two HDFS clusters without hosts; of one a thousand directories were read, and the last try failed."""
    with a_site(tmp_path_factory.mktemp("quotas"), [], quota_seconds=3600) as made:
        fill(made, time.time())
        yield made


def fill(site: Site, now: float) -> None:
    console = console_of_ini(str(site.folder / "console.ini"))
    with console.writers.begin() as session:
        ocean, puddle = (Cluster(service="hdfs", name=name, created_at=now) for name in ("ocean-files", "puddle-files"))
        task = Task(job="namenode", address="10.0.0.1", state="STOPPED")
        ocean.tasks = [task]
        session.add_all([ocean, puddle])
        session.flush()
        step = Step(verb="client", label="client", state="failed", task_id=task.id, command_id="c" * 32, created_at=now)
        step.message, step.data, step.args = "it ended with exit code 255", {"exit_code": 255}, {"host": "node1"}
        run = ClientRun(
            step=step, cluster=ocean, command="dfsadmin", words=f"-setQuota 9 /user/{LONG}", created_by="admin"
        )
        run.created_at = now - 60
        session.add(run)
        session.flush()
        how = QuotaReading(cluster_id=ocean.id, read_at=now - 4 * 3600, tried_at=now - 120, took=4.2, failures=2)
        how.error, how.directories = f"it ended with exit code 255: count: Call From {LONG} failed", ["/hbase"]
        session.add(how)
        for number in range(MANY):
            path = f"/user/{LONG}" if number == 0 else "/user/<b>&\"'" if number == 1 else f"/user/user-{number:04}"
            used = 10 * GB * (number % 11) // 10
            session.add(
                Quota(
                    cluster_id=ocean.id, path=path, name_quota=10_000, names_used=1000 * (number % 12),
                    space_quota=None if number % 5 == 0 else 10 * GB, space_used=used, at=now - 4 * 3600,
                    error="count: Permission denied" if number % 7 == 0 else "", change=run.id if number == 0 else None,
                )
            )  # fmt: skip
            addresses = [f"someone-{number}@a-rather-long-domain.example.com", "team@example.com"]
            session.add(QuotaAddress(user=path[6:134], addresses=addresses, changed_at=now, changed_by="admin"))
    console.engine.dispose()


@pytest.fixture(scope="module")
def window(chromium: Browser, crowded: Site) -> Iterator[Page]:
    """One window, signed in."""
    with a_page(chromium, crowded, reduced_motion="reduce") as page:
        sign_in(page, crowded)
        yield page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (EMPTY, "Nothing was read yet"),
        (AT, "The last try, "),
        (f"{AT}?state=bad&sort=-space_used", "over"),
        (f"{AT}/of/user/{LONG}", "Last change"),
        (f"{AT}/of/user/user-0010", "used up"),
        ("/quota-addresses", "1,000 users"),
    ],
)
def test_a_page(window: Page, address: str, words: str) -> None:
    window.goto(address)
    expect(window.locator("main")).to_contain_text(words)
    assert window.locator("tbody tr").count() <= 100
    look_everywhere(window)


def test_setting_by_keyboard_asks_first(window: Page) -> None:
    window.goto(f"{AT}/of/user/user-0009")
    window.get_by_label("Space quota").focus()
    window.keyboard.type("2 XB")
    window.keyboard.press("Enter")
    expect(window.locator("#space-error")).to_contain_text("Write a size like")
    look_everywhere(window)
    window.get_by_label("Space quota").fill("1 GB")
    window.get_by_label("Space quota").press("Enter")
    expect(window.locator("main")).to_contain_text(f"hdfs dfsadmin -setSpaceQuota {GB} /user/user-0009")
    expect(window.locator("main")).to_contain_text("nothing more can be written there")
    look_everywhere(window)
    window.get_by_role("button", name="Set it").click()
    expect(window.locator("main")).to_contain_text("No namenode of ocean-files is active, so no quota can be set")
