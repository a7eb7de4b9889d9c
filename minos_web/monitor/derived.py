"""Numbers made of facts: growth per second, sums over regions, weighted means. PURE."""

import hashlib
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from minos_common.facts import Fact
from minos_web.catalog.facts import Total

PER_SECOND = "_per_second"
MOST_GROUPS = 2000
"""So many groups of one total have series; those with the largest names are left out."""
MOST_NAME = 160


def with_growth(facts: Sequence[Fact], before: Iterable[Fact], seconds: float, counters: Sequence[str]) -> list[Fact]:
    """The facts with growth per second beside each counter, where it is known: not of what is new here, nor of a counter that
    went down and so began anew. ``before`` is what the same process told ``seconds`` earlier.
    """
    old = {fact.key: fact.numbers for fact in before} if seconds > 0 else {}
    found = []
    for fact in facts:
        earlier = old.get(fact.key, {})
        growth = {
            name + PER_SECOND: (fact.numbers[name] - earlier[name]) / seconds
            for name in counters
            if name in fact.numbers and name in earlier
        }
        began_anew = any(value < 0 for value in growth.values())  # one counter of a thing never begins alone
        found.append(Fact(fact.key, fact.numbers | ({} if began_anew else growth), fact.texts))
    return found


def told_the_same(facts: Sequence[Fact], before: Sequence[Fact]) -> bool:
    """Whether a page told exactly what it had told before (to which growth was added, and what is idle left out)."""
    if len(facts) != len(before):
        return False
    pairs = zip(facts, before, strict=True)
    return all(new.key == old.key and _same(new.numbers, old.numbers) for new, old in pairs)


def _same(new: Mapping[str, float], old: Mapping[str, float]) -> bool:
    told = {name: value for name, value in old.items() if not name.endswith(PER_SECOND) or name in new}
    return all(new.get(name) == value for name, value in told.items())


def without_idle(facts: Iterable[Fact], windows: Mapping[str, Sequence[str]]) -> list[Fact]:
    """The facts without the numbers that tell of the latest growth of a counter (counter -> numbers) where it did not grow."""
    found = []
    for fact in facts:
        idle = {
            name for counter, names in windows.items() if not fact.numbers.get(counter + PER_SECOND) for name in names
        }
        numbers = {name: value for name, value in fact.numbers.items() if name not in idle}
        found.append(Fact(fact.key, numbers, fact.texts))
    return found


@dataclass
class Group:
    """Facts taken together. A number that none of them tells is not in ``numbers``; ``known`` says how many tell each."""

    count: int = 0
    numbers: dict[str, float] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)


def totals(facts: Iterable[Fact], rule: Total) -> dict[str, Group]:
    """Value of the text ``by`` ("" without it) -> what its facts are together. Facts without that text are left out."""
    groups: dict[str, Group] = {}
    for fact in facts:
        value = fact.texts.get(rule.by) if rule.by else ""
        if value is not None:
            _add(groups.setdefault(value, Group()), fact.numbers, rule)
    for group in groups.values():
        for name, weight in group.weights.items():
            if weight > 0:
                group.numbers[name] = group.numbers[name] / weight
            else:
                group.numbers.pop(name, None)  # nothing happened: a mean of nothing is not 0
    return groups


def _add(group: Group, numbers: Mapping[str, float], rule: Total) -> None:
    group.count += 1
    for names, together in ((rule.sums, operator.add), (rule.largest, max), (rule.smallest, min)):
        for name in names:
            if name in numbers:
                known = name in group.numbers
                group.numbers[name] = together(group.numbers[name], numbers[name]) if known else numbers[name]
                group.known[name] = group.known.get(name, 0) + 1
    for name, weight in rule.means.items():
        if name in numbers and weight in numbers:
            group.numbers[name] = group.numbers.get(name, 0.0) + numbers[name] * numbers[weight]
            group.weights[name] = group.weights.get(name, 0.0) + numbers[weight]


def metric(service: str, total: str, number: str, value: str = "") -> str:
    """Name of the series of a total, short enough for any storage: what is cut off is told by a digest."""
    name = f"{service}.{total}.{number}" + (f":{value}" if value else "")
    if len(name) > MOST_NAME:
        name = f"{name[: MOST_NAME - 17]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return name


def samples_of(service: str, facts: Sequence[Fact], rules: Iterable[Total]) -> dict[str, float]:
    """Metric -> value of all totals of one kind."""
    found = {}
    for rule in rules:
        groups = totals(facts, rule)
        for value in sorted(groups)[:MOST_GROUPS]:
            for number, amount in groups[value].numbers.items():
                found[metric(service, rule.name, number, value)] = amount
    return found
