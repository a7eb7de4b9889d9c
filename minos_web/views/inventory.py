"""The inventory: what machines are there, edited one by one or taken in from a CSV file that is looked at first."""

from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.inventory import Machine
from minos_web.operations.inventory import Outcome, examine
from minos_web.operations.inventory_csv import Row, read
from minos_web.operations.inventory_fields import BY_NAME, FIELDS, KEPT, BadValue, Value, parsed, shown
from minos_web.security.permissions import Permission
from minos_web.views.api.inventory import all_lines, as_file, take_out, taken
from minos_web.views.frame import flash
from minos_web.views.machine_lines import FROM, WHICH, Line, chosen
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import count, sentence

ROWS = 200
_WANTED = ("q", "rack", "idc", "which", "sort")
_LINES_SHOWN = 500


@view_config(route_name="inventory", renderer="inventory.mako", permission=Permission.VIEW)
def inventory_page(request: Request) -> dict[str, Any]:
    """All machines, filtered and sorted."""
    found = all_lines(request)
    wanted = _wanted(request)
    return {
        "section": "hosts",
        "title": "Inventory",
        "page": cut(chosen(found, wanted), wanted_page(request.GET), ROWS),
        "total": len(found),
        "racks": sorted({line.rack for line in found if line.rack}),
        "places": sorted({line.kept("idc") for line in found if line.kept("idc")}),
        "wanted": wanted,
        "which": WHICH,
        "told_by": FROM,
        "disks": disks,
        "shown": shown,
    }


@view_config(route_name="inventory_csv", permission=Permission.VIEW)
def csv_file(request: Request) -> Response:
    """What is kept of the machines that the filter shows; with ``unkept`` also names of those of which nothing is."""
    return as_file(request, chosen(all_lines(request), _wanted(request)), request.GET.get("unkept") == "1")


@view_config(
    route_name="inventory_import", request_method="GET", renderer="inventory_import.mako",
    permission=Permission.CONFIGURE,
)  # fmt: skip
def import_page(_request: Request) -> dict[str, Any]:
    """The form."""
    return _import()


@view_config(
    route_name="inventory_import", request_method="POST", renderer="inventory_import.mako",
    permission=Permission.CONFIGURE,
)  # fmt: skip
def import_post(request: Request) -> Any:
    """Look at a file, row by row; with ``take`` do what was shown, if it still is what would come of it."""
    file = request.POST.get("file")
    content = file.file.read() if hasattr(file, "file") else request.POST.get("text", "").encode()
    if not content.strip():
        request.response.status_int = 422
        return _import(error="Choose a file, or put lines into the field.")
    sheet = read(content)
    outcome = examine(request.db, sheet.rows)
    outcome.faults = sheet.faults + outcome.faults
    if outcome.faults:
        request.response.status_int = 422
    elif request.POST.get("take") == outcome.digest:
        number = taken(request, outcome)
        flash(request, "success", f"{count(number, 'machine')} taken in.")
        return HTTPSeeOther(request.route_path("inventory"))
    elif request.POST.get("take"):
        flash(request, "warning", "The inventory has changed since: look again at what would come of the file.")
    return _import(outcome, content.decode("utf-8-sig", "replace"))


@dataclass
class Form:
    """One machine as typed: texts and what is wrong with them, by field. ``seen`` is when what it shows was changed."""

    host: str
    texts: dict[str, str]
    errors: dict[str, str]
    seen: str
    kept: bool = False


@view_config(
    route_name="inventory_machine",
    request_method="GET",
    renderer="inventory_machine.mako",
    permission=Permission.CONFIGURE,
)
def machine_page(request: Request) -> dict[str, Any]:
    """The form of the machine ``host``; of a new one without."""
    return _machine(request, _form(request, request.GET.get("host", "")))


@view_config(
    route_name="inventory_machine",
    request_method="POST",
    renderer="inventory_machine.mako",
    permission=Permission.CONFIGURE,
)
def machine_post(request: Request) -> Any:
    """Keep what is typed, or forget the machine."""
    form = _form(request, request.POST.get("host", ""))
    if form.kept and request.POST.get("seen") != form.seen:
        flash(request, "warning", "Somebody has changed this machine since you opened it; here is what is kept now.")
        return HTTPSeeOther(request.route_path("inventory_machine", _query={"host": form.host}))
    if request.POST.get("do") == "forget":
        gone = take_out(request, [form.host])
        flash(request, "success", f"Nothing is kept of {gone[0]} any more." if gone else "Nothing was kept of it.")
        return HTTPSeeOther(request.route_path("inventory"))
    form.texts = {name: request.POST.get(name, "") for name in KEPT}
    host, given = _typed(form)
    outcome = examine(request.db, [Row(1, host, given)]) if not form.errors else Outcome()
    form.errors |= {fault.field: fault.message for fault in outcome.faults}
    if form.errors:
        request.response.status_int = 422
        return _machine(request, form)
    number = taken(request, outcome)
    flash(request, "success" if number else "info", f"{host} is kept." if number else "Nothing was different.")
    return HTTPSeeOther(request.route_path("inventory", _query={"q": host}))


def _typed(form: Form) -> tuple[str, dict[str, Value]]:
    given: dict[str, Value] = {}
    for name, text in {"host": form.host, **form.texts}.items():
        try:
            given[name] = parsed(BY_NAME[name], text)
        except BadValue as error:
            form.errors[name] = sentence(error)
    host = given.pop("host", None)
    if host is None and "host" not in form.errors:
        form.errors["host"] = "Which machine? Its name is needed."
    return str(host), given


def _form(request: Request, host: str) -> Form:
    machine = request.db.scalar(select(Machine).where(Machine.host == host.strip().lower()))
    texts = {name: shown(getattr(machine, name)) if machine else "" for name in KEPT}
    return Form(host.strip(), texts, {}, repr(machine.changed_at) if machine else "", machine is not None)


def _machine(request: Request, form: Form) -> dict[str, Any]:
    line = (
        next((one for one in all_lines(request) if one.name.lower() == form.host.lower()), None) if form.host else None
    )
    title = form.host if line else "Add a machine"
    return {"section": "hosts", "title": title, "form": form, "line": line, "fields": FIELDS, "told_by": FROM}


def _import(outcome: Outcome | None = None, text: str = "", error: str = "") -> dict[str, Any]:
    changes = [change for change in outcome.changes if change.fate != "same"] if outcome else []
    return {
        "section": "hosts",
        "title": "Import an inventory",
        "outcome": outcome,
        "changes": changes[:_LINES_SHOWN],
        "left_out": len(changes[_LINES_SHOWN:]),
        "text": text,
        "error": error,
        "fields": FIELDS,
        "titles": {field.name: field.title for field in FIELDS},
        "shown": shown,
    }


def _wanted(request: Request) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip() for name in _WANTED}


def disks(line: Line, number: str, size: str) -> str:
    """Disks or SSDs of a machine in words: 12 × 4,000 GB."""
    many, each = line.kept(number), line.kept(size)
    if many is None and each is None:
        return "–"
    return f"{'?' if many is None else many}{'' if each is None else f' × {each:,.6g} GB'}"
