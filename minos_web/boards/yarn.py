"""PURE. The lists of a YARN: queues, programs, nodemanagers."""

from minos_web.boards.listing import History, Listing
from minos_web.boards.tables import LONG, MOMENT, WHOLE, WORD, Column

LISTINGS = (
    Listing(
        name="queues", title="Queues", kinds=("queue",), key="Queue",
        note="a queue counts what is in those below it",
        columns=(
            Column("running", "Running", WHOLE), Column("pending", "Pending", WHOLE), Column("containers", "Containers", WHOLE),
            Column("containers_pending", "Pending", WHOLE), Column("cores_used", "Cores used", WHOLE), Column("cores_free", "Cores free", WHOLE),
            Column("memory_used_bytes", "Memory used", "bytes"), Column("memory_free_bytes", "Memory free", "bytes"),
            Column("users", "Users", WHOLE), Column("submitted", "Submitted", WHOLE), Column("completed", "Completed", WHOLE),
            Column("failed", "Failed", WHOLE), Column("killed", "Killed", WHOLE),
        ),
        charts=(
            History("Programs", "count", {"queue.running": "Running", "queue.pending": "Pending"}),
            History("Memory", "bytes", {"queue.memory_used_bytes": "Used", "queue.memory_pending_bytes": "Wanted"}),
            History("Containers", "count", {"queue.containers": "Given", "queue.containers_pending": "Wanted"}),
            History("Cores used", "count", {"queue.cores_used": "Used"}),
            History(
                "Programs that ended", "per_second",
                {
                    "queue.completed_per_second": "Completed", "queue.failed_per_second": "Failed",
                    "queue.killed_per_second": "Killed",
                },
            ),
        ),
    ),
    Listing(
        name="applications", title="Applications", kinds=("app",), key="Application", key_unit=WORD, sort="-started_at", by="state",
        note="those that the resourcemanager still knows, at most 2,000",
        columns=(
            Column("name", "Name", LONG), Column("user", "User", WORD), Column("queue", "Queue", WORD),
            Column("state", "State", WORD), Column("final", "Ended", WORD), Column("progress_percent", "Progress", "percent"),
            Column("started_at", "Started", MOMENT), Column("elapsed_seconds", "Took", "seconds"),
            Column("containers", "Containers", WHOLE), Column("cores", "Cores", WHOLE), Column("memory_bytes", "Memory", "bytes"),
            Column("type", "Type", WORD),
        ),
    ),
    Listing(
        name="nodes", title="Nodes", kinds=("node",), key="Node", by="state",
        columns=(
            Column("state", "State", WORD), Column("rack", "Rack", WORD), Column("containers", "Containers", WHOLE),
            Column("memory_used_bytes", "Memory used", "bytes"), Column("memory_free_bytes", "Memory free", "bytes"),
            Column("cores_used", "Cores used", WHOLE), Column("cores_free", "Cores free", WHOLE), Column("healthy_at", "Told", MOMENT),
            Column("version", "Version", WORD), Column("report", "Report", LONG),
        ),
    ),
)  # fmt: skip
