"""PURE. What a message says: subject, text, and the JSON that webhooks get. Names in it may be anybody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from minos_common.instants import utc
from minos_web.notify.outcome import one_line

LONGEST_SUBJECT = 200
LISTED = 25
"""Things that a digest names; of more it tells how many."""
MOST_IN_JSON = 500
FORMAT = 1
"""Version of what webhooks get."""
_TAGS = {
    "problem": "PROBLEM", "recovery": "OK", "unknown": "UNKNOWN", "flapping": "FLAPPING", "crash": "CRASH", "test": "TEST",
    "report": "REPORT", "note": "NOTE",
}  # fmt: skip
_WORDS = {
    "problem": ("problem", "problems"), "recovery": ("recovery", "recoveries"), "unknown": ("unknown", "unknown"),
    "flapping": ("flapping", "flapping"), "crash": ("crash", "crashes"), "report": ("report", "reports"),
    "note": ("note", "notes"), "test": ("test", "tests"),
}  # fmt: skip
_URGENCY = ("crash", "problem", "unknown", "flapping", "note", "report", "test", "recovery")
_LEVELS = ("error", "warning", "info")


@dataclass(frozen=True)
class Item:
    """One piece of news with what else is known of it by now. ``since`` is when the trouble began; ``symptoms`` are what
    follows from it, ``more_symptoms`` are not named.
    """

    id: int
    kind: str
    level: str
    title: str
    at: float
    text: str = ""
    service: str = ""
    cluster: str = ""
    host: str = ""
    key: str = ""
    url: str = ""
    html: str = ""
    since: float | None = None
    symptoms: tuple[str, ...] = ()
    more_symptoms: int = 0

    @property
    def place(self) -> str:
        """Cluster or host, as people write it; empty for neither."""
        return f"{self.service}/{self.cluster}" if self.cluster else self.host or self.service

    @property
    def headline(self) -> str:
        """The title, with the place in front where it does not name it."""
        title = one_line(self.title)
        place = one_line(self.place)
        return title if not place or place in title else f"{place}: {title}"


@dataclass(frozen=True)
class Parcel:
    """A message before it is a mail, a request or a text. ``page`` is where the console tells of notifications."""

    message_id: str
    kind: str
    at: float
    items: tuple[Item, ...]
    recipients: tuple[str, ...] = ()
    route: str = ""
    console: str = ""
    page: str = ""

    @property
    def leading(self) -> Item:
        """What matters most of it as it stands last."""
        return _folded(self.items)[0][0]


def subject_of(parcel: Parcel) -> str:
    """[PROBLEM] zookeeper/lake: 2 of 3 servers run and 36 more."""
    found = parcel.leading
    more = len(_folded(parcel.items)) - 1
    end = f" and {more} more" if more else ""
    headline = found.headline
    head = f"{_tag(found)}{headline}"
    room = LONGEST_SUBJECT - len(end)
    return (head if len(head) <= room else head[: room - 1] + "…") + end


def body_of(parcel: Parcel) -> str:
    """The text of a mail."""
    lines = _one(parcel.items[0]) if len(parcel.items) == 1 else _digest(parcel)
    foot = [
        f"Sent by Minos at {parcel.console}" + (f", by the route “{one_line(parcel.route)}”." if parcel.route else ".")
    ]
    if parcel.page:
        foot.append(f"Who hears of what: {parcel.page}")
    return _clean("\n".join([*lines, "", "-- ", *foot])) + "\n"


def short_of(parcel: Parcel) -> str:
    """The text of a message to a phone or a chat."""
    if len(parcel.items) > 1:
        return _clean("\n".join(_digest(parcel)))
    item = parcel.items[0]
    parts = [item.text.strip() or item.headline, *_symptoms(item), item.url]
    return _clean("\n".join(part for part in parts if part))


def html_of(parcel: Parcel) -> str:
    """A report as a mail shows it; empty for what is plain."""
    return parcel.items[0].html if len(parcel.items) == 1 else ""


def json_of(parcel: Parcel) -> dict[str, Any]:
    """What a webhook gets; docs/notifications.md tells of each key."""
    shown = parcel.items[-MOST_IN_JSON:]
    return {
        "minos": FORMAT,
        "id": parcel.message_id,
        "kind": parcel.kind,
        "at": parcel.at,
        "route": parcel.route,
        "console": parcel.console,
        "subject": subject_of(parcel),
        "text": short_of(parcel),
        "news": [_as_json(item) for item in shown],
        "left_out": len(parcel.items) - len(shown),
    }


def _as_json(item: Item) -> dict[str, Any]:
    return {
        "id": item.id, "at": item.at, "kind": item.kind, "level": item.level, "service": item.service,
        "cluster": item.cluster, "host": item.host, "key": item.key, "title": item.title, "text": item.text,
        "since": item.since, "url": item.url, "symptoms": list(item.symptoms), "more_symptoms": item.more_symptoms,
    }  # fmt: skip


def _tag(item: Item) -> str:
    return f"[{_TAGS.get(item.kind, 'NOTE')}] "


def _one(item: Item) -> list[str]:
    lines = [f"{_tag(item).strip(' []')}: {item.headline}", ""]
    where = [part for part in (f"{item.service}/{item.cluster}" if item.cluster else item.service, item.host) if part]
    pairs = [
        ("Where", ", host ".join(where) if item.host and len(where) > 1 else "".join(where)),
        ("Level", item.level if item.kind not in ("recovery", "report", "test") else ""),
        ("Since", utc(item.since) if item.since is not None and "Since: " not in item.text else ""),
        ("Told", utc(item.at)),
        ("Page", item.url),
    ]
    lines += [f"{name + ':':7}{one_line(text)}" for name, text in pairs if text]
    if item.text.strip():
        lines += ["", item.text.strip()]
    if found := _symptoms(item):
        lines += ["", "What follows from it:", *found]
    return lines


def _symptoms(item: Item) -> list[str]:
    if any(text in item.text for text in item.symptoms):
        return []  # the text tells of them itself
    found = [f"- {one_line(text)}" for text in item.symptoms]
    return [*found, f"- and {item.more_symptoms} more"] if item.more_symptoms else found


def _digest(parcel: Parcel) -> list[str]:
    folded = _folded(parcel.items)
    begin, end = min(item.at for item in parcel.items), max(item.at for item in parcel.items)
    counts = {kind: sum(item.kind == kind for item in parcel.items) for kind in _URGENCY}
    told = ", ".join(f"{n} {_WORDS[kind][n != 1]}" for kind, n in counts.items() if n)
    lines = [f"{len(parcel.items)} news from {utc(begin)} to {utc(end)}: {told}.", ""]
    for item, times in folded[:LISTED]:
        often = f" (last of {times})" if times > 1 else ""
        lines.append(f"{_tag(item)}{item.headline}{often}")
        lines.append(f"    {utc(item.at)}{', since ' + utc(item.since) if item.since is not None else ''}")
        if first := one_line(item.text.strip().partition("\n")[0])[:200]:
            lines.append(f"    {first}")
        if item.url:
            lines.append(f"    {item.url}")
    if len(folded) > LISTED:
        where = f"; all of it: {parcel.page}" if parcel.page else ""
        lines += ["", f"and {len(folded) - LISTED} more{where}"]
    return lines


def _folded(items: Sequence[Item]) -> list[tuple[Item, int]]:
    """The last of each key, and how many there are of it; what matters most in front, then the oldest."""
    last: dict[object, Item] = {}
    times: dict[object, int] = {}
    for item in items:
        key = item.key or item.id
        last[key] = item
        times[key] = times.get(key, 0) + 1
    return sorted(((item, times[key]) for key, item in last.items()), key=lambda pair: _rank(pair[0]))


def _rank(item: Item) -> tuple[int, int, float, int]:
    over = item.kind in ("recovery", "report", "test", "note")
    level = _LEVELS.index(item.level) if item.level in _LEVELS else len(_LEVELS)
    kind = _URGENCY.index(item.kind) if item.kind in _URGENCY else len(_URGENCY)
    return (len(_LEVELS) + kind if over else level, kind, item.at, item.id)


def _clean(text: str) -> str:
    """Without what neither a person nor a mail server can make sense of; lines stay lines."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(sign for sign in whole.replace("\r\n", "\n").replace("\r", "\n") if sign in "\n\t" or sign >= " ")
