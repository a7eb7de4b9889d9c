"""PURE. Directories: whose they are, how a client takes them, how their series and news are called."""

import hashlib
import shlex
from collections.abc import Iterable

from minos_web.monitor.derived import metric

HOMES = "/user/"
EVERY_HOME = "/user/*"
MOST_DIRECTORIES, LONGEST_DIRECTORY = 50, 255
_LONGEST_KEY = 300
_PATTERN = "\\*?[]{}"


def user_of(path: str) -> str:
    """Who a directory belongs to as pages call it: the user for a home directory, else the whole path."""
    name = path.removeprefix(HOMES)
    return name if path.startswith(HOMES) and name and "/" not in name else path


def principal_of(path: str) -> str:
    """The user whose addresses hear of it: that of a home directory; of /hbase hbase."""
    return user_of(path).strip("/")


def literal(path: str) -> str:
    """The path as HDFS's client takes it for itself, not as a pattern."""
    return "".join(f"\\{sign}" if sign in _PATTERN else sign for sign in path)


def words_of(*words: str) -> str:
    """Words of a client command as somebody would type them."""
    return " ".join(shlex.quote(word) if word != EVERY_HOME else word for word in words)


def outermost(paths: Iterable[str]) -> set[str]:
    """Those that lie in no other one of them: what they hold together is counted once."""
    known = set(paths)
    return {path for path in known if not any(above in known for above in _above(path))}


def _above(path: str) -> list[str]:
    parts = path.split("/")[1:-1]
    return ["/", *("/" + "/".join(parts[: number + 1]) for number in range(len(parts)))] if path != "/" else []


def key_of(cluster: str, path: str) -> str:
    """What news of a directory have in common."""
    key = f"quota:{cluster}:{path}"
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[: _LONGEST_KEY - 17]}~{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def series_name(number: str, path: str) -> str:
    """The series of a number of one directory."""
    return metric("hdfs", "quota", number, user_of(path))


def total_name(number: str) -> str:
    """The series of a number of a whole cluster."""
    return metric("hdfs", "quota_total", number)


def directories_in(text: str) -> list[str]:
    """Directories that a site wrote, one a line. Raises ValueError."""
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(found) > MOST_DIRECTORIES:
        raise ValueError(f"at most {MOST_DIRECTORIES} directories, not {len(found)}")
    for path in found:
        _check(path)
    return found


def _check(path: str) -> None:
    """Raises ValueError."""
    shown = path[:80]
    if not path.startswith("/") or (path.endswith("/") and path != "/"):
        raise ValueError(f"a directory begins with / and does not end with it, unlike {shown!r}")
    if len(path) > LONGEST_DIRECTORY:
        raise ValueError(f"a directory has at most {LONGEST_DIRECTORY} characters, unlike {shown!r}…")
    if not path.isprintable() or any(part in (".", "..", "") for part in path.split("/")[1:] if path != "/"):
        raise ValueError(f"{shown!r} is no whole path of a directory")
