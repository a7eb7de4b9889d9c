"""client: one command of a service's own tools, run in a directory of its own. client-input: more for it to read."""

import os
import sqlite3
import time
from pathlib import Path

from minos_common import names
from minos_common.verbs import ClientArgs, ClientInputArgs, PackageSource
from minos_worker import durable, owners
from minos_worker.clients.clients import MOST_CLIENTS, Running
from minos_worker.clients.folders import a_folder
from minos_worker.clients.outflow import Outflow
from minos_worker.clients.running import Order, Runner
from minos_worker.packages.fetch import FetchFailed, fetch
from minos_worker.packages.store import PackageFailed, bring
from minos_worker.process import java
from minos_worker.start_script import START_SCRIPT, BadStart, Surroundings, script
from minos_worker.verbs.work import Answer, Call, Failed, Place, Refused, Unsuccessful


def client(place: Place, args: ClientArgs, call: Call) -> Answer:
    """Run it to its end. A command that is cancelled, or whose time is over, is killed with all it started."""
    running = Running(Outflow(time.monotonic()), bytearray(args.input.encode()), input_ended=not args.stays_open)
    command_id = call.command.command_id
    if not place.clients.add(command_id, running):
        raise Refused(f"{MOST_CLIENTS} client commands run on this host already: wait for one, or cancel it")
    try:
        with a_folder(place.layout, command_id) as (folder, generation):
            path = _lay_out(place, args, call, folder)
            place.journal.begin(command_id)  # from here on it is not repeated by itself
            order = Order(command_id, path, folder, place.keeper.terms.user, generation)
            return _carry_out(args, call, Runner(order, running, call.say), running)
    except (PackageFailed, FetchFailed, BadStart, owners.Foreign, java.NoJava) as error:
        raise Failed(str(error)) from error
    except sqlite3.Error as error:
        raise Failed(f"the worker cannot write it down ({error}), so it did not begin") from error
    except OSError as error:
        raise Failed(f"its directory cannot be made: {error}") from error
    finally:
        place.clients.remove(command_id)


def client_input(place: Place, args: ClientInputArgs, call: Call) -> Answer:
    """Hand a line over, to a command that may be on its way yet, behind lines that may be on theirs."""
    while place.clients.is_early(args.command_id, args.number):
        call.wait(0.1)
    why_not = place.clients.give(args.command_id, args.number, args.text.encode(), args.end)
    if why_not:
        raise Refused(why_not)
    return Answer("given")


def _carry_out(args: ClientArgs, call: Call, runner: Runner, running: Running) -> Answer:
    call.progress("running")
    try:
        code = runner.run(call.check)
    except Unsuccessful as error:
        error.output = _tail(running)
        error.data = {"exit_code": None, "printed": running.outflow.printed}
        raise
    runner.last_words(call.wait)
    data = {"exit_code": code, "printed": running.outflow.printed}
    words = f"exit code {code}" if code >= 0 else f"signal {-code}"
    if code not in args.good_exits:
        failed = Failed(f"it ended with {words}", _tail(running))
        failed.data = data
        raise failed
    return Answer(words, _tail(running), data)


def _tail(running: Running) -> str:
    return running.outflow.tail.decode(errors="replace")


def _lay_out(place: Place, args: ClientArgs, call: Call, folder: Path) -> Path:
    """Fill the directory; the script that runs the command."""
    user, owner = place.keeper.terms.user, owners.of(place.keeper.terms.user)
    directory = None
    if args.package is not None:
        directory = bring(place.stock, args.task, args.package, call)
    for name, text in args.files.items():
        durable.write(folder / names.check("file", name), text.encode(), 0o600, owner)
    for source in args.inputs:
        path = folder / names.check("file", source.package.name)
        _fetch(source, path, call)
        if owner is not None:
            os.chown(path, *owner)
    native = directory / "lib" / "native" if directory else None
    around = Surroundings(
        job=args.task.job,
        run_dir=str(folder),
        package_dir=str(directory or ""),
        log_dir=str(folder),
        data_dirs=(str(folder),),
        java="" if args.start.program else java.find(place.settings),
        native_libraries=str(native) if native and native.is_dir() else "",
    )
    path = folder / START_SCRIPT
    durable.write(path, script(args.start, around).encode(errors="surrogateescape"), 0o700 if user else 0o750, owner)
    if owner is not None:  # last: until now the tasks' user could put nothing in the way
        os.chown(folder, *owner)
    return path


def _fetch(source: PackageSource, path: Path, call: Call) -> None:
    call.progress(f"fetching {source.package.name}", 0.0)
    fetch(source, path, lambda count: call.check(), call.wait)
