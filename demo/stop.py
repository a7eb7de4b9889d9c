"""`make demo-stop`: stops the ensemble through the console, then the workers and the console."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo import processes
from demo.api import Api
from demo.run import CLUSTER_PATH, answers, finish, say
from demo.site import CLUSTER, HOSTS, URL, VAR


def main() -> None:
    """Stop everything that make demo started; what it kept stays below var/demo."""
    if answers():
        stop_ensemble(Api(URL, (VAR / "token").read_text().strip()))
    for host in HOSTS:
        if processes.stop(host.root / "worker.pid"):
            say(f"worker {host.name} stopped")
    if processes.stop(VAR / "console.pid"):
        say("console stopped")


def stop_ensemble(api: Api) -> None:
    """A worker that ends leaves its servers running, so they are stopped first."""
    tasks = api.get(f"{CLUSTER_PATH}/tasks")["tasks"]
    if all(task["state"] == "STOPPED" for task in tasks):
        return
    started = api.post(f"{CLUSTER_PATH}/operations", {"action": "stop", "options": {"confirm": CLUSTER}})
    finish(api, started["id"])
    say(f"ensemble {CLUSTER} stopped")


if __name__ == "__main__":
    main()
