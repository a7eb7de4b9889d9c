"""A small client of the console's HTTP API, as any program of a site would write it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests


class Api:
    """Calls below /api/v1 with a bearer token. Raises RuntimeError with the console's own message."""

    def __init__(self, url: str, token: str) -> None:
        self._base = f"{url}/api/v1"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **params: Any) -> Any:
        """JSON of a GET."""
        return self._answer(self._session.get(f"{self._base}/{path}", params=params, timeout=30))

    def get_bytes(self, path: str) -> bytes:
        """Body of a GET."""
        answer = self._session.get(f"{self._base}/{path}", timeout=30)
        if not answer.ok:
            self._answer(answer)
        return answer.content

    def post(self, path: str, body: Any = None) -> Any:
        """JSON of a POST with a JSON body."""
        return self._answer(self._session.post(f"{self._base}/{path}", json=body or {}, timeout=30))

    def put_text(self, path: str, text: str, kind: str = "text/plain") -> Any:
        """JSON of a PUT of a text."""
        headers = {"Content-Type": f"{kind}; charset=utf-8"}
        return self._answer(self._session.put(f"{self._base}/{path}", data=text.encode(), headers=headers, timeout=30))

    def put_bytes(self, path: str, data: bytes) -> Any:
        """JSON of a PUT of bytes."""
        headers = {"Content-Type": "application/octet-stream"}
        return self._answer(self._session.put(f"{self._base}/{path}", data=data, headers=headers, timeout=30))

    def delete(self, path: str) -> Any:
        """JSON of a DELETE."""
        return self._answer(self._session.delete(f"{self._base}/{path}", timeout=30))

    def upload(self, file: Path, artifact: str, revision: str) -> Any:
        """Upload a package; the one that is there already comes back when it is the same."""
        query = urlencode({"artifact": artifact, "revision": revision, "name": file.name})
        headers = {"Content-Type": "application/octet-stream"}
        with file.open("rb") as body:
            return self._answer(
                self._session.post(f"{self._base}/packages?{query}", data=body, headers=headers, timeout=600)
            )

    def _answer(self, response: requests.Response) -> Any:
        if response.ok:
            return response.json()
        try:
            answer = response.json()
            message = answer["error"]["message"]
            problems = "".join(f"\n  line {e.get('line')}: {e.get('message')}" for e in answer.get("errors", []))
        except (ValueError, KeyError, TypeError):
            message, problems = response.text[:500], ""
        raise RuntimeError(f"{response.request.method} {response.url}: {response.status_code}: {message}{problems}")


def wait_for(what: str, holds: Callable[[], Any], patience: float) -> Any:
    """Ask until the answer is true; returns it. Raises TimeoutError naming what was waited for."""
    deadline = time.monotonic() + patience
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {patience:.0f} s for {what}")
        time.sleep(0.2)
