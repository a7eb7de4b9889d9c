"""Rules and dashboard for Prometheus and Grafana: every figure that they name is one that the console tells."""

import json
import re
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.alerts import Alert
from minos_web.models.lease import Lease
from minos_web.models.operations import Operation
from minos_web.models.schedules import Round
from tests.minos_web.alert_scene import add_alert
from tests.minos_web.scene import add_cluster, add_hosts

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text())["groups"]
BOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text())


def labels_of(text: str) -> set[str]:
    """Label names that an expression selects or groups by."""
    picked = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", text))
    return picked | {name for names in re.findall(r"by \(([^)]*)\)", text) for name in re.split(r",\s*", names)}


@pytest.fixture
def told(session: Session, console: Console, api_as: Callable[[str], TestApp]) -> dict[str, set[str]]:
    """Metric -> the names of its labels, of a console where there is something of everything."""
    now = time.time()
    host = add_hosts(session)[0]
    host.figures, host.figures_at = {"host.cpu_percent": 12.5, "host.disk_percent:/data": 40.0}, now
    add_cluster(session, console)
    session.add(Lease(name="engine", holder="here", epoch=1, seen_at=now - 5))
    session.add(Round(name="health", seconds=2.0, began_at=now - 900, ended_at=now - 899, took=1.0, runs=3, failures=1))
    session.add(Operation(action="start", state="done", created_by="admin", created_at=now))
    add_alert(session, now=now)
    session.commit()
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(api_as("viewer").get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_figure_is_told(told: dict[str, set[str]]) -> None:
    texts = [rule["expr"] for group in RULES for rule in group["rules"]]
    texts += [target["expr"] for panel in BOARD["panels"] for target in panel.get("targets", [])]
    texts += [variable["query"]["query"] for variable in BOARD["templating"]["list"] if variable["type"] == "query"]
    assert len(texts) > 30
    conditional = {"minos_forwarding_behind_seconds"}  # only where samples go on to OpenTSDB; test_metrics.py has it
    for text in texts:
        named = set(re.findall(r"minos_\w+", text))
        assert named - set(told) - conditional == set(), text
        there = {"job"}.union(*(told.get(name, set()) for name in named))
        assert labels_of(text) <= there, text


def test_texts_name_labels_that_are_left() -> None:
    for rule in (rule for group in RULES for rule in group["rules"]):
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("warning", "error")
        assert set(rule["annotations"]) == {"summary", "description"}
        if " by " not in rule["expr"]:
            continue
        named = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert named <= labels_of(rule["expr"]), rule["alert"]


def test_panels_have_their_own_places() -> None:
    panels = BOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for one, other in combinations([panel["gridPos"] for panel in panels], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below, (one, other)
        assert one["x"] + one["w"] <= 24


def test_a_late_round_and_an_alert_are_counted(
    told: dict[str, set[str]], session: Session, api_as: Callable[[str], TestApp]
) -> None:
    text = api_as("viewer").get("/metrics").text
    assert 'minos_round_late{round="health"} 1.0' in text and 'minos_round_failures_total{round="health"} 1.0' in text
    assert 'minos_alerts_firing{level="error"} 1.0' in text
    for row in session.query(Alert):
        row.muted = "maintenance"
    session.commit()
    assert 'minos_alerts_firing{level="error"} 0.0' in api_as("viewer").get("/metrics").text
