"""A user's own page: password, browsers that are signed in, API tokens."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.people import SignIn, User
from minos_web.security import people, tokens
from minos_web.security.passwords import BadPassword
from minos_web.security.permissions import Permission, Role
from minos_web.security.proving import knows
from minos_web.security.signins import end_sign_in
from minos_web.views.forms import TOKEN_ROLES, PasswordForm, TokenForm
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence

_VIEW = {"renderer": "account.mako", "permission": Permission.ACCOUNT}


@view_config(route_name="account", request_method="GET", **_VIEW)
def account_page(request: Request) -> dict[str, Any]:
    """Password, sign-ins and tokens of whoever is signed in."""
    return _page(request)


@view_config(route_name="account", request_method="POST", permission=Permission.ACCOUNT)
def end_sign_in_post(request: Request) -> HTTPSeeOther:
    """End one of the user's own sign-ins (``sign_in``)."""
    text = request.POST.get("sign_in", "")
    row = request.db.get(SignIn, int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if row is not None and row.user_id == request.identity.user_id:
        end_sign_in(request.db, row.id)
        request.audit("sign-in.end", f"user {request.identity.user}", address=row.address)
        flash(request, "success", "That browser is signed out.")
    return HTTPSeeOther(request.route_path("account"))


@view_config(route_name="account_password", request_method="GET", permission=Permission.ACCOUNT)
@view_config(route_name="account_tokens", request_method="GET", permission=Permission.ACCOUNT)
def back(request: Request) -> HTTPSeeOther:
    """These addresses only take forms; a reload after one lands on the page."""
    return HTTPSeeOther(request.route_path("account"))


@view_config(route_name="account_password", request_method="POST", **_VIEW)
def change_password(request: Request) -> Any:
    """Change the own password; other browsers are signed out."""
    form = PasswordForm(request.POST)
    if form.validate() and _knows_password(request, form):
        try:
            user = request.db.get_one(User, request.identity.user_id)
            people.set_password(request.db, user, form.password.data, request.now, keep=request.identity.key)
        except BadPassword as error:
            form.password.errors = [sentence(error)]
        else:
            request.audit("user.password", f"user {user.name}")
            flash(request, "success", "Your password is changed; your other browsers are signed out.")
            return HTTPSeeOther(request.route_path("account"))
    request.tm.doom()
    request.response.status_int = 422
    return _page(request, password_form=form)


def _knows_password(request: Request, form: PasswordForm) -> bool:
    """Whether the current password is right; tries are counted like those of signing in."""
    wrong = knows(request, form.current.data)
    form.current.errors = [sentence(wrong)] if wrong else []
    return not wrong


@view_config(route_name="account_tokens", request_method="POST", **_VIEW)
def change_tokens(request: Request) -> Any:
    """Make a token (its text is in this answer and nowhere after) or revoke one (``revoke``)."""
    text = request.POST.get("revoke", "")
    if text.isascii() and text.isdigit() and len(text) < 19:
        if tokens.revoke_token(request.db, request.identity.user_id, int(text)):
            request.audit("token.revoke", f"token {text}")
            flash(request, "success", "The token is revoked.")
        return HTTPSeeOther(request.route_path("account"))
    form = _bounded(request, TokenForm(request.POST))
    if form.validate():
        try:
            return _made(request, form)
        except tokens.BadToken as error:
            form[error.field].errors = [sentence(error)]
    request.tm.doom()
    request.response.status_int = 422
    return _page(request, token_form=form)


def _made(request: Request, form: TokenForm) -> dict[str, Any]:
    user = request.db.get_one(User, request.identity.user_id)
    role = Role(form.role.data)
    row, secret = tokens.make_token(request.db, user, form.name.data, role, form.days.data, request.now)
    tokens.limit_token(row, form.clusters.data or "")
    request.audit("token.create", f"token {row.id}", name=row.name, role=row.role, clusters=row.clusters)
    return _page(request, new_token=secret)


def _page(
    request: Request,
    password_form: PasswordForm | None = None,
    token_form: TokenForm | None = None,
    new_token: str = "",
) -> dict[str, Any]:
    identity, session = request.identity, request.db
    sign_ins = session.scalars(select(SignIn).where(SignIn.user_id == identity.user_id).order_by(SignIn.seen_at.desc()))
    return {
        "section": "account",
        "title": "Your account",
        "password_form": password_form or PasswordForm(),
        "token_form": _bounded(request, token_form or TokenForm(role=str(identity.role))),
        "new_token": new_token,
        "sign_ins": list(sign_ins),
        "own": identity.key if identity.via == "browser" else None,
        "tokens": tokens.tokens_of(session, identity.user_id),
    }


def _bounded(request: Request, form: TokenForm) -> TokenForm:
    """Only roles that may do nothing that their user may nowhere can be chosen."""
    most = [request.identity.role, *(grant.role for grant in request.identity.grants)]
    form.role.choices = [(value, text) for value, text in TOKEN_ROLES if tokens.bounded(Role(value), most) == value]
    return form
