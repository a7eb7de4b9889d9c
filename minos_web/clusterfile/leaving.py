"""Lines that name decommissioned tasks, in the file of those that must know: an HDFS's excludes, a YARN's."""

from collections.abc import Mapping

from minos_web.catalog.description import Job
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.directories import HostDirs
from minos_web.clusterfile.evaluate import Evaluator, Scope
from minos_web.clusterfile.problems import Place, Problem

SECTION = "decommission"
"""Where a cluster says for a job how its tasks are named in that file, in place of the catalog's line."""


def with_leaving(
    files: Mapping[str, str],
    description: ClusterDescription,
    job: str,
    directories: Mapping[str, HostDirs],
    words: Evaluator,
) -> tuple[dict[str, str], list[Problem]]:
    """The raw files of a task of ``job``, with the lines of what is decommissioned; and what is wrong with those."""
    found, problems = dict(files), []
    for one in description.service.jobs:
        rule = one.leaving
        if rule is None or rule.read_by != job or rule.file not in files:
            continue
        lines, trouble = _lines(description, one, directories, words)
        problems += trouble
        if lines:
            text = found[rule.file]
            ended = text if not text or text.endswith("\n") else f"{text}\n"
            found[rule.file] = ended + "".join(f"{line}\n" for line in dict.fromkeys(lines))
    return found, problems


def _lines(
    description: ClusterDescription, job: Job, directories: Mapping[str, HostDirs], words: Evaluator
) -> tuple[list[str], list[Problem]]:
    described = description.all_jobs.get(job.name)
    table = description.configuration.tables.get(SECTION)
    own = table.values.get(job.name) if table else None
    text = own.text if own is not None and isinstance(own.text, str) else job.leaving.line if job.leaving else ""
    place = own.place if own is not None else Place(f"{description.service.name}/service.toml", None, "leaving")
    lines, problems = [], []
    for slot in described.tasks if described else ():
        if slot.leaves:
            line, found = words.text_of(text, place, Scope(slot, directories))
            problems += found
            lines.append(line)
    return lines, problems
