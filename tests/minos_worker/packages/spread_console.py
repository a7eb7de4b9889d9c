"""A console that gives a package as blocks, and peers beside it; both can be told to misbehave."""

import hashlib
import io
import json
import random
import tarfile
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec

from minos_common import bits
from minos_common.archives.blocks import Manifest, encoded
from minos_common.archives.opening import opened
from minos_common.verbs import BlockSource, PackageSource, SpreadAnswer, SpreadPeer, SpreadTold
from minos_common.words import PackageName
from minos_web.store.block_writing import BlockWriter


def made(folder: Path, files: dict[str, bytes], name: str = "a-1.tar") -> tuple[Path, Path, Manifest]:
    """An archive of ``files``, its block file, and its manifest."""
    archive, blocks = folder / name, folder / f"{name}.blocks"
    with tarfile.open(archive, "w") as tar:
        for path, data in files.items():
            member = tarfile.TarInfo(f"a-1/{path}")
            member.size, member.mode = len(data), 0o755 if path.startswith("bin/") else 0o644
            tar.addfile(member, io.BytesIO(data))
    with opened(archive) as source, blocks.open("wb") as file:
        writer = BlockWriter(file)
        for entry in source.reader.entries():
            writer.begin(entry)
            for piece in source.reader.content() if entry.kind == "file" else ():
                writer.piece(piece)
        manifest = writer.finish(hashlib.sha256(archive.read_bytes()).hexdigest(), archive.stat().st_size)
    return archive, blocks, manifest


class SpreadConsole:
    """Serves manifest and blocks, and answers who else has what by ``peers``."""

    def __init__(self, blocks: bytes, manifest: Manifest) -> None:
        self.blocks, self.manifest = blocks, encoded(manifest)
        self.count = len(manifest.blocks)
        self.peers: Callable[[SpreadTold], list[SpreadPeer]] = lambda told: []
        self.grants: Callable[[SpreadTold], int] = lambda told: bits.full(self.count)
        self.again = 0.2
        self.gone: set[str] = set()  # last parts of paths that are answered 404
        self.spoil: Callable[[bytes], bytes] = lambda data: data
        self.cuts: list[int] = []  # bytes of blocks after which the next answers break off
        self.statuses: list[int] = []  # codes of the next answers
        self.told: list[SpreadTold] = []
        self.given: list[tuple[int, int]] = []
        console = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                console.answer(self)

            def do_POST(self) -> None:
                console.answer(self)

            def log_message(self, *_args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/spread"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.manifest).hexdigest()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def source(self) -> PackageSource:
        """How a command names this package."""
        name = PackageName("a", "a-1.tar", "r1", "20260101-000000", "0" * 64)
        return PackageSource(
            name, 1, "http://127.0.0.1:1/", "ticket", BlockSource(self.sha256, len(self.blocks), self.url)
        )

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        last = request.path.rpartition("/")[2]
        if request.headers.get("Authorization") != "Bearer ticket":
            self._send(request, 401, b"")
        elif self.statuses:
            self._send(request, self.statuses.pop(0), b"")
        elif last in self.gone:
            self._send(request, 404, b"")
        elif request.command == "POST":
            self.told.append(told := msgspec.json.decode(body, type=SpreadTold))
            answer = SpreadAnswer(bits.to_bytes(self.grants(told), self.count), self.peers(told), self.again)
            self._send(request, 200, msgspec.json.encode(answer))
        elif last == "manifest":
            self._send(request, 200, self.manifest)
        else:
            begin, end = (int(text) for text in request.headers["Range"].removeprefix("bytes=").split("-"))
            self.given.append((begin, end + 1))
            cut = self.cuts.pop(0) if self.cuts else None
            self._send(request, 206, self.spoil(self.blocks[begin : end + 1]), cut)

    def _send(self, request: BaseHTTPRequestHandler, code: int, body: bytes, cut: int | None = None) -> None:
        request.send_response(code)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body if cut is None else body[:cut])
        if cut is not None:
            request.wfile.flush()
            request.close_connection = True
            request.connection.shutdown(2)


def random_files(seed: int, count: int = 12) -> dict[str, bytes]:
    """Files of many sizes, some empty, some of several blocks."""
    chance = random.Random(seed)
    sizes = [0, 10, 70_000, 300_000, 5_000_000, 4096, 262_144, 100_000]
    return {f"lib/f-{number}": chance.randbytes(sizes[number % len(sizes)]) for number in range(count)} | {
        "bin/run": b"#!/bin/sh\n",
        "note.json": json.dumps({"seed": seed}).encode(),
    }
