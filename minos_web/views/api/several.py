"""API: the samples of many charts in one answer. A page asks once for all that can be seen of it."""

import gzip
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from webob.multidict import MultiDict

from minos_web.monitor.lines import RANKS, rounded, same_lines, top
from minos_web.monitor.series.choosing import Asking
from minos_web.monitor.series.port import Line, SeriesQuery
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.params import number_in
from minos_web.views.api.series import Span, asked
from minos_web.views.errors import Refusal

MOST_CHARTS = 40
MOST_LINES = 2000
"""Series that are looked at for one chart; of these the top ones are told."""
MOST_TOLD = 500
LONGEST_SPAN = 400 * 86400.0
MOST_WORDS = 40
WORTH_PACKING = 1000
"""Bytes below which an answer is sent as it is."""

Answer = list[Line] | str
"""Lines, or why there are none."""


class Wish(msgspec.Struct, frozen=True):
    """How many lines of each chart (0: all), ranked by what, and how many seconds before (0: none) to compare with."""

    top: int
    by: str
    compare: float


@view_config(route_name="api_series_several", request_method="GET", permission=Permission.VIEW)
def several(request: Request) -> Response:
    """Every ``q`` is the query of one chart as ``/series`` takes it, without its times; answers come in the same order."""
    texts = request.GET.getall("q")
    if not texts or len(texts) > MOST_CHARTS:
        raise Refused("bad-request", f"q names the series of a chart; give 1 to {MOST_CHARTS} of them", "q")
    span, wish = _span(request), _wish(request)
    questions = [_question(text) for text in texts]
    asking = Asking(request.db, request.console.settings, request.now)
    now = _answers(asking, questions, span)
    before = Span(span.start - wish.compare, span.end - wish.compare, span.points)
    earlier: list[Answer] = _answers(asking, questions, before) if wish.compare else [[] for _ in texts]
    charts = [_chart(*both, wish) for both in zip(now, earlier, strict=True)]
    step = SeriesQuery((), span.start, span.end, span.points).step
    return packed(request, {"from": span.start, "to": span.end, "step": step, "charts": charts, "notes": asking.notes})


def _question(text: str) -> MultiDict | None:
    """One ``q``; None for one that is too long."""
    try:
        return MultiDict(parse_qsl(text, max_num_fields=MOST_WORDS))
    except ValueError:
        return None


def _answers(asking: Asking, questions: Sequence[MultiDict | None], span: Span) -> list[Answer]:
    """The lines of each question, or why there are none: what is asked wrongly by one chart keeps no other from its lines.
    Those that ask of the same place are answered together, which reads everything once.
    """
    answers: list[Answer] = [f"a q has at most {MOST_WORDS} words"] * len(questions)
    together: dict[Any, list[int]] = {}
    for number, question in enumerate(questions):
        if question is not None:
            together.setdefault(_place(question, number), []).append(number)
    for numbers in together.values():
        several = [question for number in numbers if (question := questions[number]) is not None]
        try:
            lines = asked(asking, _joined(several), span, MOST_LINES * len(several))[1]
        except (Refused, Refusal) as refused:
            for number in numbers:
                answers[number] = str(refused)
            continue
        for number, question in zip(numbers, several, strict=True):
            metrics = set(question.getall("metric"))
            answers[number] = [line for line in lines if line["name"] in metrics]
    return answers


def _place(question: MultiDict, number: int) -> Any:
    """What questions have in common that can be answered together."""
    if not question.getall("metric") or question.get("combine", "each") != "each":
        return number
    return tuple(sorted((name, value) for name, value in question.items() if name != "metric"))


def _joined(questions: Sequence[MultiDict]) -> MultiDict:
    """One question for the metrics of all."""
    rest = [(name, value) for name, value in questions[0].items() if name != "metric"]
    metrics = dict.fromkeys(metric for question in questions for metric in question.getall("metric"))
    return MultiDict([*(("metric", metric) for metric in metrics), *rest])


def _chart(found: Answer, before: Answer, wish: Wish) -> dict[str, Any]:
    if isinstance(found, str):
        return {"series": [], "lines": 0, "error": found}
    lines, filled = top(found, min(wish.top or MOST_TOLD, MOST_TOLD), wish.by)
    told: dict[str, Any] = {"series": [rounded(line) for line in lines], "lines": filled}
    if wish.compare and lines and not isinstance(before, str):
        told["earlier"] = [rounded(line) for line in same_lines(before, lines)]
    return told


def _span(request: Request) -> Span:
    """From ``from`` to ``to``, or the last ``span`` seconds up to ``to`` (now when left out). Raises Refused."""
    end = number_in(request.GET, "to", request.now)
    start = number_in(request.GET, "from", end - number_in(request.GET, "span", 3600.0))
    if not 0.0 <= start < end:
        raise Refused("bad-request", "from must lie before to", "from")
    if end - start > LONGEST_SPAN:
        raise Refused("bad-request", f"from lies more than {LONGEST_SPAN / 86400:.0f} days before to", "from")
    return Span(start, end, int(min(2000.0, max(1.0, number_in(request.GET, "points", 300.0)))))


def _wish(request: Request) -> Wish:
    by = request.GET.get("by") or "mean"
    if by not in RANKS:
        raise Refused("bad-request", f"by is one of {', '.join(RANKS)}, not {by[:40]!r}", "by")
    count, compare = number_in(request.GET, "top", 0.0), number_in(request.GET, "compare", 0.0)
    if not 0.0 <= count <= MOST_TOLD:
        raise Refused("bad-request", f"top is a number of lines, 0 (all) to {MOST_TOLD}", "top")
    if not 0.0 <= compare <= LONGEST_SPAN:
        raise Refused("bad-request", "compare is how many seconds before, at most 400 days", "compare")
    return Wish(int(count), by, compare)


def packed(request: Request, answer: dict[str, Any]) -> Response:
    """The answer as JSON, packed by gzip where the browser takes that. What it tells holds no secret of ours, so its length
    gives none away.
    """
    response = Response(content_type="application/json", charset="UTF-8", vary=["Accept-Encoding"])
    body = msgspec.json.encode(answer)
    if len(body) >= WORTH_PACKING and _takes_gzip(request):
        body = gzip.compress(body, compresslevel=5, mtime=0)
        response.content_encoding = "gzip"
    response.body = body
    return response


def _takes_gzip(request: Request) -> bool:
    """Whether the request says so; one that says nothing may come from a program that cannot unpack."""
    return bool(request.accept_encoding) and bool(request.accept_encoding.acceptable_offers(["gzip"]))
