"""What may be a dashboard, and that what is refused names its field."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from minos_web.monitor.dashboard import MOST_METRICS, MOST_PANELS, Draft, Panel, check, exported, imported
from minos_web.operations.refusal import Refused

CHART = {"metrics": ["host.cpu_percent"]}

EXAMPLES = sorted((Path(__file__).parents[3] / "docs/examples").glob("dashboard-*.json"))


def draft(**said: Any) -> Draft:
    return msgspec.convert({"title": "Mine", **said}, type=Draft)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"title": "  "}, "title", "needs a title"),
        ({"title": "x" * 121}, "title", "121 characters"),
        ({"title": "a\x00b"}, "title", "cannot be shown"),
        ({"title": "a\nb"}, "title", "cannot be shown"),
        ({"description": "x" * 2001}, "description", "at most 2000"),
        ({"panels": [CHART] * (MOST_PANELS + 1)}, "panels", "at most 60"),
        ({"panels": [CHART, {"metrics": []}]}, "panels[1].metrics", "1 to 20"),
        ({"panels": [{"metrics": ["  "]}]}, "panels[0].metrics", "not 0"),
        ({"panels": [{"metrics": [f"m{at}" for at in range(MOST_METRICS + 1)]}]}, "panels[0].metrics", "not 21"),
        ({"panels": [{"metrics": ["m\x1b"]}]}, "panels[0].metrics", "cannot be shown"),
        ({"panels": [{**CHART, "host": "h" * 129}]}, "panels[0].host", "at most 128"),
        ({"panels": [{**CHART, "unit": "u" * 25}]}, "panels[0].unit", "at most 24"),
        ({"panels": [{**CHART, "combine": "top", "top": 0}]}, "panels[0].top", "from 1 to 50"),
        ({"panels": [{"kind": "text", "text": " \n"}]}, "panels[0].text", "needs a text or a title"),
        ({"panels": [{"kind": "text", "text": "x" * 4001}]}, "panels[0].text", "at most 4000"),
    ],
)
def test_what_cannot_be_kept(said: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        check(draft(**said))
    assert caught.value.field == field
    assert words in caught.value.message


def test_what_can_be_kept_is_trimmed() -> None:
    one = draft(
        title=" Mine ",
        panels=[{"metrics": [" a ", "a", "b"], "host": " h ", "unit": ""}, {"kind": "text", "text": "x\n\ty"}],
    )
    check(one)
    assert one.title == "Mine"
    assert one.panels[0].metrics == ["a", "b"] and one.panels[0].host == "h" and one.panels[0].unit == "count"
    assert one.panels[1].text == "x\n\ty"


def test_a_file_gives_back_what_was_exported() -> None:
    panels = [Panel(metrics=["a"], combine="top", top=3, width="full"), Panel(kind="text", text="Über <b> & 'x'")]
    found = imported(exported("Títle", "words", msgspec.to_builtins(panels)))
    assert found == Draft("Títle", "words", "private", panels)


@pytest.mark.parametrize(
    ("content", "field", "words"),
    [
        (b"", "file", "not JSON"),
        (b"\xff\xfe", "file", "not JSON"),
        (b"[1]", "file", "no exported dashboard"),
        (b'{"title": "x"}', "file", "minos_dashboard"),
        (b'{"minos_dashboard": 2, "title": "x"}', "minos_dashboard", "format 2 is not known"),
        (b'{"minos_dashboard": 1, "title": "x", "owner": "eve"}', "file", "owner"),
        (b'{"minos_dashboard": 1, "title": "x", "panels": [{"width": "huge"}]}', "panels[0].width", "huge"),
        (b'{"minos_dashboard": 1, "title": "x", "panels": [{"metrics": []}]}', "panels[0].metrics", "1 to 20"),
    ],
)
def test_a_file_that_is_none(content: bytes, field: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        imported(content)
    assert caught.value.field == field
    assert words in caught.value.message


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_can_be_imported(path: Path) -> None:
    assert imported(path.read_bytes()).panels


def test_there_is_one_for_businesses() -> None:
    assert "dashboard-business.json" in [path.name for path in EXAMPLES]
