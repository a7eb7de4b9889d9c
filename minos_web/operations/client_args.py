"""A client command made concrete: what exactly is run on which host, with which files and package."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.verbs import ClientArgs, PackageSource
from minos_common.words import PackageName, TaskName
from minos_web.catalog.clients import ClientCommand
from minos_web.clusterfile.description import ClusterDescription, TaskSlot
from minos_web.clusterfile.directories import HostDirs
from minos_web.clusterfile.evaluate import Context
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.render import render_client, render_texts
from minos_web.models.clusters import Task
from minos_web.models.packages import Package

CLASS = "class"
"""The command that is any java class of the package: its first word is the name."""


class NoCommand(Exception):
    """The command cannot be run; the text says why."""


@dataclass(frozen=True)
class Place:
    """Where a command is run: its task's slot in the description, the roots of all hosts, and the site's own words."""

    description: ClusterDescription
    slot: TaskSlot
    dirs: Mapping[str, HostDirs]
    context: Context


def command_of(description: ClusterDescription, name: str, words: list[str]) -> tuple[ClientCommand, list[str]]:
    """The command of this name, and what is left of the words. Raises NoCommand."""
    service = description.service
    if name == CLASS:
        if not words:
            raise NoCommand("the name of a java class is missing")
        return ClientCommand(name=CLASS, title="a java class", main=words[0]), words[1:]
    found = service.command(name)
    if found is None:
        known = ", ".join(command.name for command in service.commands) or "none"
        raise NoCommand(f"{service.title or service.name} has no command {name!r}; it has {known}")
    return _from_jar(found, words) if found.class_from_jar else (found, words)


def _from_jar(command: ClientCommand, words: list[str]) -> tuple[ClientCommand, list[str]]:
    """The command with the jar and class that ``words`` begin with. Raises NoCommand."""
    if len(words) < 2:
        raise NoCommand(f"a jar of the host and the name of a class in it are missing, as in: {command.example}")
    jar, main, *rest = words
    properties = (*command.system_properties, f"-D{command.class_from_jar}={jar}")
    return replace(command, main=main, class_path=(jar, *command.class_path), system_properties=properties), rest


def client_args(
    place: Place, task: TaskName, args: dict[str, Any], package: PackageSource | None, inputs: list[PackageSource]
) -> ClientArgs:
    """Arguments of the verb for a step's ``args``: command, words, input, good_exits, stays_open; ``evaluate``: words and
    input are the catalog's and may hold ``%{...}``. Raises NoCommand.
    """
    try:
        words, given = list(args.get("words", ())), str(args.get("input", ""))
        if args.get("evaluate"):
            *words, given = render_texts(place.description, place.slot, [*words, given], place.dirs, place.context)
        command, words = command_of(place.description, args["command"], words)
        made = render_client(place.description, place.slot, command, words, place.dirs, place.context)
    except ClusterFileError as error:
        raise NoCommand(str(error)) from error
    return ClientArgs(
        task=task,
        files=made.files,
        start=made.start,
        package=package,
        inputs=inputs,
        input=given,
        stays_open=bool(args.get("stays_open")),
        good_exits=tuple(args.get("good_exits", (0,))),
    )


def package_of_task(session: Session, task: Task) -> tuple[PackageName, Package | None] | None:
    """The package that a task has on its host, and its row where the store still has it; None: it has none."""
    if not task.package:
        return None
    known = {field: str(task.package.get(field, "")) for field in PackageName.__struct_fields__}
    name = PackageName(**known)
    row = session.scalar(select(Package).where(Package.sha256 == name.sha256)) if name.sha256 else None
    return name, row
