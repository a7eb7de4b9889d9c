"""Fixtures of tests in a real browser: one Chromium, one site with three workers and what runs on it, one without workers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from minos_web.console import Console
from minos_web.scripts.opening import console_of_ini
from tests.browser.surfing import a_page, launch, sign_in
from tests.minos_web.security.openid import OpenId, running_provider
from tests.whole.ensemble import Ensemble
from tests.whole.site import Site, a_site, free_base_port


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def openid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenId]:
    """An identity provider that the console believes; it knows nobody yet."""
    with running_provider(tmp_path_factory.mktemp("openid")) as provider:
        yield provider


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, openid: OpenId) -> Iterator[Site]:
    """Console and three workers; packages may be imported from the directory ``offered`` of the site's folder."""
    folder = tmp_path_factory.mktemp("browsed")
    (folder / "offered").mkdir()
    addresses = ["127.0.0.41", "127.0.0.42", "127.0.0.43"]
    own = {"package_directories": folder / "offered", "import_urls": "http://127.0.0.1/", "alert_seconds": 1}
    own |= {"oidc_issuer": openid.issuer, "oidc_client_id": "minos", "oidc_secret_file": openid.secret_file}
    own |= {"oidc_roles": "viewer watch"}
    with a_site(folder, addresses, **own) as made:
        yield made


@pytest.fixture(scope="package")
def running(site: Site, zookeeper_package: Path) -> Ensemble:
    """A running ensemble called lake. Ports that are free may be those of a cluster that another test described."""
    base_port = free_base_port([host.address for host in site.hosts], blocks=6) + 500
    ensemble = Ensemble.described(site, zookeeper_package, base_port, "lake")
    done = ensemble.operate("bootstrap", options={"cleanup_password": "sesame-7"})
    assert done["state"] == "done", done["message"]
    site.until("a healthy ensemble", ensemble.healthy)
    return ensemble


@pytest.fixture(scope="package")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Console]]:
    """A console without workers and without an engine: nothing changes what is written into it."""
    with a_site(tmp_path_factory.mktemp("hostile"), [], engine="outside") as site:
        console = console_of_ini(str(site.folder / "console.ini"))
        yield site, console
        console.engine.dispose()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """A window that is signed in."""
    with a_page(chromium, site) as opened:
        sign_in(opened, site)
        yield opened
