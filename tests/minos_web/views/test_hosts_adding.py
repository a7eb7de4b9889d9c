"""The wizard that adds hosts: lines, arrival, approval with a result for each, and into a cluster."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState, OperationState, StepState
from minos_web.models.cluster_drafts import ClusterDraft
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host, JoinToken
from minos_web.models.operations import Operation, Step
from minos_web.store.configdir import read
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import ADDRESSES, add_cluster, add_hosts, add_package

ADD = "/hosts/add"
NEW = ("127.0.0.34", "127.0.0.35")


def send(browser: Browser, url: str, fields: Any = (), status: int | None = None) -> Any:
    """Post a form."""
    return browser.post(url, fields, headers=browser.csrf, status=status)


def begun(browser: Browser, hosts: str = "host-34\nhost-35 127.0.0.35") -> str:
    """A wizard with lines for these hosts; its URL."""
    page = send(browser, ADD, {"hosts": hosts, "hours": "24", "root": "/home/work/minos"}, status=200)
    assert "install line" in page.text and "join_" in page.text and page.cache_control.no_store
    with browser.console.readers() as session:
        return f"{ADD}/{session.scalars(select(ClusterDraft)).one().id}"


def test_lines_are_shown_once_and_the_wizard_waits(testapp: Browser, session: Session) -> None:
    at = begun(testapp)
    page = testapp.get(f"{at}/names").follow()
    assert "join_" not in page.text and page.text.count("not heard of yet") >= 2
    with testapp.console.readers() as reading:
        assert {row.host_name for row in reading.scalars(select(JoinToken))} == {"host-34", "host-35"}
        assert "join_" not in str(reading.scalars(select(ClusterDraft)).one().answers)
    assert "host-34 and 1 more" in testapp.get(ADD).text
    refused = send(testapp, ADD, {"hosts": "a b c", "hours": "24", "root": "/x"}, status=422)
    assert "ine 1 has 3 words" in refused.text


def test_each_host_is_approved_by_itself_and_only_failed_ones_again(testapp: Browser, session: Session) -> None:
    at = begun(testapp, "host-34\nhost-35")
    hosts = add_hosts(session, NEW, HostState.PENDING)
    blocker = Host(name="other", address="127.0.0.35", public_key="k" * 40, state=HostState.APPROVED, first_seen=1.0)
    session.add(blocker)
    session.flush()
    ids = [host.id for host in hosts]
    session.commit()
    page = testapp.get(f"{at}/arrive")
    assert page.text.count('type="checkbox"') == 2 and "2 waiting for you" in page.text
    page = send(testapp, f"{at}/arrive", [("host", str(number)) for number in ids] + [("do", "approve")], 303).follow()
    assert "host-34 is approved." in page.text and "another approved worker has the address" in page.text.lower()
    assert "Try again the 1 one that failed" in page.text
    session.refresh(blocker)
    blocker.state = HostState.REVOKED
    session.commit()
    page = send(testapp, f"{at}/arrive", {"do": "again"}, status=303).follow()
    assert "host-35 is approved." in page.text and "that failed" not in page.text
    ready = send(testapp, f"{at}/arrive", {"go": "ready"}, status=303).follow()
    assert "a JDK" in ready.text and "not yet" in ready.text


def test_a_worker_of_another_name_is_taken_in(testapp: Browser, session: Session) -> None:
    at = begun(testapp, "host-99")
    (host,) = add_hosts(session, NEW[:1], HostState.PENDING)
    number = host.id
    session.commit()
    assert "1 other worker" in testapp.get(f"{at}/arrive").text
    page = send(testapp, f"{at}/arrive", {"do": "take", "host": str(number)}, status=303).follow()
    assert "host-34" in page.text and "other worker" not in page.text


def in_a_cluster(browser: Browser, session: Session) -> str:
    """A cluster of three, and two approved hosts in a wizard."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, browser.console)
    for host in add_hosts(session, NEW):
        host.boot_id = host.name
    session.commit()
    at = begun(browser, "host-34\nhost-35")
    page = send(browser, f"{at}/cluster", {"cluster": "zookeeper/dptst", "do": "look"}, status=303).follow()
    assert "ZooKeeper server" in page.text
    send(browser, f"{at}/cluster", {"cluster": "zookeeper/dptst", "job": "zookeeper", "do": "look"}, status=303)
    return at


def test_they_come_into_a_cluster_with_difference_and_plan(testapp: Browser, session: Session) -> None:
    at = in_a_cluster(testapp, session)
    page = testapp.get(f"{at}/cluster")
    assert "host.3=127.0.0.34" in page.text and "start: zookeeper/4 on 127.0.0.35" in page.text
    assert "zookeeper/0 on" not in page.text, "who is there is not touched"
    refused = send(testapp, f"{at}/cluster", {"do": "apply"}, status=422)
    assert "name, dptst, to bootstrap it" in refused.text
    with testapp.console.readers() as reading:
        row = read(reading, "conf/zookeeper/zookeeper-dptst.cfg")
        assert row is not None and b"host.3" not in (row.content or b"")
    done = send(testapp, f"{at}/cluster", {"do": "apply", "confirm": "dptst"}, status=303).follow()
    assert "127.0.0.34" in done.text and "under way" in done.text
    with testapp.console.readers() as reading:
        operation = reading.scalars(select(Operation)).one()
        assert operation.selection["hosts"] == list(NEW)
    assert send(testapp, f"{at}/cluster", {"do": "apply", "confirm": "dptst"}, status=303).location.endswith("/done")


def test_only_hosts_that_failed_are_bootstrapped_again(testapp: Browser, session: Session) -> None:
    at = in_a_cluster(testapp, session)
    send(testapp, f"{at}/cluster", {"do": "apply", "confirm": "dptst"}, status=303)
    operation = session.scalars(select(Operation)).one()
    good = session.scalars(select(Task).where(Task.address == NEW[0])).one()
    good.bootstrapped, good.state = True, "RUNNING"
    bad = session.scalars(select(Task).where(Task.address == NEW[1])).one()
    step = session.scalars(select(Step).where(Step.task_id == bad.id)).first()
    assert step is not None
    step.state, step.message = StepState.FAILED.value, "<b>no room</b>"
    operation.state, operation.open_cluster_id = OperationState.FAILED.value, None
    session.commit()
    page = testapp.get(f"{at}/done")
    assert "&lt;b&gt;no room" in page.text and "Try again on 1 host" in page.text
    send(testapp, f"{at}/done", {"do": "again", "confirm": "dptst"}, status=303)
    with testapp.console.readers() as reading:
        newest = reading.scalars(select(Operation).order_by(Operation.id.desc())).first()
        assert newest is not None and newest.selection["hosts"] == [NEW[1]]


def test_only_saving_begins_nothing_and_viewers_see_none_of_it(
    testapp: Browser, session: Session, browser_as: Callable[[str], Browser]
) -> None:
    at = in_a_cluster(testapp, session)
    done = send(testapp, f"{at}/cluster", {"do": "save"}, status=303).follow()
    assert "nothing is on any host yet" in done.text
    with testapp.console.readers() as reading:
        assert reading.scalars(select(Operation)).all() == []
        assert {task.address for task in reading.scalars(select(Task))} == {*ADDRESSES, *NEW}
    browser_as("viewer").get(ADD, status=403)
    browser_as("operator").get(f"{at}/done", status=404)


def test_who_may_not_describe_clusters_changes_no_file(session: Session, browser_as: Callable[[str], Browser]) -> None:
    operator = browser_as("operator")
    at = in_a_cluster(operator, session)
    page = operator.get(f"{at}/cluster").text
    assert "host.3=127.0.0.34" in page and "takes a deployer" in page and "Only save the file" not in page
    send(operator, f"{at}/cluster", {"do": "save"}, status=403)
    with operator.console.readers() as reading:
        row = read(reading, "conf/zookeeper/zookeeper-dptst.cfg")
        assert row is not None and b"host.3" not in (row.content or b"")
