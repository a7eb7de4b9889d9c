"""What is done once, at bootstrap: files that are written and commands that are run, as the task's user."""

import os
from pathlib import Path

from minos_common.verbs import OneTimeAction, PrepareArgs
from minos_worker import below, durable, markers, owners
from minos_worker.keeper.spawn import environment
from minos_worker.process import hooks
from minos_worker.start_script import Surroundings, fill, script
from minos_worker.verbs.work import Call, Failed, Place

ACTION_SCRIPT = ".action.sh"
"""Stands in the run directory while it runs: the task's user may not look into the slot."""


def do_actions(place: Place, args: PrepareArgs, call: Call, around: Surroundings) -> None:
    begun = False
    for number, action in enumerate(args.actions, 1):
        call.check()
        call.progress(f"bootstrap action {number} of {len(args.actions)}: {action.kind}")
        if action.kind == "write-once":
            _write_once(place, args, action, around)
        elif action.kind == "run":
            if not begun:  # from here on a repeat could do harm: a format is not done twice by itself
                place.journal.begin(call.command.command_id)
                begun = True
            _run_once(place, args, action, call, around)
        else:
            raise Failed(f"bootstrap action {number}: unknown kind {action.kind!r}")


def _write_once(place: Place, args: PrepareArgs, action: OneTimeAction, around: Surroundings) -> None:
    path = Path(fill(action.path, around))
    text = fill(action.text, around).encode()
    tops = [Path(around.run_dir), Path(around.log_dir), *map(Path, around.data_dirs)]
    if not path.is_absolute() or ".." in path.parts or not any(path.parent.is_relative_to(top) for top in tops):
        raise Failed(f"write-once: {path} is not below the task's own directories")
    # The run directory has links to the others. Where they lead is asked once; from there on no link is followed.
    folder = path.parent.resolve()
    top = next((top for top in tops if folder.is_relative_to(_place_of(top))), None)
    if top is None:
        raise Failed(f"write-once: {path} leads out of the task's own directories")
    owner = owners.of(place.keeper.terms.user)
    handle = below.descend(top, folder.relative_to(_place_of(top)).parts, owner, make=True)
    try:
        if _differs(handle, path.name, text):
            raise Failed(f"write-once: {path} exists and says something else")
        durable.write_at(handle, path.name, text, 0o640, owner)
    finally:
        os.close(handle)


def _place_of(top: Path) -> Path:
    """The directory's real place, itself taken as it is: it may lie in one that a task's user can write in."""
    return top.parent.resolve() / top.name


def _differs(directory: int, name: str, text: bytes) -> bool:
    try:
        found = below.content(name, directory, len(text) + 1)
    except OSError:  # a link or a directory
        return True
    return found is not None and found != text


def _run_once(place: Place, args: PrepareArgs, action: OneTimeAction, call: Call, around: Surroundings) -> None:
    run_dir = place.layout.run_dir(args.task)
    user = place.keeper.terms.user
    path = run_dir / ACTION_SCRIPT
    text = script(args.start, around, action.args).encode(errors="surrogateescape")
    durable.write(path, text, 0o700, owners.of(user))
    seconds = min(action.wait, max(call.remaining(), 0.0))
    surrounding = environment("", "", run_dir, user)
    surrounding.pop("MINOS_START_TIME")
    data = [Path(directory) for directory in around.data_dirs]
    try:
        with markers.aside(data):
            ended = hooks.run(["/bin/bash", str(path)], run_dir, surrounding, seconds, call.check, user)
    finally:
        path.unlink(missing_ok=True)
    words = " ".join(action.args)
    if ended.code is None:
        raise Failed(f"{words!r} did not end within {seconds:.0f} s and was killed", ended.output)
    if ended.code != 0:
        how = f"exit code {ended.code}" if ended.code > 0 else f"signal {-ended.code}"
        raise Failed(f"{words!r} ended with {how}", ended.output)
