"""Downloads: files are sent by the web server itself, so that a slow line holds no thread; short texts as they are."""

import re
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from pyramid.request import Request
from pyramid.response import Response
from webob.static import FileIter

BLOCK = 256 * 1024
_PLAIN = re.compile(r"[^A-Za-z0-9._+-]+")


def send_file(request: Request, path: Path, etag: str, name: str) -> Response:
    """``path`` as a download called ``name``; ``Range`` takes a part. Raises OSError when the file is not there."""
    response = Response(
        app_iter=_body(request, path.open("rb")),
        content_length=path.stat().st_size,
        content_type="application/octet-stream",
        conditional_response=True,
        accept_ranges="bytes",
        etag=etag,
    )
    response.content_disposition = disposition(name)
    return response


def attachment(body: bytes, name: str, content_type: str) -> Response:
    """What was just made, as a download called ``name``."""
    response = Response(body=body, content_type=content_type, charset="UTF-8")
    response.content_disposition = disposition(name)
    return response


def _body(request: Request, file: BinaryIO) -> Any:
    wrapper = request.environ.get("wsgi.file_wrapper")
    if wrapper is None:
        return FileIter(file)
    body = wrapper(file, BLOCK)

    def part(start: int, _stop: int) -> Any:
        """The server sends from where the file stands, up to the length of the answer."""
        file.seek(start)
        return body

    body.app_iter_range = part
    return body


def disposition(name: str) -> str:
    """Content-Disposition of a download. Whatever the name holds, it stays one header with one file name in it."""
    last = name.rpartition("/")[2]
    plain = _PLAIN.sub("_", last).strip("._") or "file"
    exact = quote(last.encode("utf-8", "replace"), safe="")
    return f'attachment; filename="{plain}"' + (f"; filename*=UTF-8''{exact}" if last not in ("", plain) else "")
