"""Has a package looked into by a process of its own, with limits: what it was made to do harm with stays there."""

import subprocess
import sys
from pathlib import Path

import msgspec

from minos_common.archives.entries import BadArchive
from minos_web.store.inspection import REFUSED, Inspection

SECONDS = 1800.0


def inspect_apart(path: Path, artifact: str, name: str) -> Inspection:
    """What the archive at ``path`` holds. Raises BadArchive for what no host would unpack, or what cannot be looked into."""
    command = [sys.executable, "-m", "minos_web.store.inspection", str(path), artifact, name]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise BadArchive(f"looking into the archive took more than {SECONDS:.0f} s, which is refused") from None
    if done.returncode == REFUSED:
        raise BadArchive(done.stdout.decode("utf-8", "replace")[:1000])
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[-1][:200] if said else f"signal {-done.returncode}"
        raise BadArchive(f"the archive cannot be looked into: {why}")
    return msgspec.json.decode(done.stdout, type=Inspection)
