"""The inventory as a CSV file: what is read, what is refused and where, and that a spreadsheet runs nothing of it."""

import csv
import io
from typing import Any

import pytest

from minos_web.operations.inventory_csv import Row, guarded, read, write
from minos_web.operations.inventory_fields import BY_NAME, FIELDS, BadValue, parsed, shown


@pytest.mark.parametrize(
    ("field", "said", "value"),
    [
        ("host", " Node1.Example ", "node1.example"),
        ("ip", "10.0.0.1", "10.0.0.1"),
        ("ip", "FE80::1", "fe80::1"),
        ("rack", "DC1/R7", "dc1/r7"),
        ("idc", "Büro 3", "Büro 3"),
        ("cores", "16", 16),
        ("cores", 16, 16),
        ("ram_gb", "62.5", 62.5),
        ("ram_gb", 64, 64.0),
        ("note", "first\nsecond", "first\nsecond"),
        ("note", "  ", None),
    ],
)
def test_values(field: str, said: Any, value: Any) -> None:
    assert parsed(BY_NAME[field], said) == value


@pytest.mark.parametrize(
    ("field", "said", "words"),
    [
        ("host", "a b", "letters, digits"),
        ("host", "<b>", "letters, digits"),
        ("host", "x" * 129, "at most 128"),
        ("ip", "10.0.0", "IP address"),
        ("rack", "r 1", "no blanks"),
        ("rack", "r\x001", "cannot be shown"),
        ("cores", "-1", "whole number"),
        ("cores", "1.5", "whole number"),
        ("cores", "１６", "whole number"),
        ("cores", True, "text or a number"),
        ("cores", "9999999", "up to 100,000"),
        ("ram_gb", "nan", "a number up to"),
        ("ram_gb", "inf", "a number up to"),
        ("ram_gb", "64 GB", "a number up to"),
        ("note", "x" * 1001, "at most 1000"),
    ],
)
def test_what_a_field_does_not_take(field: str, said: Any, words: str) -> None:
    with pytest.raises(BadValue, match=words):
        parsed(BY_NAME[field], said)


def test_names_of_the_original_and_only_what_is_said() -> None:
    text = "Hostname,ip,IDC,rack,cores,ram,disks,disk_capacity,ssds,ssd_capacity\nN1,10.0.0.1,bj,R1,32,128,12,4000,,\n\nn2,,,-,,,,,,\n"
    sheet = read(text.encode())
    assert sheet.faults == []
    assert sheet.rows == [
        Row(
            2,
            "n1",
            {"ip": "10.0.0.1", "idc": "bj", "rack": "r1", "cores": 32, "ram_gb": 128.0, "disks": 12, "disk_gb": 4000.0},
        ),
        Row(4, "n2", {"rack": None}),
    ]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"", [(1, "host", "a column host is needed")]),
        (b"rack\nr1\n", [(1, "host", "a column host is needed")]),
        (b"host,colour,host\n", [(1, "colour", "no such field"), (1, "host", "twice")]),
        (b"host,rack\nn1,r 1\nn2,r2,more\n,r3\n", [(2, "rack", "no blanks"), (3, "", "3 cells"), (4, "host", "its name is needed")]),
        (b"host,cores,ram\nn1,many,much\n", [(2, "cores", "whole number"), (2, "ram_gb", "a number")]),
        (b"host\nn1\nN1\n", [(3, "host", "n1 is on line 2 already")]),
        (b"host\n-\n", [(2, "host", "its name is needed")]),
        (b'host,note\nn1,"two\nlines"\nn2,x,y\n', [(4, "", "3 cells")]),
        (b'host,note\nn1,"open\n', [(2, "", "no CSV")]),
        (b"host\nn1\n\xff\n", [(3, "", "not UTF-8")]),
    ],
)  # fmt: skip
def test_faults_name_line_and_field(content: bytes, faults: list[tuple[int, str, str]]) -> None:
    found = read(content).faults
    assert [(one.line, one.field) for one in found] == [(line, field) for line, field, _ in faults]
    for one, (_, _, words) in zip(found, faults, strict=True):
        assert words in one.message


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=x", "''", "'x", "＝1", "-"])
def test_nothing_is_a_formula_and_all_of_it_comes_back(text: str) -> None:
    file = write([{"host": "n1", "note": text}])
    cell = list(csv.reader(io.StringIO(file)))[1][-1]
    assert cell[0] == "'" and cell == guarded(text)
    assert read(file.encode()).rows == [Row(2, "n1", {"note": text})]


def test_all_fields_come_back_over_a_form_that_changes_the_ends_of_lines() -> None:
    machine = {
        "host": "n1", "ip": "10.0.0.1", "idc": 'a "b", c', "rack": "r1", "cores": 8, "ram_gb": 62.5, "disks": 2,
        "disk_gb": 1e6, "ssds": 0, "ssd_gb": 0.25, "note": "one\ntwo",
    }  # fmt: skip
    assert set(machine) == {field.name for field in FIELDS}
    text = write([machine])
    for ends in (text, text.replace("\r\n", "\n"), text.replace("\r\n", "\n").replace("\n", "\r\n"), "\ufeff" + text):
        (row,) = read(ends.encode()).rows
        assert {"host": row.host, **row.given} == machine


def test_a_cell_that_is_as_good_as_endless_is_refused() -> None:
    assert "no CSV" in read(b"host,note\nn1," + b"x" * 200_000).faults[0].message


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (3, "3"), (64.0, "64"), (62.5, "62.5"), (1e6, "1000000"), ("x", "x")]
)
def test_values_in_words(value: Any, text: str) -> None:
    assert shown(value) == text
