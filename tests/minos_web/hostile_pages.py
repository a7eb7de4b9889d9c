"""Where the hostile scene shows: addresses of all pages, and who says which text in which field."""

import itertools
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from minos_web.boards.lists import LISTINGS
from minos_web.routes import PAGES
from minos_web.security.permissions import Role
from tests.minos_web.hostile import PAYLOADS
from tests.minos_web.hostile_scene import BOARDS, CLUSTER
from tests.minos_web.security.test_access import written_doors

WORDS = {
    "service": CLUSTER[0], "cluster": CLUSTER[1], "job": "zookeeper", "number": "0", "id": "1", "list": "none", "table": "t",
    "path": "conf/notes.cfg", "action": "restart", "name": "host-31", "page": "quick-start",
}  # fmt: skip
FILLED = {
    "hosts_draft": "/hosts/add/2/arrive", "cluster_draft": "/clusters/new/1/service",
    "service": "/services/zookeeper", "alert_rule": "/alert-rules/task-down", "task_file": "…/files/zookeeper.cfg",
    "task_adopt": "…/files/zookeeper.cfg/adopt", "config_form": "/config-form/conf/zookeeper/zookeeper-odd.cfg",
    "hdfs_quota": "/clusters/hdfs/files/quotas/of/user/olga", "cluster_procedure": "…/procedures/none",
}  # fmt: skip
"""Addresses that the words above do not make."""
ELSEWHERE = {
    "audit_export": "a file",
    "__static/": "files of ours", "install_wheel": "a file", "cluster_pack": "a file", "inventory_csv": "see the test of cells", "history_csv": "a file",
    "old_file": "a file", "metrics": "plain text", "task_log_chunk": "JSON", "run_text": "plain text", "run_output": "JSON", "operation_output": "JSON", "sign_in_back": "leads elsewhere", "sign_in_provider": "leads elsewhere", "config_export": "a file",
    "dashboard_export": "JSON", "healthz": "JSON", "install_script": "plain text", "package_upload": "leads elsewhere",
    "old_check": "JSON", "old_latest": "JSON", "old_metrics": "JSON", "old_metrics_config": "JSON", "old_counters": "JSON",
}  # fmt: skip
"""Routes that answer with no page, and why."""
MORE = (
    "/hosts?q={word}", "/operations?q={word}&state=failed", "/alerts?host={word}", "/packages?q={word}", "/admin/audit?q={word}",
    "/config?q={word}", "/nothing/{word}", "/config/conf/zookeeper/zookeeper-bad.cfg", "/config-history/conf/notes.cfg?from=1&to=2",
    "/clusters/zookeeper/bad", "/clusters/zookeeper/odd", "/clusters/zookeeper/dptst/tasks/zookeeper/0/files?disk",
    "/clusters/zookeeper/dptst/tasks/zookeeper/0/log?q={word}", "/clusters/zookeeper/dptst/history?who={word}", "/history?host={word}&kind={word}", "/history?who={word}", "/clusters?q={word}", "/dashboards?q={word}",
    "/operations/2", "/operations/3", "/operations/1?log=1", "/packages/2", "/packages/3", "/alerts/2", "/alerts/3", "/runs/2", "/schedules/2", "/counters/2",
    "/notifications/messages/2", "/notifications/messages/3", "/notifications?kind={word}", "/services/{word}", "/help/{word}",
    "/clusters/zookeeper/dptst/act/restart?job={word}", "/schedules/new?what=act:restart&cluster=zookeeper/dptst", "/sign-in?next={word}",
    "/hosts/{word}", "/alert-rules/{word}", "/config/{word}", "/dashboards/new?metric={word}", "/silences?rule={word}&reason={word}",
    "/clusters/new/1/hosts", "/clusters/new/1/sizes", "/clusters/new/1/review", "/clusters/new/3/review", "/hosts/add/2/cluster", "/approvals/2",
    "/hosts/add?host={word}", "/search?q={word}", "/brake?cluster={word}", "/confirm-it-is-you?next={word}", "/admin/users/2", f"/admin/users/{len(Role) + 1}",
)  # fmt: skip


def pages() -> list[str]:
    """The address of every page; a route that is neither a page nor named above as something else fails."""
    found, patterns = [], dict(PAGES)
    for route, doors in sorted(written_doors().items()):
        if route in ELSEWHERE or route.startswith("api_") or not doors.keys() & {"GET", "any"}:
            continue
        pattern = patterns[route]
        address = FILLED.get(route) or re.sub(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})+)?\}", lambda m: WORDS[m[1]], pattern)
        address = address.replace("…/files", "/clusters/zookeeper/dptst/tasks/zookeeper/0/files")
        address = address.replace("…/", "/clusters/zookeeper/dptst/")
        for service in ("hbase", "hdfs"):
            if route.startswith(f"{service}_"):
                address = address.replace("/zookeeper/dptst/", f"/{service}/{BOARDS[service]}/")
        found.append("/" + address.lstrip("/"))
    return found


def lists() -> list[str]:
    """The lists of services whose pages are made of facts."""
    return [
        f"/clusters/{service}/{BOARDS[service]}/lists/{one.name}"
        for service, found in LISTINGS.items()
        for one in found
    ]


def said_by(order: Iterator[str]) -> Callable[[], str]:
    """A new text at each call; the number makes those alike that have to differ, and stands behind them."""
    numbers = itertools.count()
    return lambda: f"{next(order)} {next(numbers)}"


def hostile_order(at: int) -> Iterator[str]:
    """For round ``at``: the texts in turn, one to a field in the even ones, a dozen in the odd ones."""
    turning = itertools.islice(itertools.cycle(PAYLOADS), at * 53, None)
    if at % 2:
        return ("\n".join(itertools.islice(turning, 12)) for _ in itertools.repeat(None))
    return turning


def addresses_of(word: str) -> list[str]:
    """Every page there is, with ``word`` where an address holds what somebody typed."""
    more = [address.replace("{word}", quote(word[:300], safe="")) for address in MORE]
    return [*pages(), *lists(), *more]


def fewer() -> list[str]:
    """Every page once: of the lists, which are one template, some; no address that differs from another by a word alone."""
    return [*pages(), *lists()[::6], *(address for address in MORE if "{word}" not in address)]
