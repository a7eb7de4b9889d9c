"""What a worker can be asked, with the arguments of each verb."""

from typing import Any

import msgspec

from minos_common.words import PackageName, TaskName


class BlockSource(msgspec.Struct, frozen=True):
    """A package as blocks: ``manifest`` is the SHA-256 (hex) of their list, ``size`` the bytes of all of them. Below ``url``
    lie ``manifest`` and ``blocks``; to itself a host tells what it has, and hears who else has what (docs/wire.md).
    """

    manifest: str
    size: int
    url: str


class PackageSource(msgspec.Struct, frozen=True):
    """A package of ``size`` bytes and where to fetch it; with ``blocks`` from other hosts too. ``ticket`` is a bearer token."""

    package: PackageName
    size: int
    url: str
    ticket: str
    blocks: BlockSource | None = None


class SpreadTold(msgspec.Struct):
    """What a host that fetches a package says: which blocks it has (a bit each, block 0 is the lowest bit of the first
    byte), which hosts it cannot reach, and the bytes it had from where."""

    have: bytes
    unreachable: list[int] = []
    from_console: int = 0
    from_hosts: int = 0
    from_own: int = 0


class SpreadPeer(msgspec.Struct, frozen=True):
    """A host that has the blocks ``have``; ``url`` is followed by the manifest's SHA-256."""

    host: int
    url: str
    have: bytes


class SpreadAnswer(msgspec.Struct):
    """Which blocks to ask of the console itself (``console``, a bit each), whom to ask for others (nearest first), and in
    how many seconds to tell again.
    """

    console: bytes
    peers: list[SpreadPeer]
    again: float


class FactPage(msgspec.Struct, frozen=True):
    """A page that tells facts. ``reader`` names a function of minos_worker.stats.facts; ``address`` and ``path`` as below.
    It is read every ``every`` periods. ``kinds`` are those that are kept.
    """

    reader: str
    address: str
    path: str = ""
    every: int = 1
    kinds: tuple[str, ...] = ()


class StatusPage(msgspec.Struct, frozen=True):
    """A page of figures of a running task. ``reader`` names a function of minos_worker.stats.readers.

    ``address`` is host:port of the page; ``path`` the path of an HTTP page; ``fallback_port`` a second port the reader
    may use. ``keep`` maps the page's own names to our figure names; an empty map keeps every number. ``words`` maps a
    figure name to what its values are called: it is a text then. ``facts`` are pages that are read in the same round.
    """

    reader: str
    address: str
    path: str = ""
    fallback_port: int = 0
    keep: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    facts: tuple[FactPage, ...] = ()


class Lifecycle(msgspec.Struct, frozen=True):
    """How a task is watched. Times in seconds."""

    start_seconds: float = 3.0
    retries: int = 3
    restart: bool = True
    stop_signal: str = "TERM"
    stop_wait: float = 30.0
    expected_exits: tuple[int, ...] = (0,)
    start_at_boot: bool = True


UNLIMITED = -1
LEAST_NOFILE = 256
"""Open files below which no task is started: bash and a JVM need about a hundred before they do anything."""


class Limits(msgspec.Struct, frozen=True):
    """What the kernel lets a task have: ``nofile`` open files, ``core`` bytes of a core dump (UNLIMITED: any size).
    None: as the host's worker.ini says.
    """

    nofile: int | None = None
    core: int | None = None


class StartSpec(msgspec.Struct, frozen=True):
    """How to start a task. In every text ``$run_dir``, ``$package_dir``, ``$log_dir``, ``$data_dir``, ``$data_dirs``,
    ``$job_name``, ``$pid`` and ``${start_time}`` stand for values that only the host knows.

    ``program`` is the executable; empty means the host's java with ``class_path`` and, behind it,
    ``added_class_path``, for which ``open_modules`` ("module/package")
    are open to reflection.
    """

    jvm_args: list[str]
    system_properties: list[str]
    main_entry: list[str]
    extra_args: list[str]
    class_path: list[str] = []
    environment: dict[str, str] = {}
    program: str = ""
    http_url: str = ""
    status: StatusPage | None = None
    lifecycle: Lifecycle = Lifecycle()
    limits: Limits = Limits()
    open_modules: list[str] = []
    added_class_path: list[str] = []


class OneTimeAction(msgspec.Struct, frozen=True):
    """Something done once at bootstrap. ``kind`` "write-once" writes ``text`` to ``path`` (below the task's own
    directories, ``$data_dir`` etc. allowed) and refuses a file that already says otherwise; ``kind`` "run" runs the
    start command with ``args`` in place of main entry and extra arguments and must end with 0.
    """

    kind: str
    path: str = ""
    text: str = ""
    args: list[str] = []
    wait: float = 600.0


class PrepareArgs(msgspec.Struct):
    """Bring directories, package and files of a task to what is described; with ``bootstrap`` for the first time.

    At bootstrap log and data directories must be empty, ``cleanup_hash`` (a scrypt/argon2 text or empty) is kept, and
    ``actions`` are done. Without bootstrap the task must have been bootstrapped before.
    """

    task: TaskName
    package: PackageSource | None
    files: dict[str, str]
    start: StartSpec
    config_revision: str
    bootstrap: bool = False
    actions: list[OneTimeAction] = []
    data_dir_indexes: tuple[int, ...] = (0,)


class StartArgs(msgspec.Struct):
    """Start a prepared task. A running task is a success. Done once it has stayed up for ``start_seconds``."""

    task: TaskName


class StopArgs(msgspec.Struct):
    """Stop a task and everything it left behind. A stopped task is a success."""

    task: TaskName
    stop_wait: float | None = None


class KillArgs(msgspec.Struct):
    """Kill the main process of a running task, as a fault would: nobody stops wanting it to run."""

    task: TaskName


class ShowArgs(msgspec.Struct):
    """Tell the status of a task."""

    task: TaskName


class CleanArgs(msgspec.Struct):
    """Delete log and data of a stopped task and forget it. Only below directories that carry the task's own marker."""

    task: TaskName


class PortCheck(msgspec.Struct, frozen=True):
    """A port that must be free to bind on ``host`` for a task to start."""

    host: str
    port: int
    name: str


class PreflightArgs(msgspec.Struct):
    """Would this task be able to start here? Looks only: ports free (unless this very task holds them), directories
    empty (at bootstrap) or bootstrapped, disk space for ``package_bytes``, java present. Reports every failing point;
    whoever holds a port and runs ``main`` (a java class) is told as the same program, started by somebody else.
    """

    task: TaskName
    ports: list[PortCheck]
    bootstrap: bool
    package_bytes: int = 0
    needs_java: bool = True
    main: str = ""


class ProbeArgs(msgspec.Struct):
    """Wait until a fact holds, asking every second until the command's deadline.

    ``kind``: "port" (TCP connect to ``host``:``port``), "status" (the task's status page answers and every figure in
    ``expect`` has one of the wanted values; texts compare as text, and "*" is any value).
    """

    kind: str
    task: TaskName | None = None
    host: str = ""
    port: int = 0
    expect: dict[str, list[Any]] = {}


class ListLogsArgs(msgspec.Struct):
    """List the log and stdout files of a task: data = {files: [{name, size, modified}]}; newest first."""

    task: TaskName


class ReadLogArgs(msgspec.Struct):
    """Read part of one log file by the name list-logs gave ("log/x.log", "stdout/x.out").

    ``offset`` None means the last ``limit`` bytes; ``limit`` <= 65536. An empty ``name`` is the newest stdout file.
    data = {name, offset, next_offset, size, text, file, cut_at, cleared}. ``file`` stays the same while this is the same
    file; ``cut_at`` is when its beginning was taken away last, by rotation or (``cleared``) by clear-log; 0.0: not known.
    """

    task: TaskName
    name: str = ""
    offset: int | None = None
    limit: int = 16384


class SearchLogArgs(msgspec.Struct):
    """Lines of one log file that hold ``text``, from the byte ``before`` backwards (None: the end), newest first.

    data = {name, size, before, matches: [{offset, text}]}; what is above the answer's ``before`` was searched, and a next
    question goes on there; 0 when all of it was. The case of ASCII letters does not count. ``limit`` <= 500.
    """

    task: TaskName
    name: str
    text: str
    before: int | None = None
    limit: int = 200


class UpgradeArgs(msgspec.Struct):
    """Become another release of the worker: ``source`` is a worker wheel. Done once it has reached the console; a release
    that does not within a minute is given up for the one before.
    """

    source: PackageSource


LOG_PIECE = 1024 * 1024
"""Most bytes of a log file in one request of a worker that brings it."""


class SendLogArgs(msgspec.Struct):
    """Bring one log file, by the name list-logs gave, to the console: as it is now, whole or not at all.

    The file is put to ``url`` in pieces, with ``ticket`` as bearer token; docs/wire.md says how. An empty ``name`` is the
    newest stdout file. data = {name, size}.
    """

    task: TaskName
    name: str
    url: str
    ticket: str


class ClearLogArgs(msgspec.Struct):
    """Empty the captured output of a task and delete what was rotated away. Nothing to clear is a success. The service's
    own logs stay. data = {files, bytes}: what there was.
    """

    task: TaskName


CLIENT_OUTPUT = 16 * 1024 * 1024
"""Most bytes of a client command's output that are told; of what is beyond only the end is in its report."""


class ClientArgs(msgspec.Struct):
    """Run one client command of a cluster's service, as the user of its tasks, in a directory of its own that is gone
    afterwards. ``task`` says of which cluster; it need not be on this host.

    ``files`` (the generated configuration) and ``inputs`` (packages whose names are file names) are put into that
    directory, which is $run_dir, $log_dir and $data_dir of ``start``. ``input`` is what the command reads first; with
    ``stays_open`` client-input gives it more. What it prints is told while it runs (see Output). Done when its exit code is
    one of ``good_exits``; data = {exit_code, printed: bytes}, exit_code None when nothing was run, negative for a signal.
    """

    task: TaskName
    files: dict[str, str]
    start: StartSpec
    package: PackageSource | None = None
    inputs: list[PackageSource] = []
    input: str = ""
    stays_open: bool = False
    good_exits: tuple[int, ...] = (0,)


class ClientInputArgs(msgspec.Struct):
    """Give a running client command more to read. ``number`` counts from 1, so that a repeat is given once;
    ``end``: there is no more after this. ``task`` is that of the command."""

    command_id: str
    number: int
    text: str
    end: bool = False
    task: TaskName | None = None


class KeytabsArgs(msgspec.Struct):
    """Put keytabs (name -> bytes) into the task's run directory, readable by the task's user alone. Never written down:
    what is lost on the way is sent again.
    """

    task: TaskName
    keytabs: dict[str, bytes]


class RotateKeyArgs(msgspec.Struct):
    """Make a new key pair and tell its public key; it is used once the console expects it. data = {public_key}."""


class ReadFilesArgs(msgspec.Struct):
    """Read the task's configuration files as they stand on disk: data = {files: {name: text}}."""

    task: TaskName


class ReadPageArgs(msgspec.Struct):
    """Read the whole status page of a running task now, flattened; of a JVM without one the counters that it shares.

    With ``text`` only values that hold it in their group, name or text; with ``only`` those of these (group, name). data =
    {groups: {group: {name: [number or None, text, figure]}}, count, left_out, source, at, seconds}. ``figure`` is what a
    value is called where it is collected. ``left_out`` did not fit, of ``count`` that were chosen. ``at`` is the host's
    time, ``seconds`` how long the page took.
    """

    task: TaskName
    text: str = ""
    only: list[tuple[str, str]] = []


class BringArgs(msgspec.Struct):
    """Have a package of the task's cluster on this host, unpacked beside others. Nothing runs from it by that."""

    task: TaskName
    package: PackageSource


VERBS: dict[str, type[msgspec.Struct]] = {
    "prepare": PrepareArgs,
    "bring": BringArgs,
    "keep-keytabs": KeytabsArgs,
    "start": StartArgs,
    "stop": StopArgs,
    "kill": KillArgs,
    "show": ShowArgs,
    "clean": CleanArgs,
    "preflight": PreflightArgs,
    "probe": ProbeArgs,
    "list-logs": ListLogsArgs,
    "read-log": ReadLogArgs,
    "search-log": SearchLogArgs,
    "send-log": SendLogArgs,
    "clear-log": ClearLogArgs,
    "read-files": ReadFilesArgs,
    "read-page": ReadPageArgs,
    "upgrade": UpgradeArgs,
    "rotate-key": RotateKeyArgs,
    "client": ClientArgs,
    "client-input": ClientInputArgs,
}
"""Verb -> type of its arguments. Both sides know exactly these."""
