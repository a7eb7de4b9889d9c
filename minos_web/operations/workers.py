"""The door for operations on the workers themselves: upgrading them, a few hosts first, then wave after wave."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from minos_common.names import release_name
from minos_common.states import HostState, OperationState, StepState
from minos_web.console import Console
from minos_web.models.hosts import Host
from minos_web.models.operations import WORKERS, Operation, Step
from minos_web.models.packages import Package
from minos_web.operations.braking import check_brake
from minos_web.operations.refusal import Busy, Refused
from minos_web.store.wheels import WORKER

ACTION = "upgrade-workers"
UPGRADE_SECONDS = 600.0
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class UpgradeWish:
    """Upgrade the workers of ``hosts`` (names; empty: all that are approved) to a package. One host goes first; then
    ``at_once`` go together, wave after wave."""

    package_id: int
    user: str
    now: float
    hosts: Sequence[str] = ()
    at_once: int = 5


@dataclass(frozen=True)
class UpgradeDraft:
    """An upgrade as it would be carried out. ``already`` run the release, so nothing is done there."""

    package: Package
    release: str
    waves: list[list[Host]]
    already: list[Host]


def worker_packages(session: Session) -> list[Package]:
    """Worker wheels in the store, newest first."""
    return list(session.scalars(select(Package).where(Package.artifact == WORKER).order_by(Package.id.desc())))


def draft_upgrade(session: Session, console: Console, wish: UpgradeWish) -> UpgradeDraft:
    """Check and plan an upgrade; nothing is written. Raises Refused, with the field it is about and the way out."""
    package = session.get(Package, wish.package_id)
    if package is None or package.artifact != WORKER:
        text = f"choose a package of the artifact {WORKER}: a worker wheel"
        raise Refused("unknown-package", text, "package")
    if not 1 <= wish.at_once <= MOST_AT_ONCE:
        raise Refused("at-once", f"between 1 and {MOST_AT_ONCE} workers may be upgraded at once", "at_once")
    hosts = _hosts(session, wish)
    release = release_name(package.revision, package.sha256)
    already = [host for host in hosts if host.facts.get("release") == release]
    to_do = [host for host in hosts if host not in already]
    if not to_do:
        raise Refused("nothing-to-do", f"all of these workers run {release} already", "hosts")
    _check_in_touch(console, to_do, wish.now)
    waves = [to_do[:1]]
    waves += [to_do[begin : begin + wish.at_once] for begin in range(1, len(to_do), wish.at_once)]
    return UpgradeDraft(package, release, waves, already)


def submit_upgrade(session: Session, console: Console, wish: UpgradeWish) -> Operation:
    """Lay an upgrade on the table. Raises Refused, or Busy while another one is open."""
    check_brake(session, None)
    other = session.scalar(select(Operation.id).where(Operation.open_cluster_id == WORKERS))
    if other is not None:
        raise Busy(other, "the workers")
    drafted = draft_upgrade(session, console, wish)
    names = [host.name for wave in drafted.waves for host in wave]
    operation = Operation(
        cluster_id=None,
        open_cluster_id=WORKERS,
        action=ACTION,
        selection={"hosts": names},
        options={"on_failure": "pause", "at_once": wish.at_once, "release": drafted.release},
        state=OperationState.WAITING.value,
        created_by=wish.user,
        created_at=wish.now,
        package_id=drafted.package.id,
        wave_names=[_wave_name(number, wave) for number, wave in enumerate(drafted.waves)],
    )
    operation.steps = [
        _step(number, position, host, wish)
        for number, wave in enumerate(drafted.waves)
        for position, host in enumerate(wave)
    ]
    session.add(operation)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused("busy", "another operation on the workers was started a moment ago") from error
    return operation


def _hosts(session: Session, wish: UpgradeWish) -> list[Host]:
    approved = select(Host).where(Host.state == HostState.APPROVED).order_by(Host.name)
    known = {host.name: host for host in session.scalars(approved)}
    if not wish.hosts:
        return list(known.values())
    missing = sorted(set(wish.hosts) - known.keys())
    if missing:
        raise Refused("unknown-host", f"no approved host is called {', '.join(missing[:5])}", "hosts")
    return [known[name] for name in dict.fromkeys(wish.hosts)]


def _check_in_touch(console: Console, hosts: Sequence[Host], now: float) -> None:
    silent = [host.name for host in hosts if now - (host.beat_at or 0) > console.settings.lost_seconds]
    if silent:
        more = f" and {len(silent) - 5} more" if len(silent) > 5 else ""
        text = f"no word from {', '.join(silent[:5])}{more}: leave them out, or wait until they are back"
        raise Refused("host-lost", text, "hosts")


def _wave_name(number: int, wave: Sequence[Host]) -> str:
    return f"Try it on {wave[0].name}" if number == 0 else f"Upgrade {len(wave)} more" if len(wave) > 1 else "One more"


def _step(wave: int, position: int, host: Host, wish: UpgradeWish) -> Step:
    return Step(
        wave=wave,
        position=position,
        host_id=host.id,
        verb="upgrade",
        label=f"worker of {host.name}",
        args={"host": host.name},
        state=StepState.WAITING.value,
        command_id=uuid.uuid4().hex,
        patience=UPGRADE_SECONDS,
        created_at=wish.now,
        created_by=wish.user,
    )
