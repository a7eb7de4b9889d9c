"""Packages in the browser: imported, refused with the reason, shown with who needs them, and kept while somebody does."""

import io
import tarfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.whole.ensemble import Ensemble
from tests.whole.site import Site


def archive(path: Path, files: dict[str, int], level: int = 9) -> Path:
    """A tarball with files of so many zeros."""
    with tarfile.open(path, "w:gz", compresslevel=level) as made:
        for name, size in files.items():
            member = tarfile.TarInfo(name)
            member.size = size
            made.addfile(member, io.BytesIO(bytes(size)))
    return path


def test_a_package_is_imported_from_the_console_s_machine(page: Page, site: Site) -> None:
    path = archive(site.folder / "offered" / "thing-7.1.tar.gz", {"thing-7.1/a": 1000})
    page.goto("/packages")
    page.get_by_role("heading", name="Import").click()
    panel = page.locator("section", has=page.locator("#import-title"))
    panel.get_by_label("From").select_option("file")
    panel.get_by_label("What", exact=True).fill(str(path))
    panel.get_by_label("Artifact").fill("thing")
    panel.get_by_label("Revision").fill("r71")
    panel.get_by_role("button", name="Import", exact=True).click()
    row = page.get_by_role("row", name="thing-7.1.tar.gz").filter(has_text="latest")
    expect(row).to_contain_text("r71")  # the list follows what arrives
    assert site.api.get("packages/latest", artifact="thing")["name"] == path.name


def test_an_import_that_is_not_allowed_is_told_at_its_field(page: Page) -> None:
    page.goto("/packages")
    page.get_by_role("heading", name="Import").click()
    panel = page.locator("section", has=page.locator("#import-title"))
    panel.get_by_label("From").select_option("url")
    panel.get_by_label("What", exact=True).fill("http://elsewhere.example/a-1.tar.gz")
    panel.get_by_label("Artifact").fill("a")
    panel.get_by_label("Revision").fill("r1")
    panel.get_by_role("button", name="Import", exact=True).click()
    expect(panel.get_by_label("What", exact=True)).to_have_value("http://elsewhere.example/a-1.tar.gz")
    expect(panel).to_contain_text("does not lie below an address that the ini lists")


def test_an_import_that_fails_says_why_for_a_day(page: Page, site: Site) -> None:
    site.api.post(
        "arrivals",
        {"kind": "url", "source": "http://127.0.0.1/a-1.tar.gz", "artifact": "a", "revision": "r1"},
    )
    site.until(
        "its failure", lambda: [one for one in site.api.get("arrivals")["arrivals"] if one["state"] == "failed"], 60
    )
    page.goto("/packages")
    panel = page.locator("section", has=page.locator("#coming-title"))
    expect(panel.get_by_role("row", name="a-1.tar.gz")).to_contain_text("is no public address")


def test_a_bomb_is_refused_with_its_reason(page: Page, tmp_path: Path) -> None:
    bomb = archive(tmp_path / "bomb-1.0.tar.gz", {"bomb-1.0/zeros": 400_000_000})
    page.goto("/packages")
    page.get_by_label("Artifact").first.fill("bomb")
    page.get_by_label("Revision").first.fill("r1")
    page.get_by_label("Package files").set_input_files(bomb)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator("[data-upload-error]")).to_contain_text("unpacks to more than", timeout=60_000)
    page.reload()
    page.get_by_role("link", name="bomb-1.0.tar.gz").click()
    expect(page.get_by_role("main")).to_contain_text("no host would unpack it")


def test_its_page_tells_who_needs_it_and_keeps_it(page: Page, site: Site, running: Ensemble) -> None:
    package = next(one for one in site.api.get("packages", artifact="zookeeper")["packages"])
    page.goto(f"/packages/{package['id']}")
    used = page.locator("section", has=page.locator("#uses-title"))
    expect(used.get_by_role("row", name=f"zookeeper {running.name}")).to_contain_text("3")
    expect(page.locator("#spread")).to_contain_text("3 of 3 hosts have all of it")
    page.get_by_role("link", name="Delete…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(package["name"])
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("main")).to_contain_text(f"is needed by zookeeper {running.name}")
    assert site.api.get(f"packages/{package['id']}")["state"] == "ready"
