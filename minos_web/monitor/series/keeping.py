"""PURE. Since when the tables tell, by level, as the settings say."""

from collections.abc import Mapping

from minos_common.settings import ConsoleSettings

UNSENT_TIMES = 10
"""So many times as long as others, samples are kept that OpenTSDB did not take yet."""
_HOUR, _DAY = 3600.0, 86400.0


def kept_since(settings: ConsoleSettings, now: float) -> Mapping[int, float]:
    """Level -> the second from which all that was measured is still here."""
    return {
        0: now - settings.keep_samples_hours * _HOUR,
        60: now - settings.keep_minutes_days * _DAY,
        600: now - settings.keep_ten_minutes_days * _DAY,
        3600: now - settings.keep_hours_days * _DAY,
    }


def unsent_since(settings: ConsoleSettings, now: float) -> float:
    """The same for samples that OpenTSDB did not take yet; without OpenTSDB they are like all others."""
    times = UNSENT_TIMES if settings.opentsdb_url else 1
    return now - settings.keep_samples_hours * _HOUR * times
