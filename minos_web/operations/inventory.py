"""The inventory as rows: what would change, the change, and the rack in which a host stands."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from minos_web.operations.inventory_csv import Fault, Row
from minos_web.operations.inventory_fields import KEPT, Value
from minos_web.operations.spread_plan import rack_of


@dataclass(frozen=True)
class Change:
    """What comes of a row: new, changed or same; ``fields`` that differ -> (before, after)."""

    row: Row
    fate: str
    fields: dict[str, tuple[Value, Value]]


@dataclass
class Outcome:
    """What would come of rows, and why it cannot."""

    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def count(self, fate: str) -> int:
        """How many rows have this fate."""
        return sum(1 for change in self.changes if change.fate == fate)

    @property
    def digest(self) -> str:
        """Differs when anything else would come of it: what was shown is what is done."""
        said = [[change.row.host, change.fate, sorted(change.fields.items())] for change in self.changes]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def examine(session: Session, rows: Sequence[Row]) -> Outcome:
    """What would come of ``rows``. Machines that no row names stay as they are."""
    kept = {machine.host: machine for machine in session.scalars(select(Machine))}
    outcome = Outcome()
    for row in rows:
        machine = kept.get(row.host)
        before = {name: getattr(machine, name) if machine else None for name in row.given}
        fields = {name: (before[name], value) for name, value in row.given.items() if before[name] != value}
        fate = "new" if machine is None else "changed" if fields else "same"
        outcome.changes.append(Change(row, fate, fields))
    outcome.faults += _shared_addresses(kept, rows)
    return outcome


def _shared_addresses(kept: dict[str, Machine], rows: Sequence[Row]) -> list[Fault]:
    """No two machines have one address, once all rows are taken in."""
    after = {machine.ip: machine.host for machine in kept.values() if machine.ip}
    given = {row.host: row for row in rows if "ip" in row.given}
    after = {ip: host for ip, host in after.items() if host not in given}
    faults = []
    for row in given.values():
        ip = row.given["ip"]
        if isinstance(ip, str):
            if ip in after:
                faults.append(Fault(row.line, "ip", f"{ip} is the address of {after[ip]}"))
            after.setdefault(ip, row.host)
    return faults


def keep(session: Session, outcome: Outcome, by: str, now: float) -> int:
    """Carry out what ``examine`` found; how many machines are new or changed."""
    kept = {machine.host: machine for machine in session.scalars(select(Machine))}
    wanted = [change for change in outcome.changes if change.fate != "same"]
    for change in wanted:
        if change.fields.get("ip", (None, None))[0] is not None:
            kept[change.row.host].ip = None
    session.flush()  # addresses may be handed on from one machine to another
    for change in wanted:
        machine = kept.get(change.row.host) or Machine(host=change.row.host, created_at=now)
        for name, (_, value) in change.fields.items():
            setattr(machine, name, value)
        machine.changed_at, machine.changed_by = now, by
        session.add(machine)
    session.flush()
    return len(wanted)


class Racks:
    """What is kept of many hosts, looked up by name, else by address."""

    def __init__(self, machines: Iterable[Machine]) -> None:
        self.machines = {machine.host: machine for machine in machines}
        self._by_ip = {machine.ip: machine for machine in self.machines.values() if machine.ip}

    def of(self, host: Host) -> Machine | None:
        """What is kept of this host."""
        return self.machines.get(host.name.lower()) or self._by_ip.get(host.address)

    def rack(self, host: Host) -> str:
        """Where it stands: as the inventory says, else its worker, else by its address."""
        machine = self.of(host)
        return rack_of((machine and machine.rack) or said_rack(host), host.address)


def all_machines(session: Session) -> Racks:
    """The whole inventory."""
    return Racks(session.scalars(select(Machine).order_by(Machine.host)))


def machine_of(session: Session, host: Host) -> Racks:
    """The inventory as far as it may be about one host."""
    wanted = select(Machine).where(or_(Machine.host == host.name.lower(), Machine.ip == host.address))
    return Racks(session.scalars(wanted))


def rack_of_host(session: Session, host: Host) -> str:
    """The rack of one host."""
    return machine_of(session, host).rack(host)


def said_rack(host: Host) -> str:
    """The rack that its worker.ini names; empty for none."""
    return str((host.facts or {}).get("rack", ""))


def as_fields(machine: Machine) -> dict[str, Value]:
    """All its fields."""
    return {"host": machine.host, **{name: getattr(machine, name) for name in KEPT}}


def forget(session: Session, hosts: Iterable[str]) -> list[str]:
    """Take machines out of the inventory; those that were in it. Their workers and figures stay."""
    names = {host.strip().lower() for host in hosts}
    gone = list(session.scalars(select(Machine).where(Machine.host.in_(names)).order_by(Machine.host)))
    for machine in gone:
        session.delete(machine)
    session.flush()
    return [machine.host for machine in gone]
