"""Generated formats, each read back by something that knows the format."""

import string
from xml.etree import ElementTree

import javaproperties
import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from minos_web.catalog.description import GeneratedFile, Switch
from minos_web.clusterfile.formats import jaas, key_table, properties, site_xml, yaml
from minos_web.clusterfile.formats.chunks import CannotRender, Chunk, Item
from tests.minos_web.clusterfile.conformance import read_jaas, read_properties, read_site_xml

XML_CHARS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
XML_TEXTS = st.text(st.one_of(XML_CHARS, st.sampled_from("&<>;#x\n\t")), max_size=30)
PLAIN_LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\"), max_size=20)


def text_of(chunks: list[Chunk]) -> str:
    """The whole file."""
    return "".join(chunk.text for chunk in chunks)


def made(name: str, **more: object) -> GeneratedFile:
    """A file of some format."""
    return GeneratedFile(name, "x", **more)  # type: ignore[arg-type]


def test_site_xml_is_sorted_by_name() -> None:
    text = text_of(site_xml.render([Item("b", "2"), Item("a", "1")], made("x-site.xml")))

    assert list(read_site_xml(text)) == ["a", "b"]


@given(st.dictionaries(XML_TEXTS.filter(lambda text: "&" not in text), XML_TEXTS.filter(lambda text: "&" not in text)))
def test_site_xml_gives_back_what_went_in(entries: dict[str, str]) -> None:
    text = text_of(site_xml.render([Item(key, value) for key, value in entries.items()], made("x-site.xml")))

    assert read_site_xml(text) == entries


@given(XML_TEXTS)
def test_any_value_gives_xml_that_can_be_read(value: str) -> None:
    ElementTree.fromstring(text_of(site_xml.render([Item("a", value)], made("x-site.xml"))).encode())


@given(st.text())
def test_even_control_characters_give_xml_that_can_be_read(value: str) -> None:
    text = text_of(site_xml.render([Item(value, value)], made("x-site.xml")))

    ElementTree.fromstring(text.encode("utf-8", "strict"))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("a&#xA;b", "a\nb"),
        ("a&#10;b", "a\nb"),
        ("&amp;&lt;&gt;&quot;&apos;", "&<>\"'"),
        ("a & b && c", "a & b && c"),
        ("&nbsp;", "&nbsp;"),
        ("&#0;", "&#0;"),
        ("&#xFFFF;", "&#xFFFF;"),
        ("&#x1234567;", "&#x1234567;"),
        ("<a>", "<a>"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_references_stay_and_bare_signs_are_escaped(value: str, read: str) -> None:
    assert read_site_xml(text_of(site_xml.render([Item("a", value)], made("x-site.xml"))))["a"] == read


@given(st.dictionaries(PLAIN_LINES.filter(bool), PLAIN_LINES, max_size=6))
def test_properties_give_back_what_went_in(entries: dict[str, str]) -> None:
    text = text_of(properties.render([Item(key, value) for key, value in entries.items()], made("x.properties")))

    assert javaproperties.loads(text) == entries


def test_properties_keep_the_escapes_that_were_written() -> None:
    text = text_of(properties.render([Item("a", "x\\ty"), Item("b", ("1", "2"))], made("x.properties")))

    assert text == "a=x\\ty\nb=['1', '2']\n"


def test_jaas_quotes_all_but_booleans_and_quoted_values() -> None:
    items = [Item("headerLine", "M required"), Item("a", "x"), Item("b", "true"), Item("c", '"q"')]

    assert read_jaas(text_of(jaas.render(items, made("jaas.conf", block="Client")))) == {
        "Client": {"module": "M", "flag": "required", "options": {"a": '"x"', "b": "true", "c": '"q"'}}
    }
    assert jaas.render([], made("jaas.conf")) == []


TABLE = made(
    "z.cfg",
    keys={"data_dir": "dataDir"},
    optional_keys={"max": "maxConns"},
    pass_through=("admin.*", "4lw"),
    lines=("servers",),
    switch=Switch("switch", {"auth": "auth.1"}, {"fixed": "true"}),
)
FULL = {"data_dir": "/d", "servers": "s.1=a\ns.2=b", "switch": "# ", "auth": "A"}


def table_of(**more: str) -> dict[str, str]:
    """The file that the items make."""
    items = [Item(key.replace("__", "."), value) for key, value in {**FULL, **more}.items()]
    return read_properties(text_of(key_table.render(items, TABLE)))


def test_key_table_writes_known_keys_only() -> None:
    assert table_of(max="7", other="x", admin__port="1") == {
        "dataDir": "/d",
        "maxConns": "7",
        "admin.port": "1",
        "s.1": "a",
        "s.2": "b",
    }
    assert key_table.unused_keys(["max", "other", "admin.port", "switch", "auth"], TABLE) == ["other"]


def test_key_table_switches_lines_on() -> None:
    assert table_of(switch="")["auth.1"] == "A"
    assert table_of(switch="")["fixed"] == "true"


def test_key_table_names_what_is_missing() -> None:
    with pytest.raises(CannotRender, match="servers, switch, auth"):
        key_table.render([Item("data_dir", "/d")], TABLE)


def storm(value: str | tuple[str, ...], **more: object) -> object:
    """What a YAML reader makes of one value."""
    return pyyaml.safe_load(text_of(yaml.render([Item("k", value)], made("s.yaml", **more))))["k"]


YAML = {
    "a number": ("3", 3),
    "a fraction": ("0.25", 0.25),
    "a negative number": ("-5", -5),
    "true": ("true", True),
    "null": ("null", None),
    "nothing": ("", None),
    "a text": ("two words", "two words"),
    "a list": ("one,two , three", ["one", "two", "three"]),
    "a list of numbers": ("1,2", [1, 2]),
    "a config list": (("x,y", "z"), ["x,y", "z"]),
    "a consumer": ("{class:a.B,parallelism.hint:2}", [{"class": "a.B", "parallelism.hint": 2}]),
    "two consumers": ("{class:A,n:2;class:B,argument:x}", [{"class": "A", "n": 2}, {"class": "B", "argument": "x"}]),
    "a written string": ('"17"', "17"),
    "an empty list": ("[]", []),
    "an address with port": ("http://x:80/a", "http://x:80/a"),
    "a colon with a blank": ("a: b", "a: b"),
    "a hash": ("a #b", "a #b"),
    "a star": ("*x", "*x"),
    "an at sign": ("@x", "@x"),
    "a switch": ("-Xmx1g -Da=b", "-Xmx1g -Da=b"),
    "a quote inside": ("it's", "it's"),
    "a percent sign": ("%x", "%x"),
    "braces of no consumer": ("{a}", "{a}"),
    "a line end": ("a\nb", "a\nb"),
    "a backslash": ("a\\b", "a\\b"),
}


@pytest.mark.parametrize(("value", "read"), YAML.values(), ids=YAML)
def test_yaml_reads_as(value: str | tuple[str, ...], read: object) -> None:
    assert storm(value) == read


def test_yaml_keys_that_are_lists_stay_lists_with_one_item() -> None:
    assert storm("10.0.0.1", lists=("k",)) == ["10.0.0.1"]
    assert storm("8310", lists=("k",)) == [8310]


@pytest.mark.parametrize(("value", "read"), [("null", None), ("~", None), ("", None), ("[]", [])])
def test_yaml_keys_that_are_lists_may_say_that_there_is_none(value: str, read: object) -> None:
    assert storm(value, lists=("k",)) == read


@given(st.text(string.printable, max_size=20), st.text(max_size=20))
def test_any_text_gives_yaml_that_can_be_read(key: str, value: str) -> None:
    text = text_of(yaml.render([Item(f"k{key}", value), Item("z", "1")], made("s.yaml")))

    assert pyyaml.safe_load(text)["z"] == 1
