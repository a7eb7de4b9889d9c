"""The table of what can be asked, and the one place where a command becomes a call and an exception a report."""

import logging
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from minos_common.names import BadName
from minos_common.states import Outcome
from minos_common.verbs import VERBS
from minos_common.wire import MAX_MESSAGE
from minos_common.words import Report, TaskName
from minos_worker.layout import BadInstance
from minos_worker.verbs import look, run
from minos_worker.verbs.bring import bring_package
from minos_worker.verbs.clear import clear_log
from minos_worker.verbs.client import client, client_input
from minos_worker.verbs.keytabs import keep_keytabs
from minos_worker.verbs.page import read_page
from minos_worker.verbs.prepare import prepare
from minos_worker.verbs.rotate import rotate_key
from minos_worker.verbs.send import send_log
from minos_worker.verbs.upgrade import upgrade
from minos_worker.verbs.work import Answer, Call, Expired, Frozen, Place, Refused, Unsuccessful

log = logging.getLogger(__name__)

_MOST_OUTPUT = 64 * 1024
_MOST_MESSAGE = 4000
_MOST_REPORT = MAX_MESSAGE - 16 * 1024


class Verb(NamedTuple):
    """``question``: it has no effect, needs no turn and no memory. ``waits``: it takes turns with others of its task.
    ``once``: it may not be repeated by itself when the worker died after it had begun. ``long``: it takes its time, and
    must not take a hand from those that are quick. ``alone``: it ends only when nothing else is under way."""

    function: Callable[[Place, Any, Call], Answer]
    question: bool = False
    waits: bool = False
    once: bool = False
    long: bool = False
    alone: bool = False


TABLE: dict[str, Verb] = {
    "prepare": Verb(prepare, waits=True, once=True),
    "bring": Verb(bring_package, waits=True, long=True),
    "keep-keytabs": Verb(keep_keytabs, question=True),  # no question, but nothing of it may lie in the journal
    "start": Verb(run.start, waits=True),
    "stop": Verb(run.stop),  # takes no turn: it may interrupt a start
    "kill": Verb(run.kill, once=True),
    "show": Verb(run.show, question=True),
    "clean": Verb(run.clean, waits=True, once=True),
    "preflight": Verb(look.preflight, question=True),
    "probe": Verb(look.probe, question=True, long=True),
    "list-logs": Verb(look.list_logs, question=True),
    "read-log": Verb(look.read_log, question=True),
    "search-log": Verb(look.search_log, question=True),
    "send-log": Verb(send_log, question=True, long=True),
    "clear-log": Verb(clear_log),  # takes no turn: nothing that starts or stops is touched by it
    "read-files": Verb(look.read_files, question=True),
    "read-page": Verb(read_page, question=True, long=True),
    "rotate-key": Verb(rotate_key),
    "client": Verb(client, once=True, long=True),
    "client-input": Verb(client_input, question=True, long=True),
    "upgrade": Verb(upgrade, long=True, alone=True),
}

QUESTIONS = frozenset(name for name, verb in TABLE.items() if verb.question)


def task_of(call: Call) -> TaskName | None:
    """The task a command is about; None when its arguments are not what they should be."""
    try:
        args = msgspec.msgpack.decode(call.command.args, type=VERBS[call.command.verb])
    except (KeyError, msgspec.MsgspecError):
        return None
    task: TaskName | None = getattr(args, "task", None)
    return task


def carry_out(place: Place, call: Call) -> Report:
    """Carry a command out and report; whatever happens, there is a report, and it fits into a message."""
    started = time.time()
    outcome, answer = _outcome(place, call)
    report = _report(call, outcome, answer, started)
    if len(msgspec.msgpack.encode(report)) > _MOST_REPORT:
        return _report(call, Outcome.FAILED, Answer(f"the answer is too large: {answer.message}"), started)
    return report


def _report(call: Call, outcome: Outcome, answer: Answer, started: float) -> Report:
    return Report(
        command_id=call.command.command_id,
        outcome=outcome,
        message=answer.message[:_MOST_MESSAGE],
        attempt=call.command.attempt,
        output=answer.output[-_MOST_OUTPUT:],
        data=answer.data,
        started=started,
        ended=time.time(),
    )


def _outcome(place: Place, call: Call) -> tuple[Outcome, Answer]:
    try:
        return Outcome.DONE, _answer(place, call)
    except Unsuccessful as error:
        return error.outcome, Answer(str(error), error.output, error.data)
    except (msgspec.MsgspecError, BadName, BadInstance) as error:
        return Outcome.REFUSED, Answer(f"arguments of {call.command.verb}: {error}")
    except Exception as error:
        log.exception("%s %s", call.command.verb, call.command.command_id)
        return Outcome.FAILED, Answer(f"the worker failed: {type(error).__name__}: {error}")


def _answer(place: Place, call: Call) -> Answer:
    verb = TABLE.get(call.command.verb)
    if verb is None:
        raise Refused(f"unknown verb {call.command.verb!r}; known are {', '.join(TABLE)}")
    call.check_cancelled()
    if why := place.brake.why(call.command.verb, task_of(call)):
        raise Frozen(f"not begun: {why}", place.brake.revision)
    if call.remaining() <= 0:
        raise Expired("its time was over before it could begin")
    call.check()
    args = msgspec.msgpack.decode(call.command.args, type=VERBS[call.command.verb])
    return verb.function(place, args, call)
