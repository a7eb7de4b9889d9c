"""Imports a package by its Maven coordinates, with the Maven of the console's machine and whatever repositories that knows."""

import re
import shlex
import tempfile
from pathlib import Path
from typing import NamedTuple

from minos_web.store.arriving import check_room, too_large
from minos_web.store.importing.commands import run
from minos_web.store.importing.source import CannotImport, Order

COPY = "org.apache.maven.plugins:maven-dependency-plugin:2.10:copy"
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


class Coordinates(NamedTuple):
    """Which artifact of a Maven repository."""

    group: str
    artifact: str
    version: str
    packaging: str
    classifier: str = ""

    @property
    def file_name(self) -> str:
        """What the file is called in the repository."""
        return f"{self.artifact}-{self.version}{'-' if self.classifier else ''}{self.classifier}.{self.packaging}"


def coordinates_of(text: str) -> Coordinates:
    """From group:artifact:version:packaging[:classifier]. Raises CannotImport."""
    parts = text.strip().split(":")
    if len(parts) not in (4, 5) or not all(_PART.fullmatch(part) for part in parts):
        raise CannotImport(
            "Maven coordinates are group:artifact:version:packaging[:classifier],"
            " such as org.example:thing:1.0:tar.gz:bin"
        )
    return Coordinates(*parts)


def import_maven(order: Order, maven: str) -> None:
    """Have Maven bring the artifact. Raises CannotImport, BadPackage, OSError, what ``tell`` raises."""
    if not maven:
        raise CannotImport("nothing may be imported from Maven: the ini names no mvn (minos.maven)")
    found = coordinates_of(order.source)
    with tempfile.TemporaryDirectory(dir=order.path.parent, prefix=f"{order.path.name}.") as folder:
        check_room(order.path.parent, 0, order.keep_free)
        goal = [COPY, f"-Dartifact={':'.join(part for part in found if part)}", f"-DoutputDirectory={folder}"]
        run([*shlex.split(maven), "-B", *goal], Path(folder), lambda line: order.tell(0, None, line))
        files = [path for path in Path(folder).iterdir() if path.is_file()]
        if len(files) != 1:
            raise CannotImport(f"Maven brought {len(files)} files for {order.source}")
        if files[0].stat().st_size > order.max_bytes:
            raise too_large(order.max_bytes)
        files[0].replace(order.path)
