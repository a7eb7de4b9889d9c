"""The shim: one small process per task that outlives the worker, keeps the exit code and reaps what the task leaves.

Standard library only, and as little as possible: a shim lives as long as its task, so it is never upgraded.
Order at start: lock the slot, set aside room for the exit record, fork, write the process record, and only then let
the child become the task. A crash at any point leaves either no process or a record that names it.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from minos_worker.process import exits
from minos_worker.process.identity import boot_id, stat_of

LOCK_FD = 57
"""Number of the inherited lock in the task: high, because scripts use the low ones for themselves."""

_ERROR_FD = 58
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True)

Reply = Callable[[dict[str, Any]], None]


def run(request: dict[str, Any], reply: Reply) -> None:
    """Start the task that ``request`` describes, tell ``reply`` its pid or the error, and stay until all is over.

    Keys: generation, slot_dir (lock, exit, process.json), run_dir, argv, environment, stdout, task.
    """
    os.setsid()
    os.chdir("/")
    _LIBC.prctl(_PR_SET_NAME, b"minos-shim", 0, 0, 0)
    _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # The launcher ignores SIGCHLD; under that the kernel would throw exit codes away.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    slot = request["slot_dir"]
    try:
        lock = take_lock(slot + "/lock")
    except BlockingIOError:
        reply({"error": "the slot's lock is held: a process of this task is still there", "held": True})
        return
    record = exits.prepare(slot + "/exit")
    output = os.open(request["stdout"], os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
    pid, tick, error = _fork_task(request, lock, output)
    os.close(output)
    reply({"error": error} if error else {"pid": pid, "tick": tick})
    _wait_for_all(pid, tick, request["generation"], record)


def take_lock(path: str) -> int:
    """Descriptor that holds the slot's lock. Raises BlockingIOError when somebody has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _fork_task(request: dict[str, Any], lock: int, output: int) -> tuple[int, int, str]:
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
    stat = stat_of(pid)
    tick = stat.tick if stat else 0
    _write_process_record(request, pid, tick)
    os.write(go_write, b"g")
    os.close(go_write)
    error = os.read(error_read, 4096).decode(errors="replace")  # ends at once when exec succeeds
    os.close(error_read)
    return pid, tick, error


def _write_process_record(request: dict[str, Any], pid: int, tick: int) -> None:
    me = stat_of(os.getpid())
    record = {
        "version": 1,
        "generation": request["generation"],
        "boot_id": boot_id(),
        "pid": pid,
        "tick": tick,
        "shim_pid": os.getpid(),
        "shim_tick": me.tick if me else 0,
        "started_at": time.time(),
        "started_clock": time.clock_gettime(time.CLOCK_BOOTTIME),
        "stdout": request["stdout"],
        "task": request["task"],
    }
    path = request["slot_dir"] + "/process.json"
    handle = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    os.write(handle, json.dumps(record).encode())
    os.fsync(handle)
    os.close(handle)
    os.replace(path + ".new", path)  # noqa: PTH105 - the shim stays small


def _become_task(request: dict[str, Any], handles: tuple[int, int, int, int]) -> NoReturn:
    """In the child: wait for the word, then turn into the task. Never returns."""
    error = _ERROR_FD
    try:
        lock, output, go, error = (fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, 100) for handle in handles)
        if os.read(go, 1) != b"g":
            os._exit(125)  # the shim died before it had written who we are
        os.setsid()
        _reset_signals()
        os.umask(0o027)
        _raise_file_limit()
        nothing = os.open("/dev/null", os.O_RDONLY)
        for source, target in ((nothing, 0), (output, 1), (output, 2), (lock, LOCK_FD)):
            os.dup2(source, target, inheritable=True)
        os.dup2(error, _ERROR_FD, inheritable=False)
        error = _ERROR_FD
        os.closerange(3, LOCK_FD)
        os.closerange(_ERROR_FD + 1, os.sysconf("SC_OPEN_MAX"))
        os.chdir(request["run_dir"])
        os.execvpe(request["argv"][0], request["argv"], request["environment"])
    except BaseException as problem:
        os.write(error, f"{request['argv'][0]}: {problem}".encode()[:4096])
    finally:
        os._exit(127)


def _reset_signals() -> None:
    """A JVM that inherits an ignored SIGTERM cannot be stopped by SIGTERM."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _raise_file_limit() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _wait_for_all(pid: int, tick: int, generation: str, record: int) -> None:
    """Reap until no child is left (orphans of the task become ours) and note how the main process ended."""

    def pass_on(_number: int, _frame: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, pass_on)
    while True:
        try:
            ended, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return
        if ended == pid:
            now, clock = time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
            cpu = usage.ru_utime + usage.ru_stime
            exits.write(record, exits.ExitRecord(generation, pid, tick, status, now, clock, cpu, usage.ru_maxrss))
            # From here on a signal would go to a number that may belong to somebody else.
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)


def detach_output() -> None:
    """Leave the launcher's terminal and files alone."""
    nothing = os.open("/dev/null", os.O_RDWR)
    for target in (0, 1, 2):
        os.dup2(nothing, target)
    os.close(nothing)
    sys.stdout = sys.stderr = None  # type: ignore[assignment]
