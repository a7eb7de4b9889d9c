"""PURE. Base ports of a new cluster: those of its template, moved together until nobody else has any of them."""

from collections.abc import Collection, Mapping, Sequence

from minos_web.operations.layouts.parts import Note, Part, hosts_of, ports_at

LOWEST, HIGHEST, STEP = 1100, 65400, 100


def base_ports(
    parts: Sequence[Part],
    hosts: Mapping[str, tuple[str, ...]],
    taken: Mapping[str, Collection[int]],
    used: Collection[int] = (),
) -> tuple[dict[str, int], list[Note]]:
    """Job -> base port. ``taken`` are ports that others have, by address; ``used`` are base ports of others on any host,
    which are avoided as long as there are others: two clusters with one port are easily confused.
    """
    usual = _usual(parts)
    if not usual:
        return {}, []
    for avoided in (used, ()):
        for move in _moves(usual):
            moved = {job: port + move for job, port in usual.items()}
            if _free(parts, hosts, moved, taken) and not set(moved.values()) & set(avoided):
                return moved, []
    text = "No base ports are free on all of these hosts together."
    return usual, [Note("fail", "Ports", text, "Choose other hosts, or clean up clusters that nobody uses.", "sizes")]


def _usual(parts: Sequence[Part]) -> dict[str, int]:
    """What the template says; a part of which it says nothing, or the same as of another, gets the next hundred."""
    found: dict[str, int] = {}
    for part in parts:
        port = part.usual_port or max(found.values(), default=12000 - STEP) + STEP
        while port in found.values():
            port += STEP
        found[part.job] = port
    return found


def _moves(usual: Mapping[str, int]) -> list[int]:
    """Upwards from the usual ones first, then downwards."""
    up = range(0, HIGHEST - max(usual.values()) + 1, STEP)
    down = range(-STEP, LOWEST - min(usual.values()) - 1, -STEP)
    return [*up, *down]


def _free(
    parts: Sequence[Part],
    hosts: Mapping[str, tuple[str, ...]],
    ports: Mapping[str, int],
    taken: Mapping[str, Collection[int]],
) -> bool:
    return not any(
        port in taken.get(address, ())
        for part in parts
        for address in hosts_of(part, hosts)
        for port in ports_at(part, ports[part.job])
    )
