"""Ini keys: typed, checked, and all of them in docs/settings.md."""

from pathlib import Path

import msgspec
import pytest

from minos_common.settings import BadSetting, ConsoleSettings, WorkerSettings, describe, read_settings

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text()
CONSOLE = {"minos.var": "/v"}


@pytest.mark.parametrize(("kind", "prefix"), [(ConsoleSettings, "minos."), (WorkerSettings, "")])
def test_the_document_lists_every_key_as_it_is(kind: type[msgspec.Struct], prefix: str) -> None:
    missing = [row for row in _rows(kind, prefix) if row not in DOCUMENT]
    assert not missing, "\n".join(missing)
    listed = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{prefix}")]
    ours = [line for line in listed if prefix or not line.startswith("| `minos.")]
    assert len(ours) == len(_rows(kind, prefix)), "the document lists keys that are no more"


def _rows(kind: type[msgspec.Struct], prefix: str) -> list[str]:
    return [
        f"| `{prefix}{name}` | {f'`{default}`' if default else 'empty'} | {sentence} |"
        for name, default, sentence in describe(kind)
    ]


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("on", True), ("Yes", True), (" off ", False), ("no", False)]
)
def test_yes_and_no_may_be_written_in_many_ways(text: str, value: bool) -> None:
    assert read_settings(ConsoleSettings, CONSOLE | {"minos.cookie_secure": text}, "minos.").cookie_secure is value


def test_numbers_are_read_and_strangers_left_alone() -> None:
    read = read_settings(ConsoleSettings, CONSOLE | {"minos.beat_seconds": "1.5", "pyramid.x": "y"}, "minos.")
    assert (read.beat_seconds, read.var, read.engine) == (1.5, "/v", "inside")


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("minos.beat_secnods", "3", r"unknown setting minos\.beat_secnods; known are .*beat_seconds"),
        ("minos.beat_seconds", "soon", r"beat_seconds"),
        ("minos.beat_seconds", "0", r"> 0.*beat_seconds"),
        ("minos.engine", "elsewhere", r"engine"),
        ("minos.max_package_bytes", "1.5", r"max_package_bytes"),
    ],
)
def test_what_is_wrong_is_named(key: str, text: str, words: str) -> None:
    with pytest.raises(BadSetting, match=words):
        read_settings(ConsoleSettings, CONSOLE | {key: text}, "minos.")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(BadSetting, match="console_key"):
        read_settings(WorkerSettings, {"console": "tcp://x:1", "root": "/r"})
