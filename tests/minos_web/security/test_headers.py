"""Headers that every answer carries, whatever it is."""

import re
from typing import Any

import pytest
from webtest import TestApp

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-NONCE'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ADDRESSES = ["/sign-in", "/hosts", "/nowhere", "/api/v1/healthz", "/api/v1/hosts", "/api/v1/nowhere", "/%ff"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_fenced_in(anonymous: TestApp, address: str) -> None:
    headers = anonymous.get(address, expect_errors=True).headers
    assert re.sub("nonce-[A-Za-z0-9_-]{22}'", "nonce-NONCE'", headers["Content-Security-Policy"]) == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


def test_nonces_never_repeat(anonymous: TestApp) -> None:
    seen = {anonymous.get("/api/v1/healthz").headers["Content-Security-Policy"] for _ in range(20)}
    assert len(seen) == 20


def test_pages_are_not_stored(testapp: Any) -> None:
    assert testapp.get("/account").headers["Cache-Control"] == "no-store"
    assert testapp.get("/api/v1/hosts").headers["Cache-Control"] == "no-store"


def test_https_is_remembered_by_browsers(anonymous: TestApp) -> None:
    secure = anonymous.get("/api/v1/healthz", extra_environ={"wsgi.url_scheme": "https"})
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in anonymous.get("/api/v1/healthz").headers
