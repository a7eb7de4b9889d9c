"""Service folders: read into frozen data, or reported with folder, file and key."""

from pathlib import Path

import msgspec
import pytest

from minos_web.catalog.loader import SHIPPED, load_catalog
from minos_web.catalog.newcluster import new_cluster_text
from minos_web.clusterfile.formats.table import FORMATS

GOOD = 'artifact = "x"\n[[jobs]]\nname = "one"\nports = { web = 1 }\n'


def folder(root: Path, text: str, name: str = "mine") -> Path:
    """A directory with one service folder."""
    (root / name).mkdir(exist_ok=True)
    (root / name / "service.toml").write_text(text)
    return root


def test_the_shipped_services_are_fine() -> None:
    catalog = load_catalog()

    assert catalog.problems == []
    assert sorted(catalog.services) == [
        "chronos", "fds", "flink", "generic", "hbase", "hdfs", "impala", "kafka", "mapreduce", "storm", "yarn", "zookeeper",
    ]  # fmt: skip
    assert {file.format for service in catalog.services.values() for file in service.files} <= set(FORMATS)


def test_a_service_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        load_catalog()["zookeeper"].artifact = "other"  # type: ignore[misc]


def test_a_site_s_own_directory_adds_and_replaces(tmp_path: Path) -> None:
    folder(tmp_path, GOOD)
    folder(tmp_path, GOOD, "kafka")

    catalog = load_catalog((SHIPPED, tmp_path))

    assert catalog["mine"].jobs[0].ports == {"web": 1}
    assert catalog["kafka"].artifact == "x"
    assert catalog.get("nosuch") is None


BROKEN = {
    "not toml": ("x = ", "", "Invalid value"),
    "too deep": ("x = " + "[" * 5000, "", "recursion"),
    "no artifact": ('[[jobs]]\nname = "one"\n', "", "artifact"),
    "no jobs": ('artifact = "x"\njobs = []\n', "jobs", "length"),
    "a wrong type": (GOOD + "multi_instance = 3\n", "jobs[0].multi_instance", "Expected `bool`"),
    "an unknown key": (GOOD + "porst = 1\n", "jobs[0]", "porst"),
    "a bad job name": ('artifact = "x"\n[[jobs]]\nname = "One"\n', "jobs[0].name", "regex"),
    "a port too far": (GOOD.replace("web = 1", "web = 100"), "jobs[0].ports[]", "99"),
    "another name": ('name = "yours"\n' + GOOD, "name", "called 'mine'"),
    "a job twice": (GOOD + '[[jobs]]\nname = "one"\n', "jobs", "same name"),
    "a stop order with a stranger": ('stop_order = ["two"]\n' + GOOD, "stop_order", "each job once"),
    "hosts from a stranger": (GOOD + 'hosts_from = "two"\n', "jobs.hosts_from", "'two'"),
    "a page on no port": (GOOD + 'web = "http"\n', "jobs (one)", "'http'"),
    "a status page on no port": (GOOD + '[jobs.status]\nreader = "r"\nport = "p"\n', "jobs (one)", "'p'"),
    "ready by no figure": (
        GOOD + '[jobs.status]\nreader = "r"\nport = "web"\nready = { f = ["x"] }\n',
        "ready",
        "'f'",
    ),
    "a chart of nothing": (GOOD + '[[charts]]\ntitle = "T"\njob = "one"\nfigures = ["f"]\n', "charts (T)", "'f'"),
    "a rule for a stranger": (GOOD + '[[health]]\nrule = "helps"\njob = "two"\n', "health", "'two'"),
    "a rule that nobody knows": (GOOD + '[[health]]\nrule = "r"\njob = "one"\n', "health[0].rule", "share-runs"),
    "a rule about no figure": (
        GOOD + '[[health]]\nrule = "one-of"\njob = "one"\nfigure = "f"\n',
        "health (one-of of one)",
        "'f'",
    ),
    "more than all must run": (
        GOOD + '[[health]]\nrule = "share-runs"\njob = "one"\nvalue = "1.5"\n',
        "health (share-runs of one)",
        "'1.5'",
    ),
    "a share of words": (
        GOOD + '[[health]]\nrule = "share-runs"\njob = "one"\nvalue = "half"\n',
        "health (share-runs of one)",
        "'half'",
    ),
    "an entry at a stranger's": (GOOD + '[entry]\njob = "two"\n', "entry", "'two'"),
    "an action of a stranger": (
        GOOD + '[[bootstrap]]\nname = "a"\njob = "two"\nkind = "run"\n',
        "bootstrap",
        "'two'",
    ),
    "a wait for a stranger": (GOOD + '[[waits]]\nbefore = "one"\nof = "two"\nport = "web"\n', "waits", "'two'"),
    "a wait for no port": (GOOD + '[[waits]]\nbefore = "one"\nof = "one"\nport = "p"\n', "waits", "'p'"),
    "a wait for oneself": (GOOD + '[[waits]]\nbefore = "one"\nof = "one"\nport = "web"\n', "waits", "all of itself"),
    "a gate of no job": (GOOD + '[[gates]]\njob = "two"\ntitle = "t"\n', "gates", "'two'"),
    "a gate at no job": (GOOD + '[[gates]]\njob = "one"\nof = "two"\ntitle = "t"\n', "gates", "'two'"),
    "a gate of no figure": (GOOD + '[[gates]]\njob = "one"\ntitle = "t"\nfigure = "f"\n', "gates (t)", "'f'"),
    "a gate of some tasks": (GOOD + '[[gates]]\njob = "one"\ntitle = "t"\ntasks = "few"\n', "gates[0].tasks", "regex"),
    "a last one of no figure": (GOOD + 'roll_last = { f = ["x"] }\n', "roll_last", "'f'"),
    "a module that is none": ('open_modules = ["a b"]\n' + GOOD, "open_modules[0]", "regex"),
    "files as keys": ('template = "x"\n' + GOOD, "template", "file or folder"),
}


@pytest.mark.parametrize(("text", "key", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_folder_is_reported_and_the_others_stay(tmp_path: Path, text: str, key: str, words: str) -> None:
    folder(tmp_path, text)
    folder(tmp_path, GOOD, "other")

    catalog = load_catalog((tmp_path,))

    [problem] = catalog.problems
    assert (problem.folder, problem.file, problem.key) == ("mine", "service.toml", key)
    assert words in problem.message
    assert str(problem).startswith("mine/service.toml: ")
    assert list(catalog.services) == ["other"]


def test_a_directory_that_is_not_there_is_reported(tmp_path: Path) -> None:
    [problem] = load_catalog((tmp_path / "nosuch",)).problems

    assert "cannot be listed" in problem.message


def test_default_files_keep_their_paths_and_must_be_text(tmp_path: Path) -> None:
    (folder(tmp_path, GOOD) / "mine" / "conf" / "common").mkdir(parents=True)
    (tmp_path / "mine" / "conf" / "common" / "x.cfg").write_text("[configuration]\n")

    assert load_catalog((tmp_path,)).default_files() == {"conf/mine/common/x.cfg": "[configuration]\n"}

    (tmp_path / "mine" / "conf" / "bin").write_bytes(b"\xff")
    [problem] = load_catalog((tmp_path,)).problems
    assert (problem.file, "UTF-8" in problem.message) == ("conf/bin", True)


def test_a_folder_without_service_toml_is_no_service(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()

    assert load_catalog((tmp_path,)) == load_catalog(())


def test_a_new_cluster_needs_a_template() -> None:
    with pytest.raises(LookupError, match="mapreduce"):
        new_cluster_text(load_catalog()["mapreduce"], "x", "1", "tst", {})


def test_a_template_is_filled(tmp_path: Path) -> None:
    folder(tmp_path, GOOD)
    (tmp_path / "mine" / "cluster.template.cfg").write_text("@name@ @version@ @level@\n  @hosts.one@\n%{config_dir}")

    text = new_cluster_text(load_catalog((tmp_path,))["mine"], "n", "1.0", "prc", {"one": ["a", "b"]})

    assert text == "n 1.0 prc\n  host.0=a\n  host.1=b\n%{config_dir}"


def test_services_can_be_told_as_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(load_catalog()["zookeeper"]))["artifact"] == "zookeeper"


WATCHED = (
    GOOD + '[jobs.status]\nreader = "json"\nport = "web"\nfigures = [{ name = "f", source = "a.f", title = "F" }]\n'
)
SECTION = '[[sections]]\njobs = ["one"]\ngroup = "RPC"\n'


def test_charts_of_a_file_of_their_own(tmp_path: Path) -> None:
    folder(tmp_path, WATCHED)
    (tmp_path / "mine" / "charts.toml").write_text(
        SECTION
        + """charts = [
            { title = "Traffic", unit = "bytes/s", kind = "counter", figures = [["in", "a.in", "In"], ["out", "a.out", "Out"]] },
            { title = "Old", figures = [["f"]] },
        ]"""
    )
    service = load_catalog((tmp_path,))["mine"]
    status = service.jobs[0].status
    assert status is not None
    assert [(one.name, one.source, one.title, one.unit, one.kind) for one in status.figures] == [
        ("f", "a.f", "F", "", "gauge"), ("in", "a.in", "In", "bytes", "counter"), ("out", "a.out", "Out", "bytes", "counter"),
    ]  # fmt: skip
    assert [(one.title, one.group, one.figures, one.unit) for one in service.charts] == [
        ("Traffic", "RPC", ("in", "out"), "bytes/s"), ("Old", "RPC", ("f",), ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sections = [", "Invalid"),
        (SECTION.replace("one", "two") + 'charts = [{ title = "T", figures = [["f"]] }]', "'two'"),
        (SECTION + 'charts = [{ title = "T", figures = [["f", "a.f"]] }]', "a figure is a name"),
        (SECTION + 'charts = [{ title = "T", figures = [] }]', "length"),
        (SECTION + 'charts = [{ title = "T", kind = "word", figures = [["f"]] }]', "regex"),
        (SECTION + 'charts = [{ title = "T", figures = [["g"]] }]', "'g'"),
        (SECTION + 'charts = [{ titel = "T", figures = [["f"]] }]', "titel"),
    ],
)
def test_a_file_of_charts_with_a_mistake(tmp_path: Path, text: str, word: str) -> None:
    folder(tmp_path, WATCHED)
    (tmp_path / "mine" / "charts.toml").write_text(text)
    catalog = load_catalog((tmp_path,))
    assert catalog.services == {}
    assert word in str(catalog.problems[0])


SIZE = '[[sizes]]\nname = "dev"\ntitle = "Dev"\nabout = "One."\n'


def test_sizes_of_a_file_of_their_own(tmp_path: Path) -> None:
    (folder(tmp_path, GOOD) / "mine/sizes.toml").write_text(SIZE + 'jobs = [{ job = "one", hosts = 2, share = 0.1 }]\n')
    service = load_catalog((tmp_path,))["mine"]
    assert [(size.name, size.of("one").hosts, size.of("other").hosts) for size in service.begins] == [("dev", 2, 0)]
    (tmp_path / "mine/sizes.toml").unlink()
    (usual,) = load_catalog((tmp_path,))["mine"].begins
    assert (usual.name, usual.of("one").hosts, usual.of("one").share) == ("usual", 3, 0.0)


@pytest.mark.parametrize(
    "text, word",
    [
        (SIZE + 'jobs = [{ job = "two" }]', "does not have"),
        (SIZE + 'jobs = [{ job = "one" }, { job = "one" }]', "twice"),
        (SIZE + 'jobs = [{ job = "one", share = 2.0 }]', "<= 0.9"),
        (SIZE + 'jobs = [{ job = "one", least_mb = 9, most_mb = 8 }]', "at most 8"),
        (SIZE + 'jobs = [{ job = "one", hosts = 1, least_hosts = 2 }]', "needs 2"),
        (SIZE + SIZE, "two sizes are called"),
        (SIZE + "surprise = 1", "surprise"),
        ("sizes = []", "length"),
    ],
)
def test_a_file_of_sizes_with_a_mistake(tmp_path: Path, text: str, word: str) -> None:
    (folder(tmp_path, GOOD) / "mine/sizes.toml").write_text(text)
    (problem,) = load_catalog((tmp_path,)).problems
    assert problem.file == "sizes.toml" and word in problem.message
