"""Looks into a package without unpacking it: may it be unpacked, what is in it, which version is it?

Run as a program (``python -m minos_web.store.inspection PATH ARTIFACT NAME [BLOCKS SHA256]``) it prints what it found as JSON,
and writes the package's blocks and their manifest on the way: see ``inspecting``, which does so with limits, as what comes from
elsewhere may be made to do harm.
"""

import re
import resource
import sys
from pathlib import Path
from typing import Protocol

import msgspec

from minos_common.archives.entries import LIMITS, BadArchive, Entry, Limits, checked
from minos_common.archives.opening import opened
from minos_common.archives.shadow import ShadowTree
from minos_web.store.block_writing import Spare, most_for

MOST_LISTED = 5000
"""Members that are kept by name; of more only the number is known."""
MEMORY = 1024**3
"""Bytes of memory that looking into a package may take."""
REFUSED = 3
"""Exit code for an archive that is refused; its reason is printed."""
_JAR = re.compile(r"(?P<name>.+?)-(?P<version>\d[\w.+-]*)\.jar")
_VERSION = re.compile(r"-(\d+(?:\.\d+)+(?:-(?:SNAPSHOT|(?:alpha|beta|rc|cdh|mdh)[\w.]*))?)", re.I)
_ENDINGS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tbz2", ".txz", ".tzst", ".tar", ".zip")


class Jar(msgspec.Struct, frozen=True):
    """A jar of the package; ``version`` is what its name says, empty when it says none."""

    path: str
    name: str
    version: str


class Inspection(msgspec.Struct, frozen=True):
    """``members`` and ``bytes`` are those of the unpacked package, ``top`` the one directory that holds them all, ``listed``
    the first members with their sizes in bytes, ``notes`` what an operator should know.
    """

    members: int
    bytes: int
    top: str
    version: str
    listed: list[tuple[str, int]]
    jars: list[Jar]
    notes: list[str]


def stem_of(name: str) -> str:
    """A package's file name without its ending."""
    ending = next((ending for ending in _ENDINGS if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)]


def version_in(text: str, artifact: str) -> str:
    """The version that a file or folder is named after; empty when there is none."""
    if text.startswith(f"{artifact}-"):
        return text.removeprefix(f"{artifact}-").removesuffix("-bin")
    found = _VERSION.search(text)
    return found[1] if found else ""


class Sink(Protocol):
    """Who is given everything on the way."""

    def begin(self, entry: Entry) -> None:
        """The next member."""

    def piece(self, data: bytes) -> None:
        """Some content of the member at hand."""


def inspect(path: Path, artifact: str, name: str, limits: Limits = LIMITS, sink: Sink | None = None) -> Inspection:
    """What the archive at ``path`` holds. Raises BadArchive for one that no host would unpack, OSError."""
    tree = ShadowTree()
    listed: list[tuple[str, int]] = []
    jars: list[Jar] = []
    members = total = 0
    with opened(path) as archive:
        budget = limits.budget(archive.size)
        for parts, entry in checked(archive.reader, limits):
            tree.take(parts, entry)
            if sink is not None:
                sink.begin(entry)
            size = 0
            for piece in archive.reader.content() if entry.kind == "file" else ():
                size += len(piece)
                if sink is not None:
                    sink.piece(piece)
                if total + size > budget:
                    raise BadArchive(f"the archive unpacks to more than {budget} bytes, which is refused")
            members, total = members + 1, total + size
            shown = "/".join(parts)
            if entry.kind != "directory" and len(listed) < MOST_LISTED:
                listed.append((shown, size))
            if shown.endswith(".jar") and len(jars) < MOST_LISTED:
                jars.append(_jar(shown))
        tree.finish()
        archive.finish()
    top = tree.only_directory()
    version = version_in(stem_of(name), artifact) or version_in(top, artifact)
    return Inspection(members, total, top, version, listed, jars, list(_notes(tree, top, name, artifact, version)))


def _jar(path: str) -> Jar:
    name = path.rpartition("/")[2]
    found = _JAR.fullmatch(name)
    return Jar(path, found["name"], found["version"]) if found else Jar(path, name.removesuffix(".jar"), "")


def _notes(tree: ShadowTree, top: str, name: str, artifact: str, version: str) -> list[str]:
    notes = []
    if not top:
        names = sorted(tree.tops())
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        notes.append(f"no single top folder: it begins with {', '.join(names[:3])}{more}")
    elif top != stem_of(name):
        notes.append(f"its top folder is {top}, its file is named {stem_of(name)}")
    inside = version_in(top, artifact)
    if version and inside and inside != version:
        notes.append(f"the file says version {version}, the folder in it {inside}")
    if not version:
        notes.append("neither file name nor top folder says a version: no cluster finds it by its version")
    return notes


def main() -> None:
    """Print the inspection of a file, or why it is refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    path, artifact, name = sys.argv[1:4]
    writes = Spare(Path(sys.argv[4]), most_for(Path(path).stat().st_size)) if len(sys.argv) > 4 else None
    try:
        found = inspect(Path(path), artifact, name, sink=writes)
        if writes is not None:
            writes.finish(sys.argv[5], Path(path).stat().st_size)
    except BadArchive as error:
        sys.stdout.buffer.write(str(error).encode("utf-8", "backslashreplace"))
        sys.exit(REFUSED)
    sys.stdout.buffer.write(msgspec.json.encode(found))


if __name__ == "__main__":
    main()
