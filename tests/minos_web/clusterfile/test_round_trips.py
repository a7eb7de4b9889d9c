"""What is written is read back: names and values in cluster files, and the files that are made of them."""

from typing import Any
from xml.etree import ElementTree

import javaproperties
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from minos_web.clusterfile.arguments import plain, split
from minos_web.clusterfile.edits import CannotWrite, quoted, with_values
from minos_web.clusterfile.parse import Section, parse
from minos_web.clusterfile.rendered import RenderedTask
from tests.minos_web.clusterfile.conformance import read_jaas, read_properties, read_site_xml
from tests.minos_web.clusterfile.samples import HBASE_BASE, HDFS, ZK, describe, files_with, rendered
from tests.minos_web.clusterfile.test_services import of

SIGNS = [*"[]='\",#%{}()!*&<>:;\\$ \t\n-_.", "'''", '"""', "é", "\u2028", "\x0b", "\ufeff", *"abcXYZ019"]
WRITABLE = st.lists(st.sampled_from(SIGNS), max_size=10).map("".join)
NAMES = st.text(st.sampled_from("abcXYZ019._-"), min_size=1, max_size=8)
ONE_LINE = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=16)
WORDS = st.text(st.sampled_from("abcXYZ019._-/:=+@ "), max_size=12).map(str.strip)

Model = dict[str, dict[str, str]]
MODELS = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.dictionaries(WRITABLE, WRITABLE, max_size=4), max_size=4
)


def sections_of(section: Section) -> Model:
    """Path of each section with keys -> its keys and values, which must be texts."""
    found: Model = {}
    for inner in section.sections.values():
        if inner.entries:
            found[inner.path] = {key: str(entry.value) for key, entry in inner.entries.items()}
        found |= sections_of(inner)
    return found


def written(text: str, section: str, values: dict[str, str]) -> str:
    """``text`` with the values that can be written; the others must be refused one by one."""
    for key, value in values.items():
        try:
            text = with_values(text, section.split("/"), {key: value})
        except CannotWrite:
            continue
    return text


@given(MODELS)
def test_a_model_written_into_an_empty_file_is_read_back(model: Model) -> None:
    text = "".join(f"[{top}]\n" for top in dict.fromkeys(path.split("/")[0] for path in model))
    wanted: Model = {}
    for path, values in model.items():
        for key, value in values.items():
            try:
                text = with_values(text, path.split("/"), {key: value})
            except CannotWrite:
                continue
            wanted.setdefault(path, {})[key] = value

    root, problems = parse(text, "x.cfg")

    assert problems == []
    assert sections_of(root) == wanted


@given(MODELS, st.data())
def test_a_changed_value_changes_nothing_else(model: Model, data: st.DataObject) -> None:
    text = "".join(f"[{top}]\n# of {top}\n" for top in dict.fromkeys(path.split("/")[0] for path in model))
    for path, values in model.items():
        text = written(text, path, values)
    before = sections_of(parse(text, "x.cfg")[0])
    assume(before)
    path = data.draw(st.sampled_from(sorted(before)))
    key = data.draw(st.sampled_from(sorted(before[path])))
    value = data.draw(st.one_of(st.none(), WRITABLE))
    try:
        after = with_values(text, path.split("/"), {key: value})
    except CannotWrite:
        return

    root, problems = parse(after, "x.cfg")
    rest = {one: {k: v for k, v in values.items() if (one, k) != (path, key)} for one, values in before.items()}
    if value is not None:
        rest[path][key] = value

    assert problems == []
    assert sections_of(root) == {one: values for one, values in rest.items() if values}


@given(st.one_of(WRITABLE, st.text(max_size=20)))
def test_a_quoted_value_is_read_as_it_is_or_refused(value: str) -> None:
    try:
        text = quoted(value)
    except CannotWrite:
        return

    root, problems = parse(f"[a]\n  k={text}  # why\n  z=1\n", "x.cfg")

    assert problems == []
    assert {key: entry.value for key, entry in root.sections["a"].entries.items()} == {"k": value, "z": "1"}


@given(ONE_LINE.map(str.strip))
def test_a_value_of_one_line_is_refused_only_where_no_quote_is_left_for_it(value: str) -> None:
    if "%{" in value or "%(" in value:
        with pytest.raises(CannotWrite):
            quoted(value)
    elif not ("'" in value and '"' in value):
        quoted(value)


REFUSED = {
    "a line end in a key": "a\nb",
    "both kinds of quote before an equals sign": "a\"='b'=\"c",
}


@pytest.mark.parametrize("key", REFUSED.values(), ids=REFUSED)
def test_a_key_that_no_line_can_say_is_refused(key: str) -> None:
    with pytest.raises(CannotWrite):
        with_values("[a]\n", ("a",), {key: "1"})


def test_a_key_of_the_name_of_a_section_beside_it_is_refused() -> None:
    with pytest.raises(CannotWrite, match="already"):
        with_values("[a]\n[[b]]\n", ("a",), {"b": "1"})


@pytest.mark.parametrize("value", ["\"'''\"", '\'"""\'', "x # '''", 'x # """'])
def test_long_quotes_in_a_short_value_end_nowhere_else(value: str) -> None:
    text = f"[a]\n  one={value}\n  two=2\n  long='''x\n\"\"\"y'''\n"

    after = with_values(text, ("a",), {"one": None})

    assert after == text.replace(f"  one={value}\n", "")


def test_a_new_section_does_not_end_up_inside_a_long_value() -> None:
    text = "[a]\n[[b]]\n  k='''x\n\n# y'''\n[c]\n"

    assert with_values(text, ("a", "d"), {"e": "1"}) == text.replace("[c]", "  [[d]]\n    e=1\n[c]")


def with_section(file: str, section: str, values: dict[str, str], *edits: tuple[str, str, str]) -> dict[str, str]:
    """The sample files with values written into a file section."""
    files = files_with((HDFS, "    #SITE#\n", ""), *edits)
    return files | {file: with_values(files[file], ("configuration", section), values)}


def writable(values: dict[str, str]) -> dict[str, str]:
    """Values that a cluster file can hold and that are no expressions."""
    kept = {}
    for key, value in values.items():
        try:
            with_values("[a]\n", ("a",), {key: value})
        except CannotWrite:
            continue
        if "%{" not in key:
            kept[key] = value
    return kept


XML_TEXT = st.text(
    st.characters(exclude_categories=["C"], exclude_characters="&", include_characters="\t\n"), max_size=16
)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(XML_TEXT.filter(bool), XML_TEXT, max_size=5))
def test_site_xml_holds_what_the_cluster_file_says(values: dict[str, str]) -> None:
    values = writable({f"own.{key}": value for key, value in values.items()})
    text = rendered(describe(with_section(HDFS, "hdfs-site.xml", values)), "namenode").files["hdfs-site.xml"]

    found = read_site_xml(text)

    assert {key: value for key, value in found.items() if key.startswith("own.")} == values
    names = [element.text for element in ElementTree.fromstring(text.encode()).iter("name")]
    assert names == sorted(names, key=str)


def kafka(values: dict[str, str]) -> RenderedTask:
    """The broker of a Kafka cluster with these values in kafka.cfg."""
    text = with_values("[configuration]\n[[kafka.cfg]]\n[[kafka-scribe.cfg]]\n", ("configuration", "kafka.cfg"), values)
    return of("kafka", {"kafka": "host.0=10.2.0.1"}, text.removeprefix("[configuration]\n"))["kafka/0"]


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(WRITABLE.filter(lambda text: "\\" not in text), WRITABLE.map(lambda text: text.replace("\\", "")))
)
def test_properties_hold_what_the_cluster_file_says(values: dict[str, str]) -> None:
    values = writable({key: value for key, value in values.items() if key != "broker.id"})

    found = javaproperties.loads(kafka(values).files["kafka.cfg"])

    assert found == {**values, "broker.id": "0"}


def storm(values: dict[str, str]) -> dict[str, Any]:
    """What a YAML reader finds in the storm.yaml of a cluster with these values."""
    section = with_values("[configuration]\n[[storm.yaml]]\n", ("configuration", "storm.yaml"), values)
    jobs = {"nimbus": "host.0=10.3.0.1", "supervisor": "host.0=10.3.0.2"}
    task = of("storm", jobs, section.removeprefix("[configuration]\n"))["nimbus/0"]
    found: dict[str, Any] = yaml.safe_load(task.files["storm.yaml"]) or {}
    return found


def as_yaml(text: str) -> object:
    """What YAML makes of a bare text; the text itself where that is not one plain value."""
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return text
    return text if isinstance(found, dict | list) else found


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(NAMES.map(lambda name: f"k.{name}"), WORDS, max_size=5))
def test_yaml_holds_texts_or_what_yaml_makes_of_them(values: dict[str, str]) -> None:
    found = storm(values)

    assert list(found) == list(values)
    assert all(found[key] in (value, as_yaml(value)) for key, value in values.items()), found


@settings(deadline=None, max_examples=60)
@given(st.lists(WORDS.filter(bool), min_size=2, max_size=5))
def test_a_comma_list_in_yaml_holds_its_items(items: list[str]) -> None:
    found = storm({"k": ",".join(items)})["k"]

    assert len(found) == len(items)
    assert all(one in (item, as_yaml(item)) for one, item in zip(found, items, strict=True)), found


@settings(deadline=None, max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from(["a", "b.c", "d"]), WORDS, max_size=3), min_size=1, max_size=3))
def test_consumers_in_yaml_are_maps(consumers: list[dict[str, str]]) -> None:
    compact = ";".join(",".join(["class:x.Y", *(f"{key}:{value}" for key, value in one.items())]) for one in consumers)

    found = storm({"k": f"{{{compact}}}"})["k"]

    assert [list(one) for one in found] == [["class", *one] for one in consumers]
    for one, consumer in zip(found, consumers, strict=True):
        assert all(one[key] in (value, as_yaml(value)) for key, value in consumer.items())


LOGIN = st.dictionaries(
    NAMES, st.one_of(st.sampled_from(["true", "false"]), ONE_LINE.map(lambda t: t.replace(";", "")))
)


@settings(deadline=None, max_examples=60)
@given(LOGIN)
def test_a_login_block_holds_its_options(options: dict[str, str]) -> None:
    options = writable(options)
    on = ((HBASE_BASE, "authentication=simple", "authentication=kerberos"), (HBASE_BASE, "ion=false", "ion=true"))
    files = files_with(*on)
    files[HBASE_BASE] = with_values(files[HBASE_BASE], ("configuration", "jaas.conf"), options)

    text = rendered(describe(files, "hbase", "lake-carp"), "master").files["jaas.conf"]

    assume("}" not in "".join(options.values()))
    found = read_jaas(text)["Client"]["options"]
    for key, value in options.items():
        bare = value in ("true", "false") or '"' in value
        assert found[key] == (value if bare else f'"{value}"').strip()


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(["tick_time", "max_client_cnxns", "admin.x", "peerType"]), WORDS, max_size=4))
def test_zookeeper_cfg_holds_what_the_cluster_file_says(values: dict[str, str]) -> None:
    files = files_with()
    files[ZK] = with_values(files[ZK], ("configuration", "zookeeper.cfg"), values)
    names = {"tick_time": "tickTime", "max_client_cnxns": "maxClientCnxns"}

    found = read_properties(rendered(describe(files, "zookeeper", "lake"), "zookeeper").files["zookeeper.cfg"])

    assert {key: found[names.get(key, key)] for key in values} == values


ARGUMENT = st.text(st.characters(exclude_categories=["C"], exclude_characters='\\"'), min_size=1, max_size=12)


@given(st.lists(ARGUMENT, max_size=6))
def test_arguments_in_double_quotes_arrive_one_by_one(arguments: list[str]) -> None:
    items = split(" ".join(f'"{argument}"' for argument in arguments))

    assert [plain(item) for item in items] == arguments
