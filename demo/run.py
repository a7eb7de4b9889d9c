"""`make demo`: console, three workers, a real ZooKeeper ensemble. A second run finds everything running."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo import processes
from demo.api import Api, wait_for
from demo.site import BIN, CLUSTER, HOSTS, INI, TOP, URL, VAR, worker_ini, zookeeper_cfg

CLUSTER_PATH = f"clusters/zookeeper/{CLUSTER}"


def main() -> None:
    """Bring everything up and say where it is."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--package", type=Path, help="a ZooKeeper tarball to use instead of the assembled one")
    package = zookeeper_package(options.parse_args().package)
    # Pyramid 2 still asks pkg_resources for its assets; a newcomer cannot act upon that being deprecated.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:pkg_resources is deprecated:UserWarning")
    start_console()
    api = Api(URL, (VAR / "token").read_text().strip())
    start_workers(api)
    stored = api.upload(package, "zookeeper", "demo")
    say(f"package {stored['name']} is in the store")
    describe_cluster(api, version_of(package))
    bring_up(api)
    tell()


def zookeeper_package(given: Path | None) -> Path:
    """The given tarball, or one assembled by packages/assemble.py."""
    if given is not None:
        if not given.is_file():
            sys.exit(f"there is no file {given}")
        return given
    command = [sys.executable, str(TOP / "packages" / "assemble.py"), "zookeeper"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit("no ZooKeeper package; see above")
    return Path(done.stdout.strip().splitlines()[-1])


def version_of(package: Path) -> str:
    """3.9.4 of zookeeper-3.9.4.tar.gz or apache-zookeeper-3.9.4-bin.tar.gz."""
    stem = package.name.removeprefix("apache-").removesuffix(".tgz").removesuffix(".tar.gz").removesuffix("-bin")
    return stem.removeprefix("zookeeper-")


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


def describe_cluster(api: Api, version: str) -> None:
    """Save the cluster file, unless somebody already has one there."""
    path = f"config/conf/zookeeper/zookeeper-{CLUSTER}.cfg"
    if not any(c["name"] == CLUSTER for c in api.get("clusters")["clusters"]):
        api.put_text(path, zookeeper_cfg(version))
        say(f"cluster file conf/zookeeper/zookeeper-{CLUSTER}.cfg saved")


def bring_up(api: Api) -> None:
    """Bootstrap the first time, start when it is stopped, nothing when it runs."""
    cluster = api.get(CLUSTER_PATH)
    if cluster["open_operation"]:
        finish(api, cluster["open_operation"])
    elif cluster["bootstrapped_at"] is None:
        options = {"confirm": CLUSTER}
        started = api.post(f"{CLUSTER_PATH}/operations", {"action": "bootstrap", "options": options})
        keep_secret("cleanup-password", started.get("cleanup_password", ""))
        finish(api, started["id"])
    elif not all(task["state"] == "RUNNING" for task in api.get(f"{CLUSTER_PATH}/tasks")["tasks"]):
        finish(api, api.post(f"{CLUSTER_PATH}/operations", {"action": "start", "options": {}})["id"])
    wait_for("a healthy ensemble", lambda: api.get(CLUSTER_PATH)["status"]["kind"] == "running", 60)


def finish(api: Api, operation: int) -> None:
    """Wait for an operation; ends the demo with its message when it does not succeed."""
    say(f"operation {URL}/operations/{operation} ...")
    ended = {"done", "failed", "cancelled"}
    wait_for(f"operation {operation}", lambda: api.get(f"operations/{operation}")["state"] in ended, 300)
    found = api.get(f"operations/{operation}")
    if found["state"] != "done":
        sys.exit(f"operation {operation} {found['state']}: {found['message']}")


def keep_secret(name: str, text: str) -> None:
    """A file below var/demo that only its owner may read."""
    if text:
        with os.fdopen(os.open(VAR / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text + "\n")


def tell() -> None:
    """Where everything is."""
    password = (VAR / "password").read_text().strip()
    say("")
    say(f"Minos is at {URL}")
    say(f"  user admin, password {password}")
    say(f"  API token in {VAR / 'token'}, cleanup password of {CLUSTER} in {VAR / 'cleanup-password'}")
    say(f"  ZooKeeper: {', '.join(f'{host.address}:12000' for host in HOSTS)}")
    say("  make demo-stop stops everything")


def say(text: str) -> None:
    """One line to the person at the terminal."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
