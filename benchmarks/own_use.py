"""What a group of processes uses: memory from /proc/<pid>/smaps, processor time from the kernel's own clock of each."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_CPUCLOCK_SCHED = 2


class Memory(NamedTuple):
    """Bytes of a group of processes.

    ``rss`` counts a shared page once per process, ``pss`` as its share among all processes of the host that have it,
    ``alone`` once for the group: what it would need were nobody else here using the same programs and libraries
    (a little low, as two processes may have read different pages of the same library).
    """

    rss: int
    pss: int
    alone: int


class Mapping(NamedTuple):
    """A part of a file in a process's memory: inode, offset and length say which."""

    inode: str
    offset: str
    length: int


def memory_of(pids: Iterable[int]) -> Memory:
    """Memory of these processes together. Raises OSError when one is gone or not ours to look at."""
    rss = pss = anonymous = 0
    files: dict[Mapping, int] = {}
    for pid in pids:
        whole = _fields(Path(f"/proc/{pid}/smaps_rollup").read_text())
        rss += whole["Rss"]
        pss += whole["Pss"]
        anonymous += whole["Pss_Anon"]
        for mapping, size in _file_pages(Path(f"/proc/{pid}/smaps").read_text()):
            files[mapping] = max(files.get(mapping, 0), size)
    return Memory(rss, pss, anonymous + sum(files.values()))


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time that these processes have used so far, ended threads included; children are not."""
    return sum(time.clock_gettime(_clock_of(pid)) for pid in pids)


def _clock_of(pid: int) -> int:
    """The number by which clock_gettime knows the processor time of another process: clock_getcpuclockid(3), which
    Python does not offer. Its nanoseconds matter: an idle daemon uses few of the 10 ms ticks of /proc/<pid>/stat."""
    return (~pid << 3) | _CPUCLOCK_SCHED


def _fields(text: str) -> dict[str, int]:
    """Bytes by name of one block of smaps."""
    found = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and words[2] == "kB":
            found[words[0].rstrip(":")] = int(words[1]) * 1024
    return found


def _file_pages(text: str) -> Iterable[tuple[Mapping, int]]:
    """Bytes of each mapping of a file that are the file's own pages; pages that were written to are anonymous."""
    mapping, rss = None, 0
    for line in text.splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            mapping = _mapping(words)
        elif words[0] == "Rss:":
            rss = int(words[1]) * 1024
        elif words[0] == "Anonymous:" and mapping is not None:
            yield mapping, rss - int(words[1]) * 1024


def _mapping(header: list[str]) -> Mapping | None:
    """Of a header like ``7f00-7f02 r-xp 0000 fe:00 4711 /lib/x.so``; None when no file is behind it."""
    addresses, _, offset, _, inode = header[:5]
    begin, end = (int(one, 16) for one in addresses.split("-"))
    return None if inode == "0" else Mapping(inode, offset, end - begin)
