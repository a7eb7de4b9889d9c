"""The wall's squares: where they stand, in which shape, and how few bytes many are."""

from minos_web.views.wall import Named, columns_for, group_of, ordered, run_of


def test_runs_are_one_line_for_each_row() -> None:
    assert run_of(0, 12, 12) == "M0 4h118"
    assert run_of(10, 4, 12) == "M100 4h18M0 14h18"
    assert run_of(0, 0, 12) == ""
    assert len(run_of(0, 1000, 34)) < 400


def test_columns_fit_a_narrow_screen() -> None:
    assert [columns_for(number) for number in (0, 5, 100, 10_000)] == [12, 12, 15, 34]


def test_the_unwell_stand_first_and_have_names() -> None:
    group = group_of("dptst", "ZooKeeper", "/x", {"running": 3, "down": 2}, [Named("down", "a: down", "/a")])
    assert group.words == "2 down, 3 running" and group.total == 5
    assert [one.named.title for one in group.squares] == ["a: down"] and group.squares[0].path.startswith("M0 0")
    assert [kind for kind, _ in group.runs] == ["down", "running"] and (group.width, group.height) == (48, 8)


def test_what_came_between_two_looks_stands_there_as_well() -> None:
    group = group_of("x", "", "/x", {"running": 1}, [Named("down", "a", "/a"), Named("down", "b", "/b")])
    assert group.total == 3 and group.words == "2 down, 1 running"
    assert group_of("x", "", "/x", {}, []).words == "none"


def test_groups_with_something_unwell_come_first() -> None:
    groups = [
        group_of(name, "", "", {kind: 1}, []) for name, kind in (("b", "running"), ("a", "running"), ("z", "down"))
    ]
    assert [one.title for one in ordered(groups)] == ["z", "a", "b"]
