"""A task's whole status page as its worker told it: which question asks it, and the answer taken apart. PURE."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_TEXT = 200
MOST_ONLY = 12
VERB = "read-page"


@dataclass(frozen=True)
class Value:
    """One value; ``text`` may stand beside its number. ``figure`` is what it is called where it is collected."""

    name: str
    number: float | None
    text: str
    figure: str

    @property
    def exact(self) -> str:
        """The number with all its digits; empty without one."""
        if self.number is None:
            return ""
        return f"{int(self.number):,}" if self.number == int(self.number) else f"{self.number:,.6g}"


@dataclass(frozen=True)
class Group:
    """A bean, or what stands for one on the page."""

    name: str
    values: tuple[Value, ...]

    @property
    def domain(self) -> str:
        """What comes before the colon of a bean's name; empty without one."""
        return self.name.partition(":")[0] if ":" in self.name else ""

    @property
    def short(self) -> str:
        """The name without its domain."""
        return self.name.partition(":")[2] or self.name or "(the page itself)"


def question(text: str, only: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Arguments that ask for what holds ``text``, or for these (group, name) alone."""
    return {"text": text.strip()[:MOST_TEXT], "only": [list(pair) for pair in only[:MOST_ONLY]]}


def groups_of(data: dict[str, Any]) -> list[Group]:
    """The groups of an answer; what is not as it should be is left out."""
    told = data.get("groups")
    if not isinstance(told, dict):
        return []
    return [Group(str(name), tuple(_values(values))) for name, values in told.items() if isinstance(values, dict)]


def _values(values: dict[str, Any]) -> list[Value]:
    found = []
    for name, value in values.items():
        if isinstance(value, list) and len(value) == 3:
            number, text, figure = value
            is_number = isinstance(number, int | float) and not isinstance(number, bool)
            found.append(Value(str(name), float(number) if is_number else None, str(text or ""), str(figure or "")))
    return found
