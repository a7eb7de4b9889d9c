"""Moments in words for people: in UTC, and saying so. PURE."""

from datetime import UTC, datetime


def utc(at: float) -> str:
    """Seconds since the epoch as 2026-11-23 23:59:01 UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def utc_minute(at: float) -> str:
    """Seconds since the epoch as 2026-11-23 23:59 UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
