"""Names of series as OpenTSDB takes them, and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.monitor.series.port import SeriesName
from minos_web.monitor.series.spelling import name_from, spelt, tags_of, text_of

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("host.cpu_percent", "host.cpu_percent"),
        ("hbase.table.reads:t", "hbase.table.reads/3At"),
        ("/data", "/2Fdata"),
        ("a b", "a/20b"),
        ("ü", "/C3/BC"),
        ("", ""),
    ],
)
def test_spelling(text: str, word: str) -> None:
    assert (spelt(text), text_of(word)) == (word, text)


@given(TEXTS)
def test_every_text_comes_back_and_is_what_opentsdb_takes(text: str) -> None:
    assert text_of(spelt(text)) == text
    assert re.fullmatch(r"[A-Za-z0-9._/-]*", spelt(text))


@pytest.mark.parametrize("word", ["/", "/3", "/3a", "/FF", "/41", "a b", "/2", "x/"])
def test_words_of_others_are_no_text(word: str) -> None:
    assert text_of(word) is None


@given(*(TEXTS for _ in range(6)))
def test_so_does_every_name(metric: str, host: str, service: str, cluster: str, job: str, task: str) -> None:
    name = SeriesName(metric, host, service, cluster, job, task)
    tags = tags_of(name)
    assert name_from(spelt(metric), tags) == name
    assert tags and all(tags.values())


@pytest.mark.parametrize("tags", [{"dc": "x"}, {"host": "a b"}, {"host": "a", "fqdn": "a"}])
def test_series_of_others_are_none_of_ours(tags: dict[str, str]) -> None:
    assert name_from("host.load1", tags) is None
