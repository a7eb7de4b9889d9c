"""start, stop, kill, show and clean."""

import contextlib
import signal

import msgspec

from minos_common.states import AT_REST_TASK_STATES, TaskState
from minos_common.verbs import CleanArgs, KillArgs, ShowArgs, StartArgs, StopArgs
from minos_common.words import TaskName, TaskStatus
from minos_worker import markers
from minos_worker.keeper.promise import Promise, UnknownTask
from minos_worker.lifecycle import describe_exit
from minos_worker.verbs.work import Answer, Call, Cancelled, Failed, Overdue, Place, Refused


def start(place: Place, args: StartArgs, call: Call) -> Answer:
    """Start a prepared task; done once it has stayed up for its start seconds."""
    known = _status(place, args.task)
    if not known.bootstrapped:
        raise Refused(f"{args.task} is not bootstrapped on this host: bootstrap it first")
    if known.state is TaskState.UNKNOWN:
        raise Refused(f"{args.task} is not started: {known.reason}")
    if known.state is TaskState.RUNNING and known.wanted == "running":
        return Answer(f"already running with pid {known.pid}", data=_data(known))
    call.progress("starting")
    status = _await(place, place.keeper.start(args.task), call, args.task)
    if status.state is TaskState.RUNNING:
        return Answer(f"running with pid {status.pid}", data=_data(status))
    if status.wanted != "running":
        raise Failed("a stop came in between", "\n".join(status.last_lines))
    how = f" ({describe_exit(status.last_exit)})" if status.last_exit and status.state is TaskState.EXITED else ""
    raise Failed(f"{status.state}: {status.reason}{how}", "\n".join(status.last_lines))


def stop(place: Place, args: StopArgs, call: Call) -> Answer:
    """Stop a task and all it left behind; a task that is stopped or unknown here is a success."""
    known = place.keeper.status(args.task)
    if known is None:
        return Answer("it is not on this host: nothing to stop")
    if known.state is TaskState.STOPPED:
        return Answer("already stopped", data=_data(known))
    call.progress("stopping")
    status = _await(place, place.keeper.stop(args.task, args.stop_wait), call, args.task)
    if status.state in AT_REST_TASK_STATES:
        forced = status.last_exit is not None and status.last_exit.forced
        return Answer("stopped; it had to be killed" if forced else "stopped", data=_data(status))
    if status.wanted == "running":
        raise Failed("a start came in between")
    raise Failed(f"{status.state}: {status.reason}")


def kill(place: Place, args: KillArgs, call: Call) -> Answer:
    """Kill the main process of a task with SIGKILL, as a fault would; done when it is gone. What follows is the keeper's."""
    process = place.keeper.process(args.task)
    if process is None:
        raise Refused(f"{args.task} does not run: there is nothing to kill")
    pid = process.record.pid
    place.journal.begin(call.command.command_id)
    if not place.keeper.processes.send(process, signal.SIGKILL):
        raise Failed(f"pid {pid} was gone before it could be killed")
    while (now := place.keeper.process(args.task)) is not None and now.record.pid == pid and now.main_fd is not None:
        call.wait(0.05)
    return Answer(f"killed pid {pid}", data={"pid": pid})


def show(place: Place, args: ShowArgs, _call: Call) -> Answer:
    """Status of a task."""
    status = _status(place, args.task)
    return Answer(str(status.state), data=_data(status))


def clean(place: Place, args: CleanArgs, call: Call) -> Answer:
    """Delete log, data and run directory of a stopped task, each only if it carries the task's marker; forget it."""
    layout, task = place.layout, args.task
    known = place.keeper.status(task)
    if known is not None and known.state not in AT_REST_TASK_STATES:
        raise Refused(f"{task} is {known.state}: stop it first")
    if known is not None and known.state is not TaskState.STOPPED:  # nothing may start it while we delete
        _await(place, place.keeper.stop(task, None), call, task)
    everything = [layout.log_dir(task), *(layout.data_dir(task, index) for index in range(len(layout.data)))]
    everything.append(layout.run_dir(task))
    ours = []
    for path in everything:
        found = markers.get(path)
        if found is not None and found.task == task:
            ours.append(path)
        elif not markers.is_empty(path):
            raise Refused(f"{path} is not empty and does not carry the marker of {task}: nothing was deleted")
    place.journal.begin(call.command.command_id)
    removed = 0
    try:
        for path in ours:
            call.progress(f"deleting {path}")
            removed += markers.wipe(path, task)
            if task.instance is not None:  # the directory around the instances goes with the last of them
                with contextlib.suppress(OSError):
                    path.parent.rmdir()
    except (markers.NotOurs, OSError) as error:
        raise Failed(f"after {removed} entries: {error}") from error
    place.keeper.forget(task)
    if not ours:
        return Answer("nothing to clean: this host has nothing of it")
    return Answer(f"deleted {removed} entries below {', '.join(map(str, ours))}")


def _status(place: Place, task: TaskName) -> TaskStatus:
    status = place.keeper.status(task)
    if status is None:
        raise Refused(f"{task} is not on this host: bootstrap it first")
    return status


def _await(place: Place, promise: Promise, call: Call, task: TaskName) -> TaskStatus:
    """The settled status; tells meanwhile in which state the task is. What was asked of the keeper stays asked."""
    while True:
        try:
            settled = promise.wait(0.2)
        except UnknownTask:
            raise Refused(f"{task} is not on this host") from None
        if settled is not None:
            return settled
        status = place.keeper.status(task)
        now = f"{status.state} {status.reason}".strip() if status else "unknown"
        try:
            call.check()
        except Overdue:
            raise Failed(f"not over when its time was: {now}", "\n".join(status.last_lines if status else [])) from None
        except Cancelled:
            raise Cancelled(f"no longer waited for; it is {now}") from None
        call.progress(now)


def _data(status: TaskStatus) -> dict[str, object]:
    """The status as plain values for the report's data."""
    plain: dict[str, object] = {"status": msgspec.to_builtins(status)}
    return plain
