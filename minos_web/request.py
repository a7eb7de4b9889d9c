"""What a request carries: its session, the console, the time and a nonce for the content security policy."""

import secrets
import time

import zope.sqlalchemy
from pyramid.config import Configurator
from pyramid.request import Request
from sqlalchemy.orm import Session

from minos_web.console import Console

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def db(request: Request) -> Session:
    """Session of this request; commits when the request ends well. A safe request gets one that only reads."""
    console: Console = request.registry.console
    maker = console.readers if request.method in SAFE_METHODS else console.writers
    session = maker()
    zope.sqlalchemy.register(session, transaction_manager=request.tm)
    return session


def console(request: Request) -> Console:
    """The console that answers."""
    found: Console = request.registry.console
    return found


def now(_request: Request) -> float:
    """One moment for the whole request, seconds since the epoch."""
    return time.time()


def csp_nonce(_request: Request) -> str:
    """Random text that lets this answer's own style elements through the content security policy."""
    return secrets.token_urlsafe(16)


def includeme(config: Configurator) -> None:
    """Hang the above on every request."""
    config.add_request_method(db, reify=True)
    config.add_request_method(console, reify=True)
    config.add_request_method(now, reify=True)
    config.add_request_method(csp_nonce, reify=True)
