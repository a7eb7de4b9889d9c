"""Values written into cluster files: read back as they are, and nothing else touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.clusterfile.edits import CannotWrite, quoted, with_values
from minos_web.clusterfile.parse import parse

TEXT = """\
# mine
[cluster]
  name=a

[configuration]
  base=x
  [[a.cfg]]
    one=1   # first
    two="2"
    long='''l1
l2'''
  [[b.cfg]]

[arguments]
  [[service_common]]
"""


CONFIGURATION = "configuration"


def value(text: str, section: tuple[str, ...], key: str) -> object:
    found, problems = parse(text, "")
    assert not problems
    for name in section:
        found = found.sections[name]
    return found.entries[key].value if key in found.entries else None


@pytest.mark.parametrize(
    ("section", "values", "gone", "new"),
    [
        ("configuration/a.cfg", {"one": "9"}, ["    one=1   # first"], ["    one=9   # first"]),
        ("configuration/a.cfg", {"three": "3"}, [], ["    three=3"]),
        ("configuration/a.cfg", {"long": "short"}, ["    long='''l1", "l2'''"], ["    long=short"]),
        ("configuration/b.cfg", {"x": "a,b"}, [], ['    x="a,b"']),
        ("configuration/c.cfg", {"x": ""}, [], ["  [[c.cfg]]", '    x=""']),
        ("configuration/a.cfg", {"two": "2", "k=v": "1"}, ['    two="2"'], ["    two=2", '    "k=v"=1']),
        ("configuration/a.cfg", {"long": None, "one": None}, ["    one=1   # first", "    long='''l1", "l2'''"], []),
        ("configuration/a.cfg", {"long": None, "new": "1"}, ["    long='''l1", "l2'''"], ["    new=1"]),
        ("configuration/a.cfg", {"nowhere": None}, [], []),
        ("cluster", {"name": "b", "version": "3.1"}, ["  name=a"], ["  name=b", "  version=3.1"]),
        ("arguments/service_common/deep", {"x": "1"}, [], ["    [[[deep]]]", "      x=1"]),
    ],
)
def test_lines(section: str, values: dict[str, str | None], gone: list[str], new: list[str]) -> None:
    path = tuple(section.split("/"))
    after = with_values(TEXT, path, values)
    before_lines, after_lines = TEXT.splitlines(), after.splitlines()
    assert [line for line in before_lines if line not in after_lines] == gone
    assert [line for line in after_lines if line not in before_lines] == new
    for key, written in values.items():
        assert value(after, path, key) == written
    assert list(parse(after, "")[0].sections) == ["cluster", "configuration", "arguments"]


def test_a_file_without_an_end_of_line_and_one_without_the_section() -> None:
    text = "[configuration]\n  [[a]]\n    x=1"
    assert with_values(text, (CONFIGURATION, "a"), {"y": "2"}).endswith("x=1\n    y=2\n")
    with pytest.raises(CannotWrite, match=r"no section \[configuration\]"):
        with_values("[cluster]\n", (CONFIGURATION, "a"), {"y": "2"})


def test_line_ends_and_what_only_looks_like_one_stay() -> None:
    text = TEXT.replace("name=a", 'name="a\u2028\x0b"').replace("\n", "\r\n")
    after = with_values(text, (CONFIGURATION, "a.cfg"), {"one": "9", "three": "3"})
    assert after == text.replace("one=1 ", "one=9 ").replace("l2'''\r\n", "l2'''\r\n    three=3\r\n")


def test_a_new_section_stands_before_the_blank_lines_and_comments_of_the_next() -> None:
    after = with_values(TEXT.replace("[arguments]", "# theirs\n[arguments]"), (CONFIGURATION, "c.cfg"), {"x": "1"})
    assert "  [[b.cfg]]\n  [[c.cfg]]\n    x=1\n\n# theirs\n[arguments]" in after


@pytest.mark.parametrize("text", ["a%{b}", "%(asctime)s"])
def test_what_would_be_an_expression_is_refused(text: str) -> None:
    with pytest.raises(CannotWrite, match="expression"):
        quoted(text)
    assert quoted(text, literal=False) == text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30))
def test_any_value_is_read_as_it_is_or_refused(text: str) -> None:
    try:
        after = with_values(TEXT, (CONFIGURATION, "a.cfg"), {"one": text})
    except CannotWrite:
        return
    assert value(after, (CONFIGURATION, "a.cfg"), "one") == text
    assert value(after, (CONFIGURATION, "a.cfg"), "two") == "2"
