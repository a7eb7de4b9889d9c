"""How a time of a schedule ended: noted, and told to people, once when it goes wrong and once when it works again."""

from sqlalchemy.orm import Session

from minos_web.models.schedules import Occurrence, Schedule
from minos_web.monitor.telling import Told, tell
from minos_web.operations.schedules.keeping import when_of
from minos_web.operations.schedules.kinds import Begun
from minos_web.operations.schedules.when import local_words


def finish(session: Session, row: Occurrence, state: str, message: str, now: float, begun: Begun | None = None) -> None:
    """It has ended. ``cancelled`` is by somebody, who knows: it failed, and nobody is told."""
    row.state = "failed" if state == "cancelled" else state
    row.message, row.ended_at = message, now
    schedule = row.schedule
    if begun is not None and begun.report is not None:
        title, text = begun.report
        told = Told("report", "info", title, text, recipients=begun.recipients, **_about(schedule))
        tell(session, told, now)
    if state == "done" and schedule.failing:
        schedule.failing = False
        text = f"What it was to do at {_time(row)} is done."
        tell(session, Told("recovery", "info", f"{schedule.name} works again", text, **_about(schedule)), now)
    if state == "failed" and not schedule.failing:
        _problem(session, row, f"{schedule.name} failed", message, now)
    if state == "skipped":
        title = f"{schedule.name} did not begin"
        text = f"What it was to do at {_time(row)} was left out: {message}."
        tell(session, Told("note", "warning", title, text, **_about(schedule)), now)


def stand_still(session: Session, row: Occurrence, message: str, now: float) -> None:
    """What it began waits for somebody: nobody may be looking at that hour."""
    row.message = message
    if not row.schedule.failing:
        _problem(session, row, f"{row.schedule.name} stands still", message, now)


def note_missed(session: Session, schedule: Schedule, number: int, made_up: bool, now: float) -> None:
    """The console was down at some of its times."""
    times = "a time" if number == 1 else f"{number} times"
    title = f"{schedule.name} missed {times}"
    text = "The console was not there. " + (
        "It is made up for now." if made_up else "It is left out, as it says itself."
    )
    tell(session, Told("note", "warning", title, text, **_about(schedule)), now)


def _problem(session: Session, row: Occurrence, title: str, message: str, now: float) -> None:
    row.schedule.failing = True
    text = f"What it was to do at {_time(row)}: {message}. It is not told again until it works."
    tell(session, Told("problem", "error", title, text, **_about(row.schedule)), now)


def _time(row: Occurrence) -> str:
    return local_words(row.nominal_at, when_of(row.schedule).zone)


def _about(schedule: Schedule) -> dict[str, str]:
    cluster = schedule.cluster
    return {
        "key": f"schedule:{schedule.id}",
        "path": f"/schedules/{schedule.id}",
        "service": cluster.service if cluster else "",
        "cluster": cluster.name if cluster else "",
    }
