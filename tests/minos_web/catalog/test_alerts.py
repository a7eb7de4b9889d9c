"""Rules of alerts that folders bring: they can be understood, and what they are about really is measured."""

import time
from pathlib import Path

import pytest

import minos_worker.stats
from minos_web.catalog.loader import load_catalog
from minos_web.monitor.alerts.folding import (
    CLUSTER_HEALTH,
    HOST_LOST,
    HOSTS_LOST,
    RACK_LOST,
    TASK_DOWN,
    TASK_FLAPS,
    TASK_SILENT,
)
from minos_web.monitor.alerts.known import MADE, Known, known_figures
from minos_web.monitor.alerts.rules import Rule, shipped_rules, understood
from minos_worker.stats.host import HostFigures
from tests.minos_web.catalog.worked_example import put_example

CATALOG = load_catalog()
RULES = {rule.name: understood(rule, CATALOG) for rule in shipped_rules(CATALOG)}


def test_every_folder_whose_jobs_have_status_pages_brings_rules() -> None:
    told = {name for name, service in CATALOG.services.items() for job in service.jobs if job.status}
    assert told - {rule.service for rule in RULES.values()} == set()
    assert {HOSTS_LOST, RACK_LOST, HOST_LOST, CLUSTER_HEALTH, TASK_DOWN, TASK_SILENT, TASK_FLAPS} <= set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_is_sound(rule: Rule) -> None:
    assert rule.problem == ""
    assert rule.test is not None and len(rule.name) <= 64
    assert rule.help.endswith(".") and not rule.title.endswith(".")
    for name in rule.test.metric.names:
        fitting = [one for one in known_figures(CATALOG) if one.name == name.partition(":")[0] and _fits(rule, one)]
        assert fitting, f"nothing tells {name} of {rule.about} {rule.job}"
        assert all((one.unit == "word") is bool(rule.test.condition.words) for one in fitting)
        assert all(one.counter is rule.test.condition.rate for one in fitting), f"{name}: only what grows has a rate"
    words = {one.name for one in known_figures(CATALOG) if one.unit == "word" and one.job == rule.job}
    assert {f"{rule.service}.{figure}" for figure in rule.where} <= words
    if rule.test.clear is not None:
        for edge in rule.test.condition.edges:
            assert not (rule.test.clear.holds(edge * 1.01) and rule.test.condition.holds(edge * 1.01))


def _fits(rule: Rule, one: Known) -> bool:
    about = (rule.about, "task") if rule.about == "cluster" else (rule.about,)
    return one.about in about and (not one.service or (one.service == rule.service and one.job in ("", rule.job)))


def test_what_rules_say_of_hosts_is_what_workers_tell() -> None:
    figures = HostFigures([Path("/")])
    figures.read()
    time.sleep(0.05)  # rates need two looks
    told = set(figures.read())
    source = "".join(path.read_text() for path in Path(minos_worker.stats.__file__).parent.rglob("*.py"))
    for rule in RULES.values():
        for name in rule.test.metric.names if rule.test else ():
            if name.startswith("host.") and name not in MADE:
                plain = name.partition(":")[0]
                assert plain in told or plain == "host.memory_percent", f"{rule.name}: {name}"
                assert not name.endswith(":*") or any(one.startswith(f"{plain}:") for one in told), name
            elif name.startswith(("task.", "jvm.")) and name not in MADE:
                assert f'"{name}"' in source, f"{rule.name}: {name}"


def test_a_site_brings_its_own(tmp_path: Path) -> None:
    put_example(tmp_path)
    rule = '[[rules]]\nname = "{name}"\ntitle = "T"\nabout = "{about}"\nmetric = "{metric}"\ncondition = "> 1"\n'
    (tmp_path / "alerts.toml").write_text(rule.format(name="memory", about="host", metric="host.load1"))
    text = rule.format(name="bad", about="task", metric="counter.bad") + 'job = "counter"\n'
    (tmp_path / "counter" / "alerts.toml").write_text(text)
    catalog = load_catalog((Path(minos_worker.stats.__file__).parents[2] / "minos_web" / "catalog", tmp_path))
    assert catalog.problems == []
    rules = {one.name: one for one in shipped_rules(catalog)}
    assert rules["memory"].metric == "host.load1" and rules["counter-bad"].job == "counter"
    assert "disk-space" in rules


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[rules]]\n", "counter/alerts.toml: rules[0]: Object missing required field `name`"),
        ("[[rules]\n", "counter/alerts.toml: "),
        ('[[rules]]\nname = "a"\ntitle = "A"\nabout = "moon"\nmetric = "m"\ncondition = "> 1"\n', "rules[0].about"),
        ('[[rules]]\nname = "a"\ntitle = "A"\nabout = "task"\nmetric = "m"\ncondition = "> 1"\njob = "no"\n', "names the job 'no'"),
        ('[[rules]]\nname = "a"\ntitle = "A"\nabout = "host"\nmetric = "m"\ncondition = "> 1"\n' * 2, "two rules are called 'a'"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_folder_is_told(tmp_path: Path, text: str, says: str) -> None:
    put_example(tmp_path)
    (tmp_path / "counter" / "alerts.toml").write_text(text)
    catalog = load_catalog((tmp_path,))
    (problem,) = catalog.problems
    assert says in str(problem)
