"""What a service folder may say: the typed, frozen shape of a ``service.toml``."""

from typing import Annotated, Literal

from msgspec import Meta

from minos_web.catalog.alerts import ShippedRule
from minos_web.catalog.clients import Client, ClientCommand, ClientStep, Procedure
from minos_web.catalog.drills import Drill
from minos_web.catalog.facts import FactSource
from minos_web.catalog.gates import Gate
from minos_web.catalog.leaving import Copies, Leaving
from minos_web.catalog.shape import Data, FileName, JobName, Module, Name, Offset
from minos_web.catalog.sizes import Size, usual_size


class Figure(Data, frozen=True):
    """A number (or word) kept from a status page.

    ``source`` is the page's own name of it, ``kind`` is gauge (as it is), counter (only its growth means something)
    or word (a text, kept as latest value and never charted). A ``badge`` stands beside the task's name, e.g. its role.
    ``words`` say what numbers of a word are called; one that they do not name is told as it is.
    """

    name: str
    source: str
    title: str
    unit: str = ""
    kind: Annotated[str, Meta(pattern="^(gauge|counter|word)$")] = "gauge"
    badge: bool = False
    words: dict[str, str] = {}


class Status(Data, frozen=True):
    """Where the figures of a running task are read. ``port`` and ``fallback`` are names of ports of the job.

    ``facts`` are pages that tell of many things at once, e.g. of regions.
    ``ready`` says when a started task serves: every figure named there has one of the values. ``ready_seconds`` is how
    long a start waits for it. ``beans`` is what the page's own beans call their service, where it has beans.
    """

    reader: Name
    port: str
    path: str = ""
    beans: str = ""
    fallback: str = ""
    ready: dict[str, tuple[str, ...]] = {}
    ready_seconds: float = 90.0
    figures: tuple[Figure, ...] = ()
    facts: tuple[FactSource, ...] = ()


class Lifecycle(Data, frozen=True):
    """How a worker watches a task of this job. Times in seconds."""

    start_seconds: float = 3.0
    retries: int = 3
    restart: bool = True
    stop_signal: str = "TERM"
    stop_wait: float = 30.0
    expected_exits: tuple[int, ...] = (0,)


class OnceAction(Data, frozen=True):
    """Something done once for a task, at bootstrap or cleanup.

    ``kind`` write-once puts ``text`` into ``path``; run starts the job's program with ``args`` behind its main entry.
    ``main`` is another entry than the job's own. ``tasks`` says for which tasks of the job: all, the first (task 0) or the
    others; ``when`` (section:key) that it is only for clusters whose configuration has that key. Texts may hold ``%{...}``.
    """

    name: Name
    job: JobName
    kind: Annotated[str, Meta(pattern="^(write-once|run)$")]
    tasks: Annotated[str, Meta(pattern="^(all|first|others)$")] = "all"
    path: str = ""
    text: str = ""
    args: tuple[str, ...] = ()
    main: str = ""
    when: Annotated[str, Meta(pattern=r"^([\w.-]+:[\w.-]+)?$")] = ""
    show: dict[str, str] = {}


class Job(Data, frozen=True):
    """A kind of process. ``ports`` maps a port's name to its offset from the base port.

    ``program`` is the executable on the host; empty is java with the service's class path. ``hosts_from`` names the
    job whose hosts this one shares. ``web`` is the name of the port of its own web page, empty when it has none.
    ``log`` is the file in its log directory that says what it does; empty: what it prints. ``quorum``: its tasks decide
    by majority, so their number should be odd. At bootstrap a job that is ``late`` is prepared when those before it run,
    and ``first_alone`` brings its task 0 up before the others, which join it. ``usual_hosts`` is how many a new cluster
    begins with (0: as many as there are). In a rolling update tasks whose words are those of ``roll_last`` come last;
    ``vacate`` is done before each of them is stopped and ``reoccupy`` when it serves again, ``before_all`` and
    ``after_all`` once, the latter however the update ends. ``leaving``: its tasks can be decommissioned.
    ``after_cleanup`` is done on the host of its first task when the last of its tasks was cleaned up. A job that is no
    ``daemon`` has nothing to start: its package lies on the host. ``own_keys`` of its section say what it is.
    """

    name: JobName
    title: str = ""
    multi_instance: bool = False
    hosts_from: str = ""
    all_data_dirs: bool = False
    program: str = ""
    web: str = ""
    log: FileName | Literal[""] = ""
    ports: dict[str, Offset] = {}
    needs_java: bool = True
    quorum: bool = False
    usual_hosts: Annotated[int, Meta(ge=0, le=99)] = 0
    late: bool = False
    first_alone: bool = False
    roll_last: dict[str, tuple[str, ...]] = {}
    vacate: tuple[ClientStep, ...] = ()
    reoccupy: tuple[ClientStep, ...] = ()
    before_all: tuple[ClientStep, ...] = ()
    after_all: tuple[ClientStep, ...] = ()
    after_cleanup: tuple[ClientStep, ...] = ()
    leaving: Leaving | None = None
    daemon: bool = True
    own_keys: tuple[str, ...] = ()
    lifecycle: Lifecycle = Lifecycle()
    status: Status | None = None


class Wait(Data, frozen=True):
    """A port that must answer before tasks of the job ``before`` are touched.

    It is that of every task of the job ``of``, or of its first one only (``of_tasks``); of a job itself only its first
    task can be meant, and then the ``others`` wait for it. ``at`` says when.
    """

    before: JobName
    of: JobName
    port: str
    at: tuple[Annotated[str, Meta(pattern="^(bootstrap|start)$")], ...] = ("bootstrap", "start")
    of_tasks: Annotated[str, Meta(pattern="^(all|first)$")] = "all"
    seconds: float = 120.0


class ExtraKeys(Data, frozen=True):
    """Keys that are put into a generated file when the cluster attribute ``when`` is not empty."""

    when: str
    keys: dict[str, str]


class Switch(Data, frozen=True):
    """Lines that a key of the section turns on (empty) or off (``# ``). See the format key-table."""

    key: str
    keys: dict[str, str] = {}
    fixed: dict[str, str] = {}


class GeneratedFile(Data, frozen=True):
    """A file made from a section of ``[configuration]``.

    ``format`` names a renderer of clusterfile/formats. ``section`` is the section's name when it differs from the
    file's, ``-`` when the file has no section; an ``optional`` section may be missing, the file is then empty of keys.
    ``set`` and ``set_when`` are keys put over those of the section. ``only_secured`` sends an empty file unless the
    cluster is secured. The rest belongs to single formats: ``block`` (jaas), ``lists`` (yaml), ``keys``,
    ``optional_keys``, ``pass_through``, ``lines`` and ``switch`` (key-table).
    """

    name: FileName
    format: Name
    section: str = ""
    optional: bool = False
    only_secured: bool = False
    set: dict[str, str] = {}
    set_when: tuple[ExtraKeys, ...] = ()
    block: str = ""
    lists: tuple[str, ...] = ()
    keys: dict[str, str] = {}
    optional_keys: dict[str, str] = {}
    pass_through: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    switch: Switch | None = None

    @property
    def section_name(self) -> str:
        """Name of the section of ``[configuration]`` that feeds this file; empty when none does."""
        return "" if self.section == "-" else self.section or self.name


class Security(Data, frozen=True):
    """When a cluster counts as secured: ``section`` has all of ``keys`` with these values (no keys: has any key)."""

    section: str
    keys: dict[str, str] = {}


class Chart(Data, frozen=True):
    """A chart of a task or job page: figures drawn together in one unit. One of a ``group`` (RPC, Store, JVM) stands in
    that section of the job's own page; those of none are the first that are seen, on the cluster's page as well.
    """

    title: str
    job: JobName
    figures: tuple[str, ...]
    unit: str = ""
    group: str = ""


class Comparison(Data, frozen=True):
    """A chart with one line for each cluster of the service. ``metric`` is the name of a series of whole clusters."""

    title: str
    metric: str
    unit: str = ""


class HealthRule(Data, frozen=True):
    """What a job's tasks must do for the cluster to be well, by a rule of monitor/health:

    ``majority-runs``, with ``when`` (section:key) only where the configuration has that key; ``share-runs``: the share
    ``value`` of them runs, and as many as the property ``copies`` says; ``one-of``: exactly one of them shows one of the
    words ``value`` as ``figure`` (``alone``: what lacks when one of several runs alone); ``at-most``: none tells more than
    ``value`` as ``figure``; ``helps``: without any of them the cluster serves. ``message`` says what is wrong then.
    """

    rule: Annotated[str, Meta(pattern="^(majority-runs|share-runs|one-of|at-most|helps)$")]
    job: JobName
    figure: str = ""
    value: str = ""
    message: str = ""
    alone: str = ""
    copies: Copies | None = None
    when: Annotated[str, Meta(pattern=r"^([\w.-]+:[\w.-]+)?$")] = ""

    @property
    def number(self) -> float:
        """The value as a number; 0 for none. Raises ValueError."""
        return float(self.value or 0)


class Entry(Data, frozen=True):
    """Where a cluster's own pages begin: at the running task of ``job`` whose ``figure`` has one of ``values`` (no figure:
    any that runs).
    """

    job: JobName
    figure: str = ""
    values: tuple[str, ...] = ()


class Service(Data, frozen=True):
    """Everything a folder says. ``jobs`` stand in start order; ``stop_order`` is empty when stopping goes the same way.

    ``cluster_name`` is with-zookeeper (needs ``<zk>-``), plain (must not have it) or any. ``referred_by`` says how
    other services find the cluster they depend on: name (the part before the dash), attribute
    (``<service>_cluster`` of ``[cluster]``), or empty (they cannot). ``other_sections`` are sections of
    ``[configuration]`` that are meant for something else than the files of a task. ``added_class_path`` stands behind the class path that the original had, for
    what newer packages keep elsewhere. ``open_modules`` are opened to reflection
    in java from 9 on. ``known`` are names of properties with
    their defaults, by file, for the editor. ``commands`` are client commands, run as ``client`` says. Files that are
    ``read_again`` when a process is told to need no restart. Of one ``described_in_file`` each cluster file says its
    own jobs and files (see clusterfile/own_service). ``warning`` is told of every cluster that is taken in from elsewhere.
    """

    name: Name
    artifact: str
    jobs: Annotated[tuple[Job, ...], Meta(min_length=1)]
    title: str = ""
    about: str = ""
    cluster_name: Annotated[str, Meta(pattern="^(with-zookeeper|plain|any)$")] = "any"
    referred_by: Annotated[str, Meta(pattern="^(name|attribute|)$")] = ""
    stop_order: tuple[JobName, ...] = ()
    class_path: tuple[str, ...] = ()
    added_class_path: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    open_modules: tuple[Module, ...] = ()
    files: tuple[GeneratedFile, ...] = ()
    other_sections: tuple[str, ...] = ()
    read_again: tuple[FileName, ...] = ()
    warning: str = ""
    described_in_file: bool = False
    bootstrap_needs_files: bool = False
    bootstrap: tuple[OnceAction, ...] = ()
    cleanup: tuple[OnceAction, ...] = ()
    waits: tuple[Wait, ...] = ()
    security: Security | None = None
    charts: tuple[Chart, ...] = ()
    health: tuple[HealthRule, ...] = ()
    entry: Entry | None = None
    comparisons: tuple[Comparison, ...] = ()
    gates: tuple[Gate, ...] = ()
    client: Client = Client()
    commands: tuple[ClientCommand, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    alerts: tuple[ShippedRule, ...] = ()
    drills: tuple[Drill, ...] = ()
    conf: dict[str, str] = {}
    template: str = ""
    sizes: tuple[Size, ...] = ()
    known: dict[str, dict[str, str]] = {}

    def job(self, name: str) -> Job | None:
        """The job of this name, or None."""
        return next((job for job in self.jobs if job.name == name), None)

    def command(self, name: str) -> ClientCommand | None:
        """The client command of this name, or None."""
        return next((command for command in self.commands if command.name == name), None)

    def procedure(self, name: str) -> Procedure | None:
        """The procedure of this name, or None."""
        return next((procedure for procedure in self.procedures if procedure.name == name), None)

    def drill(self, name: str) -> Drill | None:
        """The drill of this name, or None."""
        return next((drill for drill in self.drills if drill.name == name), None)

    @property
    def begins(self) -> tuple[Size, ...]:
        """How big a new cluster can begin: what its folder says, else one size as usual."""
        own = [(job.name, job.usual_hosts) for job in self.jobs if not job.hosts_from]
        return self.sizes or (usual_size(own),)

    @property
    def stop_jobs(self) -> tuple[str, ...]:
        """Names of the jobs in the order in which they are stopped."""
        return self.stop_order or tuple(job.name for job in self.jobs)
