"""Reads a conformance case, renders what it asks for and looks up the facts that it names."""

import re
from functools import cached_property
from typing import Any
from xml.etree import ElementTree

import yaml

from minos_web.catalog.loader import Catalog
from minos_web.clusterfile.description import ClusterDescription, TaskSlot
from minos_web.clusterfile.directories import HostDirs
from minos_web.clusterfile.evaluate import Context
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.render import render_task
from minos_web.clusterfile.rendered import RenderedTask
from minos_web.clusterfile.select import BadSelection, select_tasks
from minos_web.clusterfile.tree import MappingTree

ABSENT = object()
ADMINISTRATORS = {"zk_admin", "hdfs_admin", "hbase_admin", "yarn_admin", "operator"}


class Outcome:
    """What the console makes of one case: an ``error`` text, or tasks and sequences whose facts can be looked up."""

    def __init__(self, case: dict[str, Any], fixtures: dict[str, dict[str, str]], catalog: Catalog) -> None:
        self._request = case["request"]
        files = {path: text for name in case["uses"] for path, text in fixtures[name].items()}
        files.update(case.get("files", {}))
        self._tree = MappingTree(files)
        self._catalog = catalog
        self._roots = _Everywhere(self._request["supervisor"])
        self.error = ""
        self.tasks: dict[tuple[str, int, int], RenderedTask] = {}
        self.description: ClusterDescription | None = None
        try:
            self._run()
        except (ClusterFileError, BadSelection) as error:
            self.error = str(error)

    def _run(self) -> None:
        request = self._request
        self.description = load_cluster(self._tree, request["service"], request["cluster"], self._catalog)
        self._check_operator()
        context = Context(remote_user=request["remote_user"], log_level=request["log_level"])
        for slot in self._chosen:
            task = render_task(self.description, slot, self._roots, context)
            self.tasks[(slot.job, slot.host_id, slot.instance_id)] = task

    def _check_operator(self) -> None:
        """In the console this is a role; here the ticket stands for the one who asks."""
        assert self.description
        user = self._request["kerberos_user"]
        if self.description.secured and user not in ADMINISTRATORS:
            self.error = f"{user or 'nobody'} is not an administrator of this secured cluster (or has no ticket)"

    @cached_property
    def _chosen(self) -> list[TaskSlot]:
        assert self.description
        numbers = [int(number) for number in self._request["tasks"] or ()]
        return select_tasks(self.description, self._request["jobs"] or (), numbers)

    def fact(self, path: list[str], task: dict[str, Any] | None) -> Any:
        """The value at ``path``, ABSENT when there is none."""
        if path[:1] == ["sequence"]:
            return self._sequence(path[1])
        assert task
        rendered = self.tasks.get((task["job"], task["host_id"], task["instance_id"]))
        if rendered is None:
            return ABSENT
        return _dig(self._facts(rendered, path), path)

    def _sequence(self, command: str) -> list[list[Any]]:
        assert self.description
        jobs = [job.name for job in (self.description.stop_jobs if command == "stop" else self.description.jobs)]
        slots = sorted(self._chosen, key=lambda slot: jobs.index(slot.job))
        return [[slot.job, slot.host_id, slot.instance_id] for slot in slots]

    def _facts(self, task: RenderedTask, path: list[str]) -> dict[str, Any]:
        assert self.description
        facts = task.as_json()
        raw = self.description.raw_files
        facts["raw_contents"] = {name: task.files[name] for name in raw}
        facts["raw_files"] = {name: {"source": "%{config_dir}/" + file.source} for name, file in raw.items()}
        facts["plain_start"] = {"config_files": [], "script": False}
        facts["files"] = {name: read_back(name, text) for name, text in task.files.items() if name not in raw}
        facts["start"]["evaluated"] = _on_the_host(task)
        if not facts["start"]["program"]:
            del facts["start"]["program"]
        return facts


class _Everywhere(dict[str, HostDirs]):
    """The same roots for every host."""

    def __init__(self, supervisor: dict[str, Any]) -> None:
        super().__init__()
        self._roots = HostDirs(
            supervisor["app_root"],
            supervisor["log_root"],
            tuple(supervisor["data_dirs"]),
            supervisor["package_root"],
        )

    def get(self, _address: str, _default: Any = None) -> HostDirs:  # type: ignore[override]
        return self._roots


def _dig(facts: Any, path: list[str]) -> Any:
    for step in path:
        if not isinstance(facts, dict) or step not in facts:
            return ABSENT
        facts = facts[step]
    return facts


def _on_the_host(task: RenderedTask) -> dict[str, list[str]]:
    """Arguments and class path after the worker has put in what only the host knows."""
    values = {
        "run_dir": task.dirs.run_dir,
        "package_dir": task.dirs.package_dir,
        "log_dir": f"{task.dirs.run_dir}/log",
        "pid": "<pid>",
        "start_time": "<start_time>",
        "job_name": task.slot.job,
    }

    def put_in(text: str) -> str:
        return re.sub(r"\$\{?(\w+)\}?", lambda match: values.get(match.group(1), match.group()), text)

    start = task.start
    arguments = [*start.jvm_args, *start.system_properties, *start.main_entry, *start.extra_args]
    return {
        "arguments": [put_in(text) for text in arguments],
        "class_path": [put_in(text) for text in start.class_path],
    }


def read_back(name: str, text: str) -> dict[str, Any]:
    """A generated file as the program that gets it would read it."""
    if name.endswith(".xml"):
        return {"type": "xml", "properties": read_site_xml(text)}
    if name.endswith(".yaml"):
        return {"type": "yaml", "values": yaml.safe_load(text)}
    if name == "jaas.conf":
        return {"type": "jaas", "sections": read_jaas(text)}
    return {"type": "properties", "properties": read_properties(text)}


def read_site_xml(text: str) -> dict[str, str]:
    """Names and values of a ``*-site.xml``."""
    root = ElementTree.fromstring(text.encode())
    return {one.findtext("name") or "": one.findtext("value") or "" for one in root.findall("property")}


def read_properties(text: str) -> dict[str, str]:
    """Keys and values of plain lines ``key=value``."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}


def read_jaas(text: str) -> dict[str, Any]:
    """Login blocks: module, flag and options with their quotes."""
    sections = {}
    for name, body in re.findall(r"(\w+)\s*\{(.*?)\};", text, re.DOTALL):
        header, *options = body.strip().rstrip(";").split("\n")
        module, flag = header.split()
        pairs = [option.strip().partition("=") for option in options]
        sections[name] = {"module": module, "flag": flag, "options": {key: value for key, _, value in pairs}}
    return sections
