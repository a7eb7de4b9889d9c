"""The shim: one small process per task that outlives the worker, keeps the exit code and reaps what the task leaves.

A shim lives as long as its task, so it is never upgraded, and there is one for each task: hence standard library only,
and of that only modules that are small (no typing, json, signal: their enums and caches would double what a shim costs).
Order at start: lock the slot, set aside room for the exit record, fork, write the process record, and only then let
the child become the task. A crash at any point leaves either no process or a record that names it.
"""

import _signal  # type: ignore[import-not-found]
import ctypes
import fcntl
import os
import resource
import struct
import time
import zlib

MYPY = False
if MYPY:
    from collections.abc import Callable
    from typing import Any, NoReturn

LOCK_FD = 57
"""Number of the inherited lock in the task: high, because scripts use the low ones for themselves."""

EXIT_SIZE = 4096
EXIT_MAGIC = b"MINOSEX1"
EXIT_BODY = struct.Struct("<8s32sqqqdddq")
"""Magic, generation, pid, start tick, raw wait status, wall time, time since boot, cpu seconds, KiB; then a CRC32."""

EXIT_NAME = b"shim exit "
"""With the raw wait status behind it the name of a shim whose task has ended: it says how, whatever the disk does."""
LINGER_SECONDS = 60
"""A shim that could not write the record down stays so long, for its name to be read."""

_ERROR_FD = 58
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_PRCTL = ctypes.CDLL(None).prctl
_LIMITS = ((b"nofile", resource.RLIMIT_NOFILE), (b"core", resource.RLIMIT_CORE))
_FORWARDED = (_signal.SIGTERM, _signal.SIGINT, _signal.SIGHUP)


class Request:
    """What to start. Travels as fields separated by NUL, which can be in none of them.

    ``orders`` stand behind the number of words, so that a packet without any (of an older worker) is one as well.
    """

    def __init__(self, packet: bytes) -> None:
        (self.generation, self.slot, self.run_dir, self.stdout, self.record_head, words, *rest) = packet.split(b"\0")
        count, *orders = words.split()
        self.argv = rest[: int(count)]
        self.environment = dict(pair.split(b"=", 1) for pair in rest[int(count) :])
        self.orders = dict(pair.split(b"=", 1) for pair in orders)


def run(request: Request, reply: "Callable[[bytes], None]") -> None:
    """Start the task, tell ``reply`` "pid tick" (or "!" and the error, "!!" when the slot is taken), and stay until
    all is over."""
    os.setsid()
    os.chdir("/")
    _PRCTL(_PR_SET_NAME, b"minos-shim", 0, 0, 0)
    _PRCTL(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # The launcher ignores SIGCHLD; under that the kernel would throw exit codes away.
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    try:
        lock = take_lock(request.slot + b"/lock")
    except BlockingIOError:
        reply(b"!!the slot's lock is held: a process of this task is still there")
        return
    record = prepare_exit(request.slot + b"/exit")
    output = os.open(request.stdout, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    if b"uid" in request.orders:  # or the task could not open /dev/stdout
        os.fchown(output, int(request.orders[b"uid"]), int(request.orders[b"gid"]))
    pid, tick, error = _fork_task(request, lock, output)
    os.close(output)
    reply(b"!" + error if error else b"%d %d" % (pid, tick))
    _wait_for_all(pid, tick, request.generation, record, lock)


def take_lock(path: bytes) -> int:
    """Descriptor that holds the slot's lock. Raises BlockingIOError when somebody has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def prepare_exit(path: bytes | str) -> int:
    """Descriptor of a file with room for one record, so that a full disk cannot swallow an exit. Raises OSError."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.ftruncate(handle, 0)
    os.posix_fallocate(handle, 0, EXIT_SIZE)
    os.fsync(handle)
    return handle


def write_exit(handle: int, *fields: "Any") -> None:
    """Put a record (the fields of EXIT_BODY after the magic) into the prepared file, durably."""
    body = EXIT_BODY.pack(EXIT_MAGIC, *fields)
    os.pwrite(handle, body + struct.pack("<I", zlib.crc32(body)), 0)
    os.fsync(handle)


def _fork_task(request: Request, lock: int, output: int) -> tuple[int, int, bytes]:
    """(pid, start tick, error or empty) of the new process; it is the task when the error is empty."""
    go_read, go_write = os.pipe()
    error_read, error_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(go_write)
        os.close(error_read)
        _become_task(request, (lock, output, go_read, error_write))
    os.close(go_read)
    os.close(error_write)
    tick = _start_tick(pid)
    _write_process_record(request, pid, tick)
    os.write(go_write, b"g")
    os.close(go_write)
    error = os.read(error_read, 4096)  # ends at once when exec succeeds
    os.close(error_read)
    return pid, tick, error


def _start_tick(pid: int) -> int:
    """Field 22 of /proc/<pid>/stat; fields begin behind the last bracket of the command's name."""
    text = _read(b"/proc/%d/stat" % pid)
    return int(text[text.rfind(b")") + 2 :].split()[19])


def _read(path: bytes) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(handle, 4096)
    finally:
        os.close(handle)


def _write_process_record(request: Request, pid: int, tick: int) -> None:
    """Complete the record that the worker began (a JSON object without its end)."""
    me = os.getpid()
    boot = _read(b"/proc/sys/kernel/random/boot_id").strip()
    clock = time.clock_gettime(time.CLOCK_BOOTTIME)
    numbers = b'"pid": %d, "tick": %d, "shim_pid": %d, "shim_tick": %d' % (pid, tick, me, _start_tick(me))
    times = b'"boot_id": "%s", "started_at": %.6f, "started_clock": %.6f' % (boot, time.time(), clock)
    path = request.slot + b"/process.json"
    handle = os.open(path + b".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    os.write(handle, request.record_head + b", " + numbers + b", " + times + b"}")
    os.fsync(handle)
    os.close(handle)
    os.replace(path + b".new", path)  # noqa: PTH105 - pathlib is large


def _become_task(request: Request, handles: tuple[int, int, int, int]) -> "NoReturn":
    """In the child: wait for the word, then turn into the task. Never returns."""
    error = handles[3]
    doing = request.argv[0]
    try:
        lock, output, go, error = (fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, 100) for handle in handles)
        if os.read(go, 1) != b"g":
            os._exit(125)  # the shim died before it had written who we are
        os.setsid()
        _reset_signals()
        os.umask(0o027)
        nothing = os.open("/dev/null", os.O_RDONLY)
        for source, target in ((nothing, 0), (output, 1), (output, 2), (lock, LOCK_FD)):
            os.dup2(source, target, inheritable=True)
        os.dup2(error, _ERROR_FD, inheritable=False)
        error = _ERROR_FD
        os.closerange(3, LOCK_FD)
        os.closerange(_ERROR_FD + 1, os.sysconf("SC_OPEN_MAX"))
        for name, kind in _LIMITS:
            doing = b"limit " + name
            _set_limit(kind, request.orders.get(name))
        if b"uid" in request.orders:
            doing = b"task_user"
            _change_user(request.orders)
        doing = request.argv[0]
        os.chdir(request.run_dir)
        os.execve(request.argv[0], request.argv, request.environment)
    except BaseException as problem:
        os.write(error, doing + b": " + str(problem).encode()[:4000])
    finally:
        os._exit(127)


def _reset_signals() -> None:
    """A JVM that inherits an ignored SIGTERM cannot be stopped by SIGTERM."""
    for number in range(1, _signal.NSIG):
        try:  # noqa: SIM105 - contextlib is large
            _signal.signal(number, _signal.SIG_DFL)
        except (OSError, ValueError):
            pass  # KILL, STOP and those that the C library keeps to itself
    _signal.pthread_sigmask(_signal.SIG_SETMASK, ())


def _set_limit(kind: int, wanted: bytes | None) -> None:
    """Set a limit, or raise why it cannot be had; with none wanted a task gets as many open files as it may."""
    soft, hard = resource.getrlimit(kind)
    if wanted is None:
        try:  # noqa: SIM105 - as above
            resource.setrlimit(kind, (hard if kind == resource.RLIMIT_NOFILE else soft, hard))
        except (OSError, ValueError):
            pass
        return
    value = int(wanted)  # -1 is the kernel's own word for no limit
    if kind == resource.RLIMIT_NOFILE or (0 <= hard < value or value < 0):
        hard = value  # a JVM raises its soft limit of open files to the hard one by itself
    resource.setrlimit(kind, (value, hard))


def _change_user(orders: dict[bytes, bytes]) -> None:
    """For good: the saved ids change too. Groups first, while we still may."""
    os.setgroups([int(group) for group in orders[b"groups"].split(b",") if group])
    os.setgid(int(orders[b"gid"]))
    os.setuid(int(orders[b"uid"]))


def _wait_for_all(pid: int, tick: int, generation: bytes, record: int, lock: int) -> None:
    """Reap until no child is left (orphans of the task become ours) and note how the main process ended."""

    def pass_on(_number: int, _frame: object) -> None:
        try:  # noqa: SIM105 - as above
            os.kill(pid, _signal.SIGTERM)
        except ProcessLookupError:
            pass

    for number in _FORWARDED:
        _signal.signal(number, pass_on)
    written = True
    while True:
        try:
            ended, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        if ended == pid:
            now, clock = time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
            _PRCTL(_PR_SET_NAME, EXIT_NAME + b"%d" % status, 0, 0, 0)  # first: a disk may hang
            cpu = usage.ru_utime + usage.ru_stime
            written = _try_to_write(record, generation, pid, tick, status, now, clock, cpu, usage.ru_maxrss)
            # From here on a signal would go to a number that may belong to somebody else.
            for number in _FORWARDED:
                _signal.signal(number, _signal.SIG_IGN)
    if not written:
        os.close(lock)  # the slot is free all the same
        time.sleep(LINGER_SECONDS)


def _try_to_write(record: int, *fields: "Any") -> bool:
    try:
        write_exit(record, *fields)
    except OSError:
        return False
    return True


def detach_output() -> None:
    """Leave the launcher's terminal and files alone."""
    nothing = os.open("/dev/null", os.O_RDWR)
    for target in (0, 1, 2):
        os.dup2(nothing, target)
    os.close(nothing)
