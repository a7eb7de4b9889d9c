"""How samples go on to OpenTSDB, as the API and the hosts page tell it; what charts say when it does not answer."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from pyramid.router import Router
from sqlalchemy import update

from minos_web.console import Console
from minos_web.models.series import SampleChunk
from minos_web.monitor.series.forwarding import Forwarder
from minos_web.monitor.series.gathering import gather
from minos_web.monitor.series.opentsdb import OpenTsdb, opentsdb_at
from minos_web.monitor.series.port import Batch, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.conftest import Browser
from tests.minos_web.monitor.series.answering import Answering, answering
from tests.minos_web.monitor.series.contract import T0
from tests.minos_web.views.api.test_openapi import fits

FORWARDING = "/api/v1/series/forwarding"
OLD = f"from={T0}&to={T0 + 600}"


@pytest.fixture
def server(app: Router, console: Console) -> Iterator[Answering]:
    """An OpenTSDB that has a password and no time."""
    opentsdb_at.cache_clear()
    with answering(lambda _: (503, b'{"error":{"message":"<b>busy</b>"}}')) as made:
        url = made.url.replace("http://", "http://minos:secret@")
        settings = msgspec.structs.replace(console.settings, opentsdb_url=url)
        app.registry.console = replace(console, settings=settings)
        yield made


def failed(app: Router) -> None:
    console = app.registry.console
    with console.writers.begin() as session:
        SeriesWriter().store(session, Batch("w", "1"), [(SeriesName("host.load1", "a"), T0, 1.0)])
        session.flush()
        gather(session, "a")
    Forwarder(console, OpenTsdb(console.settings.opentsdb_url)).forward(T0 + 100.0)


def test_without_opentsdb_there_is_nothing_to_tell(api_as: Any, testapp: Browser) -> None:
    found = api_as("viewer").get(FORWARDING).json
    assert fits(found, "/series/forwarding") == [] and found["address"] is None
    assert "Samples for OpenTSDB" not in testapp.get("/hosts").text
    assert "forwarding" not in testapp.get("/metrics").text


def test_what_waits_and_why(api_as: Any, testapp: Browser, app: Router, server: Answering) -> None:
    assert api_as("viewer").get(FORWARDING).json["well"] is None
    failed(app)
    found = api_as("viewer").get(FORWARDING).json
    assert fits(found, "/series/forwarding") == []
    assert (found["address"], found["well"], found["waiting"], found["waiting_since"]) == (server.url, False, 1, T0)
    assert "busy" in found["error"]
    page = testapp.get("/hosts").text
    assert "Samples for OpenTSDB" in page and "status 503: &lt;b&gt;busy" in page
    assert "secret" not in page + str(found)


def test_prometheus_hears_of_it(api_as: Any, app: Router, server: Answering) -> None:
    def told() -> dict[str, float]:
        text = api_as("viewer").get("/metrics").text
        assert "secret" not in text
        lines = [line.split() for line in text.splitlines() if line.startswith("minos_forwarding_")]
        return {name.removeprefix("minos_forwarding_"): float(value) for name, value in lines}

    assert "well" not in told(), "before the first try it is neither well nor not"
    failed(app)
    found = told()
    assert abs(found.pop("behind_seconds") - (time.time() - T0)) < 60
    assert found == {
        "well": 0,
        "waiting_chunks": 1,
        "last_failure_timestamp_seconds": T0 + 100,
        "points_sent_total": 0,
        "points_refused_total": 0,
    }


def test_charts_say_that_it_does_not_answer(api_as: Any, app: Router, server: Answering) -> None:
    failed(app)
    with app.registry.console.writers.begin() as session:
        session.execute(update(SampleChunk).values(unsent_from=None))  # it was sent after all
    viewer = api_as("viewer")
    one = viewer.get(f"/api/v1/series?metric=host.load1&{OLD}&points=60").json
    several = viewer.get(f"/api/v1/series/several?q=metric%3Dhost.load1&q=metric%3Dhost.load1&{OLD}&points=60").json
    assert fits(one, "/series") == fits(several, "/series/several") == []
    assert [len(notes) for notes in (one["notes"], several["notes"])] == [1, 1] and "status 503" in one["notes"][0]
    assert len(one["series"][0]["points"]) == 1
    newer = viewer.get("/api/v1/series?metric=host.load1").json
    assert newer["notes"] == [] and fits(newer, "/series") == []
