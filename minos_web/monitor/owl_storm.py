"""Topologies of Storm as Owl told them: endpoint the topology's id, groups its parts, from the facts that nimbus tells."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.facts import Fact
from minos_web.models.clusters import Cluster
from minos_web.monitor.exposition import Around
from minos_web.monitor.facts import told_of
from minos_web.monitor.owl_shapes import Point, legal

STORM, OWN = "storm", "topology"
_UNITS = {"_per_second": "ops", "_ms": "ms", "_seconds": "s"}


def of_storm(session: Session, around: Around) -> Iterator[Point]:
    """Every topology that the leading nimbus of each cluster told lately; Storm's own parts are left out."""
    service = around.services.get(STORM)
    for cluster in session.scalars(select(Cluster).filter_by(service=STORM, retired=False).order_by(Cluster.name)):
        told = {kind: told_of(session, service, cluster, kind, around.now).facts for kind in (OWN, "spout", "bolt")}
        yield from points_of_topologies(told[OWN], [*told["spout"], *told["bolt"]])


def points_of_topologies(topologies: Sequence[Fact], parts: Sequence[Fact]) -> Iterator[Point]:
    """What is told of each topology as a whole (group "topology") and of each of its parts (group its name)."""
    endpoints = {fact.key: legal(fact.texts.get("id") or fact.key) for fact in topologies}
    for fact in topologies:
        yield from _points(endpoints[fact.key], OWN, fact)
    for fact in parts:
        name, part = fact.texts.get("topology", ""), fact.texts.get("part", "")
        if name in endpoints and part and not part.startswith("__"):
            yield from _points(endpoints[name], legal(part), fact)


def _points(endpoint: str, group: str, fact: Fact) -> Iterator[Point]:
    for key, value in fact.numbers.items():
        unit = next((unit for ending, unit in _UNITS.items() if key.endswith(ending)), "")
        yield Point(endpoint, group, legal(key), value, unit)
