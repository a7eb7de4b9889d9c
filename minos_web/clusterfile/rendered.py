"""What rendering gives for one task."""

from dataclasses import dataclass
from typing import Any

from minos_common.verbs import OneTimeAction, StartSpec
from minos_web.clusterfile.description import PackagePin, TaskSlot
from minos_web.clusterfile.directories import TaskDirs


@dataclass(frozen=True)
class Arguments:
    """The four lists as described: evaluated, quotes still in them."""

    jvm_args: list[str]
    system_properties: list[str]
    main_entry: list[str]
    extra_args: list[str]


@dataclass(frozen=True)
class Once:
    """A one-time action: what the worker is asked, and under which name and with which facts it is shown."""

    name: str
    action: OneTimeAction
    show: dict[str, str]


@dataclass(frozen=True)
class Bootstrap:
    """What happens at bootstrap. ``needs_files``: the files must be on the host before the actions.

    ``left_to_others``: name of the action that only other tasks of the job carry out, empty when there is none.
    """

    actions: list[Once]
    needs_files: bool
    data_dir_indexes: tuple[int, ...]
    left_to_others: str = ""


@dataclass(frozen=True)
class RenderedClient:
    """A client command: the files of its directory, and what is run there."""

    files: dict[str, str]
    start: StartSpec


@dataclass(frozen=True)
class RenderedTask:
    """Everything a worker needs to know of a task.

    ``start`` is what the worker carries out (quotes resolved); ``arguments`` are the same lists as described.
    """

    slot: TaskSlot
    dirs: TaskDirs
    files: dict[str, str]
    raw_names: tuple[str, ...]
    arguments: Arguments
    start: StartSpec
    bootstrap: Bootstrap
    cleanup: list[Once]
    package: PackagePin | None

    def as_json(self) -> dict[str, Any]:
        """The task as the API's plan tells it."""
        slot = self.slot
        return {
            "service": slot.service,
            "cluster": slot.cluster,
            "job": slot.job,
            "host": slot.host_address,
            "host_id": slot.host_id,
            "instance_id": slot.instance_id,
            "task_id": slot.task_id,
            "base_port": slot.base_port,
            "ports": dict(slot.ports),
            "multi_instance": slot.multi_instance,
            "process_name": slot.process_name,
            "host_attributes": dict(slot.attributes),
            "dirs": self._dirs_json(),
            "files": dict(self.files),
            "raw_files": sorted(self.raw_names),
            "start": self._start_json(),
            "bootstrap": self._bootstrap_json(),
        }

    def _dirs_json(self) -> dict[str, Any]:
        dirs = self.dirs
        return {
            "run_dir": dirs.run_dir,
            "log_dir": dirs.log_dir,
            "available_data_dirs": list(dirs.data_dirs),
            "package_dir": dirs.package_dir,
            "current_package_dir": dirs.current_package_dir,
            "stdout_dir": dirs.stdout_dir,
        }

    def _start_json(self) -> dict[str, Any]:
        pin = self.package
        return {
            "main_entry": list(self.arguments.main_entry),
            "jvm_args": list(self.arguments.jvm_args),
            "system_properties": list(self.arguments.system_properties),
            "extra_args": list(self.arguments.extra_args),
            "class_path": list(self.start.class_path),
            "added_class_path": list(self.start.added_class_path),
            "environment": dict(self.start.environment),
            "program": self.start.program,
            "open_modules": list(self.start.open_modules),
            "http_url": self.start.http_url,
            "limits": {"nofile": self.start.limits.nofile, "core": self.start.limits.core},
            "start_at_boot": self.start.lifecycle.start_at_boot,
            "config_files": sorted(self.files),
            "package": {
                "package_name": pin.package_name if pin else "",
                "revision": pin.revision if pin else "",
                "timestamp": pin.timestamp if pin else "",
                "force_update": False,
            },
        }

    def _bootstrap_json(self) -> dict[str, Any]:
        main = len(self.arguments.main_entry)
        actions = [_action_json(once, main) for once in self.bootstrap.actions]
        idle = self.bootstrap.left_to_others
        nothing = {"kind": idle, "runs": False, "action": []} if idle else None
        return {
            "actions": actions,
            "script": actions[0] if actions else nothing,
            "config_files": sorted(self.files) if self.bootstrap.needs_files else [],
            "data_dir_indexes": list(self.bootstrap.data_dir_indexes),
        }


def _action_json(once: Once, main: int) -> dict[str, Any]:
    """An action for people: ``{kind, runs, action}`` of a run; ``{kind, <file>: text, <file>_file: path}`` of a write.

    ``action`` is what stands behind the main entry, whose items are the first ``main`` arguments.
    """
    if once.action.kind == "run":
        return {"kind": once.name, "runs": True, "action": list(once.action.args)[main:], **once.show}
    stem = once.action.path.rpartition("/")[2]
    text = once.action.text
    return {
        "kind": once.name,
        stem: int(text) if text.isdecimal() else text,
        f"{stem}_file": once.action.path,
        **once.show,
    }
