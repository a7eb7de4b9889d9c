"""upgrade: this worker becomes another release of itself; the tasks do not notice."""

import shutil
import time

from minos_common import names
from minos_common.verbs import UpgradeArgs
from minos_common.version import VERSION
from minos_worker.packages.fetch import FetchFailed, fetch
from minos_worker.release.releases import BadRelease, UpgradeUnderWay
from minos_worker.release.wheel import BadWheel, unpack
from minos_worker.verbs.work import Answer, Call, Failed, Place, Refused

RESTART_PATIENCE = 0.2


def upgrade(place: Place, args: UpgradeArgs, call: Call) -> Answer:
    """Fetch a worker wheel, have it check itself, and turn into it; done once the new one has reached the console.

    The process that began this is not the one that ends it: what is written down on the way tells the next one.
    """
    releases = place.releases
    wanted = names.release_name(args.source.package.revision, args.source.package.sha256)
    if reason := releases.failure_of(call.command.command_id):
        raise Failed(f"went back to {releases.own or 'the installed release'}: {reason}")
    if releases.own != wanted:
        if releases.trial is not None:
            raise Refused(f"release {releases.own or 'installed'} is on trial: wait until that is over")
        try:
            with releases.turn():
                _bring(place, args, call, wanted)
                _turn_into(place, call, wanted)
        except UpgradeUnderWay:
            raise Refused("another upgrade is under way on this host") from None
    while not releases.is_settled:  # given up: the one before says so, once it runs
        call.progress("waits for the console's welcome")
        call.wait(RESTART_PATIENCE)
    return Answer(f"runs {VERSION} ({wanted})", data={"version": VERSION, "release": wanted})


def _bring(place: Place, args: UpgradeArgs, call: Call, wanted: str) -> None:
    """Have the release lie here, complete and checked."""
    target = place.releases.path(wanted)
    if (target / "__main__.py").is_file():  # it ran here before
        call.progress("checking")
        _check(place, wanted)
        return
    part = target.with_name(f".{wanted}.part")
    try:
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        call.progress("fetching")
        fetch(args.source, part, lambda have: _fetched(call, have, args.source.size), call.wait)
        call.progress("unpacking")
        unpack(part, target)
        call.progress("checking")
        _check(place, wanted)
    except BaseException as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, FetchFailed | BadWheel):
            raise Failed(str(error)) from error
        if isinstance(error, OSError):
            raise Failed(f"the release cannot be written below {target.parent}: {error}") from error
        raise
    finally:
        part.unlink(missing_ok=True)


def _check(place: Place, wanted: str) -> None:
    try:
        place.releases.check(wanted)
    except BadRelease as error:
        raise Failed(str(error), error.output) from error


def _turn_into(place: Place, call: Call, wanted: str) -> None:
    """Ask for the restart. Comes back only when it is not done."""
    call.check()
    try:
        place.releases.begin(wanted, call.command.command_id)
    except OSError as error:
        raise Failed(f"it cannot be written down which release is to run: {error}") from error
    place.releases.ask_restart()
    while place.releases.restart_asked.is_set():
        call.progress("waits until nothing else is under way on this host")
        time.sleep(RESTART_PATIENCE)
    raise Failed(place.releases.refusal)


def _fetched(call: Call, have: int, size: int) -> None:
    call.check()
    call.progress("fetching", have / max(size, 1))
