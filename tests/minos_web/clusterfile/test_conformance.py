"""Every case of the shared conformance set, where it is at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from minos_web.catalog.loader import load_catalog
from tests.minos_web.clusterfile.conformance import ABSENT, Outcome

_FILE = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "cases.json"
_DATA: dict[str, Any] = json.loads(_FILE.read_text()) if _FILE.is_file() else {"cases": [], "fixtures": {}}
_CATALOG = load_catalog()


@pytest.mark.parametrize("case", _DATA["cases"], ids=[case["id"] for case in _DATA["cases"]])
def test_case_holds(case: dict[str, Any]) -> None:
    outcome = Outcome(case, _DATA["fixtures"], _CATALOG)
    expected = case["expect"]
    if expected["outcome"] == "error":
        assert outcome.error
        for word in expected["mentions"]:
            assert word in outcome.error
        return
    assert outcome.error == ""
    for fact in expected["facts"]:
        found = outcome.fact(fact["path"], fact.get("task"))
        if fact.get("absent"):
            assert found is ABSENT, fact["path"]
        else:
            assert found == fact["equals"], fact["path"]
