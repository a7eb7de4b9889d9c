"""Services that a cluster file describes by itself: what is read of them, and how mistakes are told."""

import pytest

from minos_web.catalog.loader import load_catalog
from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.render import render_task
from minos_web.clusterfile.tree import MappingTree

FILE = "conf/generic/generic-web.cfg"
ARGUMENTS = '    jvm_args=""\n    system_properties=""\n    main_entry=""\n    extra_args=""\n'
TEXT = f"""\
[cluster]
  name=web
  version=2.0
  artifact=shop
  jobs=front back
[front]
  base_port=14000
  host.0=10.0.0.1
  host.1=10.0.0.2/instance_num=2
  title=Front
  program=$package_dir/bin/front
  ports="http:0 admin:3"
  web=http
  status="prometheus admin /metrics"
  figures="up=up served=requests_total busy=busy"
  counters=served
  ready="up=1|2"
  stop_wait=5
  expected_exits=0 3
  [[arguments]]
[back]
  base_port=14100
  host.0=10.0.0.1
  quorum=yes
  [[arguments]]
    main_entry=org.example.Back
[configuration]
  [[front.conf]]
    port=%{{front.base_port}}
  [[site.xml]]
    a.b=c
  [[tree.yaml]]
    k=v
[arguments]
  [[service_common]]
{ARGUMENTS}  [[front]]
{ARGUMENTS}  [[back]]
{ARGUMENTS}"""


def described(text: str = TEXT) -> ClusterDescription:
    return load_cluster(MappingTree({FILE: text}), "generic", "web", load_catalog())


def test_the_file_says_what_it_is() -> None:
    cluster = described()
    assert cluster.warnings == []
    assert cluster.service.artifact == "shop"
    front, back = cluster.service.jobs
    assert (front.title, front.web, front.ports, front.needs_java) == ("Front", "http", {"http": 0, "admin": 3}, False)
    assert (back.quorum, back.needs_java) == (True, True)
    made = render_task(cluster, next(iter(cluster.job("front").tasks)))
    assert made.start.program == "$package_dir/bin/front"
    assert (made.start.lifecycle.stop_wait, made.start.lifecycle.expected_exits) == (5.0, (0, 3))
    assert made.files["front.conf"] == "port=14000\n"
    assert "<name>a.b</name>" in made.files["site.xml"] and made.files["tree.yaml"] == "k: v\n"
    page = made.start.status
    assert page is not None
    assert (page.reader, page.address, page.path) == ("prometheus", "10.0.0.1:14003", "/metrics")
    assert page.keep == {"up": "generic.up", "requests_total": "generic.served", "busy": "generic.busy"}
    charts = [(chart.title, chart.job, chart.figures, chart.unit) for chart in cluster.service.charts]
    assert charts == [("Served, Front", "front", ("served",), "/s"), ("Busy, Front", "front", ("busy",), "")]
    assert front.status is not None and front.status.ready == {"up": ("1", "2")}
    second = list(cluster.job("front").tasks)[2]
    assert second.ports == {"http": 14010, "admin": 14013}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('ports="http:0 admin:3"', 'ports="http admin"', 12, "ports= is made of pairs such as name=value, not 'http'"),
        ('ports="http:0 admin:3"', 'ports="http:x admin:3"', 12, "http:0 admin:1, not 'x'"),
        ('ports="http:0 admin:3"', 'ports="http:100 admin:3"', 12, "99"),
        ("web=http", "web=page", 6, "page is not among its ports= (http, admin)"),
        ("/metrics", "/metrics more", 14, "status= is the reader, the port and the path"),
        ("figures=", "figurs=", 17, "ready= names up, which is not among figures="),
        ("counters=served", "counters=many", 16, "counters= names many, which is not among figures="),
        ('status="prometheus admin /metrics"', "title2=x", 15, "figures= needs status=: the reader, the port"),
        ("stop_wait=5", "stop_wait=long", 18, "stop_wait 'long' is no number of seconds"),
        ("expected_exits=0 3", "expected_exits=none", 19, "expected_exits 'none' are no exit codes"),
        ("quorum=yes", "quorum=maybe", 24, "quorum 'maybe' is neither yes nor no"),
    ],
)
def test_mistakes_are_told_with_their_line(old: str, new: str, line: int, words: str) -> None:
    with pytest.raises(ClusterFileError) as caught:
        described(TEXT.replace(old, new, 1))
    (problem,) = [one for one in caught.value.problems if one.level == "error" and words in one.message]
    assert problem.line == line


def test_a_key_that_nobody_knows_is_a_warning() -> None:
    text = TEXT.replace("title=Front", "titel=Front")
    problems = check_file(MappingTree({FILE: text}), FILE, load_catalog())
    assert ["titel is not used" in str(one) for one in problems] == [True]
