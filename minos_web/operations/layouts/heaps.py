"""PURE. How much heap each job gets: a share of what is free on its least host, and never more than all together find there."""

from collections.abc import Mapping, Sequence

from minos_web.operations.layouts.parts import MIB, Heap, Machine, Note, Part, hosts_of, in_words

MOST_OF_FREE = 0.8
"""The heaps of one host get at most this part of its free memory: a process needs more than its heap."""
_STEP = 32


def heaps_of(
    parts: Sequence[Part], hosts: Mapping[str, tuple[str, ...]], machines: Sequence[Machine]
) -> tuple[dict[str, Heap], list[Note]]:
    """Job -> heap, and which do not get what they need."""
    by_address = {machine.address: machine for machine in machines}
    wants = {part.job: _wanted(part, _free(part, hosts, by_address)) for part in parts}
    room = _room(parts, hosts, by_address, wants)
    heaps, notes = {}, []
    for part in parts:
        least = _free(part, hosts, by_address)
        if not part.begins.share:
            heaps[part.job] = Heap(0, "its folder says no share of memory: as the base file says")
        elif least is None:
            heaps[part.job] = Heap(0, "nobody knows the memory of its hosts: as the base file says")
        else:
            heaps[part.job] = _heap(part, least, wants[part.job], room[part.job])
            notes += _too_little(part, least, heaps[part.job])
    return heaps, notes


def _free(part: Part, hosts: Mapping[str, tuple[str, ...]], machines: Mapping[str, Machine]) -> Machine | None:
    """The host of the part that has the least free memory, of those of which it is known."""
    known = [machines[one] for one in hosts_of(part, hosts) if one in machines and machines[one].memory is not None]
    return min(known, key=lambda machine: (machine.memory or 0, machine.name), default=None)


def _wanted(part: Part, least: Machine | None) -> int:
    """MiB that it would get if nothing else came to its hosts."""
    if least is None or not part.begins.share:
        return 0
    share = int((least.memory or 0) / MIB * part.begins.share)
    return max(part.begins.least_mb, min(share, part.begins.most_mb))


def _room(
    parts: Sequence[Part],
    hosts: Mapping[str, tuple[str, ...]],
    machines: Mapping[str, Machine],
    wants: Mapping[str, int],
) -> dict[str, float]:
    """Job -> what part of its wish all of its hosts can give, when everybody gets the same part."""
    asked: dict[str, int] = {}
    for part in parts:
        for address in hosts_of(part, hosts):
            asked[address] = asked.get(address, 0) + wants[part.job]
    given = {
        address: min(1.0, (machines[address].memory or 0) / MIB * MOST_OF_FREE / total)
        for address, total in asked.items()
        if total and address in machines and machines[address].memory is not None
    }
    return {part.job: min((given.get(one, 1.0) for one in hosts_of(part, hosts)), default=1.0) for part in parts}


def _heap(part: Part, least: Machine, wanted: int, room: float) -> Heap:
    size = int(wanted * room)
    step = 1024 if size >= 8192 else _STEP
    size = size - size % step if size > step else size
    begins = part.begins
    share = f"{begins.share:.0%} of the {in_words(least.memory or 0)} free on {least.name}"
    if room < 1.0:
        how = f"{share}, made less so that all of this cluster's heaps there fit into {MOST_OF_FREE:.0%} of it"
    elif wanted == begins.most_mb:
        how = f"the most that helps; {share} would be more"
    elif wanted == begins.least_mb:
        how = f"the least that it needs; {share} would be less"
    else:
        how = share
    return Heap(size, f"{how}{f': {begins.why}' if begins.why else ''}")


def _too_little(part: Part, least: Machine, heap: Heap) -> list[Note]:
    if heap.mb >= min(part.begins.least_mb, part.begins.least_mb - part.begins.least_mb % _STEP):
        return []
    text = (
        f"{part.title} needs a heap of {part.begins.least_mb} MiB, and {heap.mb} MiB are left for it on {least.name}."
    )
    return [Note("fail", "Memory", text, "Choose hosts with more free memory, or fewer jobs on each.", "hosts")]
