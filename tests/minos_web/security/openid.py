"""A real OpenID provider of a test, on loopback: its own rules, and those of PKCE, which it leaves out, in front of it."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import oidc_provider_mock
import requests
from webob import Request, Response


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass


@dataclass
class OpenId:
    """A running provider. ``asked`` counts requests by path; ``challenges`` are those of codes that were not used yet."""

    secret_file: Path
    port: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    challenges: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def consent(self, url: str, user: str) -> dict[str, str]:
        """Sign in at the provider as ``user``, as a browser that was sent to ``url``; what it brings back."""
        answer = requests.post(url, data={"sub": user}, allow_redirects=False, timeout=20)
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def user(self, name: str, **claims: Any) -> None:
        """Let the provider know somebody."""
        requests.put(f"{self.issuer}/users/{name}", json=claims, timeout=20).raise_for_status()


@contextmanager
def running_provider(folder: Path) -> Iterator[OpenId]:
    """A provider that knows nobody yet and asks every client for PKCE."""
    inner = oidc_provider_mock.app(require_nonce=True)
    made = OpenId(folder / "secret")
    made.secret_file.write_text("known to both\n")

    def gate(environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        made.asked[request.path] = made.asked.get(request.path, 0) + 1
        if request.path == "/oauth2/authorize" and request.method == "POST":
            query = parse_qs(request.query_string)
            if query.get("code_challenge_method") != ["S256"]:
                return Response("PKCE is needed", status=400)(environ, start)
            made.challenges.append(query["code_challenge"][0])
        if request.path == "/oauth2/token":
            request.make_body_seekable()
            verifier = request.POST.get("code_verifier", "")
            environ["wsgi.input"].seek(0)
            digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
            if digest not in made.challenges:
                return Response(json_body={"error": "invalid_grant"}, status=400)(environ, start)
            made.challenges.remove(digest)
        return inner.wsgi_app(environ, start)

    server = make_server("127.0.0.1", 0, gate, WSGIServer, _Quiet)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
