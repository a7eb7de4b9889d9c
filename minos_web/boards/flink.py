"""PURE. The lists of a Flink: programs and task managers, as the job manager knows them."""

from minos_web.boards.listing import Listing
from minos_web.boards.tables import LONG, MOMENT, WHOLE, WORD, Column

LISTINGS = (
    Listing(
        name="programs", title="Programs", kinds=("program",), key="Program", sort="-started_at", by="state",
        note="those that the job manager still knows",
        columns=(
            Column("name", "Name", LONG), Column("state", "State", WORD), Column("started_at", "Started", MOMENT),
            Column("elapsed_seconds", "Took", "seconds"), Column("tasks", "Tasks", WHOLE),
            Column("tasks_running", "Running", WHOLE), Column("tasks_finished", "Finished", WHOLE),
            Column("tasks_failed", "Failed", WHOLE, bad=0),
        ),
    ),
    Listing(
        name="taskmanagers", title="Task managers", kinds=("taskmanager",), key="Task manager",
        note="memory is what they were given, not what they use",
        columns=(
            Column("address", "Address", WORD), Column("slots", "Slots", WHOLE), Column("free_slots", "Free slots", WHOLE),
            Column("memory_bytes", "Memory", "bytes"), Column("heap_bytes", "Heap of tasks", "bytes"),
            Column("managed_bytes", "Managed", "bytes"), Column("network_bytes", "Network", "bytes"),
            Column("heard_at", "Heard", MOMENT),
        ),
    ),
)  # fmt: skip
