"""What every service folder keeps, those of Minos and the one that the docs build."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_web.catalog.description import Service
from minos_web.catalog.loader import SHIPPED, Catalog, load_catalog
from minos_web.catalog.newcluster import jobs_of_template, new_cluster_text
from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.formats.table import FORMATS
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.render import render_client, render_task, render_texts
from minos_web.clusterfile.tree import MappingTree
from minos_web.operations.client_args import command_of
from minos_web.operations.layouts.parts import GIB, Machine, parts_of
from minos_web.operations.layouts.recommend import recommend
from minos_web.operations.layouts.writing import Sheet, written
from minos_worker.stats.facts.table import FACT_READERS
from minos_worker.stats.readers import READERS
from tests.minos_web.catalog.worked_example import put_example

HOSTS = ("10.1.0.1", "10.1.0.2", "10.1.0.3")


def catalog() -> Catalog:
    """Every folder."""
    with tempfile.TemporaryDirectory() as room:
        return load_catalog((SHIPPED, put_example(Path(room))))


EVERYTHING = catalog()
WITH_TEMPLATE = sorted(name for name, service in EVERYTHING.services.items() if service.template)


def steps_of(service: Service) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every client command that a step runs: the job on whose host, and its texts."""
    for job in service.jobs:
        leaving = job.leaving.steps if job.leaving else ()
        for step in (*job.vacate, *job.reoccupy, *job.before_all, *job.after_all, *job.after_cleanup, *leaving):
            yield job.name, (*step.args, step.input)
    for procedure in service.procedures:
        for step in procedure.steps:
            yield procedure.job, (*step.args, step.input)
    for drill in service.drills:
        for step in drill.steps:
            yield drill.job, (*step.args, step.input)


def described(name: str, level: str) -> ClusterDescription:
    """A new cluster of a service, with new ones of those that it needs."""
    files = dict(EVERYTHING.default_files())
    for one in ("zookeeper", "hdfs", name):
        service = EVERYTHING[one]
        cluster = {"zookeeper": "lake", "hdfs": "lake-files"}.get(one, f"lake-{one}")
        cluster = one if service.cluster_name == "plain" and one != "zookeeper" else cluster
        hosts = {job.name: HOSTS[: job.usual_hosts or 3] for job in service.jobs if not job.hosts_from}
        files[f"conf/{one}/{one}-{cluster}.cfg"] = new_cluster_text(service, cluster, "1.0", level, hosts)
    tree = MappingTree(files)
    problems = check_file(tree, f"conf/{name}/{name}-{cluster}.cfg", EVERYTHING)
    assert [str(one) for one in problems] == []
    return load_cluster(tree, name, cluster, EVERYTHING)


@pytest.mark.parametrize("name", sorted(EVERYTHING.services))
def test_it_says_what_it_is_in_words_that_are_its_own(name: str) -> None:
    assert EVERYTHING.problems == []
    service = EVERYTHING[name]
    assert service.title and service.about.endswith(".")
    for job in service.jobs:
        figures = job.status.figures if job.status else ()
        for many in ([f.name for f in figures], [f.source for f in figures], list(job.ports.values())):
            assert [one for one, count in Counter(many).items() if count > 1] == []
        assert all(figure.title for figure in figures)
        assert job.status is None or job.status.reader in READERS
        assert {source.reader for source in (job.status.facts if job.status else ())} <= set(FACT_READERS)
    titles = Counter((gate.job, gate.title) for gate in service.gates)
    assert [one for one, count in titles.items() if count > 1] == [], "what was found of a fact is kept by its title"
    assert {file.format for file in service.files} <= set(FORMATS)
    for chart in service.charts:
        status = next(job.status for job in service.jobs if job.name == chart.job)
        assert status is not None
        units = {figure.unit for figure in status.figures if figure.name in chart.figures}
        assert len(units) == 1, f"{chart.title} draws {units} together"
        kinds = {figure.kind == "counter" for figure in status.figures if figure.name in chart.figures}
        assert len(kinds) == 1, f"{chart.title} draws what grows beside what does not"
        assert kinds == {chart.unit.endswith("/s")}, f"{chart.title}: a counter is drawn as what it grows in a second"
    named = Counter((chart.job, chart.group, chart.title) for chart in service.charts)
    assert [one for one, count in named.items() if count > 1] == []


def test_every_service_that_tells_of_itself_has_charts_in_sections() -> None:
    told = {name for name, service in EVERYTHING.services.items() for job in service.jobs if job.status}
    grouped = {name for name, service in EVERYTHING.services.items() for chart in service.charts if chart.group}
    assert told - grouped == {"counter"}, "the worked example has one chart"


@pytest.mark.parametrize("level", ["tst", "prc", "srv"])
@pytest.mark.parametrize("name", WITH_TEMPLATE)
def test_a_new_cluster_of_it_has_no_mistake_and_renders(name: str, level: str) -> None:
    cluster = described(name, level)
    ports: set[tuple[str, int]] = set()
    for slot in cluster.tasks():
        made = render_task(cluster, slot)
        assert made.start.program or made.start.main_entry or not EVERYTHING[name].job(slot.job).daemon  # type: ignore[union-attr]
        taken = {(slot.host_address, port) for port in slot.ports.values()}
        assert not taken & ports
        ports |= taken


@pytest.mark.parametrize("name", WITH_TEMPLATE)
def test_its_commands_and_steps_can_be_run(name: str) -> None:
    cluster, service = described(name, "tst"), EVERYTHING[name]
    first = {job.name: next(iter(job.tasks)) for job in cluster.jobs if job.tasks}
    for command in service.commands:
        found, words = command_of(cluster, command.name, ["a.jar", "a.Main", "x"] if command.class_from_jar else ["x"])
        made = render_client(cluster, next(iter(first.values())), found, words)
        assert made.start.extra_args == ["x"]
        assert (made.start.program or made.start.main_entry) and command.title
    for job, texts in steps_of(service):
        assert "%{" not in "".join(render_texts(cluster, first[job], texts))


@pytest.mark.parametrize("name", WITH_TEMPLATE)
def test_its_sizes_are_laid_out_and_written_without_a_mistake(name: str) -> None:
    service = EVERYTHING[name]
    assert name == "counter" or [size.name for size in service.sizes] == ["dev", "small", "ha"]
    there = [Machine(f"h{n}", f"10.1.0.{n}", f"r{n % 3}", memory=64 * GIB) for n in range(6)]
    for size in service.begins:
        assert (
            size.title and size.about.endswith(".") and {one.job for one in size.jobs} <= set(jobs_of_template(service))
        )
        layout = recommend(parts_of(service, size), there, {})
        assert [note.text for note in layout.notes if note.level == "fail"] == []
        heaps = {job: heap.text for job, heap in layout.heaps.items()}
        cluster = "lake" if service.cluster_name == "plain" else f"lake-{name}"
        sheet = Sheet(service, size, cluster, "1.0", size.level, layout.hosts, layout.ports, heaps)
        files = {**EVERYTHING.default_files(), f"conf/{name}/{name}-{cluster}.cfg": written(sheet)}
        for one, other in (("zookeeper", "lake"), ("hdfs", "lake-files")):
            path = f"conf/{one}/{one}-{other}.cfg"
            hosts = {job.name: HOSTS for job in EVERYTHING[one].jobs if not job.hosts_from}
            files.setdefault(path, new_cluster_text(EVERYTHING[one], other, "1.0", "tst", hosts))
        problems = check_file(MappingTree(files), f"conf/{name}/{name}-{cluster}.cfg", EVERYTHING)
        assert [str(problem) for problem in problems] == []
