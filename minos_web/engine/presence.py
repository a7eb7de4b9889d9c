"""Who is there: keys, routes and beats, in memory. Knows no socket and no database."""

from collections import OrderedDict
from dataclasses import dataclass, field

from minos_common.words import Degraded, TaskName

NOTHING = 1
"""A revision before any that a worker has; 0 would mean that it is not known."""


@dataclass
class Told:
    """What of a worker's statuses is on the table. All of them as of revision ``whole``, some newer ones: those of
    ``newer`` (task -> revision). Messages may be lost, doubled, or overtake each other.
    """

    whole: int = 0
    newer: dict[TaskName, int] = field(default_factory=dict)

    def takes_all(self, revision: int) -> bool:
        """Whether statuses of all tasks as of ``revision`` are news (0: nobody knows); then they count as told."""
        if revision and revision < max(self.whole, *self.newer.values(), 0):
            return False
        self.whole, self.newer = revision, {}
        return True

    def takes_one(self, task: TaskName, revision: int) -> bool:
        """Whether the status of one task as of ``revision`` is news; then it counts as told."""
        if revision <= max(self.whole, self.newer.get(task, 0)):
            return False
        self.newer[task] = revision
        while self.whole + 1 in self.newer.values():
            self.whole += 1
        return True


class Taken:
    """The batches of figures that were taken last: a worker that did not hear so tells them again."""

    MOST = 2048

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, batch_id: str) -> bool:
        """Whether it is one of them."""
        return batch_id in self._ids

    def add(self, batch_id: str) -> None:
        """It is on the table."""
        self._ids[batch_id] = None
        while len(self._ids) > self.MOST:
            self._ids.popitem(last=False)


@dataclass
class Peer:
    """One approved worker. Times are seconds of the console's clocks; ``heard`` by the monotonic one."""

    host_id: int
    name: str
    route: bytes | None = None
    heard: float = 0.0
    heard_at: float = 0.0
    key: str = ""
    session: str = ""
    clock_offset: float = 0.0
    snapshot_clock: float = 0.0
    told: Told = field(default_factory=Told)
    degraded: list[Degraded] = field(default_factory=list)
    brake: int = -1
    dirty: bool = False
    taken: Taken = field(default_factory=Taken)


class Presence:
    """Approved keys and what they last said. A peer is who its CURVE key says, never its routing id."""

    def __init__(self) -> None:
        self.peers: dict[str, Peer] = {}
        self._of_hosts: dict[int, Peer] = {}

    def approve_only(self, approved: dict[str, tuple[int, str]]) -> None:
        """Make exactly these keys (key -> host id, name) the ones that may speak."""
        for key in self.peers.keys() - approved.keys():
            self.forget(key)
        for key, (host_id, name) in approved.items():
            self.approve(key, host_id, name)

    def approve(self, key: str, host_id: int, name: str) -> None:
        """This key may speak, for this host."""
        peer = self.peers.get(key)
        if peer is None:
            peer = self.peers[key] = self._of_hosts[host_id] = Peer(host_id, name, key=key)
        peer.name = name

    def forget(self, key: str) -> None:
        """This key may not speak."""
        peer = self.peers.pop(key, None)
        if peer is not None and self._of_hosts.get(peer.host_id) is peer:
            del self._of_hosts[peer.host_id]

    def by_host(self, host_id: int) -> Peer | None:
        """The peer of a host, or None."""
        return self._of_hosts.get(host_id)

    def heard(self, key: str, route: bytes, monotonic: float, wall: float) -> None:
        """A frame came from this key."""
        peer = self.peers[key]
        peer.route, peer.heard, peer.heard_at, peer.dirty = route, monotonic, wall, True

    def changed(self) -> list[Peer]:
        """Peers heard since the last call."""
        changed = [peer for peer in self.peers.values() if peer.dirty]
        for peer in changed:
            peer.dirty = False
        return changed
