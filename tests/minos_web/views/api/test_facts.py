"""Facts over the API."""

import time
from typing import Any

import pytest
from webtest import TestApp

from minos_common.facts import Fact
from minos_web.console import Console
from tests.minos_web.boards.telling import a_cluster, tell
from tests.minos_web.views.api.test_openapi import fits

URL = "/api/v1/clusters/hdfs/lake-files/facts"


@pytest.fixture
def told(console: Console) -> None:
    now = time.time()
    with console.writers.begin() as session:
        cluster = a_cluster(session, now, "hdfs", "lake-files", {"namenode": 2})
        tell(session, cluster, "namenode/0", "namenode", now, [Fact("h", {"blocks": 29.0}, {"role": "active"})])
        tell(session, cluster, "namenode/1", "namenode", now - 200, [Fact("g", {"blocks": 28.0}, {"role": "standby"})])


@pytest.mark.usefixtures("told")
def test_facts_of_a_kind_with_who_told_them(testapp: TestApp) -> None:
    answer: dict[str, Any] = testapp.get(f"{URL}?kind=namenode").json
    assert answer["facts"] == [
        {"task": "namenode/0", "key": "h", "numbers": {"blocks": 29.0}, "texts": {"role": "active"}}
    ]
    assert [(one["task"], one["old"]) for one in answer["tasks"]] == [("namenode/0", False), ("namenode/1", True)]
    assert fits(answer, "/clusters/{service}/{cluster}/facts") == []


@pytest.mark.usefixtures("told")
def test_which_kinds_there_are(testapp: TestApp) -> None:
    answer = testapp.get(URL).json
    assert {"kind": "datanode", "title": "Datanodes"} in answer["kinds"] and answer["facts"] == []
    refused = testapp.get(f"{URL}?kind=nosuch", status=400).json["error"]
    assert refused["field"] == "kind" and "it tells namenode, datanode" in refused["message"]


@pytest.mark.usefixtures("told")
def test_who_may_not_see_it(anonymous: TestApp) -> None:
    anonymous.get(f"{URL}?kind=namenode", status=401)
