"""Members of an ensemble beside each other: what differs is marked, what is not known is not made up."""

import pytest

from minos_web.boards.zookeeper.members import Cell, Member, leaders, member_rows, most_common, version_of


def cells(members: list[Member], title: str) -> list[Cell]:
    [row] = [row for row in member_rows(members) if row.title == title]
    return list(row.cells)


def said(members: list[Member], title: str) -> list[tuple[str, str]]:
    return [(cell.text, cell.mark) for cell in cells(members, title)]


def with_figures(*values: dict[str, float]) -> list[Member]:
    return [Member(f"zookeeper/{number}", figures=value) for number, value in enumerate(values)]


@pytest.mark.parametrize(
    ("texts", "common"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], ""),
        (["a", "b", "a"], "a"),
        (["a", "a", "b", "b"], ""),
        (["a", "b", "c"], ""),
    ],
)
def test_only_a_majority_is_usual(texts: list[str], common: str) -> None:
    assert most_common(texts) == common


@pytest.mark.parametrize(("text", "version"), [("3.9.5-293c89, built on 2026", "3.9.5"), ("3.4.6", "3.4.6"), ("", "")])
def test_versions_in_short(text: str, version: str) -> None:
    assert version_of(text) == version


def test_who_has_other_data_is_marked() -> None:
    members = with_figures({"znodes": 3015}, {"znodes": 3015}, {"znodes": 3014})
    assert said(members, "Znodes") == [("3,015", ""), ("3,015", ""), ("3,014", "differs")]
    assert cells(members, "Znodes")[2].why == "most have 3015"


def test_connections_may_differ() -> None:
    assert said(with_figures({"connections": 1}, {"connections": 1}, {"connections": 9}), "Client connections")[2] == (
        "9",
        "",
    )


def test_nothing_is_made_up() -> None:
    members = [*with_figures({"znodes": 5}, {}), Member("zookeeper/2", says="refuses connections")]
    assert said(members, "Znodes") == [("5", ""), ("–", ""), ("–", "")]
    assert said(members, "Role") == [("–", "")] * 3 and said(members, "Last transaction") == [("–", "")] * 3


def test_transactions_behind_are_counted_within_an_epoch() -> None:
    members = [Member("a", zxid=0x200000005), Member("b", zxid=0x200000002), Member("c", zxid=0x100000009)]
    assert said(members, "Epoch") == [("2", ""), ("2", ""), ("1", "differs")]
    assert said(members, "Last transaction") == [
        ("0x200000005", ""),
        ("0x200000002", "3 behind"),
        ("0x100000009", "behind"),
    ]


def test_what_it_says_now_counts_more_than_what_was_told() -> None:
    told = {"role": "leader", "version": "3.9.5-x"}
    members = [Member("a", texts=told, mode="follower"), Member("b", texts=told), Member("c", texts=told, old=True)]
    assert said(members, "Role") == [("follower", ""), ("leader", ""), ("–", "")]
    assert leaders(members) == 1
    assert [cell.old for cell in cells(members, "Version")] == [False, False, True]


def test_who_does_not_serve_now_plays_no_part() -> None:
    told = {"role": "leader"}
    members = [Member("a", texts=told, serves=False, says="refuses connections"), Member("b", texts=told, serves=None)]
    assert said(members, "Role") == [("–", ""), ("leader", "")] and leaders(members) == 1


def test_disagreement_about_data_is_never_overlooked() -> None:
    members = with_figures({"digest_mismatches": 0}, {"digest_mismatches": 2}, {})
    assert said(members, "Disagreements about the data") == [("0", ""), ("2", "wrong"), ("–", "")]


def test_units() -> None:
    members = with_figures({"latency_avg": 0.25, "data_bytes": 43304, "uptime": 8227})
    assert [said(members, title)[0][0] for title in ("Latency, average", "Data", "Serving for")] == [
        "0.25 ms",
        "42.3 KB",
        "8227 ms",
    ]
