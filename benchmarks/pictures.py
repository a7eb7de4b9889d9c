"""Takes the pictures of the documentation: a console filled with a made-up site, its main pages in light and dark, as small PNG files."""

import argparse
import io
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.seed import Size, fill
from minos_web.models.alerts import Alert
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.lease import Lease
from minos_web.models.operations import Operation
from minos_web.scripts.opening import console_of_ini
from tests.browser.surfing import launch, sign_in
from tests.whole.site import Site, a_site

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
HOSTS = 200
MOST_BYTES = 150_000
LIGHT, DARK = "light", "dark"
BOTH = (LIGHT, DARK)


@dataclass(frozen=True)
class Picture:
    """A page by its address; ``schemes`` in which it is taken, ``keys`` pressed before, ``ready``: what must be there."""

    name: str
    address: str
    schemes: tuple[str, ...] = (LIGHT,)
    keys: str = ""
    ready: str = "main"


def pictures(session: Session) -> list[Picture]:
    """All of them, of the biggest cluster and what belongs to it."""
    counted = select(Task.cluster_id).group_by(Task.cluster_id).order_by(func.count().desc()).limit(1)
    cluster = session.get_one(Cluster, session.scalar(counted))
    host = session.scalars(select(Host).order_by(Host.id)).first()
    alert = session.scalars(select(Alert).where(Alert.resolved_at.is_(None)).order_by(Alert.id)).first()
    failed = session.scalar(
        select(Operation.id).where(Operation.state == "failed").order_by(Operation.id.desc()).limit(1)
    )
    assert host is not None and alert is not None and failed is not None
    at = f"/clusters/{cluster.service}/{cluster.name}"
    conf = f"conf/{cluster.service}/{cluster.service}-{cluster.name}.cfg"
    return [
        Picture("overview", "/", BOTH),
        Picture("clusters", "/clusters"),
        Picture("cluster", at, BOTH),
        Picture("operation", f"/operations/{failed}"),
        Picture("plan", f"{at}/act/rolling_update"),
        Picture("hosts", "/hosts"),
        Picture("host", f"/hosts/{host.name}", (DARK,)),
        Picture("heat", "/hosts/heat"),
        Picture("alerts", "/alerts"),
        Picture("alert", f"/alerts/{alert.id}"),
        Picture("history", "/history"),
        Picture("editor", f"/config/{conf}", ready=".cm-content"),
        Picture("palette", "/", (DARK,), keys="/"),
        Picture("wizard", "/clusters/new"),
    ]


def take(site: Site, wanted: list[Picture], out: Path) -> dict[str, int]:
    """Every picture as a file; name -> bytes."""
    out.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for scheme in BOTH:
            for picture in (one for one in wanted if scheme in one.schemes):
                file = out / f"{picture.name}-{scheme}.png"
                file.write_bytes(small(_shot(browser, site, picture, scheme)))
                sizes[file.name] = file.stat().st_size
        browser.close()
    return sizes


def _shot(browser: Browser, site: Site, picture: Picture, scheme: str) -> bytes:
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": 1440, "height": 900},
        color_scheme="dark" if scheme == DARK else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    try:
        sign_in(page, site)
        page.goto(picture.address)
        page.wait_for_load_state("networkidle")
        page.locator(picture.ready).first.wait_for()
        _press(page, picture.keys)
        return page.screenshot()
    finally:
        context.close()


def _press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    if keys:
        page.get_by_role("dialog").first.wait_for()


def small(png: bytes) -> bytes:
    """The same with a palette: pages have few colours, and a file is a fraction then."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64):
        kept = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        if kept.tell() < MOST_BYTES:
            break
    return kept.getvalue()


def main() -> None:
    """``make pictures``."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--out", type=Path, default=PICTURES, help="directory of the pictures (default: docs/pictures)"
    )
    options.add_argument("--only", nargs="*", default=[], help="names of pictures, such as overview; default: all")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, a_site(Path(folder), [], engine="outside") as site:
        console = console_of_ini(str(site.folder / "console.ini"))
        now = time.time()
        fill(console, Size(HOSTS), now)
        with console.writers.begin() as session:  # as if the engine that judges all of this were at work
            session.add(Lease(name="engine", holder="console", epoch=1, seen_at=now + 3600))
        with console.readers() as session:
            wanted = [one for one in pictures(session) if not given.only or one.name in given.only]
        for name, size in take(site, wanted, given.out).items():
            print(f"{size:>8,} {name}")


if __name__ == "__main__":
    main()
