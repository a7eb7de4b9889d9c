"""Keytabs on their way to hosts: which ones the files of a task name, and the waves that bring them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.clusterfile.rendered import RenderedTask
from minos_web.models.clusters import Cluster
from minos_web.models.keytabs import Keytab
from minos_web.operations.plan import Wave, step_for

KEYTAB_SECONDS = 60.0


def named_in(rendered: RenderedTask) -> list[str]:
    """Names of the keytabs in its run directory that a task's files or its command speak of."""
    start = rendered.start
    texts = [*rendered.files.values(), *start.jvm_args, *start.system_properties, *start.extra_args]
    texts += start.environment.values()
    place = rf"(?:{re.escape(rendered.dirs.run_dir)}|\$run_dir)/([A-Za-z0-9][\w.-]*\.keytab)\b"
    return sorted({name for text in texts for name in re.findall(place, text)})


def with_keytabs(session: Session, cluster: Cluster, waves: Sequence[Wave]) -> list[Wave]:
    """The same waves, and before each that brings files one that brings keytabs, where the cluster has any."""
    if session.scalar(select(Keytab.id).filter_by(cluster_id=cluster.id).limit(1)) is None:
        return list(waves)
    found: list[Wave] = []
    at: dict[int, int] = {}
    for number, wave in enumerate(waves):
        tasks = [step.task for step in wave.steps if step.verb == "prepare" and step.task is not None]
        if tasks:
            steps = (step_for(task, "keep-keytabs", "keytabs", {}, KEYTAB_SECONDS) for task in tasks)
            found.append(Wave("Send keytabs", tuple(steps)))
        at[number] = len(found)
        found.append(wave if wave.undoes is None else replace(wave, undoes=at[wave.undoes]))
    return found
