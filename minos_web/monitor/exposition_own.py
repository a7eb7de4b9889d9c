"""What Prometheus reads of the console itself: its engine, its rounds, its alerts, its disk. Over a console that is in trouble it
cannot tell anybody itself, so somebody else should ask.
"""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.models.alerts import Alert
from minos_web.models.lease import Lease
from minos_web.models.schedules import Round
from minos_web.monitor.alerts.own_health import own_figures
from minos_web.monitor.timetable import late

LEVELS = ("warning", "error")
_Add = Callable[[str, str, dict[str, str], float], None]


def own(gauge: _Add, counter: _Add, session: Session, settings: ConsoleSettings, now: float) -> None:
    """Add everything. What is not known yet (an engine that never started) is left out."""
    lease = session.get(Lease, "engine")
    if lease is not None:
        about = "When the engine last said that it is at work, in seconds since the epoch."
        gauge("minos_engine_last_seen_timestamp_seconds", about, {}, lease.seen_at)
    for row in session.scalars(select(Round).order_by(Round.name)):
        labels = {"round": row.name}
        gauge("minos_round_late", "1 when a round does not run as it should.", labels, bool(late(row, now)))
        gauge("minos_round_failing", "1 when a round failed at its last try.", labels, row.failing_since is not None)
        if row.took is not None:
            gauge("minos_round_took_seconds", "How long a round took last.", labels, row.took)
        counter("minos_round_runs", "Runs of a round.", labels, row.runs)
        counter("minos_round_failures", "Runs of a round that failed.", labels, row.failures)
    firing = select(Alert.level, func.count()).where(Alert.state == "firing", Alert.muted == "").group_by(Alert.level)
    numbers = dict.fromkeys(LEVELS, 0) | {level: number for level, number in session.execute(firing)}
    for level, number in numbers.items():
        gauge("minos_alerts_firing", "Alerts that fire and are not muted.", {"level": level}, number)
    for name, value in own_figures(session, settings, now).items():
        gauge("minos_" + name.replace(".", "_"), "Figure of the console itself.", {}, value)
