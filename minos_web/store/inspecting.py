"""Has a package looked into by a process of its own, with limits: what it was made to do harm with stays there."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from minos_common.archives.entries import BadArchive
from minos_web.store.inspection import REFUSED, Inspection

SECONDS = 1800.0


LOOK_SECONDS = 0.5


def inspect_apart(
    path: Path,
    artifact: str,
    name: str,
    blocks: tuple[Path, str] | None = None,
    check: Callable[[], None] = lambda: None,
) -> Inspection:
    """What the archive at ``path`` holds. ``blocks``: where its blocks are to be written, and the archive's SHA-256. ``check`` is
    called now and then, and may raise to end it. Raises BadArchive for what no host would unpack, or what cannot be looked
    into.
    """
    command = [sys.executable, "-m", "minos_web.store.inspection", str(path), artifact, name]
    command += [str(blocks[0]), blocks[1]] if blocks else []
    code, told, said = _run(command, check)
    if code == REFUSED:
        raise BadArchive(told.decode("utf-8", "replace")[:1000])
    if code:
        lines = said.decode("utf-8", "replace").strip().splitlines()
        why = lines[-1][:200] if lines else f"signal {-code}"
        raise BadArchive(f"the archive cannot be looked into: {why}")
    return msgspec.json.decode(told, type=Inspection)


def _run(command: list[str], check: Callable[[], None]) -> tuple[int, bytes, bytes]:
    """Exit code and what was printed."""
    until = time.monotonic() + SECONDS
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            while True:
                check()
                try:
                    told, said = process.communicate(timeout=min(LOOK_SECONDS, max(until - time.monotonic(), 0.0)))
                except subprocess.TimeoutExpired:
                    if time.monotonic() > until:
                        text = f"looking into the archive took more than {SECONDS:.0f} s, which is refused"
                        raise BadArchive(text) from None
                else:
                    return process.returncode, told, said
        finally:
            process.kill()
