"""Back-test: when a rule would have fired over the samples that are stored, by the same life that alerts have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from minos_common.instants import utc_minute
from minos_web.console import Console
from minos_web.models.series import Series
from minos_web.monitor.alerts.known import MADE, WORD, known_figures
from minos_web.monitor.alerts.life import limits_of
from minos_web.monitor.alerts.replaying import Span, Told, told_at, walk
from minos_web.monitor.alerts.rules import BadRule, Rule, Test, tested
from minos_web.monitor.series.asking import LAG, name_of, points_of
from minos_web.monitor.series.keeping import kept_since
from minos_web.monitor.series.port import SeriesName, SeriesQuery

MOST_THINGS, MOST_SERIES = 100, 400
MOST_CHECKS = 3_000_000
"""Checks of all things together; with more of them it is checked less often."""


@dataclass(frozen=True)
class Episode:
    """Once that it would have fired. ``ended`` None: it would still fire at the end. ``value``: the figure as it fired."""

    where: str
    fired: float
    ended: float | None
    level: str
    value: float | None = None


@dataclass
class Outcome:
    """What would have happened. ``news``: how often people would have heard of it (problems, recoveries, flapping, unknown);
    ``flips``: changes of which they would hear; ``flapping``: times that it would have been called flapping. ``series`` were
    looked at, every ``seconds``. ``notes`` are short sentences: what was left out, or how coarse the samples were.
    """

    start: float
    end: float
    episodes: list[Episode] = field(default_factory=list)
    news: int = 0
    flips: int = 0
    flapping: int = 0
    series: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Thing:
    """What has an alert: its name in words, and for each figure of the rule the series that tell it."""

    where: str
    series: tuple[tuple[int, ...], ...]


def backtest(session: Session, console: Console, rule: Rule, start: float, now: float) -> Outcome:
    """Replay what is stored from ``start`` to ``now``. ``rule`` is one of rules.all_rules, or one that was just written down
    (see rules.of_row). Raises BadRule when its texts cannot be understood, or no history of its figure is stored.
    """
    test = tested(rule, console.catalog)
    _refuse(test, console)
    outcome = Outcome(start, now)
    names = _names(session, rule, test, start)
    things = _things(rule, test, names)
    if len(things) > MOST_THINGS or len(names) >= MOST_SERIES:
        outcome.notes.append(f"Only the first {min(len(things), MOST_THINGS)} things were looked at; narrow the rule.")
    things = things[:MOST_THINGS]
    wanted = {number for thing in things for some in thing.series for number in some}
    asked = SeriesQuery(("",), start, now, points=int(now - start) + 1)
    points = points_of(session, {number: names[number] for number in wanted}, asked) if wanted else {}
    settings = console.settings
    step = settings.alert_seconds * max(1, -(-int((now - start) / settings.alert_seconds * len(things)) // MOST_CHECKS))
    span = Span(start, now, step, 3 * settings.sample_seconds + settings.lost_seconds)
    limits = limits_of(rule.for_seconds, settings.alert_checks, settings.alert_seconds)
    for thing in things:
        told = [_combined(rule, [told_at(points[number], span) for number in some]) for some in thing.series]
        walked = walk(rule, test, told, span, limits)
        outcome.episodes += [Episode(thing.where, *one) for one in walked.fired]
        outcome.news += len(walked.news)
        outcome.flips += walked.flips
        outcome.flapping += walked.flapping
    outcome.episodes.sort(key=lambda one: one.fired)
    outcome.series, outcome.seconds = len(wanted), step
    _note(outcome, rule, console, now)
    return outcome


def _refuse(test: Test, console: Console) -> None:
    words = {one.name for one in known_figures(console.catalog) if one.unit == WORD}
    for name in test.metric.names:
        plain = name.partition(":")[0]
        if plain in MADE or plain in words or test.condition.words:
            raise BadRule("metric", f"no history of {plain} is stored, so it cannot be tried on the past")


def _names(session: Session, rule: Rule, test: Test, start: float) -> Mapping[int, SeriesName]:
    """The series that tell the figures of the rule."""
    named: list[ColumnElement[bool]] = []
    for name in test.metric.names:
        named.append(Series.metric.like(f"{name[:-1]}%") if name.endswith(":*") else Series.metric == name)
    scope = {"service": rule.service, "cluster": rule.cluster, "job": rule.job, "host": rule.host}
    filters = [getattr(Series, part) == value for part, value in scope.items() if value]
    query = select(Series).where(or_(*named), Series.last >= start - LAG, *filters)
    order = Series.service, Series.cluster, Series.job, Series.host, Series.task, Series.metric, Series.id
    return {row.id: name_of(row) for row in session.scalars(query.order_by(*order).limit(MOST_SERIES))}


def _things(rule: Rule, test: Test, names: Mapping[int, SeriesName]) -> list[_Thing]:
    found: dict[str, tuple[list[int], ...]] = {}
    for number, name in names.items():
        for place, figure in enumerate(test.metric.names):
            part = _part(figure, name.metric)
            if part is None:
                continue
            where = _where(rule, name, part)
            found.setdefault(where, tuple([] for _ in test.metric.names))[place].append(number)
    return [_Thing(where, tuple(map(tuple, some))) for where, some in found.items() if all(some)]


def _part(figure: str, metric: str) -> str | None:
    """Which part of a figure a series is; None if it is not of it."""
    if figure.endswith(":*"):
        return metric[len(figure) - 1 :] if metric.startswith(figure[:-1]) else None
    return "" if metric == figure else None


def _where(rule: Rule, name: SeriesName, part: str) -> str:
    cluster = f"{name.service}/{name.cluster}" if name.cluster else ""
    if rule.about == "cluster":
        words = [cluster, part]
    else:
        task = f"{name.job}.{name.task}" if name.task else name.job
        words = [cluster, task, f"on {name.host}" if name.job else name.host, part]
    return " ".join(word for word in words if word)


def _combined(rule: Rule, told: Sequence[Told]) -> Told:
    """Figures of several tasks taken together, as far as they were told then."""
    if len(told) == 1:
        return told[0]
    values = np.stack([one.values for one in told])
    silent = np.isnan(values).all(axis=0)
    lowest, highest = np.where(np.isnan(values), -np.inf, values), np.where(np.isnan(values), np.inf, values)
    match rule.combine:
        case "sum":
            made = np.nansum(values, axis=0)
        case "smallest":
            made = highest.min(axis=0)
        case _:
            made = lowest.max(axis=0)
    made[silent] = np.nan
    return Told(np.nanmax(np.stack([np.nan_to_num(one.at) for one in told]), axis=0), made)


def _note(outcome: Outcome, rule: Rule, console: Console, now: float) -> None:
    if not outcome.series:
        outcome.notes.append("Nothing is stored of this figure for what the rule is about.")
    if rule.where:
        outcome.notes.append("Which task had which role then is not stored: the figures of all of them count.")
    if outcome.seconds > console.settings.alert_seconds:
        outcome.notes.append(f"It was checked every {outcome.seconds:.0f} s only, because there is so much to check.")
    raw = kept_since(console.settings, now)[0]
    if outcome.start < raw:
        at = utc_minute(raw)
        outcome.notes.append(f"Before {at} averages are kept in place of samples: short peaks do not show there.")
