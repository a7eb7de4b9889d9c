"""Host lines, instances, task numbers, names, directories and ports."""

import pytest

from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.directories import HostDirs
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.tree import MappingTree
from tests.minos_web.clusterfile.samples import (
    CATALOG,
    HDFS,
    HDFS_BASE,
    ZK,
    describe,
    files_with,
    hdfs_site,
    rendered,
    site,
)


def messages(files: dict[str, str], service: str = "hdfs", cluster: str = "lake-pike") -> str:
    """All warnings in one text."""
    return "\n".join(str(problem) for problem in describe(files, service, cluster).warnings)


def test_the_samples_give_no_warning() -> None:
    assert messages(files_with()) == ""


def test_tasks_stand_in_start_order_by_host_number_and_instance() -> None:
    slots = [(slot.job, slot.host_id, slot.instance_id, slot.task_id) for slot in describe(files_with()).tasks()]

    assert [slot[0] for slot in slots] == ["journalnode"] * 3 + ["zkfc"] * 2 + ["namenode"] * 2 + ["datanode"] * 6
    assert [slot[1:] for slot in slots[-6:]] == [(0, 0, 0), (1, 0, 1), (1, 1, 2), (1, 2, 3), (4, 0, 4), (4, 1, 5)]


def test_host_numbers_count_as_numbers_whatever_the_order_of_lines() -> None:
    files = files_with((HDFS, "  host.0=10.1.0.1/rack=r1\n", "  host.10=10.1.0.9\n  host.0=10.1.0.1/rack=r1\n"))

    assert [host.number for host in describe(files).job("datanode").hosts] == [0, 1, 4, 10]


def test_start_order_is_the_service_s_not_that_of_jobs() -> None:
    files = files_with((HDFS, "jobs=journalnode zkfc namenode datanode", "jobs=datanode zkfc namenode journalnode"))

    assert [job.name for job in describe(files).jobs] == ["journalnode", "zkfc", "namenode", "datanode"]


def test_hbase_stops_in_another_order_than_it_starts() -> None:
    description = describe(files_with(), "hbase", "lake-carp")

    assert [job.name for job in description.jobs] == ["regionserver", "master"]
    assert [job.name for job in description.stop_jobs] == ["master", "regionserver"]


@pytest.mark.parametrize(
    ("task", "name", "tail"),
    [(0, "hdfs--lake-pike--datanode", "datanode"), (2, "hdfs--lake-pike--datanode1", "datanode/1")],
)
def test_names_and_directories(task: int, name: str, tail: str) -> None:
    roots = HostDirs("/r/app", "/r/log", ("/d1", "/d2"), "/r/pkg")

    result = rendered(describe(files_with()), "datanode", task, {"10.1.0.1": roots, "10.1.0.2": roots})

    assert result.slot.process_name == name
    assert result.dirs.run_dir == f"/r/app/hdfs/lake-pike/{tail}"
    assert result.dirs.log_dir == f"/r/log/hdfs/lake-pike/{tail}"
    assert result.dirs.data_dirs == (f"/d1/hdfs/lake-pike/{tail}", f"/d2/hdfs/lake-pike/{tail}")
    assert result.dirs.current_package_dir == "/r/pkg/hdfs/lake-pike/current"
    assert result.dirs.stdout_dir == f"/r/app/hdfs/lake-pike/{tail}/stdout"
    assert result.bootstrap.data_dir_indexes == (0, 1)


def test_one_instance_is_the_same_as_nothing() -> None:
    slot = describe(files_with((HDFS, "rack=r1\n", "instance_num=1\n"))).job("datanode").tasks[0]

    assert (slot.multi_instance, slot.instance, slot.name.instance) == (False, None, None)


def test_ports_of_an_instance() -> None:
    slot = describe(files_with()).job("datanode").tasks[3]

    assert (slot.base_port, slot.ports) == (22420, {"ipc": 22420, "http": 22421, "data": 22422})


def test_an_attribute_called_ip_replaces_the_address() -> None:
    slot = describe(files_with((HDFS, "rack=r1\n", "ip=10.7.7.7/cpu=8\n"))).job("datanode").tasks[0]

    assert (slot.host_address, slot.attributes) == ("10.7.7.7", {"cpu": "8"})


def test_directories_of_another_job_follow_its_first_host_and_the_own_host_s_roots() -> None:
    files = site("a=%{datanode.data_dir}")
    roots = {"10.1.0.2": HostDirs(data_dirs=("/two",)), "10.1.0.3": HostDirs(data_dirs=("/three",))}
    description = describe(files)

    own = rendered(description, "namenode", 1, roots).files["hdfs-site.xml"]
    default = rendered(description, "namenode", 0, roots).files["hdfs-site.xml"]

    assert "<value>/two/hdfs/lake-pike/datanode</value>" in own
    assert "<value>/home/work/data/hdfs/lake-pike/datanode</value>" in default


def test_directories_of_another_job_need_no_host_of_number_zero() -> None:
    files = files_with((HDFS, "  host.0=10.1.0.1/rack=r1\n", ""), (HDFS, "#SITE#", "a=%{datanode.log_dir}"))

    assert hdfs_site(files)["a"] == "/home/work/log/hdfs/lake-pike/datanode"


def test_instances_of_another_job_s_first_host_give_its_directories_the_own_instance() -> None:
    files = files_with((HDFS, "host.0=10.1.0.1/rack=r1\n", "host.0=10.1.0.1/instance_num=2\n"))
    files[HDFS] = files[HDFS].replace("#SITE#", "a=%{datanode.data_dir}\n    b=%{namenode.run_dir}")

    assert hdfs_site(files, "datanode", 1)["a"] == "/home/work/data/hdfs/lake-pike/datanode/1"
    assert hdfs_site(files, "datanode", 1)["b"] == "/home/work/app/hdfs/lake-pike/namenode"
    assert hdfs_site(files, "namenode", 0)["a"] == "/home/work/data/hdfs/lake-pike/datanode"


def test_zkfc_has_the_namenodes_hosts_whatever_its_section_says() -> None:
    files = files_with((HDFS, "base_port=22300\n", "base_port=22300\n  host.0=10.9.9.9\n"))

    assert [host.address for host in describe(files).job("zkfc").hosts] == ["10.1.0.1", "10.1.0.2"]
    assert "the host lines here are ignored" in messages(files)


WARNINGS = {
    "something behind the host number": ([(HDFS, "host.4=", "host.4.note=")], "taken as host.4"),
    "a host behind arguments": ([(HDFS, "\n[zkfc]", "  host.9=10.1.0.9\n\n[zkfc]")], "behind [[arguments]]"),
    "an unused key of a job": ([(HDFS, "base_port=22100", "base_port=22100\n  hots.3=10.1.0.4")], "hots.3 is not used"),
    "an unused key of cluster": ([(HDFS, "version=", "versoin=1\n  version=")], "did you mean version?"),
    "an attribute twice": ([(HDFS, "rack=r1\n", "rack=r1/rack=r2\n")], "given twice"),
    "an expression in cluster": ([(HDFS, "version=3.4.1", "version=3.4.1\n  revision=%{x}")], "taken literally"),
    "two of three of a package": ([(HDFS, "version=3.4.1", "version=3.4.1\n  revision=r1\n  timestamp=t")], "package_name is missing"),
    "a loose name": ([(HDFS, "name=lake-pike", "name=lake-pike_X")], "lower case"),
    "a job that the service does not have": ([(HDFS, "jobs=", "jobs=nfs "), (HDFS, "\n[zkfc]", "\n[nfs]\n  base_port=22900\n[zkfc]")], "no job nfs"),
    "a section that is never sent": ([(HDFS, "#SITE#", "[[fair.properties]]\n    a=b")], "makes no file from [[fair.properties]]"),
    "a nested section": ([(HDFS, "#SITE#", "[[[deep]]]\n    a=b")], "made of keys only"),
    "an unquoted comma": ([(HDFS, "#SITE#", "a=x,y")], "['x', 'y']; quote the value"),
    "an unquoted comma in arguments": ([(HDFS_BASE, "-Xmx100m -XX", "-Xmx100m, -XX")], "taken whole"),
    "a raw file that is not there": ([(HDFS_BASE, "raw/note.txt", "raw/no.txt")], "] raw/no.txt is not there; note.txt is sent as an empty file"),
    "a script that is not there": ([(HDFS_BASE, "  note.txt=", "  pre.sh=%{config_dir}/raw/per.sh\n  note.txt=")], "raw/per.sh is not there"),
    "both switches": ([(HDFS, "10.1.0.2\n  [[arguments]]\n", "10.1.0.2\n  [[arguments]]\n    jvm_args=-XX:-UseThis\n")], "java takes the last"),
    "an unknown argument list": ([(HDFS, "10.1.0.2\n  [[arguments]]\n", "10.1.0.2\n  [[arguments]]\n    jvm_arg=-x\n")], "jvm_arg is not used"),
    "a word that the host does not know": ([(HDFS_BASE, "-XX:+UseThis", "-Da=$JAVA_HOME -Db=\\$HOME -Dc=$pid")], "$JAVA_HOME stays"),
    "ports that meet": ([(HDFS, "base_port=22200", "base_port=22100")], "both use port 22100 of 10.1.0.1"),
    "more than ten instances": ([(HDFS, "instance_num=3", "instance_num=11")], "run into the next hundred"),
    "a job without hosts": ([(HDFS, "  host.0=10.1.0.1\n  host.1=10.1.0.2\n  host.2=10.1.0.3\n", "")], "journalnode has no host"),
}  # fmt: skip


@pytest.mark.parametrize(("edits", "words"), WARNINGS.values(), ids=WARNINGS)
def test_what_is_hardly_meant_is_warned_about(edits: list[tuple[str, str, str]], words: str) -> None:
    files = files_with(*edits)
    if "lake-pike_X" in files[HDFS]:
        files["conf/hdfs/hdfs-lake-pike_X.cfg"] = files.pop(HDFS)
        assert words in messages(files, "hdfs", "lake-pike_X")
    else:
        assert words in messages(files)


def test_a_script_that_base_files_name_for_whoever_has_one_need_not_be_there() -> None:
    files = files_with((HDFS_BASE, "  note.txt=", "  pre.sh=%{config_dir}/raw/pre.sh\n  note.txt="))

    assert "pre.sh" not in messages(files)
    assert rendered(describe(files), "namenode").files["pre.sh"] == ""


def test_a_key_that_zookeeper_cfg_does_not_know_is_warned_about() -> None:
    files = files_with((ZK, "common/water.cfg\n", "common/water.cfg\n  [[zookeeper.cfg]]\n    maxClientCnxns=7\n"))

    assert "write max_client_cnxns=" in messages(files, "zookeeper", "lake")


def test_rendering_adds_its_warnings_once() -> None:
    description = describe(site("a=%{namenode.base_port}\n    b=%{cluster.kerberos_realm}"))
    for slot in description.tasks():
        rendered(description, slot.job, slot.task_id)
        rendered(description, slot.job, slot.task_id)

    found = [problem.message for problem in description.warnings]

    assert sum("follows the instance" in message for message in found) == 2
    assert sum("kerberos_realm" in message for message in found) == 1


def test_a_warning_stands_at_every_line_that_it_is_about_and_at_no_other() -> None:
    port, missing = "%{namenode.base_port}", "%{datanode.host.cpu}"
    files = site(f"a={port}\n    b={port}{missing}\n    c=%{{cluster.name}}\n    d=x{port}{port}")
    found = check_file(MappingTree(files), HDFS, CATALOG)

    keys = [problem.key for problem in found if "follows the instance" in problem.message]

    assert sorted(map(str, keys)) == ["a", "a", "d", "d"]  # once for each of the two instances above 0


def test_a_port_beyond_the_last_is_an_error() -> None:
    with pytest.raises(ClusterFileError, match="65535"):
        describe(files_with((HDFS, "base_port=22400", "base_port=65400"), (HDFS, "instance_num=3", "instance_num=20")))


def test_a_package_is_pinned_by_three_keys() -> None:
    pinned = files_with((HDFS, "version=3.4.1", "version=3.4.1\n  package_name=p\n  revision=r\n  timestamp=t"))

    assert describe(pinned).package == describe(pinned).package
    assert rendered(describe(pinned), "namenode").as_json()["start"]["package"] == {
        "package_name": "p",
        "revision": "r",
        "timestamp": "t",
        "force_update": False,
    }
    assert describe(files_with()).package is None
