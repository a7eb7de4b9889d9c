"""When a quota needs a look, sizes, names of directories."""

import pytest

from minos_web.monitor.quotas.naming import (
    directories_in,
    key_of,
    literal,
    outermost,
    principal_of,
    series_name,
    user_of,
    words_of,
)
from minos_web.monitor.quotas.rules import Limits, Numbers, bad_text, is_worse, judged, level_of
from minos_web.monitor.quotas.sizes import LARGEST, names_in, size_in, size_words
from minos_web.operations.client_runs import split_words

GB = 1024**3
LIMITS = Limits(GB, 500, 80.0)


@pytest.mark.parametrize(
    ("numbers", "bad", "short"),
    [
        (Numbers(), "", []),
        (Numbers(None, 10**9, None, 10**15), "", []),  # no quota
        (Numbers(1000, None, 10 * GB, None), "", []),  # nothing known
        (Numbers(space_quota=100 * GB, space_used=80 * GB), "", []),  # 80 % is not above 80 %
        (Numbers(space_quota=100 * GB, space_used=80 * GB + 1), "space=warning", ["low"]),
        (Numbers(space_quota=2 * GB, space_used=GB), "", []),  # 1 GiB is not below 1 GiB
        (Numbers(space_quota=2 * GB, space_used=GB + 1), "space=warning", ["low"]),
        (Numbers(space_quota=GB - 1, space_used=0), "space=warning", ["low"]),
        (Numbers(space_quota=GB, space_used=GB), "space=error", ["used up"]),
        (Numbers(space_quota=GB, space_used=GB + 1), "space=error", ["over"]),
        (Numbers(name_quota=10_000, names_used=8000), "", []),
        (Numbers(name_quota=10_000, names_used=8001), "names=warning", ["low"]),
        (Numbers(name_quota=1000, names_used=500), "", []),
        (Numbers(name_quota=1000, names_used=501), "names=warning", ["low"]),
        (Numbers(name_quota=1, names_used=1), "names=error", ["used up"]),
        (Numbers(1000, 1001, 100 * GB, 99 * GB + 1), "names=error,space=warning", ["low", "over"]),
    ],
)
def test_what_needs_a_look(numbers: Numbers, bad: str, short: list[str]) -> None:
    found = judged(numbers, LIMITS)
    assert (bad_text(found), [one.short for one in found]) == (bad, short)


def test_words_for_people() -> None:
    space, names = judged(Numbers(1000, 1200, 100 * GB, 99 * GB), Limits(2 * GB, 500, 80))
    assert space.words == "space: 1 GB of 100 GB left, 99 % used"
    assert names.words == "names: 1,200 are used, 200 more than allowed (quota 1,000)"


@pytest.mark.parametrize(
    ("now", "before", "worse"),
    [
        ("", "", False),
        ("space=warning", "", True),
        ("space=warning", "space=warning", False),
        ("space=error", "space=warning", True),
        ("space=warning", "space=error", False),
        ("names=warning,space=warning", "space=error", True),
        ("", "space=error", False),
    ],
)
def test_worse_than_before(now: str, before: str, worse: bool) -> None:
    assert is_worse(now, before) is worse


def test_the_worst_level() -> None:
    assert [level_of(one) for one in ("", "names=warning", "names=error,space=warning")] == ["", "warning", "error"]


@pytest.mark.parametrize(
    ("text", "size"),
    [("1", 1), ("10 GiB", 10 * GB), ("10g", 10 * GB), ("1.5 TB", 1536 * GB), (" 500 mb ", 500 << 20), ("0.5k", 512)],
)
def test_sizes(text: str, size: int) -> None:
    assert size_in(text) == size


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "ten", "10 XB", "1e9", "99999999 EB", "1 0 GB", "٣"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(ValueError, match=r"write a size|between 1|whole"):
        size_in(text)


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("100000", 100_000), ("1,000,000", 10**6), (str(LARGEST), LARGEST)]
)
def test_numbers_of_names(text: str, number: int) -> None:
    assert names_in(text) == number


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "1,00", "10 GB", str(LARGEST + 1)])
def test_no_numbers_of_names(text: str) -> None:
    with pytest.raises(ValueError, match=r"whole number|between 1"):
        names_in(text)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (GB, "1 GB"), (int(99.96 * GB), "100 GB"), (-5 * GB, "-5 GB"), (1 << 60, "1 EB")],
)  # fmt: skip
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("path", "user", "principal"),
    [
        ("/user/alice", "alice", "alice"), ("/user/a", "a", "a"), ("/hbase", "/hbase", "hbase"),
        ("/user", "/user", "user"), ("/user/a/b", "/user/a/b", "user/a/b"), ("/userx/a", "/userx/a", "userx/a"),
    ],
)  # fmt: skip
def test_whose_a_directory_is(path: str, user: str, principal: str) -> None:
    assert (user_of(path), principal_of(path)) == (user, principal)


@pytest.mark.parametrize("path", ["/user/two words", "/user/it's", "/user/a\nb", "/user/$(reboot)", "/user/a;b"])
def test_a_path_is_one_word(path: str) -> None:
    assert split_words(words_of("-count", "/user/*", literal(path))) == ["-count", "/user/*", path]


def test_a_path_is_no_pattern() -> None:
    assert literal("/user/{a,b}[c]*?\\") == "/user/\\{a,b\\}\\[c\\]\\*\\?\\\\"


def test_directories_in_others_count_once() -> None:
    assert outermost(["/user/a", "/user/a/b", "/user/ab", "/hbase"]) == {"/user/a", "/user/ab", "/hbase"}
    assert outermost(["/", "/user/a"]) == {"/"}


def test_names_of_news_and_series_fit() -> None:
    assert key_of("lake", "/user/a") == "quota:lake:/user/a"
    long = key_of("lake", "/user/" + "a" * 500), key_of("lake", "/user/" + "a" * 499)
    assert len(set(long)) == 2 and all(len(key) == 300 for key in long)
    assert series_name("used_quota", "/user/a") == "hdfs.quota.used_quota:a"
    assert len(series_name("used_quota", "/user/" + "a" * 500)) == 160


def test_directories_of_a_site() -> None:
    assert directories_in(" /hbase \n\n/apps/x y\n/hbase\n") == ["/hbase", "/apps/x y"]


@pytest.mark.parametrize(
    "text", ["hbase", "/a/", "/a//b", "/a/../b", "/a\0", "/" + "a" * 255, "\n".join(f"/{n}" for n in range(51))]
)
def test_no_directories(text: str) -> None:
    with pytest.raises(ValueError, match="director"):
        directories_in(text)
