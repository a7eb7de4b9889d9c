"""The parser: line numbers, and the same reading as ConfigObj's for everything that both accept."""

import string
import time
from typing import Any

import configobj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.clusterfile.parse import Section, parse

NAMES = st.text(string.ascii_letters + string.digits + "._-%{}$ ", min_size=1, max_size=12).map(str.strip).filter(bool)
PLAIN_VALUES = st.text(string.ascii_letters + string.digits + " .:/=-_%{}()$&<>", max_size=20).map(str.strip)
TEXTS = st.text(
    string.printable.replace("\r", "").replace("\x0b", "").replace("\x0c", "").replace("\n", ""), max_size=20
)


def quoted(text: str) -> str:
    """A value in quotes that hold it as it is."""
    return f'"{text}"' if '"' not in text else f"'{text}'"


VALUES = st.one_of(
    PLAIN_VALUES,
    TEXTS.filter(lambda text: not ('"' in text and "'" in text)).map(quoted),
    TEXTS.filter(lambda text: "'''" not in text and not text.endswith("'")).map(lambda text: f"'''{text}'''"),
    st.lists(PLAIN_VALUES.filter(bool), min_size=2, max_size=4).map(", ".join),
    st.lists(TEXTS.filter(lambda text: '"' not in text and "," not in text).map(quoted), min_size=1, max_size=3).map(
        lambda items: ", ".join(items) + ","
    ),
)
COMMENTS = st.sampled_from(["", "", "  # why", "#x"])
KEY_LINES = st.builds(lambda key, value, comment: f"{key} = {value}{comment}", NAMES, VALUES, COMMENTS)
SECTION_LINES = st.builds(
    lambda name, depth, comment: f"{'[' * depth}{name}{']' * depth}{comment}", NAMES, st.integers(1, 3), COMMENTS
)
LINES = st.one_of(KEY_LINES, SECTION_LINES, st.sampled_from(["", "   ", "# note", "  [[x]]  # y"]))


def as_dict(section: Section) -> dict[str, Any]:
    """Keys and sections as ConfigObj would hold them."""
    entries: dict[str, Any] = {key: entry.value for key, entry in section.entries.items()}
    return entries | {name: as_dict(inner) for name, inner in section.sections.items()}


@given(st.lists(LINES, max_size=12))
def test_reads_what_configobj_reads(lines: list[str]) -> None:
    text = "\n".join(lines)
    root, problems = parse(text, "x.cfg")
    try:
        wanted = configobj.ConfigObj(lines, interpolation=False, raise_errors=False).dict()
    except configobj.ConfigObjError as error:
        assert problems, text
        assert problems[0].line == min(one.line_number for one in error.errors)
    else:
        assert not problems, (text, problems)
        assert as_dict(root) == wanted


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=10))
def test_every_key_knows_its_line(layout: list[tuple[str, int]]) -> None:
    lines: list[str] = []
    wanted: dict[str, int] = {}
    for number, (kind, blanks) in enumerate(layout):
        lines += [""] * blanks
        wanted[f"k{number}"] = len(lines) + 1
        lines += [f"k{number} = '''x", "y", "# no comment'''"] if kind == "a" else [f"  k{number}=1 # {kind}"]

    root, problems = parse("\n".join(lines), "x.cfg")

    assert not problems
    assert {key: entry.line for key, entry in root.entries.items()} == wanted


@given(st.text(alphabet=st.sampled_from(list("[]='\",# \nab%{}()")), max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    root, problems = parse(text, "x.cfg")

    assert root.name == ""
    assert all(problem.line for problem in problems)


@pytest.mark.parametrize(
    "line",
    [
        "a=" + "a" + " " * 30_000 + "," + " " * 30_000 + '"',
        "[" * 30_000 + "x" + "]" * 30_000 + "y",
        "[ " * 400 + "x" + " ]" * 400 + "y",
        "a=" + '"" ' * 15_000 + "x",
        '"' * 30_000 + "x",
        "a=" + '"a",' * 10_000 + '"',
        "a=" + "x" * 100_000,
    ],
    ids=["blanks", "brackets", "spaced brackets", "quotes", "quoted key", "open quote", "too long"],
)
def test_a_nasty_line_takes_no_time(line: str) -> None:
    begun = time.perf_counter()
    parse(line, "x.cfg")

    assert time.perf_counter() - begun < 1.0


def test_one_broken_section_line_gives_one_message() -> None:
    _, problems = parse("[a]\nx=1\n[[b]\nx=1\nx=2\n[c]\ny=1", "x.cfg")

    assert [problem.line for problem in problems] == [3]


def test_paths_of_sections() -> None:
    root, _ = parse("[a]\n[[b]]\n[[[c]]]\n[[d]]\n[e]", "x.cfg")

    inner = root.sections["a"].sections["b"].sections["c"]
    assert (inner.path, inner.line, inner.depth) == ("a/b/c", 3, 3)
    assert list(root.sections["a"].sections) == ["b", "d"]
