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


def value(text: str, section: str, key: str) -> object:
    root, problems = parse(text, "")
    assert not problems
    return root.sections["configuration"].sections[section].entries[key].value


@pytest.mark.parametrize(
    ("section", "values", "gone", "new"),
    [
        ("a.cfg", {"one": "9"}, ["    one=1   # first"], ["    one=9"]),
        ("a.cfg", {"three": "3"}, [], ["    three=3"]),
        ("a.cfg", {"long": "short"}, ["    long='''l1", "l2'''"], ["    long=short"]),
        ("b.cfg", {"x": "a,b"}, [], ['    x="a,b"']),
        ("c.cfg", {"x": ""}, [], ["  [[c.cfg]]", '    x=""']),
        ("a.cfg", {"two": "2", "k=v": "1"}, ['    two="2"'], ["    two=2", '    "k=v"=1']),
    ],
)
def test_lines(section: str, values: dict[str, str], gone: list[str], new: list[str]) -> None:
    after = with_values(TEXT, section, values)
    before_lines, after_lines = TEXT.splitlines(), after.splitlines()
    assert [line for line in before_lines if line not in after_lines] == gone
    assert sorted(line for line in after_lines if line not in before_lines) == sorted(new)
    for key, written in values.items():
        assert value(after, section, key) == written
    assert "arguments" in parse(after, "")[0].sections


def test_a_file_without_an_end_of_line_and_one_without_configuration() -> None:
    assert with_values("[configuration]\n  [[a]]\n    x=1", "a", {"y": "2"}).endswith("x=1\n    y=2\n")
    with pytest.raises(CannotWrite, match=r"no section \[configuration\]"):
        with_values("[cluster]\n", "a", {"y": "2"})


@pytest.mark.parametrize("text", ["a%{b}", "%(asctime)s"])
def test_what_would_be_an_expression_is_refused(text: str) -> None:
    with pytest.raises(CannotWrite, match="expression"):
        quoted(text)


@given(st.text(alphabet=st.characters(codec="ascii", exclude_characters="\r\0\x0b\x0c\x1c\x1d\x1e"), max_size=30))
def test_any_value_is_read_as_it_is_or_refused(text: str) -> None:
    try:
        after = with_values(TEXT, "a.cfg", {"one": text})
    except CannotWrite:
        return
    assert value(after, "a.cfg", "one") == text and value(after, "a.cfg", "two") == "2"
