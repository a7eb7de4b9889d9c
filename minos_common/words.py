"""The typed messages that worker and console exchange. docs/wire.md tells the same in prose."""

from typing import Any

import msgspec

from minos_common.states import Outcome, TaskState


class TaskName(msgspec.Struct, frozen=True, order=True):
    """Names one task slot on one host. ``instance`` is None where the host has a single instance of the job."""

    service: str
    cluster: str
    job: str
    instance: int | None = None

    def __str__(self) -> str:
        number = "" if self.instance is None else str(self.instance)
        return f"{self.service}--{self.cluster}--{self.job}{number}"


class PackageName(msgspec.Struct, frozen=True):
    """Which package: the four parts of its identity and its digest (hex SHA-256)."""

    artifact: str
    name: str
    revision: str
    timestamp: str
    sha256: str


class ExitInfo(msgspec.Struct, frozen=True):
    """How a process ended. ``kind`` is "code", "signal" or "unknown"; unknown is never success."""

    kind: str
    value: int | None
    at: float
    expected: bool
    forced: bool = False


class TaskStatus(msgspec.Struct):
    """Everything a worker knows of one task. Times are seconds since the epoch by the host's clock.

    ``held`` is what is on the host now and ``started_with`` what was there when the living process was started: part ->
    digest, see minos_common.parts. Empty: not known (an older worker, or process). ``edited`` are the parts that are not
    as they were sent.
    """

    task: TaskName
    state: TaskState
    since: float
    wanted: str = "stopped"
    bootstrapped: bool = False
    pid: int | None = None
    started_at: float | None = None
    restarts: int = 0
    reason: str = ""
    last_exit: ExitInfo | None = None
    last_lines: list[str] = []
    package: PackageName | None = None
    config_revision: str = ""
    http_url: str = ""
    unattended: bool = False
    held: dict[str, str] = {}
    started_with: dict[str, str] = {}
    edited: list[str] = []


class Roots(msgspec.Struct, frozen=True):
    """The directories below which a worker keeps everything (absolute paths)."""

    app: str
    log: str
    data: list[str]
    package: str


class Degraded(msgspec.Struct, frozen=True):
    """One reason why a worker is less than well, e.g. code "disk-full"."""

    code: str
    message: str


class HeldPackage(msgspec.Struct, frozen=True):
    """A whole package on a host: of which cluster, in which folder (revision-timestamp), what it unpacked to, its archive's
    SHA-256 (hex).
    """

    service: str
    cluster: str
    place: str
    name: str
    sha256: str


class HostFacts(msgspec.Struct):
    """What a host is made of. Sizes in bytes. ``release`` is that of the worker; empty is the one installed by hand.
    ``rack`` is where it stands, as its worker.ini says; empty: not said. At ``peer_port`` other hosts may ask it for blocks
    of packages; 0: they may not.
    """

    system: str = ""
    kernel: str = ""
    python: str = ""
    java: str = ""
    cores: int = 0
    memory: int = 0
    boot_time: float = 0.0
    user: str = ""
    release: str = ""
    task_user: str = ""
    rack: str = ""
    peer_port: int = 0


# ---- worker -> console ------------------------------------------------------------------------------------------


class Hello(msgspec.Struct, tag="hello"):
    """First message on every connection, and the full state of the worker. ``brake`` is the revision of the brake that it
    has written down; -1: it knows of none.
    """

    name: str
    address: str
    session: str
    version: str
    boot_id: str
    worker_started: float
    roots: Roots
    facts: HostFacts
    tasks: list[TaskStatus]
    clock: float
    worker_starts: int = 1
    revision: int = 0
    join_token: str = ""
    degraded: list[Degraded] = []
    open_commands: list[str] = []
    packages: list[HeldPackage] = []
    brake: int = -1


class Beat(msgspec.Struct, tag="beat"):
    """Sign of life from the worker's main loop. ``clock`` is the host's wall clock, ``revision`` that of its statuses,
    ``brake`` as in hello.
    """

    session: str
    number: int
    clock: float
    degraded: list[Degraded] = []
    unreported: int = 0
    spooled: int = 0
    revision: int = 0
    brake: int = -1


class Accepted(msgspec.Struct, tag="accepted"):
    """The command is journalled and will be carried out."""

    command_id: str
    attempt: int = 1


class Progress(msgspec.Struct, tag="progress"):
    """How far a long command is; may be lost. ``fraction`` is 0..1 or None."""

    command_id: str
    message: str
    fraction: float | None = None


class Report(msgspec.Struct, tag="report"):
    """Answer to a command. Kept and repeated by the worker until noted."""

    command_id: str
    outcome: Outcome
    message: str
    attempt: int = 1
    output: str = ""
    data: dict[str, Any] = {}
    started: float = 0.0
    ended: float = 0.0


class Output(msgspec.Struct, tag="output"):
    """What a running client command printed: ``data`` from byte ``offset`` on. Told again until it is noted."""

    command_id: str
    offset: int
    data: bytes


class TaskEvent(msgspec.Struct, tag="task-event"):
    """A task changed state. Kept and repeated by the worker until noted; ``event_id`` is unique per worker.

    ``revision`` grows with every change of any status of this worker, over its restarts too; 0 is unknown.
    """

    event_id: str
    at: float
    before: TaskState
    status: TaskStatus
    revision: int = 0


class TaskStates(msgspec.Struct, tag="task-states"):
    """The status of all tasks of the host, whenever something other than a state changed, or the console lags behind."""

    session: str
    tasks: list[TaskStatus]
    revision: int = 0


class Holds(msgspec.Struct, tag="holds"):
    """The packages that lie on the host, whenever they are others than before."""

    packages: list[HeldPackage]


class SampleGroup(msgspec.Struct):
    """All figures of one thing at one moment, of a task those of its process and of its status page together.

    ``task`` is None for the host itself. ``texts`` are non-numbers; ``error`` says why the status page told nothing.
    """

    at: float
    figures: dict[str, float]
    task: TaskName | None = None
    texts: dict[str, str] = {}
    error: str = ""


class Samples(msgspec.Struct, tag="samples"):
    """One period's figures. Kept in a bounded spool until noted. ``shift`` is what has to be added to the times of the groups
    to have them in the console's time; None: the worker does not know."""

    batch_id: str
    groups: list[SampleGroup]
    shift: float | None = None


class FactGroup(msgspec.Struct):
    """All facts of one kind that the pages of a task tell, ``at`` seconds since the host's boot (which nobody sets). ``packed`` as minos_common.facts says, ``left_out`` how many did
    not fit. ``run`` names the process: its counters began with it. ``error`` says why a page told nothing.
    """

    task: TaskName
    kind: str
    at: float
    packed: bytes = b""
    left_out: int = 0
    run: str = ""
    error: str = ""


class Facts(msgspec.Struct, tag="facts"):
    """What tasks of the host told. Never repeated: the next ones take the place of those that were lost."""

    groups: list[FactGroup]


# ---- console -> worker ------------------------------------------------------------------------------------------


class Welcome(msgspec.Struct, tag="welcome"):
    """Answer to hello. ``state`` is a HostState value; only an approved worker may say more than hello. ``next_key`` is
    the public key that this worker is expected to use from now on; empty: the one it uses. ``epoch`` grows with every
    engine that takes over; 0 is unknown.
    """

    state: str
    message: str = ""
    host: str = ""
    beat_seconds: float = 5.0
    sample_seconds: float = 10.0
    next_key: str = ""
    epoch: int = 0


class BeatAnswer(msgspec.Struct, tag="beat-answer"):
    """The console heard beat ``number``. Its table shows the worker's statuses as of ``revision``, wholly; 0 is unknown."""

    number: int
    clock: float
    revision: int = 0


class Command(msgspec.Struct, tag="command"):
    """Do ``verb`` with ``args`` (see minos_common.verbs), unless ``expires_in`` seconds have passed since receipt."""

    command_id: str
    verb: str
    args: msgspec.Raw
    expires_in: float
    attempt: int = 1


class Cancel(msgspec.Struct, tag="cancel"):
    """Stop working on a command, if it has not ended."""

    command_id: str
    attempt: int = 1


class Noted(msgspec.Struct, tag="noted"):
    """These are safely on the table: the worker may forget them."""

    command_ids: list[str] = []
    event_ids: list[str] = []
    batch_ids: list[str] = []


class OutputNoted(msgspec.Struct, tag="output-noted"):
    """The console has the output of a command up to byte ``next``."""

    command_id: str
    next: int


class FrozenCluster(msgspec.Struct, frozen=True):
    """A cluster whose brake is pulled; ``why`` says by whom and why."""

    service: str
    cluster: str
    why: str


class Brake(msgspec.Struct, tag="brake"):
    """The whole truth of the emergency brake as of ``revision``, which grows with every pull and release. ``everything`` says
    why all clusters are frozen; empty: they are not. ``clusters`` are those that are frozen by themselves.
    """

    revision: int
    everything: str = ""
    clusters: list[FrozenCluster] = []


FromWorker = Hello | Beat | Accepted | Progress | Report | Output | TaskEvent | TaskStates | Holds | Samples | Facts
FromConsole = Welcome | BeatAnswer | Command | Cancel | Noted | OutputNoted | Brake
