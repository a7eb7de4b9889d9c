"""API: what is kept of machines, beside what their workers tell."""

from collections.abc import Sequence
from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.states import HostState
from minos_web.models.hosts import Host
from minos_web.operations.inventory import Outcome, all_machines, as_fields, examine, forget, keep
from minos_web.operations.inventory_csv import MOST_ROWS, Fault, Row, Sheet, read, write
from minos_web.operations.inventory_fields import BY_NAME, KEPT, BadValue, parsed
from minos_web.security.permissions import Permission
from minos_web.views.api.params import text_of
from minos_web.views.errors import Refusal
from minos_web.views.machine_lines import Line, lines
from minos_web.views.sending import attachment

_TOLD = 100
"""So many hosts stand in one audit entry by name."""


class Given(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a change: machines with the fields that are said; null takes away what is kept; ``forget`` names machines."""

    hosts: list[dict[str, str | int | float | None]] = []
    forget: list[str] = []


@view_config(route_name="api_inventory", request_method="GET", permission=Permission.VIEW)
def inventory(request: Request) -> Response:
    """Every approved host and every machine that is kept; ?format=csv what is kept, as a file that PUT takes."""
    if text_of(request, "format") == "csv":
        return as_file(request, all_lines(request), False)
    return Response(json_body={"hosts": [_line_json(line) for line in all_lines(request)]})


@view_config(route_name="api_inventory", request_method="PUT", renderer="json", permission=Permission.CONFIGURE)
def change(request: Request) -> dict[str, Any]:
    """Keep what is said of machines, in JSON or as text/csv; others stay as they are. ?dry_run=1 only looks."""
    csv = request.content_type == "text/csv"
    given = Given() if csv else msgspec.json.decode(request.body or b"{}", type=Given)
    sheet = read(request.body) if csv else _rows(given.hosts)
    outcome = examine(request.db, sheet.rows)
    faults = sheet.faults + outcome.faults
    if faults:
        raise _refusal(faults, csv)
    dry = text_of(request, "dry_run") in ("1", "true")
    gone = [] if dry else take_out(request, given.forget)
    if not dry:
        taken(request, outcome)
    told = [{"host": one.row.host, "fate": one.fate, "fields": one.fields} for one in outcome.changes]
    fates = {fate: outcome.count(fate) for fate in ("new", "changed", "same")}
    return {"dry_run": dry, **fates, "forgotten": len(gone), "hosts": told}


def taken(request: Request, outcome: Outcome) -> int:
    """Carry it out, and say so in the audit trail; how many machines are new or changed."""
    number = keep(request.db, outcome, request.identity.user, request.now)
    if number:
        done = [change for change in outcome.changes if change.fate != "same"]
        told = {change.row.host: {name: after for name, (_, after) in change.fields.items()} for change in done[:_TOLD]}
        target = f"machine {done[0].row.host}" if number == 1 else "inventory"
        request.audit("inventory.change", target, machines=number, new=outcome.count("new"), fields=told)
    return number


def take_out(request: Request, hosts: Sequence[str]) -> list[str]:
    """Forget machines, and say so in the audit trail."""
    gone = forget(request.db, hosts)
    for host in gone:
        request.audit("inventory.forget", f"machine {host}")
    return gone


def all_lines(request: Request) -> list[Line]:
    """Every approved host and every machine."""
    hosts = request.db.scalars(select(Host).where(Host.state == HostState.APPROVED).order_by(Host.name, Host.id))
    return lines(hosts, all_machines(request.db))


def as_file(request: Request, found: Sequence[Line], unkept: bool) -> Response:
    """What is kept of these machines as CSV; ``unkept``: with a row for hosts of which nothing is kept yet."""
    rows = [
        as_fields(line.machine) if line.machine else {"host": line.name, "ip": line.address}
        for line in found
        if line.machine or unkept
    ]
    return attachment(write(rows).encode(), "minos-inventory.csv", "text/csv")


def _rows(hosts: list[dict[str, str | int | float | None]]) -> Sheet:
    sheet = Sheet()
    for number, said in enumerate(hosts[:MOST_ROWS]):
        given: dict[str, str | int | float | None] = {}
        for name, value in said.items():
            field = BY_NAME.get(name)
            if field is None:
                sheet.faults.append(Fault(number, name[:40], "there is no such field"))
                continue
            try:
                given[field.name] = None if value is None else parsed(field, value)
            except BadValue as error:
                sheet.faults.append(Fault(number, name, str(error)))
        host = given.pop("host", None)
        if isinstance(host, str):
            sheet.rows.append(Row(number, host, given))
        elif not any(fault.line == number and fault.field == "host" for fault in sheet.faults):
            sheet.faults.append(Fault(number, "host", "which machine? its name is needed"))
    if len(hosts) > MOST_ROWS:
        sheet.faults.append(Fault(MOST_ROWS, "host", f"at most {MOST_ROWS:,} machines are taken at once"))
    if len({row.host for row in sheet.rows}) < len(sheet.rows):
        sheet.faults.append(Fault(0, "host", "a machine is named twice"))
    return sheet


def _refusal(faults: list[Fault], csv: bool) -> Refusal:
    def place(fault: Fault) -> str:
        return (
            f"line {fault.line}{f', {fault.field}' if fault.field else ''}"
            if csv
            else f"hosts[{fault.line}].{fault.field}"
        )

    message = f"{place(faults[0])}: {faults[0].message}" + (f"; and {len(faults) - 1} more" if faults[1:] else "")
    told = [{"line": one.line, "field": one.field, "message": one.message} for one in faults]
    return Refusal(422, "bad-inventory", message, faults[0].field if csv else place(faults[0]), errors=told)


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "host": line.name,
        "address": line.address,
        "worker": line.host is not None,
        "rack": line.rack,
        "rack_from": line.rack_from,
        "cores": line.cores,
        "memory": line.memory,
        "mounts": line.mounts,
        "differs": line.differs,
        "kept": {name: line.kept(name) for name in KEPT} if line.machine else None,
    }
