"""Users, for admins: all of them, and one with role, grants, browsers and tokens."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_common.names import BadName
from minos_web.models.people import SignIn, User
from minos_web.security import people, second_step, tokens
from minos_web.security.outside import way_of
from minos_web.security.permissions import GRANTABLE, BadPattern, Permission, Role
from minos_web.views import user_changes
from minos_web.views.forms import ROLES, UserForm
from minos_web.views.frame import flash
from minos_web.views.presenting import count, sentence

_LIST = {"route_name": "users", "renderer": "users.mako", "permission": Permission.ADMINISTER}
_ONE = {"route_name": "user", "renderer": "user.mako", "permission": Permission.ADMINISTER}


@view_config(request_method="GET", **_LIST)
def users_page(request: Request) -> dict[str, Any]:
    """All users."""
    return _page(request)


@view_config(request_method="POST", **_LIST)
def add(request: Request) -> Any:
    """A new user; the password is made up, shown once, and to be changed by them."""
    form = UserForm(request.POST)
    if form.validate():
        try:
            user, password = user_changes.add(request, form.name.data.strip(), Role(form.role.data))
        except (BadName, people.UserRefused) as error:
            form.name.errors = [sentence(error)]
        else:
            return _page(request, shown=(user, password))
    request.tm.doom()
    request.response.status_int = 422
    return _page(request, form=form)


@view_config(request_method="GET", **_ONE)
def user_page(request: Request) -> dict[str, Any]:
    """One user."""
    return _one(request, _user(request))


@view_config(request_method="POST", **_ONE)
def change(request: Request) -> Any:
    """Do what ``do`` says."""
    doing = _DOINGS.get(request.POST.get("do", ""))
    if doing is None:
        raise HTTPNotFound("There is no such change to users.")
    user = _user(request)
    try:
        return doing(request, user)
    except (people.UserRefused, BadPattern) as refused:
        request.tm.doom()
        request.response.status_int = 422
        return _one(request, user, errors={refused.field: sentence(refused)})


def _set_role(request: Request, user: User) -> HTTPSeeOther:
    role = user_changes.set_role(request, user, request.POST.get("role", ""))
    return _done(request, user, f"{user.name} is {role} now, and has to sign in again.")


def _grant(request: Request, user: User) -> HTTPSeeOther:
    given = request.POST
    row = user_changes.grant(request, user, given.get("role", ""), given.get("pattern", ""))
    return _done(request, user, f"{user.name} is {row.role} on {row.pattern} now, and has to sign in again.")


def _ungrant(request: Request, user: User) -> HTTPSeeOther:
    row = user_changes.ungrant(request, user, _number(request, "grant"))
    if row is None:
        return _done(request, user, "That grant was taken away already.")
    return _done(request, user, f"{user.name} is no {row.role} on {row.pattern} any more.")


def _disable(request: Request, user: User) -> HTTPSeeOther:
    user_changes.disable(request, user)
    return _done(request, user, f"{user.name} is disabled: signed out everywhere, and let in no more.")


def _enable(request: Request, user: User) -> HTTPSeeOther:
    user_changes.enable(request, user)
    return _done(request, user, f"{user.name} is let in again.")


def _give_password(request: Request, user: User) -> dict[str, Any]:
    return _one(request, user, shown=user_changes.give_password(request, user))


def _force_change(request: Request, user: User) -> HTTPSeeOther:
    user_changes.force_change(request, user)
    return _done(request, user, f"{user.name} has to choose another password at the next sign-in.")


def _sign_out(request: Request, user: User) -> HTTPSeeOther:
    _, own = user_changes.sign_out(request, user)
    return _done(request, user, f"{user.name} is signed out everywhere{' but here' if own else ''}.")


def _revoke(request: Request, user: User) -> HTTPSeeOther:
    user_changes.revoke(request, user, _number(request, "token"))
    return _done(request, user, "The token is revoked.")


def _reset_step(request: Request, user: User) -> HTTPSeeOther:
    user_changes.reset_step(request, user)
    return _done(request, user, f"{user.name} signs in without a second step, until another one is set up.")


def _delete(request: Request, user: User) -> HTTPSeeOther:
    user_changes.delete(request, user, request.POST.get("confirm", ""))
    flash(request, "success", f"{user.name} is deleted. What they did keeps their name.")
    return HTTPSeeOther(request.route_path("users"))


_DOINGS = {
    "role": _set_role,
    "grant": _grant,
    "ungrant": _ungrant,
    "disable": _disable,
    "enable": _enable,
    "password": _give_password,
    "must-change": _force_change,
    "sign-out": _sign_out,
    "revoke": _revoke,
    "second-step": _reset_step,
    "delete": _delete,
}


def _done(request: Request, user: User, text: str) -> HTTPSeeOther:
    flash(request, "success", text)
    return HTTPSeeOther(request.route_path("user", id=user.id))


def _number(request: Request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _user(request: Request) -> User:
    user: User | None = request.db.get(User, int(request.matchdict["id"]))
    if user is None:
        raise HTTPNotFound("There is no such user.")
    return user


def _page(request: Request, form: UserForm | None = None, shown: tuple[User, str] | None = None) -> dict[str, Any]:
    users = people.all_users(request.db)
    used = dict(request.db.execute(select(SignIn.user_id, func.max(SignIn.seen_at)).group_by(SignIn.user_id)).all())
    return {
        "section": "users",
        "title": "Users",
        "form": form or UserForm(role=Role.VIEWER.value),
        "shown": shown,
        "users": users,
        "seen": used,
        "with_step": second_step.users_with_step(request.db),
        "own": request.identity.user_id,
        "code_hours": people.CODE_HOURS,
        "tokens": tokens.every_token(request.db),
        "counts": count(len(users), "user"),
    }


def _one(request: Request, user: User, shown: str = "", errors: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "section": "users",
        "title": user.name,
        "user": user,
        "with_step": second_step.is_on(second_step.step_of(request.db, user.id)),
        "outside": way_of(request.db, user.id),
        "own": user.id == request.identity.user_id,
        "shown": shown,
        "code_hours": people.CODE_HOURS,
        "errors": errors or {},
        "given": request.POST if errors else {},
        "roles": ROLES,
        "grantable": [str(one) for one in GRANTABLE],
        "sign_ins": request.db.scalars(
            select(SignIn).where(SignIn.user_id == user.id).order_by(SignIn.seen_at.desc())
        ).all(),
        "tokens": tokens.tokens_of(request.db, user.id),
    }
