"""PURE. The inventory as a CSV file and back. A cell that a spreadsheet would take for a formula is written as a text."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from minos_web.operations.inventory_fields import BY_NAME, FIELDS, BadValue, Field, Value, parsed, shown
from minos_web.operations.spreadsheet import FORMULA, harmless

MOST_ROWS = 20_000
CLEAR = "-"
"""A cell with this alone takes away what is kept; an empty one leaves it as it is."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file. ``field`` is the column's name, empty where it is about the whole line."""

    line: int
    field: str
    message: str


@dataclass(frozen=True)
class Row:
    """A machine as a file says: only the fields that it says something of; None takes away what is kept."""

    line: int
    host: str
    given: dict[str, Value]


@dataclass
class Sheet:
    """What a file says, and what is wrong with it."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(content: bytes) -> Sheet:
    """The rows of a CSV file in UTF-8 whose first line names the columns."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Sheet(faults=[Fault(line, "", f"the file is not UTF-8 text (byte {error.start})")])
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # a form makes no difference between them
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    sheet = Sheet()
    try:
        columns = _columns(next(reader, []), sheet)
        if not sheet.faults:
            _read_rows(reader, columns, sheet)
    except csv.Error as error:
        sheet.faults.append(Fault(reader.line_num, "", f"this is no CSV: {error}"))
    return sheet


def _columns(names: list[str], sheet: Sheet) -> list[Field]:
    columns: list[Field] = []
    for name in names:
        found = BY_NAME.get(name.strip().lower().replace(" ", "_"))
        if found is None:
            known = ", ".join(one.name for one in FIELDS)
            sheet.faults.append(Fault(1, name.strip()[:40], f"there is no such field; the fields are {known}"))
        elif found in columns:
            sheet.faults.append(Fault(1, name.strip(), "this column is there twice"))
        else:
            columns.append(found)
    if not sheet.faults and BY_NAME["host"] not in columns:
        sheet.faults.append(Fault(1, "host", "the first line names the columns; a column host is needed"))
    return columns


def _read_rows(reader: Iterable[list[str]], columns: list[Field], sheet: Sheet) -> None:
    lines: dict[str, int] = {}
    begins = 2
    for cells in reader:
        line, begins = begins, reader.line_num + 1  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if len(sheet.rows) >= MOST_ROWS:
            sheet.faults.append(Fault(line, "", f"a file has at most {MOST_ROWS:,} machines"))
            return
        row = _row(line, cells, columns, sheet)
        if row is None:
            continue
        if row.host in lines:
            sheet.faults.append(Fault(line, "host", f"{row.host} is on line {lines[row.host]} already"))
            continue
        lines[row.host] = line
        sheet.rows.append(row)


def _row(line: int, cells: list[str], columns: list[Field], sheet: Sheet) -> Row | None:
    if len(cells) > len(columns):
        sheet.faults.append(Fault(line, "", f"{len(cells)} cells, but the first line names {len(columns)} columns"))
        return None
    given: dict[str, Value] = {}
    wrong = len(sheet.faults)
    for column, cell in zip(columns, cells, strict=False):
        text = _unguarded(cell.strip())
        if not text:
            continue
        try:
            given[column.name] = None if cell.strip() == CLEAR else parsed(column, text)
        except BadValue as error:
            sheet.faults.append(Fault(line, column.name, str(error)))
    host = given.pop("host", None)
    if len(sheet.faults) > wrong:
        return None
    if not isinstance(host, str):
        sheet.faults.append(Fault(line, "host", "which machine? its name is needed"))
        return None
    return Row(line, host, given)


def write(machines: Iterable[Mapping[str, Value]]) -> str:
    """A file with all fields, which ``read`` understands. Machines are mappings of the fields' names."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(field.name for field in FIELDS)
    for machine in machines:
        writer.writerow(guarded(shown(machine.get(field.name))) for field in FIELDS)
    return out.getvalue()


def guarded(text: str) -> str:
    """A harmless cell. One that begins with a quotation mark gets another, so that reading takes away the right one."""
    return f"'{text}" if text.startswith("'") else harmless(text)


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith((*FORMULA, "'")) else text
