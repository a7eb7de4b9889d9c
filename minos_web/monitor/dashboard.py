"""PURE. What a dashboard is: panels in an order, each a chart of some series or a text; and what may not be one."""

from typing import Any, Literal

import msgspec

from minos_web.operations.refusal import Refused

LABELS = ("service", "cluster", "job", "task", "host")
MOST_PANELS = 60
MOST_METRICS = 20
LONGEST = {"title": 120, "description": 2000, "text": 4000, "unit": 24, "metric": 160, "label": 128}
MOST_TOP = 50
FORMAT = 1
"""Version of what an export says under the key ``minos_dashboard``."""

Width = Literal["third", "half", "full"]
Combine = Literal["each", "sum", "average", "top"]
Sharing = Literal["private", "view", "edit"]


class Panel(msgspec.Struct, forbid_unknown_fields=True):
    """One panel. A chart draws ``metrics`` of the series that the labels pick (an empty one picks all): a line each, their
    sum or average, or the ``top`` highest; ``rate`` turns counters into growth per second. A text panel has ``text``.
    """

    kind: Literal["chart", "text"] = "chart"
    title: str = ""
    width: Width = "half"
    text: str = ""
    metrics: list[str] = []
    service: str = ""
    cluster: str = ""
    job: str = ""
    task: str = ""
    host: str = ""
    combine: Combine = "each"
    top: int = 5
    rate: bool = False
    unit: str = "count"


class Draft(msgspec.Struct, forbid_unknown_fields=True):
    """What a person saves. ``revision`` is the one that they began with; 0 for a new dashboard."""

    title: str
    description: str = ""
    sharing: Sharing = "private"
    panels: list[Panel] = []
    revision: int = 0


class Exported(msgspec.Struct, forbid_unknown_fields=True):
    """A dashboard in a file. Who owns and sees it is no part of that."""

    minos_dashboard: int
    title: str
    description: str = ""
    panels: list[Panel] = []


def check(draft: Draft) -> None:
    """Trim its texts and see whether it can be kept. Raises Refused, which names the field."""
    draft.title, draft.description = draft.title.strip(), draft.description.strip()
    if not draft.title:
        raise _wrong("a dashboard needs a title", "title")
    _text(draft.title, "title", "title")
    _text(draft.description, "description", "description", lines=True)
    if len(draft.panels) > MOST_PANELS:
        raise _wrong(f"a dashboard has at most {MOST_PANELS} panels, not {len(draft.panels)}", "panels")
    for number, panel in enumerate(draft.panels):
        _check_panel(panel, f"panels[{number}]")


def _check_panel(panel: Panel, at: str) -> None:
    panel.title = panel.title.strip()
    _text(panel.title, "title", f"{at}.title")
    if panel.kind == "text":
        _text(panel.text, "text", f"{at}.text", lines=True)
        if not panel.text.strip() and not panel.title:
            raise _wrong("a text panel needs a text or a title", f"{at}.text")
        return
    panel.metrics = list(dict.fromkeys(metric.strip() for metric in panel.metrics if metric.strip()))
    if not 1 <= len(panel.metrics) <= MOST_METRICS:
        raise _wrong(f"a chart has 1 to {MOST_METRICS} metrics, not {len(panel.metrics)}", f"{at}.metrics")
    for metric in panel.metrics:
        _text(metric, "metric", f"{at}.metrics")
    for label in LABELS:
        setattr(panel, label, getattr(panel, label).strip())
        _text(getattr(panel, label), "label", f"{at}.{label}")
    panel.unit = panel.unit.strip() or "count"
    _text(panel.unit, "unit", f"{at}.unit")
    if not 1 <= panel.top <= MOST_TOP:
        raise _wrong(f"top is a number from 1 to {MOST_TOP}, not {panel.top}", f"{at}.top")


def _text(text: str, kind: str, field: str, lines: bool = False) -> None:
    name = field.rpartition(".")[2]
    if len(text) > LONGEST[kind]:
        raise _wrong(f"{name} has {len(text)} characters; at most {LONGEST[kind]} are kept", field)
    seen = text.replace("\n", "").replace("\r", "").replace("\t", "") if lines else text
    if not seen.isprintable():
        raise _wrong(f"{name} holds characters that cannot be shown", field)


def _wrong(message: str, field: str) -> Refused:
    return Refused("invalid", message, field)


def exported(title: str, description: str, panels: list[dict[str, Any]]) -> bytes:
    """A dashboard as a file that ``imported`` reads."""
    said = {"minos_dashboard": FORMAT, "title": title, "description": description, "panels": panels}
    return msgspec.json.format(msgspec.json.encode(said), indent=2) + b"\n"


def imported(content: bytes) -> Draft:
    """A private dashboard out of a file. Raises Refused, which names what is wrong and where."""
    try:
        found = msgspec.json.decode(content, type=Exported)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise _wrong(f"this is no exported dashboard: {message}", path.strip("`.") or "file") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _wrong(f"the file is not JSON: {error}", "file") from error
    if found.minos_dashboard != FORMAT:
        raise _wrong(f"format {found.minos_dashboard} is not known here, only {FORMAT}", "minos_dashboard")
    draft = Draft(found.title, found.description, "private", found.panels)
    check(draft)
    return draft
