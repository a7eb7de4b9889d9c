"""A real Kafka on a real ZooKeeper through the console: messages before, during and after a rolling update. In file order."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

from minos_common.states import OPERATION_ENDED
from tests.whole.brokers import Brokers, a_producer
from tests.whole.ensemble import Ensemble
from tests.whole.pages import Pages
from tests.whole.site import Site, free_base_port

PASSWORD = {"cleanup_password": "sesame-7"}
CHANGE = "log.retention.hours=24"


@pytest.fixture(scope="module")
def brokers(site: Site, zookeeper_package: Path, kafka_package: Path) -> Brokers:
    """Described, on a ZooKeeper that runs."""
    base_port = free_base_port([host.address for host in site.hosts], blocks=3)
    ensemble = Ensemble.described(site, zookeeper_package, base_port, "river")
    done = ensemble.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    return Brokers.described(site, kafka_package, base_port + 100, "river-logs")


def test_three_brokers_come_up_with_one_controller(brokers: Brokers) -> None:
    done = brokers.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    brokers.site.until("one controller", lambda: len(brokers.controllers()) == 1, 60)
    brokers.site.until("health", brokers.healthy, 60)
    assert [task["texts"]["kafka.state"] for task in brokers.tasks()] == ["running"] * 3
    assert {task["texts"]["kafka.version"] for task in brokers.tasks()} == {"3.9.1"}


def test_a_topic_is_made_from_the_shell(brokers: Brokers) -> None:
    made = brokers.command("topics", "--create --topic ledger --partitions 6 --replication-factor 3")
    assert "Created topic ledger" in made
    brokers.site.until(
        "its partitions on every broker",
        lambda: all(task["figures"].get("kafka.partitions", 0) >= 6 for task in brokers.tasks()),
        60,
    )


def test_no_message_is_lost_before_during_and_after_a_rolling_update(brokers: Brokers) -> None:
    site = brokers.site
    site.api.put_text(f"config/conf/kafka/kafka-{brokers.name}.cfg", f"{brokers.text}  [[kafka.cfg]]\n    {CHANGE}\n")
    controller = brokers.controllers()[0]
    with a_producer(brokers, "ledger") as producer:
        site.until("messages before it", lambda: len(producer.acknowledged()) > 200, 60)
        started = site.start("kafka", brokers.name, "rolling_update")
        site.until("its end", lambda: site.operation(started)["state"] in OPERATION_ENDED, 170)
        after = len(producer.acknowledged())
        site.until("messages after it", lambda: len(producer.acknowledged()) > after + 200, 60)
    done = site.operation(started)
    assert done["state"] == "done", done["message"]
    stops = [step["task_id"] for wave in done["waves"] for step in wave["steps"] if step["verb"] == "stop"]
    assert stops[-1] == controller, "who leads goes last"
    gates = [step for wave in done["waves"] for step in wave["steps"] if step["verb"] == "gate"]
    assert len(gates) == 4 and all(fact["holds"] for gate in gates for fact in gate["data"]["facts"])
    assert producer.refused() == []
    kept = set(brokers.command("consume", "--topic ledger --from-beginning --timeout-ms 8000").split())
    lost = producer.acknowledged() - kept
    assert not lost, f"{len(lost)} of {len(producer.acknowledged())} are lost"
    for host in site.hosts:
        (file,) = host.root.rglob(f"app/kafka/{brokers.name}/kafka/kafka.cfg")
        assert CHANGE in file.read_text()


def test_what_went_through_is_counted(brokers: Brokers) -> None:
    assert sum(task["figures"].get("kafka.bytes_in", 0) for task in brokers.tasks()) > 0
    series = brokers.site.api.get("series", metric="kafka.partitions", service="kafka", cluster=brokers.name)
    assert len(series["series"]) == 3


def test_pages_show_what_its_own_commands_say(brokers: Brokers) -> None:
    """Leaders, replicas, offsets and lags of six partitions, against kafka-topics.sh and kafka-consumer-groups.sh."""
    all_there = len(brokers.command("consume", "--topic ledger --from-beginning --timeout-ms 8000").split())
    # So many that some of each partition were read, and that some are left.
    most = f"--max-messages {all_there - 20} --timeout-ms 8000"
    brokers.command("consume", f"--topic ledger --from-beginning --group readers {most}")
    described = brokers.command("topics", "--describe --topic ledger")
    own = {one["Partition"]: one for one in map(labelled, described.splitlines()) if "Partition" in one}
    numbers = {str(task["host_id"]): f"kafka/{task['task_id']}" for task in brokers.tasks()}
    groups = [line.split() for line in brokers.command("groups", "--describe --group readers").splitlines()]
    lags = {line[2]: line[3:6] for line in groups if line[:2] == ["readers", "ledger"]}
    assert (len(own), len(lags)) == (6, 6)
    pages = Pages(brokers.site)

    def listed(name: str, title: str) -> dict[str, dict[str, str]]:
        rows = pages.rows_of_list(f"/clusters/kafka/{brokers.name}/lists/{name}", title)
        return {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}

    def differing() -> list[str]:
        found, parts, behind = (
            [],
            listed("partitions?q=ledger", "Partitions"),
            listed("lags?q=readers", "Lag by partition"),
        )
        for number, one in own.items():
            shown, lag = parts.get(f"ledger-{number}", {}), behind.get(f"readers/ledger-{number}", {})
            wanted = {"Leader": numbers[one["Leader"]], "In sync": str(len(one["Isr"].split(","))), "Replicas": "3"}
            committed = dict(zip(("Committed", "Next offset", "Lag"), lags[number], strict=True))
            told = {title: cell.replace(",", "") for title, cell in {**lag, **shown}.items()}
            here = {**wanted, "Next offset": committed["Next offset"]}
            found += [
                f"{number} {title}: {told.get(title)} is not {value}"
                for title, value in here.items()
                if told.get(title) != value
            ]
            told = {title: cell.replace(",", "") for title, cell in lag.items()}
            found += [
                f"{number} {title}: {told.get(title)} is not {value}"
                for title, value in committed.items()
                if told.get(title) != value
            ]
        return found

    with contextlib.suppress(TimeoutError):
        brokers.site.until("the pages to say the same", lambda: not differing(), 60)
    assert differing() == []
    topic = listed("topics", "Topics")["ledger"]
    assert (topic["Partitions"], topic["Replicas"], topic["Under-replicated"], topic["Without leader"]) == (
        "6",
        "3",
        "0",
        "0",
    )
    assert topic["Messages"].replace(",", "") == str(sum(int(lag[1]) for lag in lags.values()))
    group = listed("groups", "Consumer groups")["readers"]
    assert group["Lag"].replace(",", "") == str(sum(int(lag[2]) for lag in lags.values()))
    assert (group["State"], group["Partitions"], group["Topics"]) == ("Empty", "6", "ledger")


def labelled(line: str) -> dict[str, str]:
    """A line of kafka-topics.sh: ``Partition: 0<tab>Leader: 1``."""
    return {name.strip(): value.strip() for name, _, value in (part.partition(":") for part in line.split("\t"))}


def test_another_one_becomes_controller(brokers: Brokers) -> None:
    controller = brokers.controllers()[0]
    os.kill(brokers.tasks()[controller]["pid"], signal.SIGKILL)
    brokers.site.until(
        "a controller and three brokers", lambda: len(brokers.controllers()) == 1 and brokers.healthy(), 120
    )
    done = brokers.site.operate("kafka", brokers.name, "procedure", options={"procedure": "preferred-leaders"})
    assert done["state"] == "done", done["message"]


def test_it_stops_and_leaves_nothing(brokers: Brokers) -> None:
    assert brokers.operate("stop")["state"] == "done"
    assert brokers.operate("cleanup", options=PASSWORD)["state"] == "done"
    for host in brokers.site.hosts:
        assert not [path for kind in ("data", "log") for path in host.root.rglob(f"{kind}/kafka/{brokers.name}/*")]


def test_brokers_without_zookeeper_agree_among_themselves(brokers: Brokers, kafka_package: Path) -> None:
    alone = Brokers.described(brokers.site, kafka_package, brokers.base_port + 100, "alone", "kafka-kraft-tst")
    done = alone.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    alone.site.until("one controller", lambda: len(alone.controllers()) == 1, 60)
    alone.command("topics", "--create --topic t --partitions 3 --replication-factor 3")
    with a_producer(alone, "t") as producer:
        alone.site.until("messages", lambda: len(producer.acknowledged()) > 100, 60)
        done = alone.operate("rolling_update")
    assert done["state"] == "done", done["message"]
    kept = set(alone.command("consume", "--topic t --from-beginning --timeout-ms 8000").split())
    assert producer.refused() == [] and producer.acknowledged() <= kept
    with pytest.raises(RuntimeError, match="bootstrapped already"):
        alone.operate("bootstrap", options=PASSWORD)
    assert alone.operate("stop")["state"] == "done"
    assert alone.operate("cleanup", options=PASSWORD)["state"] == "done"
