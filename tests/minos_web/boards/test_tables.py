"""Long tables: sorted, filtered, cut, or as CSV."""

import pytest

from minos_web.boards.tables import Column, Plan, Row, Table, Value, as_csv, chip, query_text, table

PLAN = Plan("Things", "thing", (Column("name", "Name"), Column("n", "Number", "count", bar=True)), "-n", ("name",))


def rows(**values: Value) -> list[Row]:
    return [Row({"name": name, "n": value}) for name, value in values.items()]


def names(shown: Table) -> list[Value]:
    return [row.cells["name"] for row in shown.page.items]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["c", "a", "D", "b"]),
        ({"sort": "n"}, ["D", "a", "c", "b"]),  # what is not known stands last either way
        ({"sort": "name"}, ["a", "b", "c", "D"]),
        ({"sort": "-name"}, ["D", "c", "b", "a"]),
        ({"sort": "nosuch"}, ["c", "a", "D", "b"]),
        ({"q": "d"}, ["D"]),
        ({"q": "nosuch"}, []),
    ],
)
def test_sorted_and_filtered(query: dict[str, str], expected: list[str]) -> None:
    assert names(table(PLAN, rows(a=2.0, b=None, c=3.0, D=1.0), query)) == expected


def test_a_header_sorts_numbers_from_the_largest_and_then_the_other_way() -> None:
    number, name = PLAN.columns[1], PLAN.columns[0]
    by_name = table(PLAN, [], {"sort": "name", "q": "x", "page": "3"})
    assert by_name.sorted_by(number) == [("q", "x"), ("sort", "-n")]
    assert by_name.sorted_by(name) == [("q", "x"), ("sort", "-name")]
    assert table(PLAN, [], {"sort": "-n"}).sorted_by(number) == [("sort", "n")]


def test_thousands_of_rows_are_cut_into_pages() -> None:
    shown = table(PLAN, rows(**{f"t{number}": float(number) for number in range(2345)}), {"page": "3"})
    assert (len(shown.page.items), shown.page.pages, shown.page.first, shown.known) == (100, 24, 201, 2345)
    assert shown.page.items[0].cells["n"] == 2144.0


def test_two_tables_of_a_page_are_asked_for_apart() -> None:
    other = Plan("Others", "other", PLAN.columns, "name", ("name",), prefix="o-")
    query = {"sort": "name", "o-sort": "-name", "o-q": "b"}
    assert names(table(PLAN, rows(b=1, a=1), query)) == ["a", "b"]
    assert names(table(other, rows(b=1, a=1, bb=1), query)) == ["bb", "b"]


def test_bars_are_parts_of_the_largest() -> None:
    shown = table(PLAN, rows(a=2.0, b=None, c=8.0), {})
    assert [shown.part(row, PLAN.columns[1]) for row in shown.page.items] == [100.0, 25.0, None]
    nothing = table(PLAN, rows(a=0.0), {})
    assert nothing.part(nothing.page.items[0], PLAN.columns[1]) is None


def test_csv_has_all_that_fits_in_plain_numbers() -> None:
    shown = table(PLAN, rows(**{"a,b": 1234567.5, "=cmd": None, "c": 0.0}), {"page": "9"})
    assert as_csv(shown) == 'name,n\r\n"a,b",1234567.5\r\nc,0\r\n\'=cmd,\r\n'
    assert len(as_csv(table(PLAN, rows(**{str(n): 1.0 for n in range(500)}), {})).splitlines()) == 501


def test_a_chip_sets_and_takes_away() -> None:
    query = {"kind": "user", "page": "4", "q": "a"}
    assert chip("user", 3, query, "kind", "user").query == [("q", "a")]
    assert chip("system", 3, query, "kind", "system").query == [("q", "a"), ("kind", "system")]
    assert query_text([("q", "a&b=<c>")]) == "?q=a%26b%3D%3Cc%3E"
