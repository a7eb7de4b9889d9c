"""Verbs that look and change nothing: preflight, probe, list-logs, read-log, search-log, read-files."""

import contextlib
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from minos_common import names
from minos_common.verbs import ListLogsArgs, PreflightArgs, ProbeArgs, ReadFilesArgs, ReadLogArgs, SearchLogArgs
from minos_common.words import TaskName
from minos_worker import below, log_search, logs, markers, records
from minos_worker.process import java, ports, tree
from minos_worker.start_script import START_SCRIPT
from minos_worker.stats.readers import PageFailed
from minos_worker.verbs.work import Answer, Call, Failed, Overdue, Place, Refused

UNPACKED_TIMES = 3
"""Free space that preflight wants, as a multiple of a package's size: the archive and what it unpacks to."""
SPARE_SECONDS = 5.0
"""A search ends this long before its deadline, so that its answer arrives."""
_MOST_TEXT = 400 * 1024


def preflight(place: Place, args: PreflightArgs, _call: Call) -> Answer:
    """Would the task be able to start here? Every failing point is named."""
    troubles = [*_ports(place, args), *_directories(place, args), *_space(place, args), *_java(place, args)]
    if troubles:
        raise Failed("; ".join(troubles))
    return Answer("it can start here")


def _ports(place: Place, args: PreflightArgs) -> list[str]:
    process = place.keeper.process(args.task)
    ours: set[int] = set()
    if process is not None:
        slot = place.layout.slot_dir(args.task)
        ours = set(tree.members(slot, process.main, process.shim, process.record.generation))
    return [trouble for check in args.ports if (trouble := ports.trouble(check, ours, args.main))]


def _directories(place: Place, args: PreflightArgs) -> list[str]:
    layout, task = place.layout, args.task
    record = records.load(layout, task)
    if not args.bootstrap:
        if record is None or not record.bootstrapped:
            return [f"{task} is not bootstrapped on this host: bootstrap it first"]
        missing = [path for path in (layout.log_dir(task), layout.run_dir(task)) if not path.is_dir()]
        return [f"{path} is missing: update its configuration" for path in missing]
    if record is not None and record.bootstrapped:
        return [f"{task} is already bootstrapped; use start, or cleanup first"]
    places = [layout.log_dir(task), *(layout.data_dir(task, index) for index in range(len(layout.data)))]
    return [f"{path} is not empty" for path in places if not markers.is_empty(path)]


def _space(place: Place, args: PreflightArgs) -> list[str]:
    wanted = args.package_bytes * UNPACKED_TIMES + place.settings.keep_free_bytes
    troubles, seen = [], set()
    for root in place.layout.every_root():
        device = root.stat().st_dev
        free = shutil.disk_usage(root).free
        if free < wanted and device not in seen:
            troubles.append(f"{root} has {free // 2**20} MiB free and {wanted // 2**20} MiB are wanted")
        seen.add(device)
    return troubles


def _java(place: Place, args: PreflightArgs) -> list[str]:
    if not args.needs_java:
        return []
    try:
        found = java.find(place.settings)
    except java.NoJava as error:
        return [str(error)]
    return [] if java.version(found) else [f"{found} does not answer to -version"]


def probe(place: Place, args: ProbeArgs, call: Call) -> Answer:
    """Ask every second until the fact holds or the time is over."""
    if args.kind not in ("port", "status"):
        raise Refused(f"unknown kind of probe {args.kind!r}; known are port and status")
    while True:
        try:
            return _probe_port(args) if args.kind == "port" else _probe_status(place, args)
        except (OSError, PageFailed) as error:
            why = str(error)
        call.progress(why)
        try:
            call.wait(min(1.0, max(call.remaining(), 0.0)))
        except Overdue:
            raise Failed(f"not so when its time was over: {why}") from None


def _probe_port(args: ProbeArgs) -> Answer:
    try:
        with socket.create_connection((args.host, args.port), timeout=2.0):
            return Answer(f"{args.host}:{args.port} answers")
    except OSError as error:
        raise OSError(f"{args.host}:{args.port} does not answer: {error}") from error


def _probe_status(place: Place, args: ProbeArgs) -> Answer:
    if args.task is None:
        raise Refused("a probe of a status page needs the task")
    record = records.load(place.layout, args.task)
    if record is None or record.start.status is None:
        raise Refused(f"{args.task} has no status page on this host")
    reading = place.pages.read(record.start.status, timeout=3.0)
    found: dict[str, object] = {**reading.figures, **reading.texts}
    wrong = [
        f"{name} is {found.get(name, 'not told')} instead of {' or '.join(map(str, wanted))}"
        for name, wanted in args.expect.items()
        if not _is_one_of(found.get(name), wanted)
    ]
    if wrong:
        raise PageFailed("; ".join(wrong))
    told = ", ".join(f"{name} is {found[name]}" for name in args.expect)
    return Answer(told or "its status page answers", data={"values": {name: found[name] for name in args.expect}})


def _is_one_of(value: object, wanted: list[object]) -> bool:
    """ "*" stands for any value: the page tells one at all."""
    return value is not None and any(one in ("*", value) or str(value) == str(one) for one in wanted)


# ---- files --------------------------------------------------------------------------------------------------------


def list_logs(place: Place, args: ListLogsArgs, _call: Call) -> Answer:
    """Log and stdout files of a task, newest first."""
    files = logs.listing(places_of(place, args.task))
    plain = [{"name": file.name, "size": file.size, "modified": file.modified} for file in files]
    return Answer(f"{len(files)} files", data={"files": plain})


def read_log(place: Place, args: ReadLogArgs, _call: Call) -> Answer:
    """Part of one log file."""
    places = places_of(place, args.task)
    name = args.name
    if not name:
        name = newest_output(places)
        if not name:
            return Answer("no output yet", data={"name": "", "offset": 0, "next_offset": 0, "size": 0, "text": ""})
    with readable(name):
        piece = logs.read(places, name, args.offset, args.limit)
    cut = place.outputs.cut(piece.file)  # asked after the reading: of a cut in between at least the viewer hears
    data = {
        **piece._asdict(),
        "name": name,
        "file": "-".join(map(str, piece.file)),
        "cut_at": cut.at if cut else 0.0,
        "cleared": cut is not None and cut.cleared,
    }
    return Answer(f"{piece.next_offset - piece.offset} bytes of {name}", data=data)


def search_log(place: Place, args: SearchLogArgs, call: Call) -> Answer:
    """Lines of a log that hold a text, as far back as the time allows."""

    def go_on() -> bool:
        call.check()
        return call.remaining() > SPARE_SECONDS

    with readable(args.name):
        try:
            found = log_search.search(places_of(place, args.task), args.name, args.text, args.before, args.limit, go_on)
        except ValueError as error:
            raise Refused(str(error)) from error
    matches = [match._asdict() for match in found.matches]
    data = {"name": args.name, "size": found.size, "before": found.before, "matches": matches}
    return Answer(f"{len(matches)} lines", data=data)


def read_files(place: Place, args: ReadFilesArgs, _call: Call) -> Answer:
    """The task's configuration files and start script, as they stand on disk."""
    record = records.load(place.layout, args.task)
    if record is None:
        raise Refused(f"{args.task} is not on this host")
    run_dir = place.layout.run_dir(args.task)
    texts: dict[str, str] = {}
    left = _MOST_TEXT
    for name in [*record.files, START_SCRIPT]:
        text = _text(run_dir, names.check("file", name), left)
        left -= len(text)
        texts[name] = text
    return Answer(f"{len(texts)} files", data={"files": texts})


def _text(run_dir: Path, name: str, most: int) -> str:
    try:
        folder = below.open_directory(run_dir)
        try:
            data = below.content(name, folder, max(most, 0))
        finally:
            os.close(folder)
    except OSError as error:
        return f"(cannot be read: {error.strerror or error})"
    return "(it is missing)" if data is None else data.decode(errors="replace")


def newest_output(places: dict[str, Path]) -> str:
    """Name of the output file that was written to last; empty when there is none."""
    newest = logs.listing({"stdout": places["stdout"]})
    return newest[0].name if newest else ""


@contextlib.contextmanager
def readable(name: str) -> Iterator[None]:
    """A log that cannot be opened or read ends the verb with words about it."""
    try:
        yield
    except logs.BadLogName as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Failed(f"{name} cannot be read: {error.strerror}") from error


def places_of(place: Place, task: TaskName) -> dict[str, Path]:
    return {"log": place.layout.log_dir(task), "stdout": place.layout.stdout_dir(task)}
