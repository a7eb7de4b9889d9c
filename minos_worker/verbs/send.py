"""send-log: brings a whole log file to the console."""

import os

from minos_common.verbs import SendLogArgs
from minos_worker.keeper.outputs import WasCut
from minos_worker.log_sending import Parcel, SendFailed, send
from minos_worker.logs import open_log
from minos_worker.verbs.look import newest_output, places_of, readable
from minos_worker.verbs.work import Answer, Call, Failed, Place, Refused


def send_log(place: Place, args: SendLogArgs, call: Call) -> Answer:
    """Send the file as it is now: what it grows by meanwhile is not sent."""
    places = places_of(place, args.task)
    name = args.name or newest_output(places)
    if not name:
        raise Refused(f"{args.task} has written no output yet")
    with readable(name):
        handle = open_log(places, name)
    try:
        with place.outputs.reading(handle) as reader:

            def came(count: int) -> None:
                call.check()
                call.progress("sending", count / reader.size if reader.size else 1.0)

            send(reader, Parcel(args.url, args.ticket), came, call.wait)
            return Answer(f"sent {reader.size} bytes", data={"name": name, "size": reader.size})
    except (WasCut, SendFailed) as error:
        raise Failed(f"{name}: {error}") from error
    except OSError as error:
        raise Failed(f"{name} cannot be read: {error.strerror}") from error
    finally:
        os.close(handle)
