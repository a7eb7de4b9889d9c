"""What the emergency brake stops: every verb is on one side or the other."""

import pytest

from minos_common.brake import FREEZES, PASSES, is_pulled, why_frozen
from minos_common.verbs import VERBS
from minos_common.words import Brake, FrozenCluster, TaskName

HERE, ELSEWHERE = TaskName("zookeeper", "lake", "zookeeper"), TaskName("zookeeper", "pond", "zookeeper")
ONE = Brake(3, clusters=[FrozenCluster("zookeeper", "lake", "ann pulled it")])
ALL = Brake(4, "bob pulled it", ONE.clusters)


def test_every_verb_is_either_stopped_or_let_through() -> None:
    assert set(VERBS) == FREEZES | PASSES
    assert not FREEZES & PASSES


@pytest.mark.parametrize(
    ("brake", "verb", "task", "why"),
    [
        (Brake(0), "start", HERE, ""),
        (ONE, "start", HERE, "ann pulled it"),
        (ONE, "start", ELSEWHERE, ""),
        (ONE, "show", HERE, ""),
        (ONE, "upgrade", None, ""),
        (ALL, "start", ELSEWHERE, "bob pulled it"),
        (ALL, "upgrade", None, "bob pulled it"),
        (ALL, "rotate-key", None, ""),
        (ALL, "read-log", HERE, ""),
        (ALL, "no-such-verb", HERE, "bob pulled it"),
    ],
)
def test_why_something_is_frozen(brake: Brake, verb: str, task: TaskName | None, why: str) -> None:
    assert why_frozen(brake, verb, task) == why


def test_what_counts_as_pulled() -> None:
    assert [is_pulled(one) for one in (Brake(7), ONE, ALL)] == [False, True, True]
