"""prepare: directories, package, configuration, start script and record of a task; at bootstrap also what is done once."""

import contextlib
import errno
from pathlib import Path

from minos_common import names, parts
from minos_common.verbs import PrepareArgs
from minos_common.words import TaskName
from minos_worker import durable, markers, owners, records
from minos_worker.layout import SLOT
from minos_worker.lifecycle import stop_signal
from minos_worker.packages.store import PackageFailed, bring
from minos_worker.process import java
from minos_worker.records import TaskRecord
from minos_worker.start_script import START_SCRIPT, BadStart, Surroundings
from minos_worker.start_script import script as start_script
from minos_worker.verbs.once import do_actions
from minos_worker.verbs.work import Answer, Call, Failed, Place, Refused


def prepare(place: Place, args: PrepareArgs, call: Call) -> Answer:
    """Bring the task to what is described. What a running task uses changes at its next start."""
    known = records.load(place.layout, args.task)
    _refuse(place, args, call, known)
    try:
        _make_directories(place, args, call)
        package_dir = _package(place, args, call, known)
        around = surroundings(place, args, package_dir)
        files = _write_files(place, args, known)
        script = _write_script(place, args, around)
        if args.bootstrap:
            do_actions(place, args, call, around)
        package = args.package.package if args.package else (known.package if known else None)
        record = TaskRecord(
            task=args.task,
            start=args.start,
            config_revision=args.config_revision,
            package=package,
            package_dir=str(package_dir or ""),
            files=files,
            data_dir_indexes=args.data_dir_indexes,
            bootstrapped=True,
            script=script,
            sent=parts.digests_of(parts.texts_of(args.files, args.start, package)),
        )
        records.save(place.layout, record)
    except (PackageFailed, BadStart, markers.NotOurs, owners.Foreign, java.NoJava) as error:
        raise Failed(str(error)) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Failed(f"no space left on the disk of {error.filename or place.layout.app}") from error
        raise Failed(f"cannot be written: {error}") from error
    place.keeper.describe(record)
    return Answer("bootstrapped" if args.bootstrap else f"prepared, configuration revision {args.config_revision}")


def _refuse(place: Place, args: PrepareArgs, call: Call, known: TaskRecord | None) -> None:
    """Everything that can be wrong before anything is touched."""
    task, layout = args.task, place.layout
    if not args.bootstrap and known is None:
        raise Refused(f"{task} is not bootstrapped on this host: bootstrap it first")
    if args.bootstrap and known is not None and known.bootstrapped:
        raise Refused(f"{task} is already bootstrapped; use start, or cleanup first")
    if not args.data_dir_indexes:
        raise Refused("data_dir_indexes is empty: a task needs at least one data directory")
    reserved = {START_SCRIPT, "stdout", "log", "package", SLOT, markers.MARKER}
    try:
        for index in args.data_dir_indexes:
            layout.data_dir(task, index)
        reserved |= set(layout.data_links(args.data_dir_indexes))
        stop_signal(args.start.lifecycle)
    except (IndexError, ValueError) as error:
        raise Refused(str(error)) from error
    for name in args.files:
        if names.check("file", name) in reserved:
            raise Refused(f"a configuration file may not be called {name!r}: the worker needs that name")
    if args.bootstrap:
        full = [str(path) for path in directories(place, args) if not _may_bootstrap(path, args.task, call)]
        if full:
            raise Refused(f"not empty: {', '.join(full)}; clean the task up first, or move what is there away")


def _may_bootstrap(path: Path, task: TaskName, call: Call) -> bool:
    """Empty, or filled by this very command before the worker died."""
    if markers.is_empty(path):
        return True
    found = markers.get(path)
    return call.repeated and found == markers.Marker(task, call.command.command_id)


def directories(place: Place, args: PrepareArgs) -> list[Path]:
    """Log and data directories of the task."""
    data = [place.layout.data_dir(args.task, index) for index in args.data_dir_indexes]
    return [place.layout.log_dir(args.task), *data]


def _make_directories(place: Place, args: PrepareArgs, call: Call) -> None:
    layout, task, user = place.layout, args.task, place.keeper.terms.user
    run_dir = layout.run_dir(task)
    bootstrap = call.command.command_id if args.bootstrap else ""
    if run_dir.exists():
        owners.check(run_dir)
    for path in (run_dir, *directories(place, args)):
        found = markers.get(path)
        if found is not None and found.task != task:
            raise markers.NotOurs(f"{path} belongs to {found.task}")
        kept = found if found is not None and not args.bootstrap else markers.Marker(task, bootstrap)
        markers.put(path, kept, owners.mine() if path == run_dir else owners.of(user))
    layout.slot_dir(task).mkdir(mode=0o700, exist_ok=True)
    owners.check(layout.slot_dir(task))
    layout.stdout_dir(task).mkdir(mode=0o755, exist_ok=True)
    owners.show(layout.stdout_dir(task), user)
    owners.share(run_dir, user)  # last: until now nobody could put anything in the way
    durable.point(run_dir / "log", layout.log_dir(task))
    for name, index in layout.data_links(args.data_dir_indexes).items():
        durable.point(run_dir / name, layout.data_dir(task, index))


def _package(place: Place, args: PrepareArgs, call: Call, known: TaskRecord | None) -> Path | None:
    """Directory of the package to run from; None for a task without one."""
    if args.package is None:
        return Path(known.package_dir) if known and known.package_dir else None
    directory = bring(place.stock, args.task, args.package, call)
    durable.point(place.layout.run_dir(args.task) / "package", directory)
    return directory


def surroundings(place: Place, args: PrepareArgs, package_dir: Path | None) -> Surroundings:
    """What the start description may refer to. The package is named by its real directory: a task that runs must not
    find other files under the same name when the link is switched."""
    layout, task = place.layout, args.task
    native = package_dir / "lib" / "native" if package_dir else None
    return Surroundings(
        job=task.job,
        run_dir=str(layout.run_dir(task)),
        package_dir=str(package_dir or ""),
        log_dir=str(layout.log_dir(task)),
        data_dirs=tuple(str(layout.data_dir(task, index)) for index in args.data_dir_indexes),
        java="" if args.start.program else java.find(place.settings),
        native_libraries=str(native) if native and native.is_dir() else "",
    )


def _write_files(place: Place, args: PrepareArgs, known: TaskRecord | None) -> list[str]:
    """Write the configuration files and remove those that we wrote before and nobody describes any more."""
    run_dir, user = place.layout.run_dir(args.task), place.keeper.terms.user
    for name, text in args.files.items():
        durable.write(run_dir / name, text.encode(), 0o600 if user else 0o640, owners.of(user))
    for name in set(known.files if known else ()) - set(args.files):
        with contextlib.suppress(FileNotFoundError):
            (run_dir / names.check("file", name)).unlink()
    return sorted(args.files)


def _write_script(place: Place, args: PrepareArgs, around: Surroundings) -> str:
    """Write start.sh; the digest of its text."""
    text = start_script(args.start, around).encode(errors="surrogateescape")
    path, user = place.layout.run_dir(args.task) / START_SCRIPT, place.keeper.terms.user
    durable.write(path, text, 0o700 if user else 0o750, owners.of(user))
    return parts.digest(text)
