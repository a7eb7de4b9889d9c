"""The virtual config directory as the language sees it, and how paths in it are found."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Protocol

_CLUSTER_FILE = re.compile(r"conf/([^/]+)/\1-([^/]+)\.cfg")


class NotText(ValueError):
    """A file of the directory that is not UTF-8 text."""


class ConfigTree(Protocol):
    """Anything that can give the files of a virtual config directory."""

    def read(self, path: str) -> str | None:
        """Text of a file, None when there is none. May raise NotText."""

    def paths(self) -> Iterable[str]:
        """Path of every file."""


class MappingTree:
    """A config directory in memory: path -> text (bytes are read as UTF-8)."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = files

    def read(self, path: str) -> str | None:
        """Text of a file, None when there is none. Raises NotText."""
        content = self._files.get(path)
        if not isinstance(content, bytes):
            return content
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotText(f"{path} is not UTF-8 text (byte {error.start})") from error

    def paths(self) -> Iterable[str]:
        """Path of every file."""
        return self._files.keys()


def cluster_path(service: str, cluster: str) -> str:
    """Path of a cluster file."""
    return f"conf/{service}/{service}-{cluster}.cfg"


def cluster_of(path: str) -> tuple[str, str] | None:
    """Service and cluster whose file ``path`` is by its name, None when it is no cluster file."""
    match = _CLUSTER_FILE.fullmatch(path)
    return (match.group(1), match.group(2)) if match else None


def find(tree: ConfigTree, path: str, from_file: str) -> str | None:
    """Path of an existing file that ``path`` in ``from_file`` means: from the root, else beside ``from_file``."""
    for start in ("", posixpath.dirname(from_file)):
        candidate = posixpath.normpath(posixpath.join(start, path.lstrip("/")))
        if not candidate.startswith("..") and tree.read(candidate) is not None:
            return candidate
    return None
