"""Dashboards over the API: who may what, and that nobody saves over what they have not seen."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.models.people import AuditEntry
from tests.minos_web.views.api.test_openapi import fits

Api = Callable[[str], TestApp]
URL = "/api/v1/dashboards"
DRAFT = {"title": "Lake", "panels": [{"metrics": ["host.cpu_percent"], "host": "node1"}]}


def made(api_as: Api, role: str = "operator", **said: Any) -> dict[str, Any]:
    found: dict[str, Any] = api_as(role).post_json(URL, {**DRAFT, **said}, status=201).json
    return found


def put(app: TestApp, row: dict[str, Any], status: int = 200, **said: Any) -> Any:
    kept = ("title", "description", "sharing", "panels", "revision")
    body = {name: row[name] for name in kept} | said
    return app.put_json(f"{URL}/{row['id']}", body, status=status).json


def test_one_is_made_told_of_saved_and_deleted(api_as: Api) -> None:
    app = api_as("operator")
    row = made(api_as)
    assert fits(row, "/dashboards", "post", "201") == []
    assert (row["owner"], row["sharing"], row["revision"]) == ("operator", "private", 1)
    assert row["panels"][0]["width"] == "half", "what was left out stands there as it counts"
    listed = app.get(URL).json
    assert fits(listed, "/dashboards") == [] and [one["title"] for one in listed["dashboards"]] == ["Lake"]
    saved = put(app, row, title="Sea")
    assert fits(saved, "/dashboards/{id}", "put") == []
    assert (saved["title"], saved["revision"]) == ("Sea", 2)
    assert app.get(f"{URL}/{row['id']}").json == saved
    assert app.delete(f"{URL}/{row['id']}").json == {"deleted": row["id"]}
    assert app.get(f"{URL}/{row['id']}", status=404).json["error"]["code"] == "not-found"


def test_the_second_editor_is_refused_with_what_to_do(api_as: Api) -> None:
    row = made(api_as, sharing="edit")
    put(api_as("admin"), row, title="Theirs")
    error = put(api_as("operator"), row, 409, title="Mine")["error"]
    assert error["code"] == "overtaken" and error["field"] == "revision"
    assert "admin has saved" in error["message"] and "revision 2" in error["message"] and "copy" in error["message"]
    assert api_as("operator").get(f"{URL}/{row['id']}").json["title"] == "Theirs"


def test_saving_what_is_there_makes_no_revision(api_as: Api, session: Session) -> None:
    row = made(api_as)
    assert put(api_as("operator"), row)["revision"] == 1
    assert "dashboard.change" not in session.scalars(select(AuditEntry.action)).all()


@pytest.mark.parametrize(
    ("sharing", "who", "sees", "changes", "deletes"),
    [
        ("private", "viewer", 404, 403, 403),
        ("view", "viewer", 200, 403, 403),
        ("edit", "viewer", 200, 403, 403),
        ("private", "operator", 404, 404, 404),
        ("view", "operator", 200, 403, 403),
        ("edit", "operator", 200, 200, 403),
        ("private", "admin", 200, 200, 200),
    ],
)
def test_who_may_what(api_as: Api, sharing: str, who: str, sees: int, changes: int, deletes: int) -> None:
    owner = "operator" if who == "admin" else "admin"
    row = made(api_as, owner, sharing=sharing)
    app = api_as(who)
    app.get(f"{URL}/{row['id']}", status=sees)
    assert (row["id"] in [one["id"] for one in app.get(URL).json["dashboards"]]) == (sees == 200)
    put(app, row, changes, title="Changed")
    app.delete(f"{URL}/{row['id']}", status=deletes)


def test_only_the_owner_says_who_may_see_it(api_as: Api) -> None:
    row = made(api_as, "admin", sharing="edit")
    error = put(api_as("operator"), row, 403, sharing="private")["error"]
    assert error["field"] == "sharing" and "only admin" in error["message"]


def test_a_viewer_makes_none(api_as: Api) -> None:
    api_as("viewer").post_json(URL, DRAFT, status=403)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": ""}, "title"),
        ({"panels": [{"metrics": ["a"], "width": "huge"}]}, "panels[0].width"),
        ({"panels": [{"metrics": []}]}, "panels[0].metrics"),
        ({"sharing": "world"}, "sharing"),
        ({"owner": "eve"}, ""),
    ],
)
def test_what_is_wrong_names_its_field(api_as: Api, said: dict[str, Any], field: str) -> None:
    answer = api_as("operator").post_json(URL, {**DRAFT, **said}, status=422)
    assert answer.json["error"].get("field", "") == field
    assert fits(answer.json, "/dashboards", "post", "422") == []


def test_every_change_is_audited(api_as: Api, session: Session) -> None:
    row = made(api_as)
    put(api_as("operator"), row, title="Sea", sharing="view")
    api_as("operator").delete(f"{URL}/{row['id']}")
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.action.startswith("dashboard.")).order_by(AuditEntry.id)
    )
    told = [(one.action, one.user, one.target, one.details.get("sharing")) for one in entries]
    number = row["id"]
    assert told == [
        ("dashboard.add", "operator", f"dashboard {number} Lake", "private"),
        ("dashboard.change", "operator", f"dashboard {number} Sea", "view"),
        ("dashboard.delete", "operator", f"dashboard {number} Sea", None),
    ]
