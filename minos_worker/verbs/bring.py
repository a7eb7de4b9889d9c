"""bring: have a package on this host before anything runs from it."""

from minos_common.verbs import BringArgs
from minos_worker.packages.store import PackageFailed, bring
from minos_worker.verbs.work import Answer, Call, Failed, Place


def bring_package(place: Place, args: BringArgs, call: Call) -> Answer:
    """Fetch and unpack it beside those that are there; what runs, and what runs next, stays as it is."""
    try:
        directory = bring(place.stock, args.task, args.package, call, current=False)
    except PackageFailed as error:
        raise Failed(str(error)) from error
    return Answer(f"unpacked in {directory}")
