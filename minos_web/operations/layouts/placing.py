"""PURE. Which hosts each job gets: spread over machines and racks, most free memory first, odd where a majority decides."""

from collections import Counter
from collections.abc import Sequence

from minos_web.operations.layouts.parts import Machine, Note, Part


def place(parts: Sequence[Part], machines: Sequence[Machine]) -> tuple[dict[str, tuple[str, ...]], list[Note]]:
    """Job -> addresses, and why it is so where it is not as the size wants it.

    Jobs that want few hosts choose first, then those that want all. No job has a host twice.
    """
    fit = [machine for machine in machines if not machine.unfit]
    left = {machine.address: float(machine.memory or 0) for machine in fit}
    hosts: dict[str, tuple[str, ...]] = {}
    notes = _left_out(machines)
    own = [part for part in parts if not part.beside]
    for part in sorted(own, key=lambda one: (not one.quorum, not one.begins.hosts, one.begins.hosts)):
        number = how_many(part, len(fit))
        chosen = _choose(fit, left, number)
        hosts[part.job] = tuple(machine.address for machine in chosen)
        weight = sum(one.begins.share for one in parts if part.job in (one.job, one.beside)) or 0.05
        for machine in chosen:
            left[machine.address] -= weight * (machine.memory or 1)
        notes += _short(part, number, len(fit))
    ordered = {part.job: hosts[part.job] for part in own}
    return ordered, notes


def how_many(part: Part, there: int) -> int:
    """Hosts of a job when so many are there: what is wanted, or all; an odd number where a majority decides."""
    number = min(part.begins.hosts or there, there)
    return number - 1 if part.quorum and number and number % 2 == 0 else number


def _choose(fit: Sequence[Machine], left: dict[str, float], number: int) -> list[Machine]:
    """One after another: the machine and rack that have the fewest of them, then most memory, fewest tasks, by name.

    Hosts that are one machine share its memory: what they said of it at different moments makes none of them better.
    """
    chosen: list[Machine] = []
    memory: dict[str, float] = {}
    for one in fit:
        body = one.body or one.address
        memory[body] = min(memory.get(body, left[one.address]), left[one.address])
    bodies, racks = Counter[str](), Counter[str]()
    rest = list(fit)
    while rest and len(chosen) < number:
        best = min(
            rest,
            key=lambda one: (
                bodies[one.body or one.address],
                racks[one.rack],
                -memory[one.body or one.address],
                one.tasks,
                one.name,
                one.address,
            ),
        )
        rest.remove(best)
        chosen.append(best)
        bodies[best.body or best.address] += 1
        racks[best.rack] += 1
    return chosen


def _left_out(machines: Sequence[Machine]) -> list[Note]:
    unfit = sorted((one for one in machines if one.unfit), key=lambda one: (one.name, one.address))
    if not unfit:
        return []
    named = "; ".join(f"{machine.name}: {machine.unfit}" for machine in unfit[:5])
    more = f"; and {len(unfit) - 5} more" if len(unfit) > 5 else ""
    return [Note("warn", "Hosts left out", f"{named}{more}.", "Mend them, or choose them all the same.", "hosts")]


def _short(part: Part, number: int, there: int) -> list[Note]:
    """What is to be said of a job that has fewer hosts than it wants."""
    wanted, least = part.begins.hosts, part.begins.least_hosts
    title = f"Hosts of {part.title}"
    add = "Add hosts, or choose a smaller size."
    if number < least or not number:
        text = f"{part.title} needs {_hosts(least)}, and {_are(there)} fit to be chosen."
        return [Note("fail", title, text, add, "hosts")]
    if wanted and number < wanted:
        text = f"{_hosts(number)} instead of {wanted}: {_are(there)} fit to be chosen."
        if part.quorum and number == there - 1:
            text += " A majority is decided by an odd number."
        return [Note("warn", title, text, add, "hosts")]
    return []


def _hosts(number: int) -> str:
    return "one host" if number == 1 else f"{number} hosts"


def _are(number: int) -> str:
    return {0: "none is", 1: "one is"}.get(number, f"{number} are")
