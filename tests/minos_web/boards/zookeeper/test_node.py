"""Znodes as people read them: paths, permissions, data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.boards.zookeeper.node import (
    Acl,
    BadPath,
    child_of,
    hex_dump,
    matching,
    node_path,
    parents,
    shown_data,
    visible,
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/", "/"),
        ("/a", "/a"),
        ("/a/", "/a"),
        ("/a/b c", "/a/b c"),
        ("/a/...", "/a/..."),
        ("/ä/日本", "/ä/日本"),
        ("/<b>", "/<b>"),
    ],
)
def test_paths_that_are_taken(text: str, path: str) -> None:
    assert node_path(text) == path


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "begin with a slash"), ("a", "begin with a slash"), ("///", "two slashes"), ("/a//b", "two slashes"),
        ("/a/../b", "'..'"), ("/.", "'.'"), ("/a\x00", "U+0000"), ("/a\nb", "U+000A"), ("/\x85", "U+0085"),
        ("/\ue000", "U+E000"), ("/\uffff", "U+FFFF"), ("/" + "a" * 5000, "5,001 characters"),
    ],
)  # fmt: skip
def test_paths_that_are_refused(text: str, why: str) -> None:
    with pytest.raises(BadPath, match=why.replace("+", r"\+")):
        node_path(text)


@given(st.text())
def test_no_text_is_more_than_taken_or_refused(text: str) -> None:
    try:
        path = node_path(text)
    except BadPath:
        return
    assert path.startswith("/") and parents(path)[-1][1] == path


def test_parents_lead_from_the_root() -> None:
    assert parents("/a/b") == [("/", "/"), ("a", "/a"), ("b", "/a/b")]
    assert parents("/") == [("/", "/")]
    assert (child_of("/", "a"), child_of("/a", "b")) == ("/a", "/a/b")


@pytest.mark.parametrize(
    ("bits", "text"),
    [(31, "ALL"), (1, "READ"), (3, "READ WRITE"), (28, "CREATE DELETE ADMIN"), (0, "nothing"), (33, "READ 32")],
)
def test_permissions_have_names(bits: int, text: str) -> None:
    assert Acl("world", "anyone", bits).permissions == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("plain", "plain"), ("a\u202eb", "a\\u202eb"), ("a\tb", "a\\tb"), ("ä日", "ä日"), ("a\u200b", "a\\u200b")],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("data", "kind", "text", "shown"),
    [
        (b"", "empty", "", 0),
        (b"a\n\tb", "text", "a\n\tb", 4),
        ("ä€".encode(), "text", "ä€", 5),
        ("a\u202e".encode(), "text", "a\\u202e", 4),
        (b"\xff\x00A", "binary", "00000000  ff 00 41                                          |..A|", 3),
        (b"a\x1b[31m", "binary", hex_dump(b"a\x1b[31m"), 6),
    ],
)
def test_data_is_text_or_hex(data: bytes, kind: str, text: str, shown: int) -> None:
    found = shown_data(data)
    assert (found.kind, found.text, found.shown, found.total) == (kind, text, shown, len(data))


def test_of_much_data_the_beginning_is_shown() -> None:
    found = shown_data(b"x" * 100_000)
    assert (len(found.text), found.shown, found.total) == (65536, 65536, 100_000)
    assert shown_data("ä".encode() * 10, most=5).text == "ää"
    assert len(shown_data(b"\0" * 100_000).text.splitlines()) == 4096


def test_binary_is_binary_wherever_it_stands() -> None:
    assert shown_data(b"x" * 70_000 + b"\xff").kind == "binary"


def test_lines_of_hex() -> None:
    assert hex_dump(bytes(range(0x30, 0x42))).splitlines() == [
        "00000000  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f  |0123456789:;<=>?|",
        "00000010  40 41                                             |@A|",
    ]


def test_names_are_found_whatever_their_case() -> None:
    assert matching(["Alpha", "beta", "ALPS"], "alp") == ["Alpha", "ALPS"]
