"""Failures by their cause: what is masked, what tells causes apart, and that hostile messages do no harm."""

import time

import pytest

from minos_web.operations.causes import LONGEST, Failure, causes_of, in_ways, key_of, pattern_of


@pytest.mark.parametrize(
    ("message", "pattern"),
    [
        ("", ""),
        ("not enough room", "not enough room"),
        ("port 12000 is taken by pid 4711", "port # is taken by pid #"),
        ("connect to 10.1.2.3:8020 refused", "connect to ‹address› refused"),
        ("no answer from http://n17.example.org:9870/jmx?qry=a", "no answer from ‹address›"),
        ("no route to fe80:0:0:1::9", "no route to ‹address›"),
        ("/data/7/dfs is not empty", "‹path› is not empty"),
        ("cannot write /var/log/x.log: 3 of 4 bytes", "cannot write ‹path›: # of ‹size›"),
        ("zookeeper/3 is EXITED", "zookeeper/# is EXITED"),
        ("never sent: no word from n17 for 61 s; see the hosts page",
         "never sent: no word from n# for ‹duration›; see the hosts page"),
        ("gave up after 3 min 05 s", "gave up after ‹duration›"),
        ("gave up after 1.5 seconds", "gave up after ‹duration›"),
        ("1.5 GB are free, 20 GB are needed", "‹size› are free, ‹size› are needed"),
        ("at 2026-11-23 23:59:01 UTC it ended", "at ‹time› UTC it ended"),
        ("checksum is 9f86d081884c7d65, not 60303ae22b998861", "checksum is ‹id›, not ‹id›"),
        ("lock 0x7f3a of 123e4567-e89b-12d3-a456-426614174000", "lock ‹id› of ‹id›"),
        ("  two\n\tlines  ", "two lines"),
        ("facade and deadbeefs stay words", "facade and deadbeefs stay words"),
    ],
)  # fmt: skip
def test_what_differs_from_host_to_host_is_masked(message: str, pattern: str) -> None:
    assert pattern_of(message) == pattern


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("exit code 1", "exit code 137"),
        ("ended by signal 9", "ended by signal 15"),
        ("the page says HTTP 403", "the page says HTTP 503"),
        ("java.io.IOException: full", "java.net.BindException: full"),
    ],
)
def test_what_tells_causes_apart_stays(one: str, other: str) -> None:
    assert pattern_of(one) != pattern_of(other)


@pytest.mark.parametrize(
    ("message", "names", "pattern"),
    [
        ("alpha has no room", ("alpha",), "‹it› has no room"),
        ("alphabet and alpha-2 and alpha", ("alpha",), "alphabet and alpha-# and ‹it›"),
        ("web/3 on web", ("web/3", "web"), "‹it› on ‹it›"),
        ("a is a", ("a", ""), "a is a"),
    ],
)
def test_its_own_names_are_masked_where_they_stand_alone(message: str, names: tuple[str, ...], pattern: str) -> None:
    assert pattern_of(message, names) == pattern


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "\x00\x1b[31m\u202e" * 50, "a" * 100_000, "1." * 50_000, "/" * 100_000, "f" * 70_000,
     "0:" * 50_000, "a." * 50_000 + "://", "\\1\\g<0>"],
)  # fmt: skip
def test_hostile_messages_are_cut_and_take_no_time(hostile: str) -> None:
    begun = time.process_time()
    assert len(pattern_of(hostile)) <= 10 * LONGEST
    assert time.process_time() - begun < 0.5


def test_many_failures_in_few_ways() -> None:
    full = [
        Failure(n, f"no room on 10.0.0.{n}: {n} MB free", f"prepare: {n}", (), f"datanode/{n}") for n in range(1, 285)
    ]
    odd = [Failure(900, "exit code 1", "start: x", (), "x"), Failure(901, "exit code 2", "start: y", (), "y")]
    causes = causes_of([odd[0], *full, odd[1], Failure(902, "exit code 2", "start: z")])
    assert [cause.count for cause in causes] == [284, 2, 1]
    assert causes[0].example == "no room on 10.0.0.1: 1 MB free"
    assert causes[0].places == tuple(f"datanode/{n}" for n in range(1, 6))
    assert causes[0].more == 279
    assert causes[1].steps == (901, 902)
    assert causes[1].places == ("y", "start: z")
    assert causes[0].key == key_of("no room on ‹address›: ‹size› free")
    assert in_ways(287, 3) == "287 failed in 3 ways"
    assert (in_ways(1, 1), in_ways(9, 1)) == ("1 failed", "9 failed in one way")


def test_nothing_failed() -> None:
    assert causes_of([]) == []
