"""Every state a thing can be in; this file imports nothing of ours."""

from enum import StrEnum


class TaskState(StrEnum):
    """State of one task (process) as its worker sees it. Values are the words of the original's supervisor."""

    STOPPED = "STOPPED"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    BACKOFF = "BACKOFF"
    STOPPING = "STOPPING"
    EXITED = "EXITED"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"


LIVE_TASK_STATES = frozenset({TaskState.STARTING, TaskState.RUNNING, TaskState.STOPPING})
"""States in which a process of the task exists."""

AT_REST_TASK_STATES = frozenset({TaskState.STOPPED, TaskState.EXITED, TaskState.FATAL})
"""States from which nothing happens by itself."""


class Outcome(StrEnum):
    """How a command ended on the worker."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"  # the worker would not begin: wrong arguments, not bootstrapped, not empty
    EXPIRED = "expired"  # it arrived, or was still waiting, after its deadline
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"  # the worker died between begin and end, and the verb may not be repeated by itself


class StepState(StrEnum):
    """State of one step of an operation, on the table."""

    WAITING = "waiting"
    SENT = "sent"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"  # past its deadline with the host silent: we do not know


STEP_ENDED = frozenset({StepState.DONE, StepState.FAILED, StepState.SKIPPED, StepState.CANCELLED})
STEP_OPEN = frozenset({StepState.SENT, StepState.RUNNING, StepState.UNKNOWN})
"""Steps handed to a worker that have not been answered yet."""


class OperationState(StrEnum):
    """State of an operation, on the table."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPERATION_ENDED = frozenset({OperationState.DONE, OperationState.FAILED, OperationState.CANCELLED})


class HostState(StrEnum):
    """Whether a worker's key may speak for a host."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    REVOKED = "revoked"
