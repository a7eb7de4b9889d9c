"""PURE. What a task is made of, part by part: the same texts and digests on console and worker, so that the two compare.

Parts are called ``file:<name>``, ``command``, ``environment``, ``limits``, ``keeping`` and ``package``.
"""

import hashlib
from collections.abc import Mapping

from minos_common.verbs import UNLIMITED, StartSpec
from minos_common.words import PackageName

FILE = "file:"
COMMAND, ENVIRONMENT, LIMITS, KEEPING, PACKAGE = "command", "environment", "limits", "keeping", "package"
MISSING = "missing"
"""Instead of a digest: the part should be there and is not."""


def digest(data: bytes) -> str:
    """A short name of some content: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:16]


def texts_of(files: Mapping[str, str], start: StartSpec, package: PackageName | None) -> dict[str, str]:
    """Part -> text, as people read and compare it; without a package that part is left out."""
    texts = {f"{FILE}{name}": text for name, text in files.items()}
    texts |= {COMMAND: command_text(start), ENVIRONMENT: environment_text(start)}
    texts |= {LIMITS: limits_text(start), KEEPING: keeping_text(start)}
    if package is not None:
        texts[PACKAGE] = package_text(package)
    return texts


def digests_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Part -> digest of its text."""
    return {name: digest(text.encode(errors="surrogateescape")) for name, text in texts.items()}


def command_text(start: StartSpec) -> str:
    """Program, class path and arguments, one on a line, in the order in which the program gets them."""
    lines = [
        f"program {start.program or 'java'}",
        *(f"class path {one}" for one in (*start.class_path, *start.added_class_path)),
    ]
    lines += [*start.jvm_args, *start.system_properties, *start.main_entry, *start.extra_args]
    return "".join(f"{line}\n" for line in lines)


def environment_text(start: StartSpec) -> str:
    """The variables that a task gets beside those of its worker."""
    return "".join(f"{name}={value}\n" for name, value in sorted(start.environment.items()))


def limits_text(start: StartSpec) -> str:
    """What the description says of the kernel's limits; nothing where the host's worker.ini counts."""
    limits = start.limits
    core = "unlimited" if limits.core == UNLIMITED else limits.core
    rows = (("limit_nofile", limits.nofile), ("limit_core", core))
    return "".join(f"{name}={value}\n" for name, value in rows if value is not None)


def keeping_text(start: StartSpec) -> str:
    """What the worker does when the task ends, or its host was down; counts from the moment it is sent."""
    cycle = start.lifecycle
    rows: list[tuple[str, object]] = [
        ("start_at_boot", "yes" if cycle.start_at_boot else "no"),
        ("restart", "yes" if cycle.restart else "no"),
        ("retries", cycle.retries),
        ("start_seconds", f"{cycle.start_seconds:g}"),
        ("stop_signal", cycle.stop_signal),
        ("stop_wait", f"{cycle.stop_wait:g}"),
        ("expected_exits", " ".join(map(str, cycle.expected_exits))),
    ]
    return "".join(f"{name}={value}\n" for name, value in rows)


def package_text(package: PackageName) -> str:
    """The package in one line: name, revision, time of upload, SHA-256."""
    return f"{package.name} {package.revision} {package.timestamp} {package.sha256}\n"
