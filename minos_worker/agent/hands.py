"""The hands: threads that carry out commands, so that neither disk nor network ever holds up the loop."""

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable

from minos_common.states import Outcome
from minos_common.words import Accepted, Command, FromWorker, Progress, Report, TaskName
from minos_worker.agent.threads import Threads
from minos_worker.journal import interrupted
from minos_worker.verbs.table import QUESTIONS, TABLE, carry_out, task_of
from minos_worker.verbs.work import Call, Place

log = logging.getLogger(__name__)

WRITE_AGAIN_SECONDS = 3.0


class Hands:
    """Takes commands from the loop. Commands that wait their turn queue up per task, never for another task.

    ``tell`` hands a message to the loop and may be called from any thread; a Report given to it is owed until noted.
    """

    def __init__(self, place: Place, tell: Callable[[FromWorker], None], threads: Threads) -> None:
        self._place, self._tell = place, tell
        self._long, self._quick, self._answering = threads.long, threads.quick, threads.answering
        self._lock = threading.Lock()
        self._open: dict[str, Call] = {}
        self._turns: dict[TaskName, deque[Call]] = {}
        self._unwritten: dict[str, Report] = {}
        self._answered: set[str] = set()
        """Ids of questions whose answers are not noted: the journal knows nothing of them."""
        self._write_again_at = 0.0
        self._is_closed = False

    def open_commands(self) -> list[str]:
        """Ids of the commands that are accepted and not answered."""
        return list(self._open)

    def close(self, closed: bool) -> None:
        """While closed, no command is taken: the console repeats it until somebody does."""
        self._is_closed = closed

    def at_work(self) -> list[str]:
        """What is under way that should not be torn, e.g. "prepare"; empty when the worker may start again."""
        with self._lock:
            verbs = [TABLE.get(call.command.verb) for call in self._open.values()]
            named = zip(verbs, self._open.values(), strict=True)
            return [call.command.verb for verb, call in named if verb and not verb.question and not verb.alone]

    def take(self, command: Command) -> None:
        """A command has come, perhaps for the second time. Returns at once."""
        if command.command_id in self._answered:
            return  # the answer is owed, and told until it is noted
        with self._lock:
            running = self._open.get(command.command_id)
            if running is None and self._is_closed:
                return
            if running is None:
                deadline = time.clock_gettime(time.CLOCK_BOOTTIME) + command.expires_in
                call = self._call(command, deadline)
        if running is not None:
            if running.is_accepted:  # otherwise the answer to the first one is on its way, and is for both
                self._tell(Accepted(command.command_id, running.command.attempt))
            return
        if _is_question(command):
            self._take_up(call)
        else:
            self._quick.submit(self._guarded, self._receive, call)

    def cancel(self, command_id: str, attempt: int) -> None:
        """Ask a command to stop, if it has not ended and this attempt is the one at work."""
        call = self._open.get(command_id)
        if call is not None and call.command.attempt <= attempt:
            call.is_cancelled = True

    def sweep(self) -> None:
        """Answer those whose time is over, or who were cancelled, while they wait their turn. Called now and then."""
        with self._lock:
            for line in self._turns.values():
                over = [call for call in list(line)[1:] if call.is_cancelled or call.remaining() <= 0]
                for call in over:
                    line.remove(call)
                    self._quick.submit(self._guarded, self._carry_out, call, None)
        if self._unwritten and time.monotonic() >= self._write_again_at:
            self._write_again_at = time.monotonic() + WRITE_AGAIN_SECONDS
            self._quick.submit(self._guarded, self._write_again)

    def resume(self) -> None:
        """After a restart of the worker: go on with what was accepted and not answered; owe what was not noted."""
        self._place.journal.drop(QUESTIONS)  # an older release wrote them down; the console asks again
        for report in self._place.journal.unnoted():
            self._tell(report)
        for entry in self._place.journal.unfinished():
            verb = TABLE.get(entry.command.verb)
            if verb is not None and verb.once and entry.begun:
                message = f"the worker died while {entry.command.verb} was at work: look at what it left, then decide"
                self._finish(interrupted(entry, message))
                continue
            with self._lock:
                call = self._call(entry.command, entry.deadline_clock)
            call.repeated = call.is_accepted = True
            self._queue(call)

    def note(self, command_ids: list[str], event_ids: list[str]) -> None:
        """The console has these: remember that, on a thread that may wait for the disk."""
        deeds = [one for one in command_ids if one not in self._answered]
        self._answered.difference_update(command_ids)
        if deeds or event_ids:
            self._quick.submit(self._note, deeds, event_ids)

    def run(self, action: Callable[[], None]) -> None:
        """Do something else that may take its time."""
        self._long.submit(self._guarded, action)

    def write(self, action: Callable[[], None]) -> None:
        """Do something short that may have to wait for the disk."""
        self._quick.submit(self._guarded, action)

    def _call(self, command: Command, deadline: float) -> Call:
        def tell(message: str, fraction: float | None) -> None:
            self._tell(Progress(command.command_id, message, fraction))

        call = Call(command, deadline, tell, self._tell)
        self._open[command.command_id] = call
        return call

    def _receive(self, call: Call) -> None:
        """Known already: repeat the answer. New: remember it, say so, and let it wait its turn."""
        command = call.command
        report = self._known_report(command)
        if report is not None:
            self._tell(report)
            self._close(command.command_id)
            return
        if self._accept(call):
            self._take_up(call)

    def _take_up(self, call: Call) -> None:
        call.is_accepted = True
        self._tell(Accepted(call.command.command_id, call.command.attempt))
        self._queue(call)

    def _known_report(self, command: Command) -> Report | None:
        """How this command has ended already; None for a new one, and for a newer attempt: that is carried out anew."""
        report = self._unwritten.get(command.command_id)
        if report is None:
            try:
                known = self._place.journal.find(command.command_id)
            except sqlite3.Error as error:
                log.error("the journal cannot be read: %s", error)
                return None
            report = known.report if known is not None else None
        return report if report is not None and report.attempt >= command.attempt else None

    def _accept(self, call: Call) -> bool:
        """Journal before acting. What may not be repeated is not done unless it is written down."""
        command = call.command
        try:
            self._place.journal.accept(command)
            return True
        except sqlite3.Error as error:
            log.error("command %s cannot be written down: %s", command.command_id, error)
            verb = TABLE.get(command.verb)
            if verb is None or not verb.once:
                return True  # a repeat is harmless, and a full disk must not keep a stop from being done
            message = f"the worker cannot write it down ({error}), so it did not begin"
            now = time.time()
            report = Report(command.command_id, Outcome.REFUSED, message, command.attempt, started=now, ended=now)
            self._tell(report)
            self._close(command.command_id)
            return False

    def _queue(self, call: Call) -> None:
        verb = TABLE.get(call.command.verb)
        task = task_of(call) if verb is not None and verb.waits else None
        if task is not None:
            with self._lock:
                line = self._turns.setdefault(task, deque())
                line.append(call)
                if len(line) > 1:
                    return
        self._submit(call, task)

    def _submit(self, call: Call, task: TaskName | None) -> None:
        verb = TABLE.get(call.command.verb)
        pool = self._answering if _is_question(call.command) else self._quick
        if task is not None or (verb is not None and verb.long):
            pool = self._long
        pool.submit(self._guarded, self._carry_out, call, task)

    def _carry_out(self, call: Call, task: TaskName | None) -> None:
        try:
            report = carry_out(self._place, call)
            if _is_question(call.command):
                self._answered.add(report.command_id)
                self._tell_end(report)
            else:
                self._finish(report)
        finally:
            if task is not None:
                self._next(task)

    def _next(self, task: TaskName) -> None:
        with self._lock:
            line = self._turns[task]
            line.popleft()
            following = line[0] if line else None
            if following is None:
                del self._turns[task]
        if following is not None:
            self._submit(following, task)

    def _finish(self, report: Report) -> None:
        """Written down first, told second. When it cannot be written it is told all the same: it is the truth."""
        try:
            self._place.journal.report(report)
        except sqlite3.Error as error:
            log.error("the report on %s cannot be written down: %s", report.command_id, error)
            self._unwritten[report.command_id] = report
        self._tell_end(report)

    def _tell_end(self, report: Report) -> None:
        log.info("%s: %s: %s", report.command_id, report.outcome, report.message)
        self._tell(report)
        self._close(report.command_id)  # second: at no moment it is neither under way nor owed

    def _write_again(self) -> None:
        for command_id, report in list(self._unwritten.items()):
            try:
                self._place.journal.report(report)
            except sqlite3.Error:
                return
            self._unwritten.pop(command_id, None)

    def _close(self, command_id: str) -> None:
        with self._lock:
            self._open.pop(command_id, None)

    def _note(self, command_ids: list[str], event_ids: list[str]) -> None:
        try:
            self._place.journal.note(command_ids, event_ids)
        except sqlite3.Error as error:  # they are told again after a restart, and noted again
            log.warning("what the console has noted cannot be written down: %s", error)

    def _guarded(self, function: Callable[..., None], *args: object) -> None:
        try:
            function(*args)
        except Exception:
            log.exception("in a hand")


def _is_question(command: Command) -> bool:
    verb = TABLE.get(command.verb)
    return verb is not None and verb.question
