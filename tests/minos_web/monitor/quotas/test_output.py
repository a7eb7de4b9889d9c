"""What HDFS's client prints, as it prints it."""

import pytest

from minos_web.monitor.quotas.output import Counted, CutShort, counted_in, sums_in
from minos_web.monitor.quotas.rules import Numbers

HEAD = "       QUOTA       REM_QUOTA     SPACE_QUOTA REM_SPACE_QUOTA    DIR_COUNT   FILE_COUNT       CONTENT_SIZE PATHNAME\n"
NONE = "        none             inf            none             inf            3           12            5000000 {}\n"
BOTH = "        1000             985      1073741824      1058741824            3           12            5000000 {}\n"
USED = Numbers(1000, 15, 1073741824, 15_000_000)
OPEN = Numbers(None, 15, None, None)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("", {}),
        (HEAD, {}),
        (HEAD + NONE.format("/user/alice"), {"/user/alice": OPEN}),
        (HEAD + BOTH.format("/user/alice"), {"/user/alice": USED}),
        (
            "          10              -5 none inf 3 12 5000000 /user/a\n",  # more than allowed; one letter
            {"/user/a": Numbers(10, 15, None, None)},
        ),
        ("none inf 1000 -14999000 3 12 5 /hbase\n", {"/hbase": Numbers(None, 15, 1000, 15_000_000)}),
        (
            "9223372036854775806 9223372036854775800 9007199254740993 9007199254740992 3 3 1 /user/big\n",
            {"/user/big": Numbers(9223372036854775806, 6, 9007199254740993, 1)},
        ),
        (BOTH.format("/user/two words  "), {"/user/two words  ": USED}),
        (BOTH.format("/user/none inf 1 2 3 /x"), {"/user/none inf 1 2 3 /x": USED}),
        (NONE.format("/user/Zoë 漢"), {"/user/Zoë 漢": OPEN}),
        (NONE.format("/user/a\nb\n c") + BOTH.format("/user/d"), {"/user/a\nb\n c": OPEN, "/user/d": USED}),
        (NONE.format("/user/a") + "WARN Could not do this: java.io.IOException: x\n", {"/user/a": OPEN}),
        ("OpenJDK 64-Bit Server VM warning: x\n" + NONE.format("/user/a"), {"/user/a": OPEN}),
        (NONE.format("/user/a") + "java.io.IOException: x\n\tat a.b(C.java)\n", {"/user/a": OPEN}),
    ],
)  # fmt: skip
def test_numbers(printed: str, found: dict[str, Numbers]) -> None:
    assert counted_in(printed.encode()).found == found


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("count: `/hbase': No such file or directory", Counted(missing=frozenset({"/hbase"}))),
        ("count: `/user/*': No such file or directory", Counted(missing=frozenset({"/user/*"}))),
        (
            'count: Permission denied: user=x, access=READ_EXECUTE, inode="/user/b":b:b:drwx------',
            Counted(complaints=('count: Permission denied: user=x, access=READ_EXECUTE, inode="/user/b":b:b:drwx------',)),
        ),
    ],
)  # fmt: skip
def test_what_it_complains_of(said: str, counted: Counted) -> None:
    found = counted_in(f"{NONE.format('/user/a')}{said}\n{NONE.format('/user/c')}".encode())
    assert found == Counted({"/user/a": OPEN, "/user/c": OPEN}, frozenset(), counted.missing, counted.complaints)


def test_names_that_look_the_same_say_nothing() -> None:
    found = counted_in((NONE.format("/user/??") + BOTH.format("/user/??") + BOTH.format("/user/a")).encode())
    assert found.twice == {"/user/??"} and set(found.found) == {"/user/a"}


@pytest.mark.parametrize(
    "mark", ["[512 bytes were lost here: the console was away]", "[what is printed from here on is not kept]"]
)
def test_a_part_that_is_missing(mark: str) -> None:
    with pytest.raises(CutShort):
        counted_in(f"{NONE.format('/user/a')}\n{mark}\n".encode())


def test_bytes_that_are_no_text() -> None:
    assert set(counted_in(NONE.format("/user/a").encode() + b"\xff\n").found) == {"/user/a\n\ufffd"}


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("", {}),
        ("5000000  15000000  /user/alice\n0        0         /user/b c\n", {"/user/alice": 15_000_000, "/user/b c": 0}),
        ("5  15  /user/a\nb\n", {"/user/a\nb": 15}),
        ("du: `/user/*': No such file or directory\n", {}),
    ],
)
def test_sums(printed: str, found: dict[str, int]) -> None:
    assert sums_in(printed.encode()) == found
