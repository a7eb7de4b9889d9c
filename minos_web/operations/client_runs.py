"""Client commands that people run: asked for, given lines to read, cancelled, remembered for a while, kept under a name."""

import shlex
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.names import BadName, check
from minos_common.states import STEP_ENDED, HostState, StepState
from minos_web.catalog.clients import ClientCommand
from minos_web.catalog.description import Service
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.models.runs import ClientRun, SavedCommand
from minos_web.operations.ask import lay
from minos_web.operations.braking import check_brake
from minos_web.operations.client_args import CLASS
from minos_web.operations.refusal import Refused
from minos_web.store.configdir import current_revision
from minos_web.store.outputs import Outputs

CLIENT, INPUT = "client", "client-input"
MOST_OPEN, MOST_OF_ONE = 16, 4
"""Commands that may run at a time, in all and for one person."""
LONGEST_WORDS, LONGEST_LINE = 8000, 16000
LONGEST_SECONDS, USUAL_SECONDS = 7 * 86400.0, 3600.0
LINE_SECONDS = 30.0
MOST_SAVED = 200


@dataclass(frozen=True)
class Asked:
    """What somebody wants to run: ``command`` of the service with ``words`` as typed, on ``host`` (name or address; empty:
    any of the cluster), for at most ``seconds``. ``files`` are names, sizes and digests of what was given with it.
    """

    command: str
    words: str
    host: str
    user: str
    now: float
    may_run_code: bool = False
    seconds: float = USUAL_SECONDS
    files: list[dict[str, Any]] = field(default_factory=list)


def split_words(text: str) -> list[str]:
    """Words as a shell would split them; nothing else that a shell does is done. Raises Refused."""
    if len(text) > LONGEST_WORDS:
        raise Refused("bad-words", f"a command has at most {LONGEST_WORDS} characters", "words")
    if "\0" in text:
        raise Refused("bad-words", "a command cannot hold a NUL character", "words")
    try:
        return shlex.split(text)
    except ValueError as error:
        why = {"No closing quotation": "a quote is not closed", "No escaped character": "a backslash stands at the end"}
        raise Refused("bad-words", why.get(str(error), str(error)), "words") from None


def run_client(session: Session, console: Console, cluster: Cluster, asked: Asked) -> ClientRun:
    """Have it run. Raises Refused with the field that is wrong."""
    check_brake(session, cluster)
    service = console.catalog.get(cluster.service)
    if service is None:
        raise Refused("unknown-service", f"there is no service folder {cluster.service}", "command")
    command = _allowed(service, asked)
    words = split_words(asked.words)
    if asked.command == CLASS and not words:
        raise Refused("bad-words", "write the name of a java class first, then its arguments", "words")
    if not 1 <= asked.seconds <= LONGEST_SECONDS:
        raise Refused("bad-option", f"seconds are between 1 and {LONGEST_SECONDS:.0f}", "seconds")
    task = _task_at(session, cluster, asked.host)
    _check_number(session, asked.user)
    args = {
        "command": asked.command,
        "words": words,
        "stays_open": command.interactive,
        "revision": current_revision(session),
        "files": asked.files,
        "host": session.get_one(Host, task.host_id).name,
    }
    step = lay(session, task, Step(verb=CLIENT, args=args, created_by=asked.user, created_at=asked.now), asked.seconds)
    run = ClientRun(
        step=step,
        cluster=cluster,
        command=asked.command,
        words=asked.words,
        interactive=command.interactive,
        created_by=asked.user,
        created_at=asked.now,
        typed=[],
        files=asked.files,
    )
    session.add(run)
    session.flush()
    return run


def commands_of(service: Service, may_run_code: bool) -> list[ClientCommand]:
    """Those that somebody may run; any java class is one of them for who may run any code."""
    any_class = ClientCommand(name=CLASS, title="Any java class of the package", main="-", example="", runs_code=True)
    found = [*service.commands, *([any_class] if service.class_path else [])]
    return [command for command in found if may_run_code or not command.runs_code]


def give_line(session: Session, run: ClientRun, text: str, end: bool, at: int, now: float) -> Step:
    """Let a run read one more line (with ``end``: the last). ``at``: what it had printed. Raises Refused."""
    if run.step.state in STEP_ENDED:
        raise Refused("has-ended", "it runs no more", "text")
    check_brake(session, run.cluster)
    if not run.interactive:
        raise Refused("reads-nothing", "this command reads no lines", "text")
    if run.typed and run.typed[-1]["end"] and run.typed[-1]["step"] not in lost_lines(session, run):
        raise Refused("input-closed", "its input was closed", "text")
    if len(text) > LONGEST_LINE or "\0" in text:
        raise Refused("bad-line", f"a line has at most {LONGEST_LINE} characters, and no NUL", "text")
    number = 1 + sum(one["step"] not in lost_lines(session, run) for one in run.typed)
    args = {"command_id": run.step.command_id, "number": number, "text": "" if end and not text else f"{text}\n"}
    task = run.step.task
    assert task is not None
    step = Step(verb=INPUT, args={**args, "end": end}, created_by=run.created_by, created_at=now)
    step = lay(session, task, step, LINE_SECONDS)
    run.typed = [*run.typed, {"step": step.id, "at": at, "text": text, "end": end}]
    return step


def lost_lines(session: Session, run: ClientRun) -> dict[int, str]:
    """Lines that the command was not given, by the number of their step, and why."""
    steps = [one["step"] for one in run.typed]
    query = select(Step.id, Step.message).where(Step.id.in_(steps), Step.state == StepState.FAILED.value)
    return {number: message for number, message in session.execute(query)}


def cancel_run(run: ClientRun, user: str, now: float) -> bool:
    """End it; whether there was something to end. Its worker says when it is gone."""
    step = run.step
    if step.state in STEP_ENDED or step.cancel_asked_at is not None:
        return False
    if step.state == StepState.WAITING:
        step.state, step.ended_at, step.message = StepState.CANCELLED.value, now, f"cancelled by {user}"
    else:
        step.cancel_asked_at, step.resent_at = now, 0.0
    return True


def output_of(console: Console, run: ClientRun, most: int) -> bytes:
    """What is here of what it printed, from its begin on."""
    return Outputs(console.var).read(run.step.command_id, 0, most)


def save_command(session: Session, service: Service, name: str, asked: Asked) -> None:
    """Keep a command under a name, in place of one that has it. Raises Refused."""
    command, words, user, now = asked.command, asked.words, asked.user, asked.now
    try:
        check("user", name)
    except BadName:
        text = "a name is 1 to 64 letters, digits, dots, dashes and underscores, without blanks"
        raise Refused("bad-name", text, "name") from None
    if command != CLASS and service.command(command) is None:
        raise Refused("unknown-command", f"there is no command {command!r}", "command")
    split_words(words)
    known = session.scalar(select(SavedCommand).filter_by(service=service.name, name=name))
    if known is None:
        count = session.scalar(select(func.count()).select_from(SavedCommand).filter_by(service=service.name)) or 0
        if count >= MOST_SAVED:
            raise Refused("too-many", f"{count} commands are saved already: delete one first", "name")
        known = SavedCommand(service=service.name, name=name)
        session.add(known)
    known.command, known.words, known.created_by, known.created_at = command, words, user, now
    session.flush()


def _allowed(service: Service, asked: Asked) -> ClientCommand:
    commands = {command.name: command for command in commands_of(service, True)}
    found = commands.get(asked.command)
    if found is None:
        known = ", ".join(commands) or "none"
        title = service.title or service.name
        raise Refused("unknown-command", f"{title} has no command {asked.command!r}; it has {known}", "command")
    if found.runs_code and not asked.may_run_code:
        text = f"{found.name} runs any code on the host: only an administrator may run it"
        raise Refused("not-allowed", text, "command")
    return found


def _task_at(session: Session, cluster: Cluster, host: str) -> Task:
    """A task of the cluster on that host, one that has its package before others. Raises Refused."""
    hosts = {row.id: row for row in session.scalars(select(Host).where(Host.state == HostState.APPROVED))}
    there = [task for task in cluster.tasks if task.described and task.host_id in hosts]
    if host:
        there = [task for task in there if host in (task.address, hosts[task.host_id or 0].name)]
    if not there:
        where = f"host {host!r} has no task of {cluster.name}" if host else f"no task of {cluster.name} has a host"
        raise Refused("no-host", f"{where} whose worker is approved", "host")
    return min(there, key=lambda task: (not task.bootstrapped, task.job_order, task.number))


def _check_number(session: Session, user: str) -> None:
    """Not too many at a time. Raises Refused."""
    ended = [state.value for state in STEP_ENDED]
    query = select(ClientRun.created_by).join(Step, Step.id == ClientRun.step_id).where(Step.state.not_in(ended))
    people = list(session.scalars(query))
    mine = people.count(user)
    if mine >= MOST_OF_ONE:
        raise Refused("too-many-runs", f"{mine} of your commands run already: wait for one, or cancel it")
    if len(people) >= MOST_OPEN:
        raise Refused("too-many-runs", f"{len(people)} commands run already: wait for one")
