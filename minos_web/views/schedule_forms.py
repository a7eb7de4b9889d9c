"""The form of a schedule: what can be chosen, a filled form read as a draft, and a schedule as a filled form."""

import re
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from sqlalchemy import select
from webob.multidict import MultiDict

from minos_web.catalog.description import Service
from minos_web.models.clusters import Cluster
from minos_web.models.schedules import Schedule
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Refused
from minos_web.operations.schedules.keeping import Draft, when_of
from minos_web.operations.schedules.kinds import KINDS
from minos_web.operations.schedules.when import local_of, moment_of
from minos_web.operations.schedules.words import cron_of, day_and_time
from minos_web.security.permissions import Permission
from minos_web.views.acts import ACTS, Act
from minos_web.views.wishing import wish_of

UNITS = {"minutes": 60, "hours": 3600, "days": 86400}
ACTS_AT_TIMES = ("rolling_update", "restart", "start", "stop", "install")
_SECRET = ("confirm", "cleanup_password", "plan")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class What:
    """What a form is about: its ``kind``, and for operations the act, or the name of a procedure or drill."""

    value: str
    title: str
    kind: str
    act: Act | None = None
    procedure: str = ""
    service: str = ""
    drill: str = ""

    @property
    def needs_cluster(self) -> bool:
        """Whether a cluster has to be chosen."""
        return KINDS[self.kind].cluster == "needed"

    @property
    def may_cluster(self) -> bool:
        """Whether a cluster can be chosen."""
        return KINDS[self.kind].cluster != "none"


def choices(request: Request) -> list[tuple[str, list[What]]]:
    """Everything that can be chosen, in groups."""
    verbs = [
        What(f"act:{name}", ACTS[name].verb.removesuffix(" of"), "operation", ACTS[name]) for name in ACTS_AT_TIMES
    ]
    looks = [
        What(name, KINDS[name].title, name, service=KINDS[name].service)
        for name in ("check", "row-count", "quota-round", "command")
    ]
    own = [What(name, KINDS[name].title, name) for name in ("report", "package-integrity")]
    groups = [("Operations of clusters", verbs), ("Asking and counting", looks)]
    for service in _services(request):
        found = [
            What(f"procedure:{service.name}:{one.name}", one.title, "operation", None, one.name, service.name)
            for one in service.procedures
        ]
        groups += [(f"Procedures of {service.title or service.name}", found)] if found else []
        found = [
            What(f"drill:{service.name}:{one.name}", one.title, "operation", None, "", service.name, one.name)
            for one in service.drills
        ]
        groups += [(f"Drills of {service.title or service.name}", found)] if found else []
    return [*groups, ("The console", own)]


def what_of(request: Request, value: str) -> What | None:
    """The choice of this value."""
    return next((one for _, group in choices(request) for one in group if one.value == value), None)


def value_of(row: Schedule) -> str:
    """The choice that a schedule was made of."""
    if row.kind != "operation":
        return row.kind
    options = row.arguments.get("options", {})
    for kind in ("procedure", "drill"):
        if options.get(kind) and row.cluster is not None:
            return f"{kind}:{row.cluster.service}:{options[kind]}"
    return f"act:{row.arguments.get('action', '')}"


def clusters_for(request: Request, what: What | None) -> list[Cluster]:
    """Clusters that it may be about, and on which one may do such things."""
    there = select(Cluster).where(Cluster.retired.is_(False)).order_by(Cluster.service, Cluster.name)
    rows: list[Cluster] = list(request.db.scalars(there))
    rows = [row for row in rows if request.may(Permission.OPERATE, named_cluster(row))]
    return [row for row in rows if what is None or not what.service or row.service == what.service]


def named_cluster(cluster: Cluster | None) -> str:
    """service/name; empty for none."""
    return f"{cluster.service}/{cluster.name}" if cluster else ""


def draft_of(request: Request, what: What, cluster: Cluster | None, given: Any) -> Draft:
    """What a filled form asks for. Raises Refused with the field that is wrong."""
    zone = given.get("zone", "").strip() or "UTC"
    timing, values = _timing(given, zone)
    return Draft(
        name=given.get("name", "").strip(),
        kind=what.kind,
        timing=timing,
        cluster=named_cluster(cluster),
        arguments=_arguments(request, what, cluster, given),
        zone=zone,
        hours=_hours(given),
        missed=given.get("missed", "skip"),
        confirm=given.get("confirm", "").strip(),
        **values,
    )


def given_of(row: Schedule) -> MultiDict:
    """A schedule as its form was filled."""
    when, found = when_of(row), MultiDict(name=row.name, zone=row.zone, missed=row.missed)
    if when.hours is not None:
        opens, closes = str(when.hours).split("–")
        found.update(opens=opens, closes=closes)
    _give_timing(row, found)
    arguments = row.arguments
    _give_selection(row, found)
    for name in ("table", "command", "words", "host", "seconds"):
        if name in arguments:
            found[name] = str(arguments[name])
    found["recipients"] = "\n".join(arguments.get("recipients", []))
    as_usual = {"update_config": True} if row.kind == "operation" else {}
    for name, value in {**as_usual, **arguments.get("options", {})}.items():
        if value is not False and value is not None:
            found[name] = "1" if value is True else str(value)
    return found


def cluster_in(request: Request, what: What, text: str) -> Cluster | None:
    """The chosen cluster; None where none is chosen. Raises Refused where one is needed, or it is of another service."""
    if not what.may_cluster or not text:
        if what.needs_cluster:
            raise Refused("bad-option", "choose the cluster that it is about", "cluster")
        return None
    found = next((one for one in clusters_for(request, None) if f"{one.service}/{one.name}" == text), None)
    if found is None:
        raise Refused("bad-option", f"there is no cluster {text[:100]}", "cluster")
    if what.service and found.service != what.service:
        raise Refused(
            "bad-option", f"this is for clusters of {what.service}, {found.name} is one of {found.service}", "cluster"
        )
    return found


def _services(request: Request) -> list[Service]:
    catalog = request.console.catalog
    there = {row.service for row in clusters_for(request, None)}
    return [catalog[name] for name in sorted(there) if catalog.get(name)]


def _timing(given: Any, zone: str) -> tuple[str, dict[str, Any]]:
    """The timing and what belongs to it. Raises Refused."""
    chosen = given.get("timing", "day")
    if chosen == "day":
        time = given.get("time", "").strip()
        if not _TIME.fullmatch(time):
            raise Refused("bad-option", "say at what time of the day, e.g. 02:30", "time")
        days = [int(one) for one in given.getall("day") if one in "0123456" and len(one) == 1]
        return "cron", {"cron": cron_of(time, days)}
    if chosen == "every":
        return "every", {"every": _every(given), "at": _every_at(given, zone)}
    if chosen == "once":
        return "once", {"at": moment_of(given.get("once", ""), zone, "once")}
    return "cron", {"cron": given.get("cron", "").strip()}


def _every(given: Any) -> int:
    number, unit = given.get("number", "").strip(), UNITS.get(given.get("unit", ""), 60)
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise Refused("bad-option", "say every how many minutes, hours or days", "number")
    return int(number) * unit


def _every_at(given: Any, zone: str) -> float | None:
    text = given.get("first", "").strip()
    return moment_of(text, zone, "first") if text else None


def _hours(given: Any) -> str:
    opens, closes = given.get("opens", "").strip(), given.get("closes", "").strip()
    if bool(opens) != bool(closes):
        raise Refused("bad-option", "say both ends of the hours, or none", "hours")
    return f"{opens}-{closes}" if opens else ""


def _arguments(request: Request, what: What, cluster: Cluster | None, given: Any) -> dict[str, Any]:
    if what.kind == "report":
        return {"recipients": given.get("recipients", "").replace(",", " ").split()}
    if what.kind == "row-count":
        return {"table": given.get("table", "").strip()}
    if what.kind == "command":
        return _command(given)
    return _on_tasks(request, what, cluster, given) if cluster else {}


def _on_tasks(request: Request, what: What, cluster: Cluster, given: Any) -> dict[str, Any]:
    if what.drill:
        return {"action": Action.DRILL.value, "options": {"drill": what.drill}}
    if what.procedure:
        service = request.console.catalog.get(cluster.service)
        procedure = service.procedure(what.procedure) if service else None
        answers = {name: given.get(name, "").strip() for name in (procedure.asks if procedure else ())}
        return {"action": Action.PROCEDURE.value, "options": {"procedure": what.procedure, **answers}}
    wish = wish_of(request, cluster, what.act or ACTS["show"], given)
    chosen = {"jobs": list(wish.jobs), "tasks": list(wish.tasks), "hosts": list(wish.hosts)}
    if what.act is None:
        return chosen
    options = {name: value for name, value in wish.options.items() if name not in _SECRET}
    return {"action": what.act.name, **chosen, "options": options}


def _command(given: Any) -> dict[str, Any]:
    text = given.get("seconds", "").strip() or "3600"
    try:
        seconds = float(text)
    except ValueError:
        raise Refused("bad-option", f"seconds is a number, not {text[:20]!r}", "seconds") from None
    named = {name: given.get(name, "").strip() for name in ("command", "words", "host")}
    return {**named, "seconds": seconds}


def _give_timing(row: Schedule, found: MultiDict) -> None:
    simple = day_and_time(row.cron) if row.timing == "cron" else None
    found["timing"] = "day" if simple else row.timing
    if simple:
        found["time"] = simple[0]
        for day in simple[1] if len(simple[1]) < 7 else ():
            found.add("day", str(day))
    elif row.timing == "every":
        unit = next(name for name in ("days", "hours", "minutes") if row.every % UNITS[name] == 0 or name == "minutes")
        found.update(number=str(row.every // UNITS[unit]), unit=unit, first=_local(row.at, row.zone))
    elif row.timing == "once":
        found["once"] = _local(row.at, row.zone)
    else:
        found["cron"] = row.cron


def _give_selection(row: Schedule, found: MultiDict) -> None:
    jobs, tasks = row.arguments.get("jobs", []), row.arguments.get("tasks", [])
    for host in row.arguments.get("hosts", []):
        found.add("host", host)
    if not tasks:
        for job in jobs:
            found.add("job", job)
    for task in row.cluster.tasks if row.cluster and tasks else ():
        if task.number in tasks and (not jobs or task.job in jobs):
            found.add("task", f"{task.job}/{task.number}")


def _local(at: float, zone: str) -> str:
    return f"{local_of(at, zone):%Y-%m-%dT%H:%M}"
