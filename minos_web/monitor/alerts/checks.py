"""PURE. Every rule on everything that it is about: what one round finds, of what is bad and of what has an alert already."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from minos_web.monitor.alerts.finding import BAD, GONE, Finding, Rates, judged, judged_word, value_of
from minos_web.monitor.alerts.grammar import EVERY_PART
from minos_web.monitor.alerts.rules import Rule, Test
from minos_web.monitor.alerts.things import Observed, Subject, in_role, together

LONGEST_KEY, LONGEST_PART = 300, 200
BETWEEN = "|"


def key_of(rule: str, subject: str, part: str = "") -> str:
    """What tells an alert from all others."""
    key = BETWEEN.join((rule, subject, part))
    if len(key) > LONGEST_KEY:
        key = f"{key[: LONGEST_KEY - 17]}~{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    return key


def _split(key: str) -> tuple[str, str]:
    """Rule and subject; part."""
    rule, subject, part = (*key.split(BETWEEN, 2), "", "")[:3]
    return f"{rule}{BETWEEN}{subject}", part


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found of one thing by one rule."""

    key: str
    rule: Rule
    subject: Subject
    part: str
    finding: Finding


@dataclass
class Checked:
    """What a round found: ``seen`` of what is bad or has an open alert; ``waits``: keys of open ones of which this round says
    nothing, because somebody is at work on them.
    """

    seen: list[Seen] = field(default_factory=list)
    waits: set[str] = field(default_factory=set)


def check(rules: Iterable[Rule], things: Observed, levels: Mapping[str, str], rates: Rates) -> Checked:
    """One round. ``levels``: key of each open alert -> the level at which it fires, empty while it does not."""
    one = _Round(things, levels, rates)
    for rule in rules:
        if rule.enabled and rule.test is not None:
            one.judge(rule, rule.test)
    return one.found


STOPPED = Finding(GONE, None, "it was stopped")


class _Round:
    def __init__(self, things: Observed, levels: Mapping[str, str], rates: Rates) -> None:
        self.found = Checked()
        self._things, self._levels, self._rates = things, levels, rates
        self._rules_open = {key.partition(BETWEEN)[0] for key in levels}
        self._parts_open: dict[str, set[str]] = {}
        for key in levels:
            whole, part = _split(key)
            self._parts_open.setdefault(whole, set()).add(part)
        self._by_job: dict[tuple[str, str], list[Subject]] = {}
        self._by_cluster: dict[str, list[Subject]] = {}
        for task in things.subjects.get("task", ()):
            for place in ((task.service, task.job), (task.service, "")):
                self._by_job.setdefault(place, []).append(task)
            self._by_cluster.setdefault(f"{task.service}/{task.cluster}", []).append(task)

    def judge(self, rule: Rule, test: Test) -> None:
        word = bool(test.condition.words)
        for subject in self._subjects(rule):
            if word:
                self._word(rule, test, subject)
            elif test.metric.by_part:
                self._parts(rule, test, subject, self._figures(rule, subject))
            else:
                self._number(rule, test, subject, self._figures(rule, subject))

    def _subjects(self, rule: Rule) -> Iterator[Subject]:
        known = self._things.subjects.get(rule.about, ())
        if rule.about == "task" and rule.service:
            known = self._by_job.get((rule.service, rule.job), ())
        for one in known:
            if rule.service and one.service != rule.service:
                continue
            if (rule.cluster and one.cluster != rule.cluster) or (rule.host and one.host != rule.host):
                continue
            if one.about != "task" or ((not rule.job or one.job == rule.job) and in_role(rule, one, one.service)):
                yield one

    def _figures(self, rule: Rule, subject: Subject) -> Mapping[str, float]:
        if subject.about != "cluster":
            return subject.figures
        tasks = self._by_cluster.get(subject.place, ())
        own = together(rule, tasks, subject.service)
        return {**subject.figures, **self._things.totals.get(subject.place, {}), **own}

    def _word(self, rule: Rule, test: Test, subject: Subject) -> None:
        name = test.metric.figure
        word = subject.words.get(name)
        bad = word is not None and (test.condition.holds_word(word) or _holds_word(test, word))
        if not bad and rule.name not in self._rules_open:
            return
        key = key_of(rule.name, subject.key)
        if word is None and subject.off:
            self._keep(key, rule, subject, "", STOPPED)
            return
        finding = judged_word(rule, test, word, self._levels.get(key, ""), subject.reasons.get(name, ""))
        if finding is not None:
            self._keep(key, rule, subject, "", finding)
        elif key in self._levels:
            self.found.waits.add(key)

    def _parts(self, rule: Rule, test: Test, subject: Subject, figures: Mapping[str, float]) -> None:
        before = test.metric.figure[: -len(EVERY_PART)]
        parts = {name[len(before) :] for name in figures if name.startswith(before)}
        parts |= self._parts_open.get(f"{rule.name}{BETWEEN}{subject.key}", set()) - {""}
        for part in sorted(parts):
            self._number(rule, test, subject, figures, part)

    def _number(self, rule: Rule, test: Test, subject: Subject, figures: Mapping[str, float], part: str = "") -> None:
        value = value_of(test.metric.of_part(part) if part else test.metric, figures)
        if test.condition.rate:
            if value is not None:
                value = self._rates.of(key_of(rule.name, subject.key, part), subject.at, value)
        elif rule.name not in self._rules_open and not _holds(test, value):
            return
        key = key_of(rule.name, subject.key, part)
        if subject.off:
            finding = STOPPED
        else:
            finding = judged(rule, test, value, self._levels.get(key, ""))
            own = subject.reasons.get(rule.metric, "")
            if finding.seen in BAD:
                finding = Finding(finding.seen, value, own or _words(rule, test, value, part))
        self._keep(key, rule, subject, part, finding)

    def _keep(self, key: str, rule: Rule, subject: Subject, part: str, finding: Finding) -> None:
        if key in self._levels or finding.seen in BAD:
            self.found.seen.append(Seen(key, rule, subject, part[:LONGEST_PART], finding))


def _holds(test: Test, value: float | None) -> bool:
    return value is not None and (test.condition.holds(value) or (test.worse is not None and test.worse.holds(value)))


def _holds_word(test: Test, word: str) -> bool:
    return test.worse is not None and test.worse.holds_word(word)


def _words(rule: Rule, test: Test, value: float | None, part: str) -> str:
    """host.disk_percent of /data is 93.1, and > 90%."""
    metric = rule.metric.replace(f":{EVERY_PART}", "")
    what = ("growth per second of " if test.condition.rate else "") + metric + (f" of {part}" if part else "")
    number = "unknown" if value is None else f"{value:,.6g}"
    bad = test.worse if test.worse is not None and value is not None and test.worse.holds(value) else test.condition
    return f"{what} is {number} ({bad.text})"


def missing(levels: Iterable[str], checked: Checked) -> Iterator[tuple[str, Finding]]:
    """Open alerts of which the round found nothing at all: what they are about, or their rule, is not there any more."""
    there = {one.key for one in checked.seen} | checked.waits
    for key in levels:
        if key not in there:
            yield key, Finding(GONE, None, "it is not there any more, or its rule is not")
