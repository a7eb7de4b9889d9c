"""How an operator wants an operation done: the options of a wish, checked."""

from dataclasses import dataclass, field
from typing import Any

from minos_web.operations.plan import LEAVING_ACTIONS, Action
from minos_web.operations.refusal import Refused
from minos_web.operations.rolling import GATE_SECONDS, MOST_HOLD, Rolling

MOST_TASKS = 10_000
MOST_DEADLINE = 7 * 86400.0
LOG_LEVELS = ("trace", "debug", "info", "warn", "error", "fatal")
OF_A_WAY = frozenset({"parallel", "tolerate", "on_failure", "log_level", "override", "back_to"})
"""Options that ``Way.options`` tells as they were understood; a form sends all of them as texts."""
WHAT_AT_FAILURE = ("stop", "pause")


@dataclass(frozen=True)
class Way:
    """``parallel``: most steps of a wave at once (0: all). ``tolerate``: so many tasks may fail. ``log_level``: of what is
    sent (empty: as described). ``back_to``: the operation before which everything is to be again (0: none). ``send``:
    package or files are brought.
    """

    parallel: int = 0
    tolerate: int = 0
    on_failure: str = "stop"
    log_level: str = ""
    override: bool = False
    back_to: int = 0
    send: bool = True
    rolling: Rolling = field(default_factory=Rolling)

    def options(self) -> dict[str, Any]:
        """As the operation keeps it, for the engine and for pages."""
        found: dict[str, Any] = {"on_failure": "pause"} if self.on_failure == "pause" else {}
        for name, value in (
            ("parallel", self.parallel),
            ("tolerate", self.tolerate),
            ("log_level", self.log_level),
            ("override", self.override),
            ("back_to", self.back_to),
        ):
            if value:
                found[name] = value
        return found


def way_of(action: Action, options: dict[str, Any], tasks: int) -> Way:
    """The options that say how, for ``tasks`` tasks. Raises Refused with the field that is wrong."""
    slow = action in LEAVING_ACTIONS
    default = "pause" if action is Action.ROLLING_UPDATE or slow else "stop"
    back_to = _whole(options, "back_to", 0, 2**31)
    send = _yes(options, "update_config", True) or _yes(options, "update_package") or bool(options.get("package_id"))
    send = send or bool(back_to)
    return Way(
        parallel=_whole(options, "parallel", 0, MOST_TASKS),
        tolerate=_whole(options, "tolerate", 0, MOST_TASKS),
        on_failure=_one_of(options, "on_failure", WHAT_AT_FAILURE) or default,
        log_level=_one_of(options, "log_level", LOG_LEVELS),
        override=_yes(options, "override"),
        back_to=back_to,
        send=send,
        rolling=Rolling(
            batch=_batch(options, tasks),
            hold=_seconds(options, "min_healthy", 0.0, MOST_HOLD),
            gate_seconds=_seconds(options, "deadline", MOST_DEADLINE if slow else GATE_SECONDS, MOST_DEADLINE),
            look_at_first=_yes(options, "pause_after_first"),
            send=send,
        ),
    )


def _whole(options: dict[str, Any], name: str, least: int, most: int) -> int:
    value = options.get(name)
    if value in (None, ""):
        return least
    try:
        number = int(str(value))
    except ValueError:
        raise Refused("bad-option", f"{name} is a whole number, not {value!r}", name) from None
    if isinstance(value, bool) or not least <= number <= most:
        raise Refused("bad-option", f"{name} is between {least} and {most}, not {value}", name)
    return number


def _batch(options: dict[str, Any], tasks: int) -> int:
    """A number, or a part of the tasks (25%), rounded down and at least one."""
    value = str(options.get("batch") or "1").strip()
    percent = value.removesuffix("%").strip()
    if not (percent.isascii() and percent.isdigit() and len(percent) < 7 and int(percent) > 0):
        raise Refused("bad-option", f"batch is a number of tasks or a part of them such as 25%, not {value!r}", "batch")
    number = int(percent)
    if not value.endswith("%"):
        return number
    if number > 100:
        raise Refused("bad-option", f"batch is at most 100%, not {value}", "batch")
    return max(1, tasks * number // 100)


def _seconds(options: dict[str, Any], name: str, default: float, most: float) -> float:
    value = options.get(name)
    if value in (None, ""):
        return default
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = -1.0
    if isinstance(value, bool) or not 0 <= seconds <= most:
        raise Refused("bad-option", f"{name} is a number of seconds up to {most:.0f}, not {value!r}", name)
    return seconds


def _one_of(options: dict[str, Any], name: str, known: tuple[str, ...]) -> str:
    value = str(options.get(name) or "").lower()
    if value and value not in known:
        raise Refused("bad-option", f"{name} is one of {', '.join(known)}, not {value!r}", name)
    return value


def _yes(options: dict[str, Any], name: str, default: bool = False) -> bool:
    value = options.get(name, default)
    if not isinstance(value, bool):
        raise Refused("bad-option", f"{name} is true or false, not {value!r}", name)
    return value
