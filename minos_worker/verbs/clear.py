"""clear-log: empties the captured output of a task."""

from minos_common.states import AT_REST_TASK_STATES
from minos_common.verbs import ClearLogArgs
from minos_worker import records
from minos_worker.verbs.work import Answer, Call, Failed, Place


def clear_log(place: Place, args: ClearLogArgs, _call: Call) -> Answer:
    """Empty what the task writes to and delete all older output. The service's own logs stay."""
    layout, task = place.layout, args.task

    def may_delete(path: str) -> bool:
        """Whether nobody writes to this file. Asked after it was listed, so a file that a start makes just now is either
        not listed, or the start is seen here: under way, or in the process record.
        """
        status, record = place.keeper.status(task), records.process_of(layout.slot_dir(task))
        known = record is not None and status is not None and status.pid is not None
        at_rest = status is None or status.state in AT_REST_TASK_STATES
        return (known or at_rest) and (record is None or record.stdout != path)

    try:
        files, size = place.outputs.clear(layout.stdout_dir(task), may_delete)
    except OSError as error:
        raise Failed(f"the output cannot be cleared: {error}") from error
    if not files:
        return Answer("there was no output to clear", data={"files": 0, "bytes": 0})
    return Answer(
        f"cleared {files} file{'s' if files > 1 else ''} of {size} bytes", data={"files": files, "bytes": size}
    )
