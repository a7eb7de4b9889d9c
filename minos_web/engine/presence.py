"""Who is there: keys, routes and beats, in memory. Knows no socket and no database."""

from dataclasses import dataclass, field

from minos_common.words import Degraded


@dataclass
class Peer:
    """One approved worker. Times are seconds of the console's clocks; ``heard`` by the monotonic one."""

    host_id: int
    name: str
    route: bytes | None = None
    heard: float = 0.0
    heard_at: float = 0.0
    session: str = ""
    clock_offset: float = 0.0
    snapshot_clock: float = 0.0
    degraded: list[Degraded] = field(default_factory=list)
    dirty: bool = False


class Presence:
    """Approved keys and what they last said. A peer is who its CURVE key says, never its routing id."""

    def __init__(self) -> None:
        self.peers: dict[str, Peer] = {}

    def approve_only(self, approved: dict[str, tuple[int, str]]) -> None:
        """Make exactly these keys (key -> host id, name) the ones that may speak."""
        for key in self.peers.keys() - approved.keys():
            del self.peers[key]
        for key, (host_id, name) in approved.items():
            peer = self.peers.setdefault(key, Peer(host_id, name))
            peer.name = name

    def by_host(self, host_id: int) -> Peer | None:
        """The peer of a host, or None."""
        return next((peer for peer in self.peers.values() if peer.host_id == host_id), None)

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
