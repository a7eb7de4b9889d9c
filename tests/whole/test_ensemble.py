"""A real three-server ensemble through the console: bootstrap, use, failures, stop, start, cleanup. In file order."""

import os
import signal

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.site import Site, same_process


def test_the_package_is_unpacked_on_every_host_beforehand(ensemble: Ensemble) -> None:
    done = ensemble.operate("install")
    assert done["state"] == "done", done["message"]
    assert [len(list((host.root / "packages").rglob("zookeeper-*.jar"))) > 0 for host in ensemble.site.hosts] == [
        True
    ] * 3
    assert [task["package"] for task in ensemble.tasks()] == [None] * 3


def test_bootstrap_brings_up_an_ensemble(ensemble: Ensemble) -> None:
    done = ensemble.operate("bootstrap", options={"cleanup_password": "sesame-7"})
    assert done["state"] == "done", done["message"]
    ensemble.site.until("a healthy ensemble", ensemble.healthy)
    assert [task["state"] for task in ensemble.tasks()] == ["RUNNING"] * 3
    assert next(wave["name"] for wave in done["waves"]) == "Check hosts"


def test_a_client_writes_through_one_server_and_reads_through_another(ensemble: Ensemble) -> None:
    first, last = ensemble.client(0), ensemble.client(2)
    try:
        first.create("/minos", b"from the first")
        last.sync("/minos")
        assert last.get("/minos")[0] == b"from the first"
    finally:
        first.stop()
        last.stop()
    roles = sorted(ensemble.mntr(number)["zk_server_state"] for number in range(3))
    assert roles == ["follower", "follower", "leader"]


def test_figures_arrive_and_are_stored(ensemble: Ensemble) -> None:
    def figures() -> bool:
        tasks = ensemble.tasks()
        return all(t["texts"].get("zookeeper.role") and t["figures"].get("task.rss_bytes", 0) > 1e6 for t in tasks)

    ensemble.site.until("figures of every server", figures)
    stored = ensemble.site.api.get("series", metric="task.rss_bytes", service="zookeeper", cluster=ensemble.name)
    assert len(stored["series"]) == 3
    assert all(series["points"] for series in stored["series"])
    own = ensemble.site.api.get("series", metric="zookeeper.znodes", cluster=ensemble.name)
    assert len(own["series"]) == 3


def test_a_killed_server_is_restarted_and_counted(ensemble: Ensemble) -> None:
    before = ensemble.tasks()[1]
    os.kill(before["pid"], signal.SIGKILL)

    def back() -> bool:
        task = ensemble.tasks()[1]
        return bool(task["state"] == "RUNNING" and task["pid"] != before["pid"])

    ensemble.site.until("the server to be back", back, 30)
    after = ensemble.tasks()[1]
    assert after["restarts"] == 1
    assert after["last_exit"] == after["last_exit"] | {"kind": "signal", "value": 9, "expected": False}
    ensemble.site.until("a healthy ensemble", ensemble.healthy)


def test_a_killed_worker_leaves_its_server_alone_and_adopts_it(ensemble: Ensemble) -> None:
    site, host = ensemble.site, ensemble.site.hosts[0]
    pid = ensemble.tasks()[0]["pid"]
    host.daemon.kill()
    site.until("the host to be lost", lambda: (site.host(host.name) or {})["status"]["word"] == "lost")
    status = ensemble.tasks()[0]["status"]
    assert (status["kind"], status["stale"]) == ("unknown", True)
    assert same_process(pid, host.root)
    assert ensemble.mntr(0)["zk_server_state"] in ("leader", "follower")
    host.daemon.start()
    site.until("the worker to be back", site.all_in_touch, 30)
    site.until("a healthy ensemble", ensemble.healthy)
    task = ensemble.tasks()[0]
    assert (task["pid"], task["restarts"], task["state"]) == (pid, 0, "RUNNING")


def test_a_second_operation_is_refused_with_the_open_ones_id(ensemble: Ensemble) -> None:
    api = ensemble.site.api
    first = api.post(f"{ensemble.path}/operations", {"action": "show"})
    try:
        with pytest.raises(RuntimeError, match=f"409.*operation {first['id']} is still open"):
            api.post(f"{ensemble.path}/operations", {"action": "show"})
    finally:
        ensemble.site.ended(first["id"])


def test_stop_wants_the_name_typed(ensemble: Ensemble) -> None:
    with pytest.raises(RuntimeError, match="type the cluster's name"):
        ensemble.site.api.post(f"{ensemble.path}/operations", {"action": "stop", "options": {"confirm": "wrong"}})


def test_stop_and_start(ensemble: Ensemble) -> None:
    pids = [task["pid"] for task in ensemble.tasks()]
    assert ensemble.operate("stop")["state"] == "done"
    assert [task["state"] for task in ensemble.tasks()] == ["STOPPED"] * 3
    for host, pid in zip(ensemble.site.hosts, pids, strict=True):
        assert not same_process(pid, host.root)
    ensemble.site.until("a stopped cluster", lambda: ensemble.status()["kind"] == "stopped")
    assert ensemble.operate("start")["state"] == "done"
    client = ensemble.client(1)
    try:
        assert client.get("/minos")[0] == b"from the first"
    finally:
        client.stop()


def test_one_task_is_restarted_alone(ensemble: Ensemble) -> None:
    pids = [task["pid"] for task in ensemble.tasks()]
    done = ensemble.operate("restart", tasks=[2])
    assert done["state"] == "done", done["message"]
    after = [task["pid"] for task in ensemble.tasks()]
    assert after[:2] == pids[:2]
    assert after[2] != pids[2]


def test_a_log_can_be_listed_and_read(ensemble: Ensemble) -> None:
    def ask(verb: str, args: dict[str, object]) -> dict[str, object]:
        body = {
            "service": "zookeeper",
            "cluster": ensemble.name,
            "job": "zookeeper",
            "task": 0,
            "verb": verb,
            "args": args,
        }
        asked = ensemble.site.api.post("questions", body)
        ended = ensemble.site.until(
            "the answer",
            lambda: (q := ensemble.site.api.get(f"questions/{asked['id']}"))["state"] in ("done", "failed") and q,
        )
        assert ended["state"] == "done", ended["message"]
        found: dict[str, object] = ended["data"]
        return found

    files = ask("list-logs", {})["files"]
    assert isinstance(files, list)
    assert files
    text = ask("read-log", {"name": files[0]["name"], "limit": 4096})["text"]
    assert isinstance(text, str)


def test_bootstrap_of_what_holds_data_is_refused(ensemble: Ensemble) -> None:
    with pytest.raises(RuntimeError, match="bootstrapped already"):
        ensemble.operate("bootstrap")


def test_cleanup_needs_a_stopped_cluster_and_the_password(ensemble: Ensemble) -> None:
    with pytest.raises(RuntimeError, match="still running"):
        ensemble.operate("cleanup", options={"cleanup_password": "sesame-7"})
    ensemble.operate("stop")
    with pytest.raises(RuntimeError, match="not the cleanup password"):
        ensemble.operate("cleanup", options={"cleanup_password": "sesame-8"})
    done = ensemble.operate("cleanup", options={"cleanup_password": "sesame-7"})
    assert done["state"] == "done", done["message"]
    for host in ensemble.site.hosts:
        data = host.root / "data" / "zookeeper" / ensemble.name
        assert not [p for p in data.rglob("*") if p.is_file() and p.name == "myid"]
    assert ensemble.site.api.get(ensemble.path)["bootstrapped_at"] is None


def test_nothing_of_the_site_runs_any_more(site: Site, ensemble: Ensemble) -> None:
    assert [task["state"] for task in ensemble.tasks()] == ["STOPPED"] * 3
