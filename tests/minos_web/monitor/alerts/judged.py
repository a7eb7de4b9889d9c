"""A site whose time a test turns, round of alerts by round."""

import time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_web.console import Console
from minos_web.models.alerts import Alert
from minos_web.models.clusters import Cluster
from minos_web.models.news import News
from minos_web.monitor.alerts.judging import Judge
from minos_web.monitor.checking import check_cluster
from tests.minos_web.scene import add_cluster, add_hosts

EVERY = 30.0


class Site:
    """Hosts with a ZooKeeper whose time a test turns: ``check`` is one round, with what it makes people hear."""

    def __init__(self, session: Session, console: Console, hosts: int = 3) -> None:
        self.session, self.console = session, console
        self.now = time.time()
        addresses = [f"127.0.0.{31 + number}" for number in range(hosts)]
        self.hosts = add_hosts(session, addresses)
        add_cluster(session, console, addresses=addresses)
        self.cluster = session.scalars(select(Cluster)).one()
        for number, task in enumerate(self.cluster.tasks):
            task.state, task.wanted, task.pid, task.bootstrapped = TaskState.RUNNING, "running", 1, True
            task.host_id, task.started_at = self.hosts[number].id, self.now - 600
            task.texts = {"zookeeper.role": "leader" if number == 0 else "follower"}
        self.judge = Judge(console, 0.0)
        self.silent: set[str] = set()
        self.untold: set[str] = set()
        session.commit()

    def check(self, rounds: int = 1) -> list[tuple[str, str]]:
        """Kinds and titles of what is told by these rounds."""
        before = len(self.session.scalars(select(News.id)).all())
        for _ in range(rounds):
            self.now += EVERY
            for host in self.hosts:
                if host.name not in self.silent:
                    host.beat_at, host.figures_at = self.now, self.now if host.name not in self.untold else 0.0
            for task in self.cluster.tasks:
                if task.state == TaskState.RUNNING:
                    task.figures_at = self.now
            check_cluster(self.session, self.console, self.cluster.id, self.now)
            self.session.commit()
            self.judge.round(self.now)
            self.session.expire_all()
            self.session.execute(update(News).values(routed_at=self.now))
            self.session.commit()
        news = self.session.scalars(select(News).order_by(News.id)).all()
        return [(one.kind, one.title) for one in news[before:]]

    def figures(self, **figures: float) -> None:
        """What the first host tells from now on."""
        self.hosts[0].figures = {f"host.{name}": value for name, value in figures.items()}

    def disk(self, percent: float, mount: str = "/data") -> None:
        self.hosts[0].figures = {f"host.disk_percent:{mount}": percent}

    @property
    def alerts(self) -> list[Alert]:
        return list(self.session.scalars(select(Alert).order_by(Alert.id)))
