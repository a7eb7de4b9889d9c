"""The keeper: one thread that feeds what happens to tasks into their state machines and does what these say."""

import logging
import os
import random
import select
import sqlite3
import time
import uuid
from collections.abc import Callable

from minos_common.states import LIVE_TASK_STATES, TaskState
from minos_common.verbs import Lifecycle
from minos_common.words import TaskEvent, TaskName, TaskStatus
from minos_worker import lifecycle, records
from minos_worker.holding import Holdings
from minos_worker.journal import Journal
from minos_worker.keeper import spawn
from minos_worker.keeper.board import Board
from minos_worker.keeper.inbox import Inbox
from minos_worker.keeper.processes import Processes
from minos_worker.keeper.promise import Promise
from minos_worker.keeper.slot import Process, Slot, Waiter, clock, is_start_settled, is_stop_settled
from minos_worker.keeper.terms import Terms
from minos_worker.layout import Layout
from minos_worker.logs import last_lines
from minos_worker.process.identity import boot_id
from minos_worker.records import TaskRecord

log = logging.getLogger(__name__)

EXIT_PATIENCE = 10.0
"""Seconds to wait for the shim's exit record once the task is dead and the shim is not."""
KILL_PATIENCE = 30.0
"""Seconds of killing after which a slot counts as blocked (a process hangs in the kernel, or is not ours to kill)."""
LAST_LINES = 50


class Keeper:
    """Keeps tasks as they are wanted. ``tell`` gets each event, ``changed`` is called when a status changed without
    one, ``after_exit`` when a main process has ended; all three are called from the keeper's thread."""

    def __init__(
        self,
        layout: Layout,
        journal: Journal,
        tell: Callable[[TaskEvent], None],
        changed: Callable[[], None],
        after_exit: Callable[[TaskName], None],
        first_revision: int = 1,
    ) -> None:
        self.processes = Processes(layout)  # set before ``load`` where they are others
        self.terms = Terms()  # of every start from now on
        self._board = Board(first_revision)
        self.journal_trouble = ""
        self._layout, self._journal = layout, journal
        self._holdings = Holdings(layout)
        self._tell, self._changed, self._after_exit = tell, changed, after_exit
        self._slots: dict[TaskName, Slot] = {}
        self._inbox = Inbox()
        self._ending = False

    # ---- for other threads ------------------------------------------------------------------------------------

    @property
    def revision(self) -> int:
        """Of the newest status."""
        return self._board.revision

    def statuses(self) -> list[TaskStatus]:
        """Status of every task, as of now."""
        return list(self._board.statuses.values())

    def status(self, task: TaskName) -> TaskStatus | None:
        """Status of one task; None when this host does not know it."""
        return self._board.statuses.get(task)

    def process(self, task: TaskName) -> Process | None:
        """The task's process if it is alive; to be read, not changed."""
        return self._board.processes.get(task)

    def start(self, task: TaskName) -> Promise:
        """Want the task running; the promise is filled once that has worked out or not."""
        return self._ask(task, lifecycle.StartAsked(), is_start_settled)

    def stop(self, task: TaskName, wait: float | None) -> Promise:
        """Want the task stopped; the promise is filled once nothing of it is left."""
        return self._ask(task, lifecycle.StopAsked(wait), is_stop_settled)

    def describe(self, record: TaskRecord) -> None:
        """Take note of what was prepared for a task; used from its next start on. Returns when noted."""
        self._inbox.call(lambda: self._describe(record))

    def hold(self, record: TaskRecord, held: dict[str, str]) -> None:
        """Somebody looked at what of a task is on this host; out of date when something else was prepared since."""

        def take() -> None:
            slot = self._slots.get(record.task)
            if slot is not None and slot.record is record and slot.held != held:
                slot.held = held
                self._board.publish(slot)
                self._changed()

        self._inbox.post(take)

    def prepared(self) -> list[TaskRecord]:
        """What was prepared for each task of this host."""
        return [slot.record for slot in list(self._slots.values()) if slot.record is not None]

    def forget(self, task: TaskName) -> None:
        """The task is no more. Returns when forgotten."""
        self._inbox.call(lambda: self._forget(task))

    def end(self) -> None:
        """Let ``run`` return; tasks stay."""
        self._ending = True
        self._inbox.nudge()

    def _ask(self, task: TaskName, event: lifecycle.Event, is_settled: Callable[[lifecycle.Memory], bool]) -> Promise:
        promise = Promise()

        def ask() -> None:
            slot = self._slots.get(task)
            if slot is None:
                promise.fill(None)
                return
            self._feed(slot, event)
            slot.waiters.append(Waiter(is_settled, promise))
            slot.settle()

        self._inbox.post(ask)
        return promise

    # ---- the thread -------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Find every task of this host and take over its process; before ``run``, from the same thread or none."""
        self.processes.begin()
        memories = self._journal.memories()
        for record in records.load_all(self._layout):
            slot = self._slot(record.task, memories.get(record.task, lifecycle.Memory()), record)
            event = self.processes.found(slot, boot_id())
            if event is not None:
                self._feed(slot, event)
            self._tidy(slot)
            self._look(slot, set())  # the first hello must not call a task running that is dead
            self._board.publish(slot)

    def run(self) -> None:
        """Keep tasks until ``end``; an error with one task is logged and does not touch the others."""
        while not self._ending:
            try:
                self._turn()
            except Exception:
                log.exception("keeping tasks")
                time.sleep(0.1)
        self.processes.end()

    def _turn(self) -> None:
        ready = self._wait()
        self._inbox.work_off()
        for slot in list(self._slots.values()):
            try:
                self._look(slot, ready)
            except Exception:
                log.exception("keeping %s", slot.task)
                time.sleep(0.05)  # never spin on an error that stays

    def _wait(self) -> set[int]:
        poll = select.poll()
        poll.register(self._inbox.wake, select.POLLIN)
        for slot in self._slots.values():
            for handle in (slot.process.main_fd, slot.process.shim_fd) if slot.process else ():
                if handle is not None:
                    poll.register(handle, select.POLLIN)
        ready = {handle for handle, _ in poll.poll(max(self._patience(), 0.0) * 1000)}
        if self._inbox.wake in ready:
            self._inbox.heard()
        return ready

    def _patience(self) -> float:
        """Seconds until somebody has to look even if nothing happens."""
        now, patience = clock(), 5.0
        for slot in self._slots.values():
            if slot.is_busy:
                patience = min(patience, 0.02)
            elif slot.unsaved or slot.awaits_gone:
                patience = min(patience, 0.2)
            due = lifecycle.next_clock(slot.memory)
            if due is not None:
                patience = min(patience, due - now)
        return patience

    def _look(self, slot: Slot, ready: set[int]) -> None:
        self._look_at_process(slot, ready)
        if slot.killing or slot.spawning:
            self._free(slot)
        elif slot.awaits_gone and self._is_free(slot) and self._has_told(slot):
            self._feed(slot, lifecycle.Gone())
        due = lifecycle.next_clock(slot.memory)
        if due is not None and clock() >= due:
            self._feed(slot, lifecycle.Ticked())
        if slot.unsaved:
            self._save(slot, None)

    def _look_at_process(self, slot: Slot, ready: set[int]) -> None:
        process = slot.process
        if process is None:
            return
        if process.main_fd is not None and process.main_fd in ready:
            os.close(process.main_fd)
            process.main_fd = None
            process.dead_since = clock()
        if process.shim_fd is not None and process.shim_fd in ready:
            os.close(process.shim_fd)
            process.shim_fd = None
            self._board.publish(slot)
            if process.main_fd is not None:
                log.warning("%s: its shim is gone; the task runs on, unattended", slot.task)
                self._changed()
        if process.main_fd is None and not process.exit_told:
            self._tell_exit(slot, process)

    def _tell_exit(self, slot: Slot, process: Process) -> None:
        event = self.processes.how_ended(slot, process)
        if event is None:
            process.dead_since = process.dead_since or clock()
            if process.shim_fd is not None and clock() - process.dead_since < EXIT_PATIENCE:
                return  # its shim is about to write how it ended
            event = lifecycle.Exited("unknown", None, time.time(), len(self.processes.members(slot)))
        process.exit_told = True
        slot.last_lines = last_lines(process.record.stdout, LAST_LINES)
        log.info("%s (pid %d) ended: %s %s", slot.task, process.record.pid, event.kind, event.value)
        self._feed(slot, event)
        self._after_exit(slot.task)

    def _has_told(self, slot: Slot) -> bool:
        """Of a slot that is free: whether it was told how its process ended. It may have died since we last listened, and
        that it is gone must not be told before how.
        """
        process = slot.process
        if process is None or process.exit_told:
            return True
        if process.main_fd is not None:
            os.close(process.main_fd)
            process.main_fd, process.dead_since = None, clock()
        self._tell_exit(slot, process)
        return process.exit_told

    def _free(self, slot: Slot) -> None:
        """One round of making the slot free; then whatever waited for that."""
        if not self._is_free(slot):
            left = self.processes.members(slot)
            self.processes.kill(left)
            if clock() - slot.busy_since > KILL_PATIENCE:
                self._give_up(slot, left)
            return
        if not self._has_told(slot):
            return
        if slot.killing:
            slot.killing = False
            self._feed(slot, lifecycle.Gone())
        if slot.spawning:
            slot.spawning = False
            self._spawn(slot)

    def _give_up(self, slot: Slot, left: dict[int, int]) -> None:
        held = ", ".join(map(str, sorted(left))) or "processes that this worker may not see"
        reason = f"its slot is still held by {held}, {KILL_PATIENCE:.0f} s after they were killed"
        slot.killing = slot.spawning = False
        self._feed(slot, lifecycle.Blocked(reason))

    def _spawn(self, slot: Slot) -> None:
        if slot.memory.state is not TaskState.STARTING:
            return
        if slot.process is not None:
            slot.process.close()
        if slot.record is not None:
            slot.held = self._holdings.of(slot.record)
        try:
            slot.process = self.processes.start(slot, self.terms)
        except spawn.Refused as error:
            log.warning("%s could not be started: %s", slot.task, error)
            self._feed(slot, lifecycle.SpawnRefused(str(error)))
            return
        log.info("%s started with pid %d", slot.task, slot.process.record.pid)
        self._feed(slot, lifecycle.Spawned(slot.process.record.pid))

    def _feed(self, slot: Slot, event: lifecycle.Event) -> None:
        """Let the machine move: remembered first, told second, done third."""
        policy = slot.record.start.lifecycle if slot.record else Lifecycle()
        now = lifecycle.Moment(clock(), time.time())
        before = slot.memory
        jitter = random.uniform(0.75, 1.25)
        memory, instructions = lifecycle.step(before, event, policy, now, jitter)
        if memory != before or isinstance(event, lifecycle.Adopted):
            slot.memory = memory
            told = None
            if memory.state is not before.state or memory.since != before.since:
                log.info("%s: %s -> %s %s", slot.task, before.state, memory.state, memory.reason)
                told = TaskEvent(
                    uuid.uuid4().hex, now.wall, before.state, _status_after(slot, event), self.revision + 1
                )
            self._save(slot, told)
            self._board.publish(slot)
            if told is not None:
                self._tell(told)
            else:
                self._changed()
        slot.settle()
        for instruction in instructions:
            self._do(slot, instruction)

    def _do(self, slot: Slot, instruction: lifecycle.Instruction) -> None:
        if isinstance(instruction, lifecycle.Spawn):
            slot.spawning, slot.killing, slot.busy_since = True, False, clock()
        elif isinstance(instruction, lifecycle.KillAll):
            slot.killing, slot.spawning, slot.busy_since = True, False, clock()
        else:
            self._signal(slot, instruction.number)

    def _signal(self, slot: Slot, number: int) -> None:
        slot.spawning = False
        if slot.process is not None and slot.process.main_fd is not None:
            self.processes.send(slot.process, number)
        else:
            self.processes.kill(self.processes.members(slot), number)

    def _is_free(self, slot: Slot) -> bool:
        return not self.processes.members(slot) and not self.processes.is_held(slot)

    # ---- bookkeeping ------------------------------------------------------------------------------------------

    def _slot(self, task: TaskName, memory: lifecycle.Memory, record: TaskRecord | None) -> Slot:
        slot = Slot(task, self._layout.slot_dir(task), memory, record)
        if record is not None:
            slot.held = self._holdings.of(record)
        self._slots[task] = slot
        return slot

    def _describe(self, record: TaskRecord) -> None:
        slot = self._slots.get(record.task)
        if slot is None:
            slot = self._slot(record.task, lifecycle.Memory(since=time.time()), record)
        slot.record, slot.held = record, self._holdings.of(record)
        self._board.publish(slot)
        self._changed()

    def _forget(self, task: TaskName) -> None:
        slot = self._slots.pop(task, None)
        if slot is None:
            return
        if slot.process is not None:
            slot.process.close()
        self._holdings.forget(task)
        self._board.take_away(task)
        self._journal.forget(task)
        self._changed()

    def _tidy(self, slot: Slot) -> None:
        """After a restart of the worker: what was at rest must have left nothing behind."""
        if slot.memory.state in LIVE_TASK_STATES or slot.memory.state is TaskState.UNKNOWN:
            return
        if self.processes.is_held(slot):
            self._do(slot, lifecycle.KillAll())

    def _save(self, slot: Slot, event: TaskEvent | None) -> None:
        try:
            self._journal.remember(slot.task, slot.memory, event)
        except sqlite3.Error as error:
            if not slot.unsaved:
                log.error("%s: its state cannot be written down: %s", slot.task, error)
            slot.unsaved, self.journal_trouble = True, str(error)
        else:
            slot.unsaved, self.journal_trouble = False, ""


def _status_after(slot: Slot, event: lifecycle.Event) -> TaskStatus:
    """The status with which a change is told: how a process ended is told with its last lines, also when the next one is
    on its way already.
    """
    status = slot.status()
    if isinstance(event, lifecycle.Exited) and not status.last_lines:
        status.last_lines = slot.last_lines
    return status
