"""From answers to a cluster file: the layout of these answers, its text, and that text with what somebody changed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from minos_web.catalog.description import Service
from minos_web.clusterfile.merge import merge
from minos_web.console import Console
from minos_web.models.packages import Package
from minos_web.operations.layouts.answers import (
    Answers,
    heaps_chosen,
    hosts_chosen,
    level_of,
    ports_chosen,
    size_of,
)
from minos_web.operations.layouts.looking import machines_of, taken_by_address, used_base_ports
from minos_web.operations.layouts.parts import Layout, Machine, Part, parts_of
from minos_web.operations.layouts.recommend import recommend
from minos_web.operations.layouts.writing import Sheet, written
from minos_web.operations.neighbours import taken_ports


@dataclass(frozen=True)
class Ground:
    """What a layout is made of: the parts of the cluster, the machines, and ports that others have."""

    parts: list[Part]
    machines: list[Machine]
    taken: dict[str, set[int]]
    used: set[int]

    def advised(self, only: Sequence[Machine] | None = None) -> Layout:
        """What is recommended; ``only`` on these machines, whatever speaks against one."""
        machines = self.machines if only is None else [replace(one, unfit="") for one in only]
        return recommend(self.parts, machines, self.taken, self.used)

    def completed(self, hosts: Mapping[str, Sequence[str]]) -> Layout:
        """What is recommended where the hosts are chosen."""
        return recommend(self.parts, self.machines, self.taken, self.used, hosts)


def ground_of(session: Session, console: Console, service: Service, answers: Answers, now: float) -> Ground:
    """What there is for this cluster."""
    taken = taken_by_address(taken_ports(session, (service.name, answers.name)))
    machines = machines_of(session, console.settings, now)
    return Ground(parts_of(service, size_of(service, answers.size)), machines, taken, used_base_ports(session))


def layout_of(ground: Ground, answers: Answers) -> Layout:
    """The layout of what was said so far: recommended where nothing was."""
    advised = ground.advised()
    return ground.completed(hosts_chosen(answers, advised))


def text_of(service: Service, answers: Answers, layout: Layout, package: Package | None) -> str:
    """The text for these answers. Raises CannotWrite or LookupError."""
    pin = (package.name, package.revision, package.timestamp) if package is not None and answers.pin else None
    ports = {job: int(text) for job, text in ports_chosen(answers, layout).items() if text.isdigit()}
    sheet = Sheet(
        service,
        size_of(service, answers.size),
        answers.name,
        answers.version,
        level_of(service, answers),
        hosts_chosen(answers, layout),
        ports,
        heaps_chosen(answers, layout),
        answers.hdfs,
        pin,
    )
    return written(sheet)


def with_changes(answers: Answers, made: str) -> tuple[str, int]:
    """The text made now with what somebody changed in the one made before, and in how many places both are at odds."""
    if not answers.text:
        return made, 0
    merged = merge(answers.text_base, answers.text, made, "your text", "the answers as they are now")
    return merged.text, merged.clashes
