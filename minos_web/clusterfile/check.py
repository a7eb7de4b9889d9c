"""Checks one file of the config directory as the editor wants it: every problem, with its line."""

import re
from dataclasses import replace

from minos_web.catalog.loader import Catalog
from minos_web.clusterfile.bases import is_base_only
from minos_web.clusterfile.description import ClusterDescription, TaskSlot
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.parse import parse
from minos_web.clusterfile.problems import ClusterFileError, Place, Problem, error_at
from minos_web.clusterfile.render import render_task
from minos_web.clusterfile.tree import ConfigTree, NotText, cluster_of

_BASE_FILE = re.compile(r"conf/.+\.cfg")


def check_file(tree: ConfigTree, path: str, catalog: Catalog) -> list[Problem]:
    """What is wrong with the file at ``path``, errors first.

    A cluster file is loaded and every task of it rendered; other ``.cfg`` files below ``conf/`` and those that are
    called like a cluster, but are only built on, are parsed; any other file is fine. What fails for some tasks only is a warning here: the rest can still be deployed.
    """
    named = cluster_of(path)
    if named and not is_base_only(tree, path):
        return _check_cluster(tree, *named, catalog)
    if not _BASE_FILE.fullmatch(path):
        return []
    try:
        text = tree.read(path)
    except NotText as error:
        return [error_at(Place(path), str(error))]
    return parse(text, path)[1] if text is not None else [error_at(Place(path), f"there is no file {path}")]


def _check_cluster(tree: ConfigTree, service: str, cluster: str, catalog: Catalog) -> list[Problem]:
    try:
        description = load_cluster(tree, service, cluster, catalog)
    except ClusterFileError as error:
        return error.problems
    failures: dict[Problem, list[TaskSlot]] = {}
    for slot in description.tasks():
        try:
            render_task(description, slot)
        except ClusterFileError as error:
            for problem in error.problems:
                failures.setdefault(problem, []).append(slot)
    found = [_weighed(description, problem, slots) for problem, slots in failures.items()]
    return ClusterFileError([*found, *description.warnings]).problems


def _weighed(description: ClusterDescription, problem: Problem, failed: list[TaskSlot]) -> Problem:
    """An error stays one when every task that could meet it did; else it becomes a warning that names the tasks."""
    if problem.level != "error":
        return problem
    section = problem.section or ""
    jobs = {slot.job for slot in failed}
    everyone = section.startswith("configuration") or section == "arguments/service_common"
    concerned = [slot for slot in description.tasks() if everyone or slot.job in jobs]
    if len(failed) == len(concerned):
        return problem
    shown = ", ".join(f"{slot.job} {slot.task_id} on {slot.host_address}" for slot in failed[:3])
    more = f" and {len(failed) - 3} more" if len(failed) > 3 else ""
    return replace(problem, level="warning", message=f"{problem.message} (so it fails for {shown}{more})")
