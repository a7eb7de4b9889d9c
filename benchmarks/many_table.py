"""Figures of many workers as tables of Markdown. PURE."""

from collections.abc import Sequence
from typing import Any

BACK_SECONDS, CORES, PAGE_MS = 15.0, 1.0, 1000.0
"""Targets: 99 of a hundred of 1,000 workers are back, the console's share of the machine, the 95th of a hundred pages."""


def fan_out(found: Sequence[dict[str, Any]]) -> str:
    """Commands to many hosts beside the bare echo."""
    lines = [
        "| sent | hosts | Minos (ms) | bare echo (ms) | ratio | console's processor, each (ms) |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for one in found:
        ours, echo = one["seconds"] * 1000, one["echo"] * 1000
        lines.append(
            f"| {one['kind']} | {one['hosts']:,} | {ours:,.0f} | {echo:,.1f} | {ours / echo:,.0f} | {one['processor']:.2f} |"
        )
    return "\n".join(lines)


def others(found: Sequence[dict[str, Any]]) -> str:
    """What else was measured with so many workers; what misses its target is bold."""
    lines = ["| with workers | " + " | ".join(f"{one['hosts']:,}" for one in found) + " |"]
    lines.append("|---" + "|---:" * len(found) + "|")
    for what, key, field, form, target in _ROWS:
        if any(key in one for one in found):
            cells = [
                _cell(one.get(key, {}).get(field), form, target if one["hosts"] <= 1000 else None) for one in found
            ]
            lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


_Row = tuple[str, str, str, str, float | None]
_ROWS: tuple[_Row, ...] = (
    ("bootstrap of a cluster with a task on each, which starts it (s)", "wide", "bootstrap", "{:,.1f}", None),
    ("of that, the console's processor (s)", "wide", "bootstrap_processor", "{:,.1f}", None),
    ("stop of all (s)", "wide", "stop", "{:,.1f}", None),
    ("of that, the console's processor (s)", "wide", "stop_processor", "{:,.1f}", None),
    ("nothing asked: cores that the console uses", "quiet", "cores", "{:.2f}", CORES),
    ("its memory (MiB)", "quiet", "memory_mib", "{:,.0f}", None),
    ("pages meanwhile, the 95th of a hundred (ms)", "quiet", "p95", "{:,.0f}", PAGE_MS),
    ("console killed and started: it listens after (s)", "return", "listens", "{:.1f}", None),
    ("half of the workers are welcome after (s)", "return", "half", "{:.1f}", None),
    ("99 of a hundred (s)", "return", "p99", "{:.1f}", BACK_SECONDS),
    ("all (s)", "return", "all", "{:.1f}", None),
    ("of that, the console's processor (s)", "return", "processor", "{:.1f}", None),
)
"""(what, part of the figures, field, how it is written, target for a thousand workers)."""


def _cell(value: float | None, form: str, target: float | None) -> str:
    if value is None:
        return ""
    text = form.format(value)
    return f"**{text}**" if target is not None and value > target else text
