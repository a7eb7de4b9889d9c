"""The main job through the browser, from signing in to an ensemble that survives. In file order, on one site."""

import io
import os
import re
import signal
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.surfing import a_page, sign_in
from tests.whole.ensemble import Ensemble
from tests.whole.site import Site, free_base_port

NAME = "dptst"
CLUSTER = f"/clusters/zookeeper/{NAME}"
FILE = f"/config/conf/zookeeper/zookeeper-{NAME}.cfg"
CLEANUP = "sesame-seven"


@pytest.fixture(scope="module")
def ensemble(site: Site) -> Ensemble:
    """What the journey makes; its text is whatever the browser saved."""
    return Ensemble(site, NAME, free_base_port([host.address for host in site.hosts]), "")


@contextmanager
def a_slow_line(page: Page, bytes_per_second: int) -> Iterator[None]:
    """Uploads take their time."""
    line = page.context.new_cdp_session(page)
    speeds = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    line.send("Network.emulateNetworkConditions", speeds)
    yield
    line.send("Network.emulateNetworkConditions", {**speeds, "uploadThroughput": -1})
    line.detach()


def row(page: Page, number: int) -> Locator:
    return page.locator("#tasks tbody tr").nth(number)


def head(page: Page) -> Locator:
    return page.locator("#cluster-head .mn-head__title .mn-status")


def run_to_the_end(page: Page) -> None:
    """From an operation's page to the word done on it."""
    page.wait_for_url(re.compile(r"/operations/\d+$"))
    expect(page.locator("h1 .mn-status__word")).to_have_text("done", timeout=120_000)


def test_a_wrong_password_is_refused_and_the_right_one_leads_on(chromium: Browser, site: Site) -> None:
    with a_page(chromium, site) as page:
        page.goto(CLUSTER)
        page.get_by_label("User").fill("admin")
        page.get_by_label("Password").fill("guess")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("User or password is wrong")
        expect(page.get_by_label("User")).to_have_value("admin")
        page.get_by_label("Password").fill(site.password)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{CLUSTER}")  # where it was going, even if there is nothing yet
        expect(page.locator("h1")).to_contain_text(f"no zookeeper cluster named {NAME}")


def test_a_package_is_uploaded_with_a_progress_bar(page: Page, zookeeper_package: Path) -> None:
    page.goto("/packages")
    page.get_by_label("Artifact").first.fill("zookeeper")
    page.get_by_label("Revision").first.fill("r1")
    page.get_by_label("Package files").set_input_files(zookeeper_package)
    expect(page.locator("[data-upload-name]")).to_contain_text(zookeeper_package.name)
    with a_slow_line(page, 1_500_000):
        page.get_by_role("button", name="Upload", exact=True).click()
        expect(page.get_by_role("progressbar", name="Upload")).to_be_visible()
        told = page.locator(".mn-sending__text")
        expect(told).to_have_text(re.compile(r"^[1-9]\d? % · [\d.]+ MB of [\d.]+ MB"))
        page.get_by_role("button", name="Pause").click()
        expect(told).to_have_text(re.compile(r"^Paused at \d+ %"))
        page.get_by_role("button", name="Resume").click()
        expect(told).to_have_text(re.compile(r"^[5-9]\d % "))
    expect(page.get_by_role("row", name=zookeeper_package.name)).to_contain_text("latest")
    expect(page.locator("main [role=status]")).to_contain_text(f"{zookeeper_package.name} is stored")


def test_an_upload_that_was_broken_off_is_gone_on_with(page: Page, site: Site, tmp_path: Path) -> None:
    name = "thing-1.0.tar.gz"
    path = tmp_path / name
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        member = tarfile.TarInfo("thing-1.0/data")
        member.size = 20_000_000
        archive.addfile(member, io.BytesIO(os.urandom(member.size)))

    def choose() -> None:
        page.goto("/packages")
        page.get_by_label("Artifact", exact=True).first.fill("thing")
        page.get_by_label("Revision").first.fill("r1")
        page.get_by_label("Package files").set_input_files(path)

    choose()
    told = page.locator(".mn-sending__text")
    with a_slow_line(page, 2_000_000):
        page.get_by_role("button", name="Upload", exact=True).click()
        expect(told).to_have_text(re.compile(r"^[5-9]\d % "), timeout=30_000)
        page.on("dialog", lambda dialog: dialog.accept())  # leaving breaks it off
        page.goto("/")
    found = next(one for one in site.api.get("arrivals")["arrivals"] if one["name"] == name)
    assert 0 < found["have"] < found["size"] and found["state"] == "coming"
    choose()
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("row", name=name)).to_contain_text("latest")
    assert site.api.get("packages", artifact="thing")["packages"][0]["name"] == name


def test_an_upload_is_cancelled(page: Page, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "other-1.0.tar.gz"
    path.write_bytes(os.urandom(9_000_000))
    page.goto("/packages")
    page.get_by_label("Artifact", exact=True).first.fill("other")
    page.get_by_label("Revision").first.fill("r1")
    page.get_by_label("Package files").set_input_files(path)
    with a_slow_line(page, 1_000_000):
        page.get_by_role("button", name="Upload", exact=True).click()
        expect(page.locator(".mn-sending__text")).to_have_text(re.compile(r"^\d+ % · "))
        page.locator(".mn-sending").get_by_role("button", name="Cancel").click()
        expect(page.locator(".mn-sending__text")).to_have_text("Cancelled. Nothing was stored.")
    assert not [one for one in site.api.get("arrivals")["arrivals"] if one["name"] == path.name]
    assert site.api.get("packages", artifact="other")["packages"] == []


def test_a_broken_tarball_is_told_at_the_form(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "zookeeper-9.9.9.tar.gz"
    broken.write_bytes(b"this is no tarball" * 1000)
    page.goto("/packages")
    page.get_by_label("Artifact").first.fill("zookeeper")
    page.get_by_label("Revision").first.fill("r2")
    page.get_by_label("Package files").set_input_files(broken)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator("[data-upload-error]")).to_contain_text("archive")
    page.reload()
    expect(page.locator("section", has=page.locator("#quarantine-title"))).to_contain_text("9.9.9")


def test_the_wizard_leads_to_a_description_with_an_error_told_at_its_line(
    page: Page, site: Site, ensemble: Ensemble
) -> None:
    page.goto("/")
    page.get_by_role("link", name="Describe the cluster").click()
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Kind", exact=True).select_option("tst")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".mn-pick", has_text="zookeeper-").first.get_by_role("radio")).to_be_checked()
    page.get_by_role("button", name="Next").click()
    for host in site.hosts:
        expect(page.get_by_label(f"ZooKeeper server on {host.name}")).to_be_checked()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Base port").fill(str(ensemble.base_port))
    page.get_by_label("Heap").fill("96m")
    page.goto("/clusters/new")  # what was typed and not sent is gone, all before it is kept
    page.get_by_role("link", name=f"zookeeper {NAME}").click()
    page.get_by_label("Base port").fill(str(ensemble.base_port))
    page.get_by_label("Heap").fill("96m")
    page.keyboard.press("Enter")
    expect(page.locator("#checks-title")).to_be_visible()
    text = page.locator("textarea[name=text]").input_value()
    line = text.splitlines().index("  jobs=zookeeper") + 1
    write(page, text.replace("jobs=zookeeper", "jobs=zookeper"))
    problem = page.locator(".mn-problem", has_text="zookeper").first
    expect(problem).to_contain_text(f"line {line}")  # while typing
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert")).to_contain_text("cannot be created like this")
    expect(page.locator(".mn-problem", has_text="zookeper").first).to_contain_text(f"line {line}")
    expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
    page.locator(".mn-problem__line").first.click()
    expect(page.locator(".cm-activeLine")).to_have_text("  jobs=zookeper")
    write(page, text)
    expect(page.locator(".mn-problem--error")).to_have_count(0)
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("#plan-title")).to_be_visible()
    page.get_by_role("button", name=f"Create {NAME}", exact=True).click()
    page.wait_for_url(f"**{CLUSTER}")


def write(page: Page, text: str) -> None:
    """Replace what is in the editor."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def test_bootstrap_with_live_progress(page: Page, ensemble: Ensemble) -> None:
    page.goto(CLUSTER)
    expect(head(page)).to_contain_text("not bootstrapped")
    page.get_by_role("button", name="Bootstrap…").first.click()
    page.get_by_label("Cleanup password").fill(CLEANUP)
    typed = page.get_by_label(f"Type {NAME} to confirm")
    if typed.count():
        typed.fill(NAME)
    page.get_by_role("button", name=f"Bootstrap {NAME}").click()
    page.wait_for_url(re.compile(r"/operations/\d+$"))
    expect(page.locator("h1 .mn-status__word")).to_have_text("running")
    run_to_the_end(page)
    page.locator("h1 a").click()
    expect(head(page)).to_contain_text("healthy")
    expect(page.locator(".mn-head__sub")).to_contain_text("3 of 3 zookeeper running")
    expect(page.locator("#tasks tbody .mn-status--running")).to_have_count(3)
    expect(page.locator("#tasks tbody").get_by_text("leader")).to_have_count(1)
    page.goto("/")
    expect(page.locator(".mn-card", has_text=NAME)).to_contain_text(re.compile(r"3\s*/\s*3"))


def test_a_tasks_log_moves(page: Page, ensemble: Ensemble) -> None:
    page.goto(CLUSTER)
    row(page, 0).get_by_role("link", name="zookeeper/0").first.click()
    log = page.locator(".mn-log__pane")
    expect(page.locator(".mn-log__badge")).to_contain_text("live")
    expect(log).to_contain_text("INFO")
    session = "Session establishment|Established session|Creating new log|Submitting global createSession"
    before = len(re.findall(session, log.inner_text()))
    client = ensemble.client(0)
    client.stop()
    ensemble.site.until("new lines", lambda: len(re.findall(session, log.inner_text())) > before)


def test_a_log_is_searched_from_its_end(page: Page) -> None:
    page.goto(f"{CLUSTER}/tasks/zookeeper/0/log")
    page.get_by_role("searchbox").fill("MYID")
    page.keyboard.press("Enter")
    found = page.locator("#log-found")
    expect(found.get_by_role("status")).to_contain_text("newest first")
    line = found.locator("li").first
    expect(line).to_contain_text(re.compile("myid", re.IGNORECASE))
    text = line.inner_text()
    line.get_by_role("link").click()
    expect(page.locator(".mn-log__pane")).to_contain_text(text)
    page.get_by_role("link", name="Back to the live end").click()
    expect(page.locator(".mn-log__badge")).to_contain_text("live")
    page.get_by_role("searchbox").fill("no such words <b>here</b>")
    page.keyboard.press("Enter")
    expect(page.locator("#log-found")).to_contain_text("No line of this file holds it")


def newest_output(root: Path) -> Path:
    """What the task's process writes its standard output to."""
    found = (root / "app" / "zookeeper" / NAME / "zookeeper" / "stdout").glob("*")
    return max((path for path in found if path.is_file()), key=lambda path: path.stat().st_mtime)


def test_output_is_cleared_under_the_eyes_of_who_follows_it(
    chromium: Browser, page: Page, site: Site, ensemble: Ensemble
) -> None:
    page.goto(f"{CLUSTER}/tasks/zookeeper/0/log?file=")
    pane, output = page.locator(".mn-log__pane"), newest_output(site.hosts[0].root)
    with output.open("a") as file:
        file.write("said before\n")
    expect(pane).to_contain_text("said before")
    with a_page(chromium, site) as other:
        sign_in(other, site)
        other.goto(f"/hosts/{site.hosts[0].name}")
        opener, dialog = other.get_by_role("link", name="Clear output of zookeeper/0"), other.locator("#clear-dialog")
        opener.click()
        expect(dialog).to_contain_text("Clear the output of zookeeper/0")
        dialog.get_by_role("button", name="Keep it").click()
        expect(dialog).to_be_hidden()
        expect(other.locator("#told")).to_have_count(0)
        opener.click()
        dialog.get_by_role("button", name="Clear output").click()
        expect(other.locator("#told")).to_contain_text("The output was cleared")
    expect(pane).to_contain_text("the log was cleared")
    assert output.read_bytes() == b""
    with output.open("a") as file:
        file.write("said afterwards\n")
    expect(pane).to_contain_text("said afterwards")
    assert ensemble.tasks()[0]["state"] == "RUNNING"


def test_a_whole_log_is_saved_by_the_browser(page: Page) -> None:
    page.goto(f"{CLUSTER}/tasks/zookeeper/0/log?file=log/zookeeper.log")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download", exact=True).first.click()
    assert "zookeeper-0" in coming.value.suggested_filename
    assert b"INFO" in Path(coming.value.path()).read_bytes()


def test_a_killed_server_is_shown_and_counted(page: Page, ensemble: Ensemble) -> None:
    page.goto(CLUSTER)
    expect(row(page, 1).locator("[data-label=Restarts]")).to_have_text("0")
    os.kill(ensemble.tasks()[1]["pid"], signal.SIGKILL)
    expect(row(page, 1).locator("[data-label=Restarts]")).to_have_text("1")
    expect(row(page, 1).locator(".mn-status--running")).to_be_visible()
    expect(head(page)).to_contain_text("healthy")
    row(page, 1).get_by_role("link", name="zookeeper/1").first.click()
    expect(page.locator("main")).to_contain_text("SIGKILL")


def test_a_killed_worker_leaves_nothing_green(page: Page, site: Site, ensemble: Ensemble) -> None:
    page.goto(CLUSTER)
    expect(row(page, 0).locator(".mn-status--running")).to_be_visible()
    site.hosts[0].daemon.kill()
    expect(row(page, 0).locator(".mn-status--unknown")).to_be_visible()
    expect(row(page, 0)).to_have_class(re.compile("is-stale"))
    expect(head(page)).not_to_contain_text("healthy")
    expect(page.locator("#pulse")).to_contain_text("1 host silent")
    site.hosts[0].daemon.start()
    expect(row(page, 0).locator(".mn-status--running")).to_be_visible()
    expect(head(page)).to_contain_text("healthy")
    expect(row(page, 0).locator("[data-label=Restarts]")).to_have_text("0")


def test_a_killed_console_is_told_and_comes_back(page: Page, site: Site) -> None:
    page.goto(CLUSTER)
    site.console.kill()
    banner = page.locator("#contact-lost")
    expect(banner).to_contain_text("No contact with the console")
    expect(page.locator("[data-contact-indicator]")).to_contain_text("lost")
    site.start_console()
    expect(banner).to_be_hidden()
    expect(page.locator("[data-contact-indicator]")).to_contain_text("live")
    site.until("workers in touch", site.all_in_touch)


def test_stopping_wants_the_typed_name(page: Page, ensemble: Ensemble) -> None:
    page.goto(CLUSTER)
    page.get_by_role("button", name="Stop…").first.click()
    typed, stop = page.get_by_label(f"Type {NAME} to confirm"), page.get_by_role("button", name=f"Stop {NAME}")
    expect(stop).to_be_disabled()
    typed.fill("dpprc")
    expect(stop).to_be_disabled()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/act/stop"))
    typed.fill(NAME)
    stop.dblclick()
    run_to_the_end(page)
    page.locator("h1 a").click()
    expect(head(page)).to_contain_text("stopped")
    expect(page.locator("#tasks tbody .mn-status--stopped")).to_have_count(3)
    operations = ensemble.site.api.get("operations", cluster=NAME)["operations"]
    assert [one["action"] for one in operations].count("stop") == 1


def test_starting_again(page: Page) -> None:
    page.goto(CLUSTER)
    page.get_by_role("button", name="Start…").first.click()
    page.get_by_role("button", name=f"Start {NAME}").click()
    run_to_the_end(page)
    page.locator("h1 a").click()
    expect(head(page)).to_contain_text("healthy")


def test_a_second_operation_is_refused_with_a_link_to_the_first(chromium: Browser, page: Page, site: Site) -> None:
    with a_page(chromium, site) as other:
        sign_in(other, site)
        for window in (page, other):
            window.goto(f"{CLUSTER}/act/restart")
            typed = window.get_by_label(f"Type {NAME} to confirm")
            if typed.count():
                typed.fill(NAME)
        page.get_by_role("button", name=f"Restart {NAME}").click()
        page.wait_for_url(re.compile(r"/operations/\d+$"))
        other.get_by_role("button", name=f"Restart {NAME}").click()
        first = page.url.rpartition("/")[2]
        expect(other.get_by_role("alert")).to_contain_text(f"operation {first}")
        run_to_the_end(page)


def test_cleaning_up_wants_the_password_that_was_set(page: Page, ensemble: Ensemble) -> None:
    ensemble.operate("stop")
    page.goto(f"{CLUSTER}/act/cleanup")
    for password in ("sesame-eight", CLEANUP):
        page.get_by_label("Cleanup password").fill(password)
        page.get_by_label(f"Type {NAME} to confirm").fill(NAME)
        page.get_by_role("button", name=f"Clean up {NAME}").click()
        if password != CLEANUP:
            expect(page.locator("#cleanup_password-error")).to_be_visible()
    run_to_the_end(page)
    assert not list((ensemble.site.hosts[0].root / "data" / "zookeeper" / NAME).glob("*/*"))
