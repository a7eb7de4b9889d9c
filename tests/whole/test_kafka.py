"""A real Kafka on a real ZooKeeper through the console: messages before, during and after a rolling update. In file order."""

import os
import signal
from pathlib import Path

import pytest

from minos_common.states import OPERATION_ENDED
from tests.whole.brokers import Brokers, a_producer
from tests.whole.ensemble import Ensemble
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
