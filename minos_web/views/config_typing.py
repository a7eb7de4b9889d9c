"""What the editor asks while somebody types."""

from collections.abc import Iterable
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.clusterfile.vocabulary import Word, vocabulary
from minos_web.operations.describe import WithOneText, check_saved
from minos_web.operations.rendering import context_of, host_dirs
from minos_web.security.permissions import Permission
from minos_web.store import configdir
from minos_web.views.config_editing import asked_path, outline_of, problem_json, typed_text

MOST_CHECKED = 1024 * 1024


@view_config(route_name="config_check", request_method="POST", renderer="json", permission=Permission.CONFIGURE)
def check_text(request: Request) -> dict[str, Any]:
    """What would be wrong with the text in the body if it were saved: {problems: [...]}."""
    path = asked_path(request)
    problems = check_saved(request.db, request.console, path, _typed(request))
    return {"problems": [problem_json(one, path) for one in problems]}


@view_config(route_name="config_words", request_method="POST", renderer="json", permission=Permission.CONFIGURE)
def words(request: Request) -> dict[str, Any]:
    """What may stand where, for the text in the body: the vocabulary as JSON, words as [text, what it says]."""
    path = asked_path(request)
    saved = configdir.tree_at(request.db)
    trees = (WithOneText(saved, path, _typed(request)), saved)
    console = request.console
    found = vocabulary(trees, path, console.catalog, host_dirs(request.db, console), context_of(console))
    return {
        "cluster": found.cluster,
        "expressions": _pairs(found.expressions),
        "sections": {section: _pairs(inner) for section, inner in found.sections.items()},
        "keys": {section: _pairs(inner) for section, inner in found.keys.items()},
        "jobs": _pairs(found.jobs),
        "host_words": list(found.host_words),
        "paths": found.paths,
    }


def _pairs(found: Iterable[Word]) -> list[list[str]]:
    return [[word.text, word.says] for word in found]


@view_config(
    route_name="config_outline",
    request_method="POST",
    renderer="config_outline.mako",
    permission=Permission.CONFIGURE,
)
def outline_part(request: Request) -> dict[str, Any]:
    """The outline of the form's text, as a part of the editor's page."""
    path = asked_path(request)
    return {"made": outline_of(request, path, typed_text(request)), "path": path}


def _typed(request: Request) -> str:
    text: str = request.body[:MOST_CHECKED].decode("utf-8", "replace")
    return text
