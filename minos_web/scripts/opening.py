"""Opening the console that an ini file describes, for commands: no application, no thread."""

import sys
from pathlib import Path

import plaster

from minos_common.settings import BadSetting
from minos_web.console import Console, open_console


def console_of_ini(path: str) -> Console:
    """The console of ``[app:main]`` in the ini at ``path``. Ends the program with a sentence when there is none."""
    if not Path(path).is_file():
        sys.exit(f"there is no file {path}; name the console's ini, e.g. development.ini")
    settings = plaster.get_settings(path, "app:main")
    if "sqlalchemy.url" not in settings or "minos.var" not in settings:
        sys.exit(f"{path} has no [app:main] with sqlalchemy.url and minos.var; it is no console's ini")
    try:
        return open_console(settings)
    except BadSetting as error:
        sys.exit(f"{path}: {error}")
