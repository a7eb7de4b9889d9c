"""`make demo`: console, three workers, a real ZooKeeper ensemble and what else is asked for. A second run finds it running."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo import processes
from demo.api import Api, wait_for
from demo.clusters import CLUSTERS, DemoCluster
from demo.site import BIN, HOSTS, INI, TOP, URL, VAR, worker_ini


def main() -> None:
    """Bring everything up and say where it is."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--package", type=Path, help="a ZooKeeper tarball to use instead of the assembled one")
    known = [cluster.service for cluster in CLUSTERS]
    options.add_argument("--services", default="zookeeper", help=f"which of {', '.join(known)}; default zookeeper")
    given = options.parse_args()
    wanted = [cluster for cluster in CLUSTERS if cluster.service in given.services.split()]
    strange = sorted(set(given.services.split()) - set(known))
    if strange or not wanted:
        options.error(f"the demo has no service {', '.join(strange) or given.services!r}; it has {', '.join(known)}")
    for cluster in wanted:
        missing = [name for name in cluster.needs if name not in given.services.split()]
        if missing:
            options.error(f"{cluster.service} needs {' and '.join(missing)} as well")
    packages = {
        cluster.package: assembled(cluster.package, given.package if cluster.package == "zookeeper" else None)
        for cluster in wanted
    }
    # Pyramid 2 still asks pkg_resources for its assets; a newcomer cannot act upon that being deprecated.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:pkg_resources is deprecated:UserWarning")
    start_console()
    api = Api(URL, (VAR / "token").read_text().strip())
    start_workers(api)
    for cluster in wanted:
        package = packages[cluster.package]
        stored = api.upload(package, cluster.artifact, "demo")
        say(f"package {stored['name']} is in the store")
        describe_cluster(api, cluster, version_of(package, cluster.artifact))
        bring_up(api, cluster)
    tell(wanted)


def assembled(name: str, given: Path | None) -> Path:
    """The given tarball, or one assembled by packages/assemble.py."""
    if given is not None:
        if not given.is_file():
            sys.exit(f"there is no file {given}")
        return given
    command = [sys.executable, str(TOP / "packages" / "assemble.py"), name]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"no {name} package; see above")
    return Path(done.stdout.strip().splitlines()[-1])


def version_of(package: Path, artifact: str) -> str:
    """3.9.4 of zookeeper-3.9.4.tar.gz or apache-zookeeper-3.9.4-bin.tar.gz."""
    stem = package.name.removeprefix("apache-").removesuffix(".tgz").removesuffix(".tar.gz").removesuffix("-bin")
    return stem.removeprefix(f"{artifact}-")


def start_console() -> None:
    """Database, first user, keys; then the console as a daemon that answers."""
    VAR.mkdir(parents=True, exist_ok=True)
    init = [
        str(BIN / "minos-init"),
        str(INI),
        "--token-file",
        str(VAR / "token"),
        "--password-file",
        str(VAR / "password"),
    ]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL)
    if processes.start("console", [str(BIN / "pserve"), str(INI)], VAR):
        say("console started")
    wait_for(f"the console at {URL} (its log: {VAR / 'console.log'})", answers, 30)


def answers() -> bool:
    """Whether the console is up."""
    try:
        return requests.get(f"{URL}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


def start_workers(api: Api) -> None:
    """Three workers, approved by their own keys, which only this machine's owner can read."""
    for host in HOSTS:
        command = [str(BIN / "minos-worker"), str(worker_ini(host))]
        if processes.start("worker", command, host.root):
            say(f"worker {host.name} ({host.address}) started")
    for host in HOSTS:
        key = host.root / "worker" / "worker.key"
        wait_for(f"the key of {host.name}", key.exists, 20)
        public = key.read_text().split()[0]
        wait_for(f"the hello of {host.name}", lambda name=host.name: find_host(api, name), 30)
        found = find_host(api, host.name)
        if found["public_key"] != public:
            sys.exit(f"{host.name} is known to the console with another key; remove {VAR} to begin anew")
        if found["state"] != "approved":
            api.post(f"hosts/{host.name}/approve")
            say(f"worker {host.name} approved")
    wait_for(
        "all workers to be in touch",
        lambda: all(find_host(api, h.name)["status"]["kind"] == "running" for h in HOSTS),
        30,
    )


def find_host(api: Api, name: str) -> dict | None:
    """The console's row of a host, or None."""
    return next((host for host in api.get("hosts")["hosts"] if host["name"] == name), None)


def describe_cluster(api: Api, cluster: DemoCluster, version: str) -> None:
    """Save the cluster file, unless somebody already has one there."""
    if not any((c["service"], c["name"]) == (cluster.service, cluster.name) for c in api.get("clusters")["clusters"]):
        api.put_text(f"config/{cluster.file}", cluster.text.replace("{version}", version))
        say(f"cluster file {cluster.file} saved")


def bring_up(api: Api, cluster: DemoCluster) -> None:
    """Bootstrap the first time, start when it is stopped, nothing when it runs."""
    found = api.get(cluster.path)
    if found["open_operation"]:
        finish(api, found["open_operation"])
    elif found["bootstrapped_at"] is None:
        options = {"confirm": cluster.name}
        started = api.post(f"{cluster.path}/operations", {"action": "bootstrap", "options": options})
        keep_secret(cluster.secret, started.get("cleanup_password", ""))
        finish(api, started["id"])
    elif not all(task["state"] == "RUNNING" for task in api.get(f"{cluster.path}/tasks")["tasks"]):
        finish(api, api.post(f"{cluster.path}/operations", {"action": "start", "options": {}})["id"])
    wait_for(f"a healthy {cluster.name}", lambda: api.get(cluster.path)["status"]["kind"] == "running", 120)


def finish(api: Api, operation: int) -> None:
    """Wait for an operation; ends the demo with its message when it does not succeed."""
    say(f"operation {URL}/operations/{operation} ...")
    ended = {"done", "failed", "cancelled"}
    wait_for(f"operation {operation}", lambda: api.get(f"operations/{operation}")["state"] in ended, 600)
    found = api.get(f"operations/{operation}")
    if found["state"] != "done":
        sys.exit(f"operation {operation} {found['state']}: {found['message']}")


def keep_secret(name: str, text: str) -> None:
    """A file below var/demo that only its owner may read."""
    if text:
        with os.fdopen(os.open(VAR / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text + "\n")


def tell(clusters: list[DemoCluster]) -> None:
    """Where everything is."""
    password = (VAR / "password").read_text().strip()
    say("")
    say(f"Minos is at {URL}")
    say(f"  user admin, password {password}")
    say(f"  API token in {VAR / 'token'}")
    for cluster in clusters:
        say(f"  {cluster.says}; cleanup password in {VAR / cluster.secret}")
    say("  make demo-stop stops everything")


def say(text: str) -> None:
    """One line to the person at the terminal."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
