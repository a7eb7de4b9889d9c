"""A failover drill on a real ensemble of three: its leader is killed, another one leads, and the seconds are kept."""

from tests.whole.ensemble import Ensemble


def test_the_leader_is_killed_and_another_one_leads(ensemble: Ensemble) -> None:
    site, path = ensemble.site, f"{ensemble.path}/drills"
    done = ensemble.operate("bootstrap", options={"cleanup_password": "sesame-7"})
    assert done["state"] == "done", done["message"]
    site.until("a healthy ensemble", ensemble.healthy)
    site.until("a leader", lambda: any(t["texts"].get("zookeeper.role") == "leader" for t in ensemble.tasks()))
    site.api.put_text(path, '{"test_cluster": true}', "application/json")
    before = {task["task_id"]: task["pid"] for task in ensemble.tasks()}
    done = ensemble.operate("drill", options={"drill": "leader"})
    assert done["state"] == "done", done["message"]
    found = site.until(
        "what it found", lambda: [row for row in site.api.get(path)["done"] if row["outcome"] != "open"]
    )[0]
    print(found)
    assert found["outcome"] == "good", found
    assert 0 < found["seconds"] < 30 and found["well_seconds"] >= found["seconds"]
    victim = int(found["victim"].rpartition("/")[2])
    after = {task["task_id"]: task["pid"] for task in ensemble.tasks()}
    assert [number for number in before if before[number] != after[number]] == [victim]
    assert ensemble.tasks()[victim]["restarts"] == 1
    client = ensemble.client(0)
    try:
        assert client.exists("/minos-drill") is None
    finally:
        client.stop()
    ended = site.api.get(f"{ensemble.path}/watching")
    assert ended["wrong"] == []
