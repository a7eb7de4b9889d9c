"""The documents say what there is: links, pages, commands, settings, files and codes; and the site can be built from them."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from minos_common.settings import ConsoleSettings, WorkerSettings, describe
from minos_web.routes import API, API_PREFIX
from minos_web.routes import PAGES as ROUTES
from minos_web.views.help import PAGES as HELP
from tests.docs.documents import DOCS, EVERYTHING, PAGES, TOP, anchors, links, mentioned, words_in_code

CATALOG = TOP / "minos_web/catalog"
SERVICES = sorted(folder.parent.name for folder in CATALOG.glob("*/service.toml"))
PRODUCT = ("minos_common", "minos_web", "minos_worker")
ELSEWHERE = {API_PREFIX, "/hbase"}
"""What looks like the address of a page: where all of the API is, a directory of HDFS."""
INTERNAL = {"minos-worker"}
"""Commands of Minos that stand as something else as well: artifact and unit of the worker."""


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "properdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(
        [*command, "--config-file", str(TOP / "mkdocs.yml")], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for page in (tmp_path / "site").rglob("*.html"):
        foreign = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"(https?://[^\"]+)", page.read_text())
        assert not foreign, f"{page.name} fetches from elsewhere: {foreign}"


@pytest.mark.parametrize("page", EVERYTHING, ids=lambda page: page.relative_to(TOP).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{target.name} has no heading for {link}"


def test_every_page_can_be_found() -> None:
    """From the menu of the site, and from the index that stands beside the pages."""
    menu = set(re.findall(r"[\w/-]+\.md", str(yaml.safe_load((TOP / "mkdocs.yml").read_text())["nav"])))
    there = {page.relative_to(DOCS).as_posix() for page in PAGES}
    assert menu <= there
    index = {link.partition("#")[0] for link in links(DOCS / "README.md")}
    assert not {page for page in index if page.endswith(".md")} - there


def test_every_address_of_a_page_is_one() -> None:
    routes = [*(path for _, path in ROUTES), *(API_PREFIX + path for _, path in API)]
    known = [re.compile(_pattern_of(path)) for path in routes]
    first = {path.split("/")[1] for path in routes if len(path) > 1}
    strange = []
    for page in EVERYTHING:
        for text in words_in_code(page):
            path = re.sub(r"^(GET|POST|PUT|DELETE) (?!/|url)", f"{API_PREFIX}/", text)
            path = re.sub(r"^(GET|POST|PUT|DELETE) ", "", path).partition("?")[0]
            looks = re.fullmatch(r"/[\w{}/.<>*-]+", path) and path.split("/")[1] in first
            if looks and path not in ELSEWHERE and not any(route.fullmatch(path) for route in known):
                strange.append(f"{page.name}: {text}")
    assert not strange, "\n".join(strange)


def _pattern_of(path: str) -> str:
    """A route as a pattern of its address with anything in the braces, also as documents write it."""
    return re.sub(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", r"[^/]+(?:/.+)?", path) + "/?"


def test_every_page_of_help_is_there() -> None:
    assert {name for _, name in mentioned(r"`/help/([\w-]+)`")} <= set(HELP)


def test_every_make_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(), re.MULTILINE))
    said = {(page, name) for page, names in mentioned(r"(?:^ {4}|`)make ((?:[a-z-]+ ?)+)") for name in names.split()}
    assert not {(page, name) for page, name in said if name not in targets}


def test_every_command_is_there() -> None:
    entry = set(re.findall(r'"(minos-[a-z-]+) =', (TOP / "setup.py").read_text()))
    said = {name for _, name in mentioned(r"(?:^ {4}|`|/bin/|then `)(minos-[a-z]+(?:-[a-z]+)*)(?= [\w./<]|`)")}
    units = {path.stem for path in (TOP / "deploy").glob("*.service")}
    assert said - units - INTERNAL <= entry, said - entry


def test_every_setting_is_there() -> None:
    console = {f"minos.{name}" for name, _, _ in describe(ConsoleSettings)}
    worker = {name for name, _, _ in describe(WorkerSettings)}
    assert {"keep_free_bytes", "peer_port"} <= worker
    strange = {
        (page, name) for page, name in mentioned(r"\b(minos\.[a-z]+(?:_[a-z]+)*)\b(?![./(])") if name not in console
    }
    strange = {one for one in strange if not re.search(r"\.(sqlite|ini|po|mo|token|conf|old|cfg)$", one[1])}
    assert not strange, sorted(strange)


def test_every_file_that_is_named_is_there() -> None:
    room = "|".join(sorted(path.name for path in TOP.iterdir() if path.is_dir() and path.name not in {"var", "static"}))
    missing = []
    for page in EVERYTHING:
        for text in words_in_code(page):
            path = text.partition("::")[0].rstrip("/")
            if re.fullmatch(rf"(?:{room})/[\w./-]+", path) and not _is_there(path):
                missing.append(f"{page.name}: {text}")
    assert not missing, "\n".join(missing)


def _is_there(path: str) -> bool:
    # Some folders lie inside the package only once it is installed.
    return (
        (TOP / path).exists() or (TOP / "minos_web" / path).exists() or (TOP / path.removeprefix("minos_web/")).exists()
    )


def test_documents_that_the_product_names_are_there() -> None:
    for room in PRODUCT:
        for file in (TOP / room).rglob("*"):
            if file.suffix in {".py", ".mako", ".toml", ".json", ".ini"}:
                for name in re.findall(r"docs/[\w/-]+\.md", file.read_text()):
                    assert (TOP / name).is_file(), f"{file.relative_to(TOP)} names {name}"


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_of_a_service_tells_all_that_its_folder_says(service: str) -> None:
    page = DOCS / "services" / f"{service}.md"
    text = (page if page.is_file() else DOCS / "services/others.md").read_text()
    told = tomllib.loads((CATALOG / service / "service.toml").read_text())
    for job in told["jobs"]:
        assert f"`{job['name']}`" in text, f"the job {job['name']}"
        for port, offset in job.get("ports", {}).items() if page.is_file() else ():
            assert f"+{offset} {port}" in text, f"the port {port} of {job['name']}"
    for command in told.get("commands", ()):
        assert f"| `{command['name']}` | {command['title']}" in text, f"the command {command['name']}"
    for kind in ("procedures", "drills", "gates"):
        for one in told.get(kind, ()):
            assert one["title"] in text, f"{one['title']} of {kind}"
    for rule in _rules(service):
        assert f"`{service}-{rule['name']}`" in text, f"the rule {rule['name']}"


def _rules(service: str) -> list[dict[str, str]]:
    file = CATALOG / service / "alerts.toml"
    rules: list[dict[str, str]] = tomllib.loads(file.read_text())["rules"] if file.is_file() else []
    return rules


def test_what_to_do_at_an_alert_is_told_for_every_rule() -> None:
    told = (DOCS / "troubleshooting.md").read_text()
    rules = tomllib.loads((CATALOG / "alerts.toml").read_text())["rules"]
    assert not [rule["name"] for rule in rules if f"| `{rule['name']}` | {rule['title']} |" not in told]


def test_every_code_of_a_refusal_is_one() -> None:
    told = (DOCS / "troubleshooting.md").read_text().partition("## Refusals by their code")[2]
    codes = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", told))
    code = "\n".join(path.read_text() for path in (TOP / "minos_web").rglob("*.py"))
    assert len(codes) > 60
    assert not {name for name in codes if f'"{name}"' not in code}


def test_pictures_are_small_and_shown() -> None:
    """``make pictures`` takes them anew."""
    sizes = {path.name: path.stat().st_size for path in (DOCS / "pictures").glob("*.png")}
    shown = {Path(link).name for page in EVERYTHING for link in links(page) if link.endswith(".png")}
    assert sizes.keys() == shown
    assert all(size < 150_000 for size in sizes.values()), sizes
    assert sum(sizes.values()) < 2_000_000
