"""The editor's page, and saving what was typed into it: shared by every page that ends in the editor."""

from collections.abc import Sequence
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request

from minos_web.clusterfile.merge import first_mark, merge
from minos_web.clusterfile.outline import Outline, outline
from minos_web.clusterfile.problems import Problem
from minos_web.models.config import ConfigRevision
from minos_web.operations.describe import WithOneText, check_saved, described_in, refresh_clusters
from minos_web.store import configdir
from minos_web.store.configdir import BadContent, BadPath, Conflict, Edit
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence
from minos_web.views.side_by_side import side_by_side


def editor(
    request: Request,
    path: str,
    text: str,
    based_on: int,
    problems: Sequence[Problem] = (),
) -> dict[str, Any]:
    """What the editor's page shows; ``based_on`` is the revision id that the text began with, 0 for a new file."""
    described = described_in(configdir.tree_at(request.db), path)
    revisions = configdir.history(request.db, path)
    return {
        "section": "config",
        "title": path.rpartition("/")[2],
        "path": path,
        "text": text,
        "based_on": based_on,
        "note": "",
        "refused": False,
        "problems": [problem_json(problem, path) for problem in problems],
        "latest": revisions[0] if revisions else None,
        "revisions": revisions[:8],
        "language": "cfg" if path.endswith((".cfg", ".ini")) else "xml" if path.endswith(".xml") else "properties",
        "cluster": described if described and revisions and revisions[0].content is not None else None,
        "made": outline_of(request, path, text) if path.endswith(".cfg") else None,
        "fresh": False,
        "old": None,
        "meanwhile": None,
        "stretches": [],
        "adopted": "",
        "cannot": [],
        "later": False,
    }


def save_text(request: Request, path: str, text: str, based_on: int, note: str) -> Any:
    """Save the text and go to its page; with errors, or when somebody was faster, the editor's page with what was typed.

    ``based_on`` is the revision id with which the text began (0: there was no file).
    """
    problems = check_saved(request.db, request.console, path, text)
    marked = first_mark(text)
    if marked is not None:
        problems = [Problem("error", path, marked, None, None, "a mark of two edits stands here: keep one of them")]
    if any(problem.level == "error" for problem in problems):
        request.response.status_int = 422
        return {**editor(request, path, text, based_on, problems), "note": note, "refused": True}
    edit = Edit(path, request.identity.user, request.now, note, based_on)
    try:
        saved = configdir.save(request.db, edit, _as_before(request, path, text).encode())
    except Conflict as conflict:
        return {**_both(request, path, text, based_on, conflict.latest), "note": note}
    except BadContent as bad:
        request.tm.doom()
        request.response.status_int = 422
        found = [Problem("error", path, None, None, None, str(bad))]
        return {**editor(request, path, text, based_on, found), "note": note, "refused": True}
    return gone_on(request, path, saved, f"{path} is saved as revision {saved.number}.")


def _as_before(request: Request, path: str, text: str) -> str:
    """A browser sends one kind of line end; a file that had the other one keeps it."""
    latest = configdir.read(request.db, path)
    before = latest.content or b"" if latest else b""
    ends = before.count(b"\n")
    return text.replace("\n", "\r\n") if ends and before.count(b"\r\n") == ends else text


def gone_on(request: Request, path: str, saved: ConfigRevision, text: str) -> HTTPSeeOther:
    """After a revision was saved: rows, audit, a word, and back to the file."""
    refresh_clusters(request.db, request.console, request.now)
    request.audit("config.save", path, revision=saved.id, number=saved.number, note=saved.note)
    flash(request, "success", text)
    return HTTPSeeOther(request.route_path("config_file", path=path))


def _both(request: Request, path: str, text: str, based_on: int, latest: ConfigRevision | None) -> dict[str, Any]:
    """Somebody was faster: both changes in the editor, and beside each other what either side did."""
    request.tm.doom()
    request.response.status_int = 409
    began = next((row for row in configdir.history(request.db, path) if row.id == based_on), None)
    base, theirs = text_of(began), text_of(latest)
    there = latest is not None and latest.content is not None
    whose = f"{latest.author}, revision {latest.number}" if latest else "nobody"
    found = merge(base, text, theirs, "your text", whose)
    merged = found.text if there else text
    problems = check_saved(request.db, request.console, path, merged)
    page = editor(request, path, merged, latest.id if latest and there else 0, [] if found.clashes else problems)
    meanwhile = {
        "who": latest.author if latest else "somebody",
        "number": latest.number if latest else 0,
        "deleted": not there,
        "clashes": found.clashes if there else 0,
        "theirs": side_by_side(base, theirs) if there else [],
        "mine": side_by_side(base, text),
        "began": began.number if began else 0,
    }
    return {**page, "meanwhile": meanwhile}


def outline_of(request: Request, path: str, text: str) -> Outline:
    """The outline of a file as it would be with this text."""
    return outline(WithOneText(configdir.tree_at(request.db), path, text), path)


def problem_json(problem: Problem, path: str) -> dict[str, Any]:
    """A problem as the editor takes it. A line of another file is told in the message, not marked in this one."""
    elsewhere = problem.file != path
    return {
        "level": problem.level,
        "line": None if elsewhere else problem.line,
        "section": problem.section,
        "key": problem.key,
        "message": f"{problem.file}{f':{problem.line}' if problem.line else ''}: {problem.message}"
        if elsewhere
        else problem.message,
    }


def asked_path(request: Request) -> str:
    """The path of the URL. Raises HTTPNotFound for one that no file can have."""
    try:
        return configdir.check_path(request.matchdict["path"])
    except BadPath as bad:
        raise HTTPNotFound(sentence(bad)) from bad


def text_of(revision: ConfigRevision | None) -> str:
    """Text of a revision with plain line ends; empty for none, and for one that deleted the file."""
    text = (revision.content or b"").decode("utf-8", "replace") if revision else ""
    return text.replace("\r\n", "\n")


def typed_text(request: Request) -> str:
    """The text that a form sent, with plain line ends."""
    return str(request.POST.get("text", "")).replace("\r\n", "\n")


def number_in(text: str) -> int:
    """A whole number that a form sent back, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
