"""Whole log files through a real console: fat ones, many slow readers, deaths in the middle."""

import hashlib
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.whole.ensemble import FILE
from tests.whole.site import Site, a_site, free_base_port

FAT = 1024 * 1024 * 1024
THREADS = 8
LOGS = "clusters/zookeeper/logs/tasks/zookeeper/0/logs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Console and one worker, with a described cluster that was never started."""
    with a_site(tmp_path_factory.mktemp("site"), ["127.0.0.24"]) as made:
        hosts = "  host.0=127.0.0.24"
        text = FILE.format(name="logs", version="1", base_port=free_base_port(["127.0.0.24"]), hosts=hosts)
        made.api.put_text("config/conf/zookeeper/zookeeper-logs.cfg", text)
        yield made


@pytest.fixture
def log(site: Site) -> Iterator[Path]:
    """A log of the task, still empty."""
    path = site.hosts[0].root / "log" / "zookeeper" / "logs" / "zookeeper" / "zk.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    yield path
    path.unlink()


def fill(path: Path, size: int) -> str:
    """Lines as logs have them, no two blocks alike; SHA-256 of the file."""
    line = "2026-01-01 12:00:00,{:03} [myid:{}] - INFO [SyncThread:1:FileTxnLog@{}] - Creating new log file: log.{:x}\n"
    block = "".join(line.format(n % 1000, n % 3, n % 400, n * 7919) for n in range(11_000)).encode()[: 1024 * 1024]
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for number in range(size // len(block)):
            piece = b"%08d" % number + block[8:]
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def fetch(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = site.api.post(f"{LOGS}/fetch", {"name": "log/zk.log"})
    return found


def state(site: Site, asked: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = site.api.get(asked["url"].removeprefix("/api/v1/"))
    return found


def ended(site: Site, asked: dict[str, Any], patience: float = 120) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        found = state(site, asked)
        return found if found["state"] in ("done", "failed", "cancelled") else None

    found: dict[str, Any] = site.until("the log file", look, patience)
    return found


def some_of_it(site: Site, asked: dict[str, Any]) -> None:
    """Wait until a few pieces are at the console."""
    site.until("the first pieces", lambda: state(site, asked)["received"] > 4 * 1024 * 1024)


def cancel(site: Site, asked: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {site.token}"}
    requests.delete(site.url + asked["url"], headers=headers, timeout=10).raise_for_status()


def spool(site: Site) -> list[Path]:
    return list((site.folder / "console" / "logs").glob("[0-9]*"))


def download(site: Site, file_url: str, **headers: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {site.token}", **headers}
    return requests.get(site.url + file_url, headers=headers, stream=True, timeout=60)


def test_a_gigabyte_comes_whole_while_beats_and_pages_go_on(site: Site, log: Path) -> None:
    digest = fill(log, FAT)
    begin = time.monotonic()
    asked, slowest, looks = fetch(site), 0.0, 0
    while state(site, asked)["state"] not in ("done", "failed", "cancelled"):
        at = time.monotonic()
        assert site.answers()
        slowest, looks = max(slowest, time.monotonic() - at), looks + 1
        assert (site.host("host-24") or {})["status"]["kind"] == "running"
        time.sleep(0.05)
    brought = time.monotonic() - begin
    done = state(site, asked)
    assert (done["state"], done["received"], done["size"]) == ("done", FAT, FAT), done["message"]
    begin, found = time.monotonic(), hashlib.sha256()
    answer = download(site, done["file_url"])
    assert answer.headers["Content-Length"] == str(FAT)
    for piece in answer.iter_content(1024 * 1024):
        found.update(piece)
    print(f"brought in {brought:.1f} s, downloaded in {time.monotonic() - begin:.1f} s, slowest answer {slowest:.3f} s")
    assert found.hexdigest() == digest
    assert looks > 3 and slowest < 2
    rest = download(site, done["file_url"], Range=f"bytes={FAT - 10}-")
    assert rest.status_code == 206 and len(rest.content) == 10


def test_slow_downloads_hold_no_thread(site: Site, log: Path) -> None:
    """More of them than the console has threads: every page still comes at once."""
    fill(log, 64 * 1024 * 1024)
    done = ended(site, fetch(site))
    host, port = site.url.removeprefix("http://").split(":")
    request = f"GET {done['file_url']} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {site.token}\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(2 * THREADS):
            slow = stack.enter_context(socket.create_connection((host, int(port))))
            slow.sendall(request)
            assert slow.recv(100).startswith(b"HTTP/1.1 200 OK")
        for _ in range(20):
            at = time.monotonic()
            assert site.api.get("clusters")["clusters"]
            assert time.monotonic() - at < 1
    site.until("the disk to be let go", lambda: cancelled_readers_are_gone(site))


def cancelled_readers_are_gone(site: Site) -> bool:
    """Whether the console holds no descriptor of a file in the spool."""
    process = site.console.process
    assert process is not None
    held = []
    for handle in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed while we look
            held.append(handle.readlink())
    return not any(path.parent.name == "logs" and path.name.endswith(".whole") for path in held)


def sparse(path: Path) -> None:
    """Takes a while to bring, and no disk here."""
    with path.open("wb") as file:
        file.truncate(4 * FAT)


def test_a_cancelled_file_leaves_nothing_behind(site: Site, log: Path) -> None:
    sparse(log)
    asked = fetch(site)
    some_of_it(site, asked)
    cancel(site, asked)
    assert state(site, asked)["state"] == "cancelled"
    site.until(
        "the spool to be empty of it", lambda: not [p for p in spool(site) if p.name.startswith(f"{asked['id']}-")]
    )
    log.write_bytes(b"afterwards")
    assert ended(site, fetch(site))["size"] == len(b"afterwards")


def test_a_worker_that_dies_in_the_middle_is_told_and_its_half_file_is_never_a_file(site: Site, log: Path) -> None:
    sparse(log)
    asked = fetch(site)
    some_of_it(site, asked)
    site.hosts[0].daemon.kill()
    failed = ended(site, asked)
    assert failed["state"] == "failed" and "host-24 fell silent in the middle" in failed["message"]
    refused = download(site, f"{asked['url']}/file")
    assert refused.status_code == 410 and "host-24 fell silent" in refused.json()["error"]["message"]
    log.write_bytes(b"afterwards")
    site.hosts[0].daemon.start()
    site.until("the worker in touch", site.all_in_touch)
    assert ended(site, fetch(site))["size"] == len(b"afterwards")


def test_a_worker_that_is_back_soon_begins_anew(site: Site, log: Path) -> None:
    digest = fill(log, 300 * 1024 * 1024)
    asked = fetch(site)
    some_of_it(site, asked)
    site.hosts[0].daemon.kill()
    site.hosts[0].daemon.start()
    done = ended(site, asked)
    assert done["state"] == "done", done["message"]
    assert hashlib.sha256(download(site, done["file_url"]).content).hexdigest() == digest


def test_a_console_that_is_restarted_goes_on_where_it_was(site: Site, log: Path) -> None:
    digest = fill(log, 300 * 1024 * 1024)
    asked = fetch(site)
    some_of_it(site, asked)
    before = [path.name.split("-")[1] for path in spool(site) if path.name.startswith(f"{asked['id']}-")]
    site.console.kill()
    site.start_console()
    done = ended(site, asked)
    assert done["state"] == "done", done["message"]
    assert hashlib.sha256(download(site, done["file_url"]).content).hexdigest() == digest
    after = [path.name.split("-")[1] for path in spool(site) if path.name.startswith(f"{asked['id']}-")]
    assert after == before  # the same try: what was there was not sent again
