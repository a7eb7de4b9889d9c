"""What a client pack of a cluster has beside the package: its generated configuration and a script that runs commands."""

import hashlib
import shlex

import msgspec
from sqlalchemy.orm import Session

from minos_common.verbs import StartSpec
from minos_web.catalog.clients import ClientCommand
from minos_web.clusterfile.description import ClusterDescription, TaskSlot
from minos_web.clusterfile.directories import roots_of, task_dirs
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.render import render_client
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.packages import Package
from minos_web.operations.choosing import usual_package
from minos_web.operations.client_args import command_of
from minos_web.operations.drafting import describe
from minos_web.operations.refusal import Refused
from minos_web.operations.rendering import context_of, host_dirs

ELSEWHERE = "/tmp/minos-client"
"""Where the machine of a client keeps what tasks keep in their run directories."""
_PROBE = ClientCommand(name="version", title="", main="-")


class ClientPack(msgspec.Struct, frozen=True):
    """``name`` of the file for who downloads it, ``key`` of its content; ``files``: path -> (text, mode)."""

    package: Package
    name: str
    key: str
    files: dict[str, tuple[str, int]]


def client_pack(session: Session, console: Console, cluster: Cluster) -> ClientPack:
    """The pack of a cluster as it is described now. Raises Refused."""
    description = describe(session, console, cluster)
    _, package = usual_package(session, description)
    slot = next(description.tasks(), None)
    if slot is None:
        raise Refused(
            "no-tasks", f"{cluster.name} has no task from which a client's configuration could be made", "config"
        )
    files = _files(session, console, description, slot)
    text = msgspec.json.encode([package.sha256, files])
    key = hashlib.sha256(text).hexdigest()[:32]
    ending = package.name[len(_stem(package.name)) :]
    return ClientPack(
        package, f"{cluster.service}-{cluster.name}-client-{description.version}{ending}", key + ending, files
    )


def _stem(name: str) -> str:
    for ending in (".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tbz2", ".txz", ".tar"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name


def _files(
    session: Session, console: Console, description: ClusterDescription, slot: TaskSlot
) -> dict[str, tuple[str, int]]:
    folder = f"minos/{description.service.name}-{description.name}"
    dirs, context = host_dirs(session, console), context_of(console)
    own = task_dirs(roots_of(dirs, slot.host_address), slot.service, slot.cluster, slot.job, slot.instance)
    try:
        shared = render_client(description, slot, _PROBE, (), dirs, context)
        cases = [
            case_of(command, render_client(description, slot, _usable(description, command), (), dirs, context).start)
            for command in description.service.commands
        ]
    except ClusterFileError as error:
        raise Refused("bad-config", str(error), "config") from error
    found = {
        f"{folder}/conf/{name}": (text.replace(own.run_dir, ELSEWHERE), 0o644) for name, text in shared.files.items()
    }
    found[f"{folder}/run"] = (_script(description, shared.start, cases), 0o755)
    return found


def _usable(description: ClusterDescription, command: ClientCommand) -> ClientCommand:
    """The command with places for what only its user can say."""
    return command_of(description, command.name, ["@jar@", "@class@"])[0] if command.class_from_jar else command


def _script(description: ClusterDescription, start: StartSpec, cases: list[str]) -> str:
    """A bash script: ``run <command> <what follows it>``, with the java of the machine."""
    names = " ".join(command.name for command in description.service.commands)
    lines = [
        "#!/bin/bash",
        f"# Client commands of {description.service.name} {description.name}: {names}",
        'here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"',
        'run_dir="$here/conf"; package_dir="$(cd "$here/../.." && pwd)"; log_dir="$run_dir"; data_dir="$run_dir"',
        f"mkdir -p {ELSEWHERE}",
        *(f"export {name}={_expanded(value)}" for name, value in start.environment.items() if name != "LC_ALL"),
        'java="${JAVA_HOME:+$JAVA_HOME/bin/}java"',
        'command="$1"; shift',
        'case "$command" in',
        *cases,
        f'*) echo "usage: $0 COMMAND [what follows it]; commands: {names}" >&2; exit 64 ;;',
        "esac",
    ]
    return "\n".join(lines) + "\n"


def case_of(command: ClientCommand, start: StartSpec) -> str:
    """The lines of the script that carry a command out."""
    path = ":".join((*start.class_path, *start.added_class_path))
    words = [*start.jvm_args, *start.system_properties, *(["-classpath", path] if not start.program else [])]
    program = _expanded(start.program) if start.program else '"$java"'
    line = " ".join((program, *map(_expanded, (*words, *start.main_entry))))
    rest = '"$@"'
    if command.class_from_jar:
        line, rest = line.replace("@jar@", "$1").replace("@class@", "$2"), '"${@:3}"'
    return f"{shlex.quote(command.name)}) exec {line} {rest} ;;"


def _expanded(text: str) -> str:
    """One word of bash in which only the variables of the script stand for something."""
    safe = text
    for char in ("\\", '"', "`"):
        safe = safe.replace(char, "\\" + char)
    safe = safe.replace("$", "\\$")
    for name in ("run_dir", "package_dir", "log_dir", "data_dir"):
        safe = safe.replace(f"\\${{{name}}}", f"${{{name}}}").replace(f"\\${name}", f"${{{name}}}")
    return f'"{safe}"'
