"""`make demo-stop`: stops its clusters through the console, then the workers and the console."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo import processes
from demo.api import Api
from demo.clusters import CLUSTERS
from demo.run import answers, finish, say
from demo.site import HOSTS, URL, VAR


def main() -> None:
    """Stop everything that make demo started; what it kept stays below var/demo."""
    if answers():
        stop_clusters(Api(URL, (VAR / "token").read_text().strip()))
    for host in HOSTS:
        if processes.stop(host.root / "worker.pid"):
            say(f"worker {host.name} stopped")
    if processes.stop(VAR / "console.pid"):
        say("console stopped")


def stop_clusters(api: Api) -> None:
    """A worker that ends leaves its tasks running, so they are stopped first: what others depend on last."""
    order = [cluster.service for cluster in CLUSTERS]
    found = api.get("clusters")["clusters"]
    for cluster in sorted(found, key=lambda c: -order.index(c["service"]) if c["service"] in order else -len(order)):
        path = f"clusters/{cluster['service']}/{cluster['name']}"
        tasks = api.get(f"{path}/tasks")["tasks"]
        if all(task["state"] == "STOPPED" for task in tasks):
            continue
        started = api.post(f"{path}/operations", {"action": "stop", "options": {"confirm": cluster["name"]}})
        finish(api, started["id"])
        say(f"cluster {cluster['name']} stopped")


if __name__ == "__main__":
    main()
