"""A real YARN on a real HDFS through the console: a MapReduce job, a resourcemanager that takes over. In file order."""

import os
import signal
from pathlib import Path

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.filesystem import Filesystem
from tests.whole.programs import Programs
from tests.whole.site import Site, free_base_port

pytestmark = pytest.mark.timeout(420)
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
def programs(site: Site, zookeeper_package: Path, hadoop_package: Path) -> Programs:
    """Described, on an HDFS that runs."""
    base_port = free_base_port([host.address for host in site.hosts], blocks=9)
    ensemble = Ensemble.described(site, zookeeper_package, base_port, "work")
    assert ensemble.operate("bootstrap", options=PASSWORD)["state"] == "done"
    files = Filesystem.described(site, hadoop_package, base_port + 100, "work-files")
    done = files.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    site.until("four datanodes", lambda: files.figure("live_datanodes") == 4, 60)
    version = hadoop_package.name.removeprefix("hadoop-").removesuffix(".tar.gz")
    return Programs.described(files, version, base_port + 500, "work-programs")


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


def test_it_stops_and_leaves_nothing(programs: Programs) -> None:
    assert programs.operate("stop")["state"] == "done"
    assert programs.operate("cleanup", options=PASSWORD)["state"] == "done"
    for host in programs.site.hosts:
        left = [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/yarn/{programs.name}/*")]
        assert left == []
    for node in ("/rmstore", "/yarn-leader-election"):
        nodes = programs.site.run("zookeeper/work", "zk", f"ls {node}")
        assert nodes.over()["exit_code"] == 0
        assert nodes.output_all().rstrip().endswith("[]"), nodes.output_all()


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
