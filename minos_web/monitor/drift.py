"""PURE. Three states of a task beside each other: what is wanted, what is on its host, what its process was started with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from minos_common.parts import KEEPING, PACKAGE


class TaskRow(Protocol):
    """What is looked at of a task; the maps are part -> digest, see minos_common.parts."""

    bootstrapped: Any
    pid: Any
    held: Any
    started_with: Any
    edited: Any
    wanted_parts: Any


@dataclass(frozen=True)
class Drift:
    """Parts of a task that are not alike: ``edited`` on the host since they were sent, ``restart`` where the process runs
    with something else than lies there, ``unsent`` where the description wants something else.
    """

    edited: tuple[str, ...] = ()
    restart: tuple[str, ...] = ()
    unsent: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.edited or self.restart or self.unsent)

    def without(self, parts: Collection[str]) -> "Drift":
        """What is left when these parts are left alone."""
        return Drift(
            *(tuple(one for one in some if one not in parts) for some in (self.edited, self.restart, self.unsent))
        )

    @property
    def parts(self) -> list[str]:
        """All of them."""
        return sorted({*self.edited, *self.restart, *self.unsent})


def drift_of(task: TaskRow, read_again: Collection[str] = ()) -> Drift:
    """How a task drifts; nothing where its worker does not tell. Parts that are ``read_again`` need no restart."""
    held: Mapping[str, str] = task.held or {}
    if not task.bootstrapped or not held:
        return Drift()
    started: Mapping[str, str] = (task.started_with or {}) if task.pid else {}
    wanted: Mapping[str, str] = task.wanted_parts or {}
    edited = tuple(part for part in task.edited or () if not wanted or wanted.get(part) != held.get(part))
    restart = _unlike(started, held, {KEEPING, *read_again}) if started else ()
    kept = set(edited) | (set() if PACKAGE in wanted else {PACKAGE})
    unsent = _unlike(wanted, held, kept) if wanted else ()
    return Drift(edited, restart, unsent)


def _unlike(one: Mapping[str, str], other: Mapping[str, str], but: set[str]) -> tuple[str, ...]:
    return tuple(sorted(part for part in {*one, *other} - but if one.get(part) != other.get(part)))
