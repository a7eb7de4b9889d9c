"""Asks a nimbus for everything that it knows of each topology: its parts, its workers, its errors."""

import contextlib
import json
import time
from typing import Any

from minos_worker.stats.nimbus import EVER, LEADER, WINDOW, NimbusFailed, gone, host_and_port, role_of, talking
from minos_worker.stats.readers import PageFailed

MOST_TOPOLOGIES = 300


def ask_topologies(address: str, timeout: float) -> bytes:
    """JSON ``{"topologies": [{"topology", "ever", "window"}]}`` as Storm's own interface has it; another than the leader
    tells of none, because it has not got what topologies are made of. Raises PageFailed.
    """
    deadline = time.monotonic() + timeout
    try:
        with talking(address, timeout) as client:
            cluster = client.getClusterInfo()
            if role_of(cluster, *host_and_port(address)) != LEADER:
                return b'{"topologies": []}'
            found = []
            for topology in cluster.topologies[:MOST_TOPOLOGIES]:
                if time.monotonic() > deadline:
                    raise NimbusFailed(f"it took too long to tell of all {len(cluster.topologies)} topologies")
                with contextlib.suppress(gone()):
                    # Counts are those of all time, so that their growth is known; latencies those of ten minutes.
                    pages = {
                        name: client.getTopologyPageInfo(topology.id, one, False) for name, one in _WINDOWS.items()
                    }
                    found.append({"topology": topology, **pages})
    except NimbusFailed as error:
        raise PageFailed(str(error)) from error
    return json.dumps({"topologies": found}, default=_plain).encode()


_WINDOWS = {"ever": EVER, "window": WINDOW}


def _plain(value: Any) -> Any:
    """A struct of the interface as a dictionary."""
    return dict(vars(value))
