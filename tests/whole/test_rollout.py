"""New hosts come by an install line; workers are upgraded over all hosts; the services on them notice nothing."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from minos_common.version import VERSION
from tests.minos_worker.release.wheels import changed_wheel
from tests.whole.ensemble import Ensemble
from tests.whole.site import Daemon, Site, WorkerHost


def pids(ensemble: Ensemble) -> dict[int, tuple[int, int]]:
    """(pid, restarts) of each task."""
    tasks = ensemble.site.tasks("zookeeper", ensemble.name)
    return {task["task_id"]: (task["pid"], task["restarts"]) for task in tasks}


def store(site: Site, folder: Path, version: str, data: bytes) -> int:
    """Upload a worker wheel; the package's id."""
    path = folder / f"minos_worker-{version}-py3-none-any.whl"
    path.write_bytes(data)
    package: int = site.api.upload(path, "minos-worker", version)["id"]
    return package


def steps_of(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for wave in operation["waves"] for step in wave["steps"]]


def versions(site: Site) -> list[str]:
    return [(site.host(host.name) or {})["worker_version"] for host in site.hosts]


def test_workers_are_upgraded_under_a_running_ensemble(ensemble: Ensemble, site: Site, tmp_path: Path) -> None:
    ensemble.operate("bootstrap")
    site.until("a healthy ensemble", ensemble.healthy)
    before = pids(ensemble)
    starts = [(site.host(host.name) or {})["worker_starts"] for host in site.hosts]

    good = store(site, tmp_path, "7.1", changed_wheel("7.1"))
    done = site.ended(site.api.post("workers/operations", {"package": good, "at_once": 2})["id"])
    assert done["state"] == "done", done
    assert [len(wave["steps"]) for wave in done["waves"]] == [1, 2], "one goes first, then the others"
    assert versions(site) == ["7.1"] * 3
    assert [(site.host(host.name) or {})["worker_starts"] for host in site.hosts] == [one + 1 for one in starts]
    assert pids(ensemble) == before
    site.until("an ensemble that is judged again", ensemble.healthy)

    with pytest.raises(RuntimeError, match=r"run 7\.1-[0-9a-f]{12} already"):
        site.api.post("workers/operations", {"package": good})


def test_a_rollout_stands_still_at_a_failure_and_goes_on_when_told(
    ensemble: Ensemble, site: Site, tmp_path: Path
) -> None:
    before = pids(ensemble)
    broken = changed_wheel("8", "minos_worker/agent/loop.py", "import queue\n", "import nowhere_at_all\n")
    package = store(site, tmp_path, "8", broken)
    number = site.api.post("workers/operations", {"package": package, "at_once": 2})["id"]

    def paused() -> dict[str, Any] | None:
        found: dict[str, Any] = site.api.get(f"operations/{number}")
        return found if found["state"] == "paused" else None

    stands = site.until("the pause", paused, 60)
    assert [step["state"] for step in steps_of(stands)] == ["failed", "waiting", "waiting"]
    assert "its own check ended with 1" in stands["message"]
    assert "nowhere_at_all" in steps_of(stands)[0]["output"]
    with pytest.raises(RuntimeError, match=f"operation {number} is still open on the workers"):
        site.api.post("workers/operations", {"package": package})
    assert versions(site) == ["7.1"] * 3

    site.api.post(f"operations/{number}/retry")
    again = site.until("the second pause", lambda: (p := paused()) and steps_of(p)[0]["attempt"] == 2 and p, 60)
    assert [step["state"] for step in steps_of(again)] == ["failed", "waiting", "waiting"]
    site.api.post(f"operations/{number}/resume")
    third = site.until("the pause at the second wave", lambda: (p := paused()) and steps_of(p)[2]["ended_at"] and p, 60)
    assert [(step["state"], step["passed_over"]) for step in steps_of(third)] == [
        ("failed", True), ("failed", False), ("failed", False),
    ]  # fmt: skip
    site.api.post(f"operations/{number}/resume")
    over = site.ended(number)
    assert over["state"] == "failed" and "done, but without" in over["message"]
    assert pids(ensemble) == before
    site.until("an ensemble that is judged again", ensemble.healthy)
    assert versions(site) == ["7.1"] * 3


def test_an_upgrade_survives_a_killed_console(ensemble: Ensemble, site: Site, tmp_path: Path) -> None:
    before = pids(ensemble)
    package = store(site, tmp_path, "7.2", changed_wheel("7.2"))
    number = site.api.post("workers/operations", {"package": package, "at_once": 2})["id"]
    site.until("the first host", lambda: steps_of(site.api.get(f"operations/{number}"))[0]["state"] == "done", 60)
    site.console.kill()
    site.start_console()
    done = site.ended(number)
    assert done["state"] == "done", done
    assert [step["attempt"] for step in steps_of(done)] == [1, 1, 1]
    assert versions(site) == ["7.2"] * 3
    assert pids(ensemble) == before
    site.until("an ensemble that is judged again", ensemble.healthy)


def page(site: Site, path: str, **fields: str) -> str:
    """A page, or the answer to its form, as a signed-in browser gets it."""
    with requests.Session() as browser:
        token = _csrf(browser.get(f"{site.url}/sign-in").text)
        sent = {"csrf_token": token, "name": "admin", "user": "admin", "password": site.password}
        browser.post(f"{site.url}/sign-in", data=sent, headers={"Origin": site.url})
        shown = browser.get(f"{site.url}{path}")
        if fields:
            fields["csrf_token"] = _csrf(shown.text)
            shown = browser.post(f"{site.url}{path}", data=fields, headers={"Origin": site.url})
        assert shown.ok, shown.text[-2000:]
        return shown.text


def _csrf(text: str) -> str:
    return text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def test_an_install_line_makes_a_host(site: Site, tmp_path: Path) -> None:
    """The line as the page gives it, run by a real shell; only sudo is left out, and no service is made."""
    import html

    root = site.folder / "host-new"
    shown = page(
        site, "/workers/install", hosts="host-new 127.0.0.29", hours="1", root=str(root), data_dirs="",
        user=_me(),
    )  # fmt: skip
    line = html.unescape(shown.split('id="line-0">', 1)[1].split("</pre>", 1)[0])
    assert "--token join_" in line
    folder = tmp_path / "empty"
    folder.mkdir()
    command = line.replace("sudo sh", "sh") + " --no-service"
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PIP_NO_INDEX": "1"}
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "done: look for this host on" in done.stdout
    ini = (root / "worker.ini").read_text()
    assert (root / "worker.ini").stat().st_mode & 0o777 == 0o600, "it holds a token"

    daemon = Daemon([str(root / "environment/bin/minos-worker"), str(root / "worker.ini")], root / "worker.log")
    host = WorkerHost("host-new", "127.0.0.29", root, daemon)
    site.hosts.append(host)
    try:
        daemon.start()
        site.until("the new host in touch", site.all_in_touch, 30)
        known = site.host("host-new") or {}
        assert (known["state"], known["worker_version"], known["decided_by"]) == ("approved", VERSION, "admin")

        (root / "worker.ini").write_text(ini + "trial_seconds = 33\n")
        again = subprocess.run(
            ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert again.returncode == 0 and (root / "worker.ini").read_text() == ini + "trial_seconds = 33\n", (
            again.stdout + again.stderr
        )
        daemon.end()
        (root / "worker" / "worker.key").unlink()
        daemon.start()
        site.until("a second key under the name", lambda: _pending(site, "host-new"), 30)
        deadline = time.monotonic() + 20
        while "join token is not known" not in (root / "worker.log").read_text():
            assert time.monotonic() < deadline, "a token opens once"
            time.sleep(0.1)
    finally:
        daemon.end()
        site.hosts.remove(host)


def _pending(site: Site, name: str) -> bool:
    hosts = site.api.get("hosts")["hosts"]
    return any(host["name"] == name and host["state"] == "pending" for host in hosts)


def _me() -> str:
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


def test_a_changed_script_is_not_run(site: Site, tmp_path: Path) -> None:
    command = (
        f"curl -fsS {site.url}/install/worker.sh -o s.sh && echo '{'0' * 64}  s.sh' | sha256sum -c --quiet && sh s.sh"
    )
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "FAILED" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--root", "relative"], "--root must be an absolute path"),
        (["--python", "no-such-python"], "there is no no-such-python"),
        (["--user"], "--user wants a value"),
        (["--colour", "red"], "unknown option --colour"),
        (["--name", "two\nlines"], "no option may hold a line break"),
    ],
)
def test_the_script_refuses_before_it_changes_anything(
    site: Site, tmp_path: Path, options: list[str], words: str
) -> None:
    script = tmp_path / "s.sh"
    script.write_text(requests.get(f"{site.url}/install/worker.sh", timeout=10).text)
    done = subprocess.run(["sh", str(script), *options], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and words in done.stderr
    assert list(tmp_path.iterdir()) == [script]
