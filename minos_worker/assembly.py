"""Puts the parts of one worker together."""

import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from minos_common.settings import WorkerSettings
from minos_common.wire import fingerprint
from minos_common.words import HostFacts
from minos_worker.agent.early import Early
from minos_worker.agent.link import Link
from minos_worker.agent.loop import Agent, Identity
from minos_worker.agent.threads import Threads
from minos_worker.brake import BrakeMemory
from minos_worker.clients.folders import sweep
from minos_worker.facts import host_facts, own_address, own_name
from minos_worker.journal import Journal
from minos_worker.keeper.after_exit import run_post_script
from minos_worker.keeper.keeper import Keeper
from minos_worker.keeper.processes import Processes
from minos_worker.keeper.terms import Terms
from minos_worker.layout import Layout
from minos_worker.own_keys import OwnKeys
from minos_worker.packages.pace import Pace
from minos_worker.packages.shelf import Shelf
from minos_worker.packages.spreading import Exchange
from minos_worker.packages.store import Stock
from minos_worker.process.identity import boot_id
from minos_worker.release.releases import Releases
from minos_worker.stats.gauges import Gauges
from minos_worker.stats.pages import StatusPages
from minos_worker.verbs.work import Place

log = logging.getLogger("minos_worker")


@dataclass(frozen=True)
class Machine:
    """What a worker has to do with that is not its own code. As it comes: this host. Benchmarks put hosts in its place whose
    processes are simulated (many of them in one process, which then share threads and a ZeroMQ ``context``).
    """

    processes: Processes | None = None
    gauges: Gauges | None = None
    facts: HostFacts | None = None
    pages: StatusPages = field(default_factory=StatusPages)
    threads: Threads | None = None
    context: Any = None


@dataclass(frozen=True)
class Whole:
    """A worker that has taken over its tasks and has not begun to talk."""

    agent: Agent
    place: Place


@dataclass(frozen=True)
class Given:
    """By what a worker is put together: its ini (with the name of the file), where its files are, both sides' keys, and how
    tasks run."""

    settings: WorkerSettings
    ini: Path
    layout: Layout
    keys: OwnKeys
    console_key: bytes
    terms: Terms = field(default_factory=Terms)


def assemble(given: Given, machine: Machine | None = None) -> Whole:
    """Open the journal, take over what runs, and make the agent. Raises OSError, ValueError, sqlite3.Error."""
    machine = machine or Machine()
    settings, layout, keys = given.settings, given.layout, given.keys
    journal = Journal(layout.worker / "journal.sqlite")
    starts = journal.count_start()
    public = keys.current.public
    who = (own_name(settings), starts, public.decode(), fingerprint(public))
    log.info("worker %s, start %d, key %s, fingerprint %s", *who)
    early = Early(lambda task: run_post_script(layout, task, given.terms.user))
    keeper = Keeper(
        layout,
        journal,
        early.tell,
        lambda: early.tell(None),
        early.after_exit,
        first_revision=starts << 32,
    )
    keeper.terms = given.terms
    if machine.processes is not None:
        keeper.processes = machine.processes
    keeper.load()
    sweep(layout)
    releases = Releases(layout.worker, given.ini, settings.trial_seconds)
    stock = Stock(
        layout, Exchange(Shelf(layout.package), Pace(settings.fetch_bytes_per_second)), settings.keep_free_bytes
    )
    brake = BrakeMemory(journal.brake())
    place = Place(
        settings, layout, keeper, journal, machine.pages, releases, keys, stock, brake=brake, gauges=machine.gauges
    )
    user = given.terms.user.name if given.terms.user else ""
    identity = Identity(
        name=own_name(settings),
        address=own_address(settings),
        boot_id=boot_id(),
        facts=machine.facts or host_facts(settings, releases.own, user),
        started=time.time(),
        starts=starts,
        join_token=settings.join_token,
    )
    link = Link(settings.console, keys.current, given.console_key, machine.context)
    agent = Agent(place, identity, link, machine.threads)
    early.hand_over(agent)
    return Whole(agent, place)
