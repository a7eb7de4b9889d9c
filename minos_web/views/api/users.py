"""API: users, what they are on certain clusters, where they are signed in, and their tokens. All of it needs the role admin."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_common.names import BadName
from minos_web.models.people import ApiToken, ClusterGrant, SignIn, User
from minos_web.security import people, second_step, tokens
from minos_web.security.outside import ways_of_users
from minos_web.security.permissions import BadPattern, Permission
from minos_web.views import user_changes
from minos_web.views.api.lists import paged
from minos_web.views.api.params import id_of, text_of
from minos_web.views.errors import Refusal


class NewUser(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a new user."""

    name: str
    role: str = "viewer"


class NewRole(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a change: the role that counts everywhere."""

    role: str


class NewGrant(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a grant: a role on the clusters of a pattern."""

    role: str
    clusters: str


_JSON = {"renderer": "json", "permission": Permission.ADMINISTER}


@view_config(route_name="api_users", request_method="GET", **_JSON)
def users(request: Request) -> dict[str, Any]:
    """All users by name."""
    shape = _shape(request)
    return paged(request, "users", people.all_users(request.db), shape)


@view_config(route_name="api_users", request_method="POST", **_JSON)
def new(request: Request) -> dict[str, Any]:
    """A new user, with a one-time password that is told here and nowhere after."""
    body = msgspec.json.decode(request.body or b"{}", type=NewUser)
    with _refusals():
        user, password = user_changes.add(request, body.name.strip(), user_changes.role_named(body.role))
    request.response.status_int = 201
    return {**user_json(request, user), "password": password}


@view_config(route_name="api_user", request_method="GET", **_JSON)
def one(request: Request) -> dict[str, Any]:
    """One user."""
    return user_json(request, found_user(request))


@view_config(route_name="api_user", request_method="PUT", **_JSON)
def change(request: Request) -> dict[str, Any]:
    """Another role, that counts everywhere."""
    user = found_user(request)
    with _refusals():
        user_changes.set_role(request, user, msgspec.json.decode(request.body or b"{}", type=NewRole).role)
    return user_json(request, user)


@view_config(route_name="api_user", request_method="DELETE", **_JSON)
def delete(request: Request) -> dict[str, Any]:
    """Delete a user; ?confirm= says the name once more."""
    user = found_user(request)
    with _refusals():
        user_changes.delete(request, user, text_of(request, "confirm"))
    return {"deleted": user.name}


@view_config(route_name="api_user_act", request_method="POST", **_JSON)
def act(request: Request) -> dict[str, Any]:
    """Disable, enable, have the password changed, or take the second step away."""
    acts = {
        "disable": user_changes.disable,
        "enable": user_changes.enable,
        "must-change": user_changes.force_change,
        "second-step-reset": user_changes.reset_step,
    }
    user = found_user(request)
    with _refusals():
        acts[request.matchdict["verb"]](request, user)
    return user_json(request, user)


@view_config(route_name="api_user_password", request_method="POST", **_JSON)
def password(request: Request) -> dict[str, Any]:
    """A one-time password, told here and nowhere after."""
    user = found_user(request)
    with _refusals():
        given = user_changes.give_password(request, user)
    return {**user_json(request, user), "password": given}


@view_config(route_name="api_user_grants", request_method="POST", **_JSON)
def grant(request: Request) -> dict[str, Any]:
    """A role on the clusters of a pattern; on the same pattern it takes the place of what was granted before."""
    user = found_user(request)
    body = msgspec.json.decode(request.body or b"{}", type=NewGrant)
    with _refusals():
        user_changes.grant(request, user, body.role, body.clusters)
    return user_json(request, user)


@view_config(route_name="api_user_grant", request_method="DELETE", **_JSON)
def ungrant(request: Request) -> dict[str, Any]:
    """Take one away."""
    user, number = found_user(request), id_of(request)
    if user_changes.ungrant(request, user, number) is None:
        raise HTTPNotFound(f"{user.name} has no grant {number}.")
    return user_json(request, user)


@view_config(route_name="api_user_sign_ins", request_method="GET", **_JSON)
def sign_ins(request: Request) -> dict[str, Any]:
    """Browsers in which a user is signed in, the last used one first."""
    wanted = select(SignIn).where(SignIn.user_id == found_user(request).id).order_by(SignIn.seen_at.desc(), SignIn.id)
    return paged(request, "sign_ins", request.db.scalars(wanted).all(), _sign_in_json)


@view_config(route_name="api_user_sign_ins", request_method="DELETE", **_JSON)
def sign_out(request: Request) -> dict[str, Any]:
    """Sign a user out everywhere; the browser that asks stays signed in."""
    there, own = user_changes.sign_out(request, found_user(request))
    return {"ended": there - own}


@view_config(route_name="api_user_sign_in", request_method="DELETE", **_JSON)
def sign_out_one(request: Request) -> dict[str, Any]:
    """Sign one browser out."""
    user, number = found_user(request), id_of(request)
    if not user_changes.sign_out_one(request, user, number):
        raise HTTPNotFound(f"{user.name} has no sign-in {number}.")
    return {"ended": 1}


@view_config(route_name="api_user_tokens", request_method="GET", **_JSON)
def user_tokens(request: Request) -> dict[str, Any]:
    """Tokens of a user, the newest first; their texts are not kept."""
    return paged(request, "tokens", tokens.tokens_of(request.db, found_user(request).id), _token_json)


@view_config(route_name="api_user_token", request_method="DELETE", **_JSON)
def revoke(request: Request) -> dict[str, Any]:
    """Revoke one."""
    user, number = found_user(request), id_of(request)
    if not user_changes.revoke(request, user, number):
        raise HTTPNotFound(f"{user.name} has no token {number}.")
    return {"revoked": number}


def found_user(request: Request) -> User:
    """The user of ``{name}``. Raises HTTPNotFound."""
    name = request.matchdict["name"]
    user = people.find_user(request.db, name) if "\0" not in name else None
    if user is None:
        raise HTTPNotFound(f"There is no user {name[:64]}.")
    return user


@contextmanager
def _refusals() -> Iterator[None]:
    """What the one place that decides refuses, as an answer of the API."""
    try:
        yield
    except BadName as error:
        raise Refusal(422, "bad-name", str(error), "name") from error
    except (people.UserRefused, BadPattern) as refused:
        field = "clusters" if refused.field == "pattern" else refused.field
        raise Refusal(422, "invalid", str(refused), field) from refused


def user_json(request: Request, user: User) -> dict[str, Any]:
    """One user."""
    found: dict[str, Any] = _shape(request)(user)
    return found


def _shape(request: Request) -> Any:
    """How users look; what stands in other tables is looked up once for all of them."""
    seen: dict[int, float] = dict(
        request.db.execute(select(SignIn.user_id, func.max(SignIn.seen_at)).group_by(SignIn.user_id)).all()
    )
    steps, outside = second_step.users_with_step(request.db), ways_of_users(request.db)

    def shape(user: User) -> dict[str, Any]:
        return {
            "name": user.name,
            "url": request.route_path("user", id=user.id),
            "role": str(user.role),
            "grants": [_grant_json(one) for one in user.grants],
            "disabled": user.disabled,
            "created_at": user.created_at,
            "password_at": user.password_at,
            "must_change": user.must_change,
            "code_until": user.code_until if user.must_change and user.code_until != people.NEVER else None,
            "second_step": user.id in steps,
            "outside": outside.get(user.id),
            "seen_at": seen.get(user.id),
        }

    return shape


def _grant_json(row: ClusterGrant) -> dict[str, Any]:
    return {
        "id": row.id,
        "role": str(row.role),
        "clusters": row.pattern,
        "created_by": row.created_by,
        "created_at": row.created_at,
    }


def _sign_in_json(row: SignIn) -> dict[str, Any]:
    return {
        "id": row.id,
        "created_at": row.created_at,
        "seen_at": row.seen_at,
        "address": row.address,
        "browser": row.browser,
    }


def _token_json(row: ApiToken) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "hint": row.hint,
        "role": str(row.role),
        "clusters": row.clusters or [],
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "used_at": row.used_at,
    }
