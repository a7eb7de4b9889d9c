"""The verb read-page: everything that a task's status page tells now."""

import time

from minos_common.verbs import ReadPageArgs
from minos_worker import records
from minos_worker.process.tree import all_processes
from minos_worker.stats.jvm import shared_counters
from minos_worker.stats.readers import READERS, PageFailed
from minos_worker.stats.whole import WHOLE, Row, as_answer, chosen, jvm_counters
from minos_worker.verbs.work import Answer, Call, Failed, Place, Refused

MOST_SECONDS = 10.0
SPARE_SECONDS = 1.0


def read_page(place: Place, args: ReadPageArgs, call: Call) -> Answer:
    """The page flattened, or what a JVM without one shares."""
    record, process = records.load(place.layout, args.task), place.keeper.process(args.task)
    if record is None or process is None:
        raise Refused(f"{args.task} does not run on this host: it has no figures now")
    page, begin, at = record.start.status, time.monotonic(), time.time()
    kept: dict[str, str] = {}
    if page is not None:
        timeout = max(min(MOST_SECONDS, call.remaining() - SPARE_SECONDS), 0.5)
        try:
            name, body = place.pages.whole(page, timeout)
            rows: list[Row] = list(WHOLE[name](body))
        except PageFailed as error:
            raise Failed(str(error)) from error
        source = f"{page.address}/{page.path.lstrip('/')}" if READERS[name].transport == "http" else page.address
        kept = {READERS[name].called(theirs): ours for theirs, ours in page.keep.items()}
    else:
        counters = shared_counters(process.main, all_processes())
        if not counters:
            raise Refused(f"{args.task} has no status page, and is no JVM that shares its counters")
        rows, source = list(jvm_counters(counters)), "the JVM's own counters"
    answer = as_answer(chosen(rows, args.text, args.only), kept)
    told = {**answer, "source": source, "at": at, "seconds": time.monotonic() - begin}
    return Answer(f"{answer['count']} values", data=told)
