"""Which directories processes of this host use: by their command line, their working directory, and what they have mapped."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path


def used_below(folders: Iterable[Path], proc: Path = Path("/proc")) -> set[Path]:
    """Those of ``folders`` that some process names, stands in, or has a file of mapped. What cannot be read is passed over:
    the processes of tasks can be read by the worker that started them.
    """
    left = {f"{folder}/".encode(): folder for folder in folders}
    used: set[Path] = set()
    for text in _texts(proc):
        for name in [name for name in left if name in text]:
            used.add(left.pop(name))
        if not left:
            break
    return used


def _texts(proc: Path) -> Iterator[bytes]:
    for entry in proc.iterdir():
        if entry.name.isdigit():
            for part in ("cmdline", "maps", "environ"):
                with contextlib.suppress(OSError):
                    yield (entry / part).read_bytes()
            with contextlib.suppress(OSError):
                yield f"{(entry / 'cwd').readlink()}/".encode()
