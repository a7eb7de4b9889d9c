"""What each step of the wizard for a new cluster shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from sqlalchemy import func, select

from minos_common.states import HostState
from minos_web.catalog.description import Service
from minos_web.models.cluster_drafts import ClusterDraft
from minos_web.models.hosts import Host
from minos_web.operations.layouts.answers import (
    STEPS,
    Answers,
    artifact_of,
    heaps_chosen,
    hosts_chosen,
    level_of,
    own_jobs,
    ports_chosen,
    size_of,
)
from minos_web.operations.layouts.drafts import CLUSTER, KEEP_DAYS, open_drafts
from minos_web.operations.layouts.looking import clusters_of
from minos_web.operations.layouts.making import ground_of, layout_of
from minos_web.operations.layouts.parts import Heap, Machine, Note, Part, hosts_of, in_words
from minos_web.operations.neighbours import clashes, taken_ports
from minos_web.operations.rendering import host_dirs
from minos_web.store import packages
from minos_web.views.wizard_forms import Errors, services_of, version_of

TITLES = {
    "service": "Service",
    "package": "Package",
    "hosts": "Hosts",
    "sizes": "Ports and memory",
    "review": "Review",
}
LEVELS = [("", "as the size says"), ("tst", "test"), ("prc", "processing, offline"), ("srv", "serving, online")]
MOST_ROWS = 300


@dataclass(frozen=True)
class Stage:
    """A step as the list above the form shows it; ``open`` can be gone to."""

    name: str
    title: str
    number: int
    now: bool
    done: bool
    open: bool


@dataclass(frozen=True)
class Sized:
    """A part with its port and heap as they stand in the form. ``clash`` says who has its ports already."""

    part: Part
    port: str
    heap: str
    advised_port: str
    advised: Heap
    hosts: int
    clash: str
    directories: str


def frame(request: Request, row: ClusterDraft | None, answers: Answers, step: str, errors: Errors) -> dict[str, Any]:
    """What every step shows."""
    reached = STEPS.index(row.step) if row is not None and row.step in STEPS else 0
    here = STEPS.index(step)
    stages = [
        Stage(name, TITLES[name], number + 1, number == here, number < max(reached, here), number <= reached)
        for number, name in enumerate(STEPS)
    ]
    service = request.console.catalog.get(answers.service)
    return {
        "section": "clusters",
        "title": "New cluster",
        "draft": row,
        "step": step,
        "stages": stages,
        "answers": answers,
        "errors": errors,
        "service": service,
        "size": size_of(service, answers.size) if service else None,
        "drafts": [],
        "services": [],
        "keep_days": KEEP_DAYS,
        "given": request.POST if request.method == "POST" else {},
    }


def service_page(request: Request, row: ClusterDraft | None, answers: Answers, errors: Errors) -> dict[str, Any]:
    """Step 1."""
    page = frame(request, row, answers, "service", errors)
    service = page["service"]
    return {
        **page,
        "services": services_of(request),
        "sizes": service.begins if service else (),
        "levels": LEVELS,
        "zookeepers": clusters_of(request.db, "zookeeper"),
        "hdfs": clusters_of(request.db, "hdfs"),
        "asks_hdfs": service is not None and "@hdfs@" in service.template,
        "drafts": open_drafts(request.db, request.identity.user, CLUSTER) if row is None else [],
        "hosts_there": request.db.scalar(select(func.count()).where(Host.state == HostState.APPROVED)),
    }


def package_page(request: Request, row: ClusterDraft, answers: Answers, errors: Errors) -> dict[str, Any]:
    """Step 2; the newest is preselected."""
    page = frame(request, row, answers, "package", errors)
    artifact = artifact_of(page["service"], answers.name)
    known = packages.find(request.db, artifact)[:50]
    chosen = answers.package
    if not chosen and not answers.version and known:
        chosen = known[0].id
    return {**page, "artifact": artifact, "known": known, "chosen": chosen, "version_of": version_of}


def hosts_page(request: Request, row: ClusterDraft, answers: Answers, errors: Errors) -> dict[str, Any]:
    """Step 3: every host with what is free, and who gets it."""
    page = frame(request, row, answers, "hosts", errors)
    service: Service = page["service"]
    ground = ground_of(request.db, request.console, service, answers, request.now)
    advised = ground.advised()
    hosts = hosts_chosen(answers, advised)
    taken = [address for chosen in hosts.values() for address in chosen]
    known = {machine.address for machine in ground.machines} | {machine.name for machine in ground.machines}
    # Those that are chosen stay in sight, in the order that numbers their tasks, then those with most room.
    place = {address: number for number, address in reversed(list(enumerate(taken)))}
    rows = sorted(
        ground.machines,
        key=lambda one: (
            min(place.get(one.address, len(taken)), place.get(one.name, len(taken))),
            bool(one.unfit),
            -(one.memory or 0),
            one.name,
        ),
    )
    own = own_jobs(service)
    layout = ground.completed(hosts)
    return {
        **page,
        "jobs": [part for part in ground.parts if part.job in own],
        "machines": rows[: max(MOST_ROWS, len(taken))],
        "left": max(0, len(rows) - max(MOST_ROWS, len(taken))),
        "hosts": hosts,
        "strange": {job: [one for one in chosen if one not in known] for job, chosen in hosts.items()},
        "advised": {job: list(chosen) for job, chosen in advised.hosts.items()},
        "notes": [note for note in _once([*advised.notes, *layout.notes]) if note.step == "hosts"],
        "is_on": _is_on,
        "beside": [part for part in ground.parts if part.beside],
        "in_words": in_words,
    }


def sizes_page(request: Request, row: ClusterDraft, answers: Answers, errors: Errors) -> dict[str, Any]:
    """Step 4: base ports and heaps, each with its reason."""
    page = frame(request, row, answers, "sizes", errors)
    service: Service = page["service"]
    ground = ground_of(request.db, request.console, service, answers, request.now)
    layout = layout_of(ground, answers)
    ports, heaps = ports_chosen(answers, layout), heaps_chosen(answers, layout)
    taken, roots = taken_ports(request.db, (service.name, answers.name)), host_dirs(request.db, request.console)
    sized = []
    for part in ground.parts:
        addresses = hosts_of(part, layout.hosts)
        port = ports.get(part.job, "")
        clash = ""
        if port.isascii() and port.isdigit() and len(port) < 6:
            wanted = sorted({int(port) + offset for offset in (0, *part.ports)})
            found = [text for address in addresses for text in clashes(taken, address, wanted)]
            clash = found[0] if found else ""
        first = next((roots[one] for one in addresses if one in roots), None)
        tail = f"{service.name}/{answers.name}/{part.job}"
        places = ", ".join(f"{place}/{tail}" for place in (first.data_dirs if first else ()))
        said = (port, heaps.get(part.job, ""), str(layout.ports.get(part.job, "")), layout.heaps[part.job])
        sized.append(Sized(part, *said, len(addresses), clash, places))
    notes = [note for note in layout.notes if note.title in ("Memory", "Ports")]
    return {**page, "sized": sized, "notes": notes, "level": dict(LEVELS)[level_of(service, answers)]}


def _is_on(machine: Machine, addresses: Sequence[str]) -> bool:
    """Whether a job is on it, under its address or its name."""
    return machine.address in addresses or machine.name in addresses


def _once(notes: Sequence[Note]) -> list[Note]:
    return list(dict.fromkeys(notes))
