"""API: a whole config directory, looked at and taken in."""

import tempfile
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.operations.importing import Fate, Found, Report, examine, take_in
from minos_web.operations.preview import problem_json
from minos_web.security.permissions import Permission
from minos_web.store.bundle import MOST_BYTES, BadBundle, read_archive
from minos_web.store.configdir import Edit
from minos_web.views.api.params import text_of
from minos_web.views.errors import Refusal

_PIECE = 1024 * 1024


@view_config(
    route_name="api_config_import", request_method="POST", renderer="json", permission=Permission.CONFIGURE,
    large_body=True,
)  # fmt: skip
def look_or_take(request: Request) -> dict[str, Any]:
    """What would come of the archive in the body, file by file; with ?take=1 it is taken in."""
    with tempfile.TemporaryFile() as file:
        while piece := request.body_file.read(_PIECE):
            file.write(piece)
            if file.tell() > MOST_BYTES:
                raise Refusal(413, "too-large", f"an archive has at most {MOST_BYTES} bytes")
        file.seek(0)
        try:
            report = examine(request.db, request.console, read_archive(file))
        except BadBundle as error:
            raise Refusal(422, "bad-archive", str(error)) from error
    taken = 0
    if text_of(request, "take") == "1":
        edit = Edit("", request.identity.user, request.now, text_of(request, "note") or "imported")
        taken = take_in(request.db, request.console, report, edit)
        request.audit("config.import", "configuration", files=taken, left_out=report.count(Fate.LEFT_OUT))
    return report_json(report, taken)


def report_json(report: Report, taken: int) -> dict[str, Any]:
    """{taken, files: [{path, fate, why, level, problems, notes}]}; ``taken`` files were saved."""
    return {"taken": taken, "files": [_file_json(one) for one in report.found]}


def _file_json(one: Found) -> dict[str, Any]:
    return {
        "path": one.path,
        "fate": one.fate.value,
        "why": one.why,
        "level": one.level,
        "problems": [problem_json(problem) for problem in one.problems],
        "notes": list(one.notes),
    }
