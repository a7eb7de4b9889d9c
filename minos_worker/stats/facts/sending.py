"""Which pages of facts are due, and what they told made into messages that fit the wire. PURE."""

from collections.abc import Iterable, Iterator

from minos_common.facts import MOST_PACKED, pack
from minos_common.verbs import FactPage, StatusPage
from minos_common.words import FactGroup, Facts, TaskName
from minos_worker.stats.pages import ToldFacts


def due_facts(page: StatusPage, number: int) -> list[FactPage]:
    """Those pages of facts that are read in round ``number``, which counts from 1; all of them in the first."""
    return [one for one in page.facts if one.every <= 1 or number % one.every == 1]


def fact_groups(task: TaskName, told: Iterable[ToldFacts], run: str) -> Iterator[FactGroup]:
    """One group for each kind, of a page that failed with its error."""
    for one in told:
        for kind in one.page.kinds:
            if one.error:
                yield FactGroup(task, kind, one.at, run=run, error=one.error[:300])
            else:
                packed, left_out = pack(one.kinds.get(kind, []))
                yield FactGroup(task, kind, one.at, packed, left_out, run)


def fact_messages(groups: Iterable[FactGroup]) -> Iterator[Facts]:
    """The groups in messages, none with more packed bytes than two full groups could have."""
    message, size = Facts([]), 0
    for group in groups:
        if message.groups and (size + len(group.packed) > MOST_PACKED or len(message.groups) >= 100):
            yield message
            message, size = Facts([]), 0
        message.groups.append(group)
        size += len(group.packed)
    if message.groups:
        yield message
