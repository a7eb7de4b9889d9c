"""What daemons themselves say at /jmx, asked by the test: the other side of every comparison."""

import csv
import io
from typing import Any

import requests

from demo.api import wait_for
from tests.whole.pages import Pages


def beans(url: str, name: str) -> dict[str, dict[str, Any]]:
    """Beans of a Hadoop daemon by their sub-name (of those called ``name``), or by their name when that is empty."""
    found = wait_for(f"the beans of {url}", lambda: _beans(url, name), 30)
    return dict(found)


def _beans(url: str, name: str) -> dict[str, dict[str, Any]]:
    """Nothing while HBase makes its beans anew, as it does when a region comes or goes."""
    found = {}
    for bean in requests.get(f"{url}/jmx", timeout=20).json()["beans"]:
        keys = dict(key.partition("=")[::2] for key in bean["name"].partition(":")[2].split(","))
        if name == "" and "name" in keys:
            found[keys["name"]] = bean
        elif keys.get("name") == name and "sub" in keys:
            found[keys["sub"]] = bean
    return {} if name == "RegionServer" and not {"Server", "Regions"} <= found.keys() else found


def shown(pages: Pages, path: str, table: str = "all") -> list[dict[str, str]]:
    """Rows of a board's table, as the page gives them for a spreadsheet; none while it knows of no such thing yet."""
    text = pages.get(f"{path}{'&' if '?' in path else '?'}csv={table}")
    if text.lstrip().startswith("<"):
        return []
    return list(csv.DictReader(io.StringIO(text)))


def differences(compared: dict[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    """Name -> (what we show, what they say) of figures that are not the same."""
    return {name: pair for name, pair in compared.items() if not _same(*pair)}


def _same(ours: Any, theirs: Any) -> bool:
    try:
        return abs(float(ours) - float(theirs)) <= 1e-6 * max(1.0, abs(float(theirs)))
    except (TypeError, ValueError):
        return str(ours) == str(theirs)
