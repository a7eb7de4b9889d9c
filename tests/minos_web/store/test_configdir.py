"""The virtual config directory: every revision byte for byte, and nobody's work overwritten unseen."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_web.clusterfile.tree import NotText
from minos_web.models.config import ConfigRevision
from minos_web.store.configdir import (
    BadContent,
    BadPath,
    Conflict,
    Edit,
    Missing,
    check_path,
    current_revision,
    history,
    listing,
    read,
    remove,
    save,
    tree_at,
)

PATH = "conf/zookeeper/zookeeper-dptst.cfg"


def edit(path: str = PATH, based_on: int | None = None, author: str = "alice", now: float = 1.0) -> Edit:
    return Edit(path, author, now, "because", based_on)


@pytest.mark.parametrize(
    "path", [PATH, "conf/a.cfg", "conf/zookeeper/common/zookeeper-tst.cfg", "other/x_1/y-2.properties"]
)
def test_legal_paths(path: str) -> None:
    assert check_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "a.cfg",
        "/conf/a.cfg",
        "conf/",
        "conf//a.cfg",
        "conf/../a.cfg",
        "conf/..",
        "../conf/a.cfg",
        "conf/./a.cfg",
        "conf/.hidden",
        "conf/a b.cfg",
        "conf/a\0.cfg",
        "conf/a\n.cfg",
        "conf\\a.cfg",
        "conf/ä.cfg",
        "conf/a%2f..%2fb",
        "conf/$(id)",
        "conf/-rf",
        "conf/x/revisions",
        "conf/" + "a" * 129,
        "/".join(["a"] * 11),
        "conf/" + "/".join(["a" * 100] * 5),
    ],
)
def test_hostile_paths_are_refused_everywhere(session: Session, path: str) -> None:
    for do in (lambda: check_path(path), lambda: save(session, edit(path), b"x"), lambda: remove(session, edit(path))):
        with pytest.raises(BadPath):
            do()
    assert current_revision(session) == 0


def test_saving_counts_over_the_file_and_over_the_directory(session: Session) -> None:
    first = save(session, edit(), b"one")
    other = save(session, edit("conf/a/b.cfg"), b"other")
    second = save(session, edit(author="bob", now=2.0), b"two")
    assert (first.number, other.number, second.number) == (1, 1, 2)
    assert first.id < other.id < second.id == current_revision(session)
    assert [(row.number, row.content, row.author, row.at) for row in history(session, PATH)] == [
        (2, b"two", "bob", 2.0),
        (1, b"one", "alice", 1.0),
    ]
    assert [(entry.path, entry.revision, entry.size) for entry in listing(session)] == [
        ("conf/a/b.cfg", other.id, 5),
        (PATH, second.id, 3),
    ]


def test_the_same_content_makes_no_revision(session: Session) -> None:
    first = save(session, edit(), b"one")
    assert save(session, edit(author="bob", based_on=999), b"one") is first
    assert len(history(session, PATH)) == 1


def test_the_directory_as_of_a_revision_never_changes(session: Session) -> None:
    one = save(session, edit(), b"one").id
    save(session, edit("conf/a/b.cfg"), b"other")
    removed = remove(session, edit()).id
    save(session, edit(), b"three")
    assert dict_of(session, one) == {PATH: "one"}
    assert dict_of(session, removed - 1) == {PATH: "one", "conf/a/b.cfg": "other"}
    assert dict_of(session, removed) == {"conf/a/b.cfg": "other"}
    assert dict_of(session, None) == {PATH: "three", "conf/a/b.cfg": "other"}
    assert dict_of(session, 0) == {}
    assert read(session, PATH, removed) is None


def dict_of(session: Session, revision: int | None) -> dict[str, str | None]:
    tree = tree_at(session, revision)
    return {path: tree.read(path) for path in tree.paths()}


def test_a_tree_knows_what_is_not_there(session: Session) -> None:
    assert tree_at(session).read("conf/none.cfg") is None


def test_a_tree_says_so_when_a_file_is_no_text(session: Session) -> None:
    row = save(session, edit(), b"ok")
    row.content = b"\xff\xfe"
    session.flush()
    with pytest.raises(NotText, match="byte 0"):
        tree_at(session).read(PATH)


def test_a_save_on_an_older_revision_is_a_conflict_with_the_newest(session: Session) -> None:
    first = save(session, edit(based_on=0), b"one")
    second = save(session, edit(author="bob", based_on=first.id), b"two")
    for based_on in (first.id, 0, 999):
        with pytest.raises(Conflict) as caught:
            save(session, edit(based_on=based_on), b"three")
        assert caught.value.latest is second
    with pytest.raises(Conflict):
        remove(session, edit(based_on=first.id))
    assert read(session, PATH) is second


def test_a_deleted_file_is_as_good_as_none(session: Session) -> None:
    first = save(session, edit(), b"one")
    remove(session, edit(based_on=first.id))
    with pytest.raises(Missing):
        remove(session, edit())
    with pytest.raises(Conflict):
        save(session, edit(based_on=first.id), b"two")
    again = save(session, edit(based_on=0), b"one")
    assert (again.number, again.content) == (3, b"one")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a\nb\xff", "line 2 is not UTF-8"),
        (b"a\n\nb\0", "line 3 holds a NUL"),
        (b"x" * (1024 * 1024 + 1), "at most 1048576"),
    ],
)
def test_what_is_no_text_is_refused(session: Session, content: bytes, reason: str) -> None:
    with pytest.raises(BadContent, match=reason):
        save(session, edit(), content)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=5)
)
def test_every_revision_comes_back_byte_for_byte(session: Session, texts: list[str]) -> None:
    path = "conf/property/file.cfg"
    saved = [(save(session, edit(path), text.encode()).id, text) for text in texts]
    for revision, text in saved:
        row = read(session, path, revision)
        assert row is not None and row.content == text.encode()
        assert tree_at(session, revision).read(path) == text


def test_a_failed_save_leaves_nothing(session: Session) -> None:
    save(session, edit(), b"one")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ConfigRevision)) == 0
