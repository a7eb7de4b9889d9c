"""post.sh: what a cluster's description wants done after a task has ended."""

import logging

from minos_common.words import TaskName
from minos_worker.keeper.spawn import belongs_to, environment
from minos_worker.layout import Layout
from minos_worker.process import hooks
from minos_worker.task_user import TaskUser

log = logging.getLogger(__name__)

POST_SCRIPT = "post.sh"
POST_SECONDS = 60.0


def run_post_script(layout: Layout, task: TaskName, user: TaskUser | None = None) -> None:
    """Run the task's post.sh with job and run directory, if it has one that is not empty; its result goes to the log."""
    run_dir = layout.run_dir(task)
    path = run_dir / POST_SCRIPT
    try:
        if path.stat().st_size == 0:
            return
        if not belongs_to(path, user):
            log.warning("%s: post.sh is not run: it belongs to another user than the task", task)
            return
        surrounding = environment("", "", run_dir, user)
        argv = ["/bin/bash", str(path), task.job, str(run_dir)]
        ended = hooks.run(argv, run_dir, surrounding, POST_SECONDS, user=user)
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning("%s: post.sh cannot be run: %s", task, error)
        return
    how = (
        f"did not end within {POST_SECONDS:.0f} s and was killed" if ended.code is None else f"ended with {ended.code}"
    )
    log.info("%s: post.sh %s %s", task, how, ended.output[-500:].strip())
