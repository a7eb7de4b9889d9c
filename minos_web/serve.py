"""WHERE THREADS ARE BORN: the server runner that pserve uses, and the engine on its own."""

import gc
import logging
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import waitress
from pyramid.paster import get_appsettings, setup_logging

from minos_web.console import Console, open_console
from minos_web.engine.dispatcher import CannotListen
from minos_web.engine.engine import Engine
from minos_web.engine.lease import EngineElsewhere

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5


def serve(app: Any, global_conf: dict[str, str] | None = None, **options: Any) -> None:
    """Paste server runner ``egg:minos-console#serve``: waitress, and the engine beside it unless it runs outside."""
    console: Console = app.registry.console
    options.pop("use", None)
    # Without poll() waitress dies for good as soon as the process holds more than 1,024 descriptors.
    defaults = {
        "threads": 16,
        "asyncore_use_poll": True,
        "connection_limit": 300,
        "channel_timeout": 60,
        "ident": None,
        "max_request_body_size": console.settings.max_package_bytes + 1024 * 1024,
        "clear_untrusted_proxy_headers": True,
    }
    _spool_uploads_beside(console)
    engine = Engine(console) if console.settings.engine == "inside" else None
    signal.signal(signal.SIGTERM, _leave)
    if engine is not None:
        _start(engine)
        app.registry.engine = engine
    _spare_what_stays()
    try:
        waitress.serve(app, **(defaults | options))
    finally:
        if engine is not None:
            engine.stop()


def _spare_what_stays() -> None:
    """Modules, templates and tables live as long as the process: looking for garbage among them is a pause of a fifth of a
    second in the midst of some page.
    """
    gc.collect()
    gc.freeze()


def engine_alone() -> None:
    """``minos-engine production.ini``: the same engine in a process of its own. With ``minos.engine = outside`` any number
    may run: one works, the others stand by.
    """
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit("usage: minos-engine INI, where INI is the console's ini file, e.g. production.ini")
    setup_logging(sys.argv[1])
    console = open_console(get_appsettings(sys.argv[1]))
    engine = Engine(console)
    signal.signal(signal.SIGTERM, _leave)
    try:
        if console.settings.engine == "outside":
            engine.stand_by()
        else:
            _start(engine)
        while not engine.lost:  # a signal that another thread took would not end a pause
            time.sleep(LOOK_SECONDS)
    except (KeyboardInterrupt, SystemExit):
        log.info("engine leaves")
    finally:
        engine.stop()
    if engine.lost:
        sys.exit(1)  # whoever started it starts it again: it stands by then


def _start(engine: Engine) -> None:
    """Begin, or leave with the reason: a second console would only confuse workers and people."""
    try:
        engine.start()
    except (EngineElsewhere, CannotListen) as error:
        sys.stderr.write(f"minos: {error}\n")
        logging.shutdown()
        os._exit(1)  # pserve would make a success of SystemExit


def _spool_uploads_beside(console: Console) -> None:
    """waitress keeps a large body in the temporary directory first: let that be the disk that has room for packages."""
    spool = Path(console.var) / "tmp"
    spool.mkdir(exist_ok=True, mode=0o700)
    for left in spool.iterdir():
        left.unlink(missing_ok=True)  # several processes may begin at once
    os.environ["TMPDIR"] = str(spool)
    tempfile.tempdir = str(spool)


def _leave(_signal: int, _frame: Any) -> None:
    raise SystemExit(0)
