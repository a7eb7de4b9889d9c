"""What the editor asks while somebody types."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.operations.describe import check_saved
from minos_web.security.permissions import Permission
from minos_web.views.config_editing import asked_path, problem_json

MOST_CHECKED = 1024 * 1024


@view_config(route_name="config_check", request_method="POST", renderer="json", permission=Permission.CONFIGURE)
def check_text(request: Request) -> dict[str, Any]:
    """What would be wrong with the text in the body if it were saved: {problems: [...]}."""
    path = asked_path(request)
    problems = check_saved(request.db, request.console, path, _typed(request))
    return {"problems": [problem_json(one, path) for one in problems]}


def _typed(request: Request) -> str:
    text: str = request.body[:MOST_CHECKED].decode("utf-8", "replace")
    return text
