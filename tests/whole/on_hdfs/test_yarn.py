"""A real YARN on a real HDFS through the console: a MapReduce job, a resourcemanager that takes over. In file order."""

import os
import signal
from pathlib import Path

import pytest
from kazoo.client import KazooClient

from tests.whole.filesystem import Filesystem
from tests.whole.pages import Pages
from tests.whole.programs import Programs

LIBRARIES = """\
[cluster]
  name=libs
  version={version}
  jobs=mapreduce
[mapreduce]
  base_port=13000
  host.0={host}
  [[arguments]]
[configuration]
[arguments]
  [[service_common]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
  [[mapreduce]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
"""
PASSWORD = {"cleanup_password": "sesame-7"}


@pytest.fixture(scope="module")
def programs(files: Filesystem, base_port: int, hadoop_package: Path) -> Programs:
    """Described, on an HDFS that runs."""
    version = hadoop_package.name.removeprefix("hadoop-").removesuffix(".tar.gz")
    return Programs.described(files, version, base_port + 500, "pond-programs")


def test_it_comes_up_with_one_active_resourcemanager(programs: Programs) -> None:
    done = programs.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    site = programs.site
    site.until("resourcemanagers", lambda: sorted(programs.roles()) == ["active", "standby"], 60)
    site.until("nodemanagers", lambda: programs.figure("nodes") == 2, 60)
    site.until("health", lambda: site.api.get(programs.path)["status"]["kind"] == "running", 60)


def test_a_job_is_done_from_the_shell(programs: Programs) -> None:
    run = programs.examples("pi 2 10")
    over = run.over(300)
    assert over["exit_code"] == 0, run.output_all()[-3000:]
    text = run.output_all()
    assert "Estimated value of Pi is" in text
    assert "completed successfully" in text


def test_pages_show_what_yarns_own_commands_say(programs: Programs) -> None:
    """The program that ended, the nodes and the queue, against the client's lists."""
    site, pages = programs.site, Pages(programs.site)

    def printed(name: str, words: str) -> list[list[str]]:
        run = site.run(f"yarn/{programs.name}", name, words)
        assert run.over()["exit_code"] == 0, run.output_all()[-2000:]
        return [[cell.strip() for cell in line.split("\t")] for line in run.output_all().splitlines()]

    def listed(name: str, title: str) -> dict[str, dict[str, str]]:
        head, *rows = pages.rows(f"/clusters/yarn/{programs.name}/lists/{name}", title)
        return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}

    [app] = [line for line in printed("application", "-list -appStates ALL") if line[0].startswith("application_")]
    site.until("the program's end", lambda: listed("applications", "Applications")[app[0]]["State"] == app[5], 60)
    shown = listed("applications", "Applications")[app[0]]
    assert [shown[title] for title in ("Name", "Type", "User", "Queue", "State", "Ended")] == [*app[1:3], *app[3:7]]
    assert shown["Progress"].replace(" ", "") == app[7]
    # its last containers go some seconds after it: what both say is compared once they have
    site.until("no containers", lambda: {one["Containers"] for one in listed("nodes", "Nodes").values()} == {"0"}, 60)
    nodes = [line for line in printed("node", "-list") if len(line) == 4 and line[1] == "RUNNING"]
    told = listed("nodes", "Nodes")
    assert {name: (node["State"], node["Containers"]) for name, node in told.items()} == {
        line[0]: (line[1], line[3]) for line in nodes
    }
    counts = ("Running", "Submitted", "Completed", "Failed")

    def counted() -> list[list[str]]:
        queues = listed("queues", "Queues")
        return [[queues[name][title] for title in counts] for name in ("root", "root.default")]

    # the resourcemanager gathers its queues' counts some seconds later
    site.until("the queues' counts", lambda: counted() == [["0", "1", "1", "0"]] * 2, 60)

    def free() -> float:
        return sum(task["figures"]["yarn.cores_free"] for task in programs.tasks("nodemanager"))

    site.until("the nodes' own cores", lambda: listed("queues", "Queues")["root"]["Cores free"] == f"{free():.0f}", 60)


def test_the_other_resourcemanager_takes_over_and_a_job_is_done(programs: Programs) -> None:
    active = programs.roles().index("active")
    pid = programs.tasks("resourcemanager")[active]["pid"]
    # It hangs before it dies: killed alone it is started again at once, and may win the election it has lost.
    os.kill(pid, signal.SIGSTOP)
    programs.site.until("the other one to be active", lambda: programs.roles()[1 - active] == "active", 90)
    os.kill(pid, signal.SIGKILL)
    programs.site.until("nodemanagers", lambda: programs.figure("nodes") == 2, 90)
    run = programs.site.run(f"yarn/{programs.name}", "node", "-list")
    assert run.over()["exit_code"] == 0
    assert "Total Nodes:2" in run.output_all()
    programs.site.until("both again", lambda: sorted(programs.roles()) == ["active", "standby"], 90)


def test_nodemanagers_are_updated_one_by_one(programs: Programs) -> None:
    done = programs.operate("rolling_update", jobs=["nodemanager"], options={"min_healthy": 1})
    assert done["state"] == "done", done["message"]
    assert programs.figure("nodes") == 2


def test_a_nodemanager_leaves_and_comes_back(programs: Programs) -> None:
    done = programs.operate("decommission", jobs=["nodemanager"], tasks=[1])
    assert done["state"] == "done", done["message"]
    assert programs.tasks("nodemanager")[1]["state"] == "STOPPED"
    assert programs.figure("nodes") == 1
    done = programs.operate("recommission", jobs=["nodemanager"], tasks=[1])
    assert done["state"] == "done", done["message"]
    assert programs.figure("nodes") == 2


def test_it_stops_and_leaves_nothing(programs: Programs, base_port: int) -> None:
    assert programs.operate("stop")["state"] == "done"
    assert programs.operate("cleanup", options=PASSWORD)["state"] == "done"
    for host in programs.site.hosts:
        left = [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/yarn/{programs.name}/*")]
        assert left == []
    client = KazooClient(f"{programs.site.hosts[0].address}:{base_port}")
    client.start(30)
    try:
        assert {node: client.get_children(node) for node in ("/rmstore", "/yarn-leader-election")} == {
            "/rmstore": [],
            "/yarn-leader-election": [],
        }
    finally:
        client.stop()
        client.close()


def test_libraries_alone_are_brought_to_hosts(programs: Programs) -> None:
    site = programs.site
    site.api.put_text(
        "config/conf/mapreduce/mapreduce-libs.cfg",
        LIBRARIES.format(version=programs.version, host=site.hosts[2].address),
    )
    done = site.operate("mapreduce", "libs", "bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    (task,) = site.tasks("mapreduce", "libs")
    assert (task["bootstrapped"], task["package"]["name"]) == (True, f"hadoop-{programs.version}.tar.gz")
    assert list(
        site.hosts[2].root.rglob("packages/mapreduce/libs/*/*/share/hadoop/mapreduce/hadoop-mapreduce-examples-*.jar")
    )
    with pytest.raises(RuntimeError, match="MapReduce has nothing that runs"):
        site.operate("mapreduce", "libs", "start")
    assert site.operate("mapreduce", "libs", "cleanup", options=PASSWORD)["state"] == "done"
