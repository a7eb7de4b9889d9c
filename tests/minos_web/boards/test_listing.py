"""Lists made of facts, as the tables that they become: filter, order, cells, CSV."""

import csv
import io
from collections.abc import Mapping

import pytest

from minos_web.boards.listing import KEY, Line, Listing
from minos_web.boards.lists import LISTINGS
from minos_web.boards.tables import MOMENT, WHOLE, WORD, Column, Row, Table, as_csv, table

LISTING = Listing(
    name="things", title="Things", kinds=("thing",), key="Thing", sort="-size", by="state",
    columns=(Column("state", "State", WORD), Column("size", "Size", "bytes", bad=1000), Column("at", "When", MOMENT)),
)  # fmt: skip
LINES = [
    Line("b", {"size": 10.0}, {"state": "up"}),
    Line("a", {"size": 2048.0, "at": 0.0}, {"state": "down", "hidden": "cellar"}),
    Line("c", {}, {"state": "up"}, old=True),
]


def shown(query: Mapping[str, str], lines: list[Line] = LINES) -> Table:
    chosen = LISTING.chosen(lines, query.get("by", ""), query.get("of", ""))
    return table(LISTING.plan(), LISTING.rows(chosen, lambda name: f"/{name}"), query)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({}, "abc"),
        ({"sort": "size"}, "bac"),
        ({"sort": KEY}, "abc"),
        ({"sort": f"-{KEY}"}, "cba"),
        ({"sort": "state"}, "abc"),
        ({"sort": "-state"}, "bca"),
        ({"sort": "nonsense"}, "abc"),
        ({"by": "up"}, "bc"),
        ({"q": "DOWN"}, "a"),
        ({"q": "cellar"}, "a"),  # a text that no column shows
        ({"of": "b"}, "b"),
        ({"q": "zzz"}, ""),
        ({"q": "2048"}, ""),
    ],
)
def test_what_is_chosen_and_in_which_order(query: dict[str, str], keys: str) -> None:
    assert "".join(str(row.cells[KEY]) for row in shown(query).found) == keys


def test_values_to_choose_from() -> None:
    assert LISTING.values(LINES) == [("down", 1), ("up", 2)]


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (WHOLE, 1234567.0, "1,234,567"),
        (WHOLE, 0.5, "0.5"),
        ("bytes", 2048.0, "2 KB"),
        ("ms", 0.25, "0.25 ms"),
        ("per_second", 1.5, "1.5/s"),
        (WORD, "up", "up"),
        (WORD, "", "–"),
        (WHOLE, None, "unknown"),
    ],
)
def test_cells(unit: str, value: float | str | None, text: str) -> None:
    assert Column("x", "X", unit).text(Row({"x": value})) == text


def test_what_is_not_known_is_neither_0_nor_bad() -> None:
    size, rows = LISTING.columns[1], {str(row.cells[KEY]): row for row in shown({}).found}
    assert size.text(rows["c"]) == "unknown" and not size.marks(rows["c"])
    assert size.marks(rows["a"]) and not size.marks(rows["b"])


def test_a_name_leads_somewhere_where_there_is_a_history() -> None:
    assert all(row.links == {} for row in shown({}).found)
    [listing] = [one for one in LISTINGS["kafka"] if one.name == "groups"]
    assert listing.rows([Line("g")], lambda name: f"/{name}")[0].links == {KEY: "/g"}


def test_csv_is_for_spreadsheets_and_no_formula() -> None:
    lines = [Line('=cmd|"x"', {"size": 2048.0, "at": 86400.0}, {"state": "a,b\n"}), LINES[2]]
    rows = list(csv.reader(io.StringIO(as_csv(shown({}, lines)))))
    assert rows == [
        ["key", "state", "size", "at", "old"],
        ['\'=cmd|"x"', "a,b\n", "2048", "1970-01-02T00:00:00Z", ""],
        ["c", "up", "", "", "old"],
    ]


def test_every_list_begins_with_a_column_that_it_has_and_leads_to_lists_that_are_there() -> None:
    for listings in LISTINGS.values():
        names = {one.name for one in listings}
        for listing in listings:
            columns = [column.name for column in listing.plan().columns]
            assert listing.sort.removeprefix("-") in columns, listing.name
            assert set(listing.inside) <= names
            assert len(set(columns)) == len(columns), listing.name
