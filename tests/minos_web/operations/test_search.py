"""Looking for things by words: what fits, in which order, however it is written."""

import pytest
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.operations.search import look_for, score, words_of
from minos_web.store.configdir import Edit, remove
from tests.minos_web.scene import add_cluster, add_running

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("words", "texts", "fits"),
    [
        (["lake"], ["lake"], 0),
        (["lake"], ["Lakeside"], 1),
        (["lake"], ["big-lake"], 2),
        (["ake"], ["lake"], 3),
        (["lake", "zoo"], ["lake", "zookeeper"], 1),
        (["lake", "pond"], ["lake"], None),
        ([], ["lake"], 0),
    ],
)
def test_how_well_words_fit(words: list[str], texts: list[str], fits: int | None) -> None:
    assert score(words, texts) == fits


def test_words() -> None:
    assert words_of("  ZooKeeper/dptst   x ") == ["zookeeper", "dptst", "x"]
    assert len(words_of("a b c d e f g h")) == 6


@pytest.fixture
def site(session: Session, console: Console) -> Session:
    add_running(session, console)
    add_cluster(session, console, "pond_1", ("127.0.0.31",))
    session.flush()
    return session


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("DPTST", "zookeeper/dptst"),
        ("dptst zoo", "zookeeper/dptst"),
        ("pond_1", "zookeeper/pond_1"),
        ("host-32", "host-32"),
        ("127.0.0.33", "host-33"),
        ("zookeeper/dptst/zookeeper/2", "zookeeper/dptst/zookeeper/2"),
        ("3.9.9.tar", "zookeeper-3.9.9.tar.gz"),
        ("zookeeper-dptst.cfg", "conf/zookeeper/zookeeper-dptst.cfg"),
    ],
)
def test_the_best_comes_first(site: Session, text: str, first: str) -> None:
    found = sorted(look_for(site, text).found, key=lambda one: one.score)
    assert found[0].title == first


@pytest.mark.parametrize("text", ["%", "_", "pond%", "po_d", "\\", "' or 1=1", "nothing of the kind"])
def test_wildcards_are_letters(site: Session, text: str) -> None:
    assert all("pond_1" in one.title for one in look_for(site, text).found) and not look_for(site, "po_d").found


def test_a_deleted_file_is_not_found(site: Session) -> None:
    path = "conf/zookeeper/zookeeper-pond_1.cfg"
    assert path in [one.title for one in look_for(site, "pond_1 cfg").found]
    remove(site, Edit(path, "ann", NOW))
    assert path not in [one.title for one in look_for(site, "pond_1 cfg").found]


def test_only_some_of_many_are_shown(site: Session, console: Console) -> None:
    for number in range(9):
        add_cluster(site, console, f"many{number}", ("127.0.0.32",))
    matches = look_for(site, "many")
    assert matches.more and sum(one.kind == "cluster" for one in matches.found) == 8
