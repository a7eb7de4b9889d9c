"""PURE. Of what nobody would hear, and when: told on the page before a night shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from minos_web.notify.matching import Rule, Subject, Ways, ends, fits, in_time

WEEK_MINUTES = 7 * 24 * 60
STEP_MINUTES = 15
_MINUTE = 60.0


@dataclass(frozen=True)
class Gap:
    """Nobody hears of problems of ``level`` in a cluster (or of hosts, without one): ``minutes`` of the coming week."""

    service: str
    cluster: str
    level: str
    minutes: int

    @property
    def always(self) -> bool:
        """Whether nobody hears at any hour."""
        return self.minutes >= WEEK_MINUTES

    @property
    def where(self) -> str:
        """The cluster, as people write it."""
        return f"{self.service}/{self.cluster}" if self.cluster else "hosts and the console itself"


def gaps(
    rules: Sequence[Rule], ways: Ways, clusters: Iterable[tuple[str, str]], now: float, level: str = "error"
) -> list[Gap]:
    """Clusters, and what is of no cluster, of whose problems nobody hears at some hour of the week after ``now``."""
    leading = [rule for rule in rules if rule.enabled and any(not stage.after_minutes for stage, _ in ends(rule, ways))]
    found = []
    for service, cluster in [("", ""), *clusters]:
        subject = Subject("problem", level, service, cluster)
        minutes = _unheard([rule for rule in leading if fits(rule, subject)], now)
        if minutes:
            found.append(Gap(service, cluster, level, minutes))
    return found


def _unheard(rules: Sequence[Rule], now: float) -> int:
    if any(rule.always for rule in rules):
        return 0
    begin = now - now % (STEP_MINUTES * _MINUTE)
    looks = range(0, WEEK_MINUTES, STEP_MINUTES)
    return STEP_MINUTES * sum(not any(in_time(rule, begin + look * _MINUTE) for rule in rules) for look in looks)
