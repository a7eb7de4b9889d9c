"""PURE. A whole layout recommended, or what somebody chose completed: hosts, ports, heaps, and why."""

from collections.abc import Collection, Mapping, Sequence

from minos_web.operations.layouts.heaps import heaps_of
from minos_web.operations.layouts.parts import Layout, Machine, Note, Part
from minos_web.operations.layouts.placing import place
from minos_web.operations.layouts.ports import base_ports


def recommend(
    parts: Sequence[Part],
    machines: Sequence[Machine],
    taken: Mapping[str, Collection[int]],
    used: Collection[int] = (),
    chosen: Mapping[str, Sequence[str]] | None = None,
) -> Layout:
    """The layout for these machines; ``chosen`` hosts of jobs stay as they are, and what hangs on them is worked out."""
    if chosen is None:
        hosts, notes = place(parts, machines)
    else:
        hosts = {part.job: tuple(dict.fromkeys(chosen.get(part.job, ()))) for part in parts if not part.beside}
        notes = [note for part in parts if not part.beside for note in of_chosen(part, hosts[part.job])]
    heaps, tight = heaps_of(parts, hosts, machines)
    ports, blocked = base_ports(parts, hosts, taken, used)
    return Layout(hosts, ports, heaps, [*notes, *tight, *blocked])


def of_chosen(part: Part, hosts: Sequence[str]) -> list[Note]:
    """What is to be said of hosts that somebody chose for a job."""
    title, least, number = f"Hosts of {part.title}", part.begins.least_hosts, len(hosts)
    if not hosts:
        return [Note("fail", title, f"{part.title} has no host.", "Choose at least one.", "hosts")]
    if number < least:
        text = f"{part.title} has {number} and needs at least {least} in this size."
        return [Note("fail", title, text, "Choose more, or a smaller size.", "hosts")]
    if part.quorum and number % 2 == 0:
        text = f"{number} decide by majority and survive no more losses than {number - 1}."
        return [Note("warn", title, text, f"Choose {number + 1} or {number - 1}.", "hosts")]
    return []
