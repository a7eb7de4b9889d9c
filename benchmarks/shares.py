"""PURE. How far up in what was measured something stands: the median, the 95th of a hundred."""

from collections.abc import Sequence


def of_sorted(found: Sequence[float], share: float) -> float:
    """So far up in what is in order; 0 when there is nothing."""
    return found[min(int(len(found) * share), len(found) - 1)] if found else 0.0


def p95(times: Sequence[float]) -> float:
    """The 95th of a hundred, of what is in any order."""
    return of_sorted(sorted(times), 0.95)
