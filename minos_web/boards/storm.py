"""PURE. The lists of a Storm: topologies, what they are made of, their workers and errors."""

from minos_web.boards.listing import History, Listing
from minos_web.boards.tables import LONG, MOMENT, TEXT, WHOLE, WORD, Column

_COUNTS = (
    Column("acked", "Acked", WHOLE), Column("failed", "Failed", WHOLE, bad=0), Column("emitted", "Emitted", WHOLE),
    Column("transferred", "Transferred", WHOLE),
)  # fmt: skip
_NOTE = "counts since their workers began; latencies are means of the last ten minutes"


def _history(total: str, what: str, name: str, title: str, unit: str = "per_second") -> History:
    return History(f"{what}: {title}", unit, {f"{total}.{name}": title})


LISTINGS = (
    Listing(
        name="topologies", title="Topologies", kinds=("topology",), key="Topology", note=_NOTE, by="status",
        columns=(
            Column("status", "Status", WORD), *_COUNTS, Column("complete_ms", "Complete", "ms"),
            Column("acked_per_second", "Acked now", "per_second"), Column("workers", "Workers", WHOLE),
            Column("executors", "Executors", WHOLE), Column("tasks", "Tasks", WHOLE), Column("uptime_seconds", "Up", "seconds"),
            Column("owner", "Owner", WORD), Column("id", "Id", TEXT),
        ),
        charts=(
            _history("spouts", "Spouts", "acked_per_second", "acked"),
            _history("spouts", "Spouts", "failed_per_second", "failed"),
            _history("spouts", "Spouts", "emitted_per_second", "emitted"),
            _history("spouts", "Spouts", "transferred_per_second", "transferred"),
            _history("spouts", "Spouts", "complete_ms", "complete latency", "ms"),
            _history("bolts", "Bolts", "acked_per_second", "acked"),
            _history("bolts", "Bolts", "failed_per_second", "failed"),
            _history("bolts", "Bolts", "emitted_per_second", "emitted"),
            _history("bolts", "Bolts", "transferred_per_second", "transferred"),
            _history("bolts", "Bolts", "process_ms", "process latency", "ms"),
            _history("bolts", "Bolts", "executed_per_second", "executed"),
            _history("bolts", "Bolts", "execute_ms", "execute latency", "ms"),
            _history("bolts", "Bolts", "capacity", "largest capacity", "count"),
        ),
        inside=("spouts", "bolts", "workers", "errors"),
    ),
    Listing(
        name="spouts", title="Spouts", kinds=("spout",), key="Spout", about="part", by="topology", note=_NOTE,
        columns=(
            Column("topology", "Topology", TEXT), *_COUNTS, Column("complete_ms", "Complete", "ms"),
            Column("executors", "Executors", WHOLE), Column("tasks", "Tasks", WHOLE),
        ),
    ),
    Listing(
        name="bolts", title="Bolts", kinds=("bolt",), key="Bolt", about="part", by="topology", note=_NOTE,
        columns=(
            Column("topology", "Topology", TEXT), *_COUNTS, Column("process_ms", "Process", "ms"),
            Column("executed", "Executed", WHOLE), Column("execute_ms", "Execute", "ms"),
            Column("capacity", "Capacity", "count", bad=0.9), Column("executors", "Executors", WHOLE), Column("tasks", "Tasks", WHOLE),
        ),
    ),
    Listing(
        name="workers", title="Workers", kinds=("worker",), key="Worker", about="worker", by="topology",
        columns=(
            Column("topology", "Topology", TEXT), Column("state", "State", WORD), Column("executors", "Executors", WHOLE),
            Column("uptime_seconds", "Up", "seconds"), Column("memory_bytes", "Heap given", "bytes"),
            Column("cpu_percent", "CPU given", "percent"),
        ),
    ),
    Listing(
        name="errors", title="Errors", kinds=("error",), key="Part", about="part", sort="-at", by="topology",
        note="the last one of each part of a topology",
        columns=(
            Column("topology", "Topology", TEXT), Column("at", "When", MOMENT), Column("where", "Where", TEXT),
            Column("error", "Error", LONG),
        ),
    ),
)  # fmt: skip
