"""PURE. When an operation will be done, from steps that ended; nothing at all where that would be a guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEWEST = 3
"""Ended steps of a verb from which its time is known."""
NEVER_KNOWN = frozenset({"pause", "takeover"})
"""Verbs that end when a person or another console wants it."""


@dataclass(frozen=True)
class Ended:
    """A step that is done, and the seconds it took from its sending."""

    wave: int
    verb: str
    seconds: float


@dataclass(frozen=True)
class Left:
    """Steps of one verb in one wave that have not ended: how many are not sent, and for how long each other is at work."""

    wave: int
    verb: str
    waiting: int = 0
    running: tuple[float, ...] = ()


@dataclass(frozen=True)
class Eta:
    """``seconds`` from now, and from how many steps that is known: of this operation, and of earlier ones."""

    seconds: float
    own: int
    earlier: int = 0

    @property
    def words(self) -> str:
        """about 4 min, from 12 ended steps."""
        return f"{_about(self.seconds)}, from {self._known()}"

    def _known(self) -> str:
        own = f"{self.own:,} ended step{'' if self.own == 1 else 's'}"
        earlier = f"{self.earlier:,} step{'' if self.earlier == 1 else 's'} of earlier operations"
        return f"{own} and {earlier}" if self.own and self.earlier else own if self.own else earlier


@dataclass(frozen=True)
class _Known:
    times: tuple[float, ...]
    earlier: bool


def estimate(
    left: Sequence[Left], ended: Sequence[Ended], earlier: Mapping[str, Sequence[float]], together: int = 0
) -> Eta | None:
    """The time that is left: waves one after another, in each as many steps ``together`` as may be (0: all). A verb is
    known from ended steps of the same wave, else of this operation, else of ``earlier`` ones; None when one is not known.
    """
    if not left or any(one.verb in NEVER_KNOWN for one in left):
        return None
    times = _by_place(ended)
    used = dict[tuple[str, int | None], _Known]()
    by_wave: dict[int, float] = {}
    for one in left:
        place, known = _known_times(one, times, earlier)
        if known is None:
            return None
        used[place] = known
        by_wave[one.wave] = max(by_wave.get(one.wave, 0.0), _wave_seconds(one, known.times, together))
    seconds = sum(by_wave.values())
    own = {place: len(known.times) for place, known in used.items() if not known.earlier}
    whole = {verb for verb, wave in own if wave is None}  # a verb of all waves holds those of one wave already
    counted = sum(number for (verb, wave), number in own.items() if wave is None or verb not in whole)
    return Eta(seconds, counted, sum(len(known.times) for known in used.values() if known.earlier))


def _by_place(ended: Sequence[Ended]) -> dict[tuple[str, int | None], list[float]]:
    """Sorted times by verb and wave, and by verb alone."""
    found: dict[tuple[str, int | None], list[float]] = {}
    for step in sorted(ended, key=lambda one: one.seconds):
        found.setdefault((step.verb, step.wave), []).append(step.seconds)
        found.setdefault((step.verb, None), []).append(step.seconds)
    return found


def _known_times(
    one: Left, times: Mapping[tuple[str, int | None], Sequence[float]], earlier: Mapping[str, Sequence[float]]
) -> tuple[tuple[str, int | None], _Known | None]:
    for place in ((one.verb, one.wave), (one.verb, None)):
        if len(times.get(place, ())) >= FEWEST:
            return place, _Known(tuple(times[place]), False)
    before = tuple(sorted(earlier.get(one.verb, ())))
    return (one.verb, None), _Known(before, True) if len(before) >= FEWEST else None


def _wave_seconds(one: Left, times: Sequence[float], together: int) -> float:
    """What is at work ends as the times say; the last of many at once is the slowest of them."""
    usual = sum(times) / len(times)
    at_work = max((max(_slowest(times, len(one.running)) - so_far, 0.0) for so_far in one.running), default=0.0)
    if not one.waiting:
        return at_work
    if not together or one.waiting + len(one.running) <= together:
        return max(at_work, _slowest(times, one.waiting))
    rest = sum(max(usual - so_far, 0.0) for so_far in one.running)
    return max(at_work, (rest + one.waiting * usual) / together, usual)


def _slowest(times: Sequence[float], number: int) -> float:
    """What the slowest of ``number`` steps takes, from sorted times."""
    return times[min(len(times) - 1, len(times) * number // (number + 1))]


def _about(seconds: float) -> str:
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"about {max(1, round(seconds / 5)) * 5} s"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} min"
    hours = seconds / 3600
    return f"about {round(hours)} h" if hours >= 10 else f"about {hours:.1f} h".replace(".0 h", " h")
