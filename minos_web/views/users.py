"""Users, for admins: add, change role, disable, give a new password."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_common.names import BadName
from minos_web.models.people import User
from minos_web.security import people, second_step
from minos_web.security.passwords import random_password
from minos_web.security.permissions import Permission, Role
from minos_web.views.forms import ROLES, UserForm
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence

_VIEW = {"route_name": "users", "renderer": "users.mako", "permission": Permission.ADMINISTER}


@view_config(request_method="GET", **_VIEW)
def users_page(request: Request) -> dict[str, Any]:
    """All users."""
    return _page(request)


@view_config(request_method="POST", **_VIEW)
def change_users(request: Request) -> Any:
    """Do what ``do`` says: add, role, disable, enable or password."""
    doing = _DOINGS.get(request.POST.get("do", ""))
    if doing is None:
        raise HTTPNotFound("There is no such change to users.")
    return doing(request)


def _add(request: Request) -> Any:
    form = UserForm(request.POST)
    password = random_password()
    if form.validate():
        try:
            user = people.add_user(request.db, form.name.data.strip(), password, Role(form.role.data), request.now)
        except (BadName, people.UserRefused) as error:
            form.name.errors = [sentence(error)]
        else:
            request.audit("user.add", f"user {user.name}", role=user.role)
            return _page(request, shown=(user.name, password))
    request.tm.doom()
    request.response.status_int = 422
    return _page(request, form=form)


def _set_role(request: Request) -> Any:
    user = _user(request)
    role = request.POST.get("role", "")
    if role not in [value for value, _ in ROLES]:
        raise HTTPNotFound(f"There is no role {role}.")
    return _changed(request, user, "role", lambda: people.set_role(request.db, user, Role(role)), role=role)


def _disable(request: Request) -> Any:
    user = _user(request)
    return _changed(request, user, "disable", lambda: people.set_disabled(request.db, user, True))


def _enable(request: Request) -> Any:
    user = _user(request)
    return _changed(request, user, "enable", lambda: people.set_disabled(request.db, user, False))


def _new_password(request: Request) -> Any:
    user, password = _user(request), random_password()
    people.set_password(request.db, user, password)
    request.audit("user.password", f"user {user.name}")
    return _page(request, shown=(user.name, password))


def _reset_step(request: Request) -> HTTPSeeOther:
    """Somebody lost their device and all recovery codes."""
    user = _user(request)
    return _changed(request, user, "second-step-reset", lambda: people.reset_second_step(request.db, user))


_DOINGS = {
    "add": _add,
    "role": _set_role,
    "disable": _disable,
    "enable": _enable,
    "password": _new_password,
    "second-step": _reset_step,
}


def _changed(request: Request, user: User, what: str, change: Any, **details: Any) -> HTTPSeeOther:
    try:
        change()
    except people.UserRefused as error:
        request.tm.doom()
        flash(request, "danger", sentence(error))
    else:
        request.audit(f"user.{what}", f"user {user.name}", **details)
        flash(request, "success", f"{user.name} is changed.")
    return HTTPSeeOther(request.route_path("users"))


def _user(request: Request) -> User:
    text = request.POST.get("user", "")
    user: User | None = (
        request.db.get(User, int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
    )
    if user is None:
        raise HTTPNotFound("There is no such user.")
    return user


def _page(request: Request, form: UserForm | None = None, shown: tuple[str, str] | None = None) -> dict[str, Any]:
    return {
        "section": "users",
        "title": "Users",
        "form": form or UserForm(role=Role.VIEWER.value),
        "shown": shown,
        "users": people.all_users(request.db),
        "with_step": second_step.users_with_step(request.db),
        "roles": [value for value, _ in ROLES],
        "own": request.identity.user_id,
    }
