"""PURE. What the page of components shows: each state, and the names of colours and series, as the pages draw them."""

from typing import Any

from minos_web.views.badges import Badge

KINDS = (
    ("running", "Runs, and is as it should be."),
    ("degraded", "Runs, but something needs a look."),
    ("down", "Should run and does not."),
    ("stopped", "Is not meant to run."),
    ("changing", "An operation is at it."),
    ("waiting", "Waits for somebody or something."),
    ("paused", "Stands still until somebody says so."),
    ("done", "Over, and good."),
    ("failed", "Over, and not good."),
    ("cancelled", "Over, because somebody said so."),
    ("maintenance", "Set aside on purpose."),
    ("unknown", "Nothing was heard lately: neither good nor bad."),
)
"""Every state of the vocabulary, and what it says."""
FLASHES = ("success", "info", "warning", "danger")


def shown(now: float) -> dict[str, Any]:
    """Badges with an age, one that is stale, and flashes."""
    badges = [(Badge(kind, kind, now - 60 * (at + 1)), words) for at, (kind, words) in enumerate(KINDS)]
    return {
        "badges": badges,
        "stale": Badge("running", "running", now - 900, stale=True),
        "flashes": FLASHES,
        "now": now,
    }
