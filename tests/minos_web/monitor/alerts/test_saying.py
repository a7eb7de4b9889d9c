"""The words in which people hear of alerts."""

import pytest

from minos_web.monitor.alerts.saying import MOST_SYMPTOMS, Said, text, title

NOW = 1_700_000_000.0
DISK = Said(
    "A disk is nearly full", "host-31 /data", "host.disk_percent of /data is 97 (> 95%)", "Make room.", NOW - 300
)


@pytest.mark.parametrize(
    ("kind", "line", "first"),
    [
        ("problem", "A disk is nearly full: host-31 /data", "A disk is nearly full, on host-31 /data."),
        (
            "recovery",
            "Over: A disk is nearly full: host-31 /data",
            "It is over: A disk is nearly full, on host-31 /data.",
        ),
        ("unknown", "Not known any more: A disk is nearly full: host-31 /data", "Nothing is told any more"),
        ("flapping", "Comes and goes: A disk is nearly full: host-31 /data", "It comes and goes"),
    ],
)
def test_each_kind(kind: str, line: str, first: str) -> None:
    assert title(kind, DISK) == line
    said = text(kind, DISK, NOW)
    assert said.startswith(first)
    assert "Why: host.disk_percent of /data is 97 (> 95%)\nSince: 2023-11-14 22:08:20 UTC, 5 minutes ago" in said
    assert ("What helps: Make room." in said) is (kind != "recovery")


def test_the_console_is_nowhere_else() -> None:
    said = Said("News are not sent", "", "", "", NOW - 30)
    assert title("problem", said) == "News are not sent"
    assert (
        text("problem", said, NOW)
        == "News are not sent, on the console.\nSince: 2023-11-14 22:12:50 UTC, 30 seconds ago"
    )


def test_many_symptoms_are_counted() -> None:
    names = [f"task {number}" for number in range(MOST_SYMPTOMS + 5)]
    said = text("problem", Said("A host is lost", "host-31", "", "", NOW, names), NOW)
    assert f"What comes of it ({MOST_SYMPTOMS + 5}):\n- task 0" in said
    assert said.endswith(f"- task {MOST_SYMPTOMS - 1}\n- and 5 more")
