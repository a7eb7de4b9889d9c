"""The host's java: where it is and what it says of itself."""

import os
import shutil
import subprocess
from pathlib import Path

from minos_common.settings import WorkerSettings


class NoJava(Exception):
    """No java, or not where the settings say; the text says where it was looked for."""


def find(settings: WorkerSettings) -> str:
    """Path of java: from java_home, else JAVA_HOME, else the PATH. Raises NoJava."""
    for name, home in (("java_home of worker.ini", settings.java_home), ("JAVA_HOME", os.environ.get("JAVA_HOME", ""))):
        if home:
            path = Path(home) / "bin" / "java"
            if os.access(path, os.X_OK):
                return str(path)
            raise NoJava(f"{name} is {home}, but {path} is not there or cannot be run")
    found = shutil.which("java")
    if found is None:
        raise NoJava("no java on the PATH: install a JDK or set java_home in worker.ini")
    return found


def version(path: str) -> str:
    """First line of ``java -version``; empty when it does not answer."""
    try:
        ended = subprocess.run([path, "-version"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = (ended.stderr + ended.stdout).decode(errors="replace").splitlines()
    return lines[0].strip() if lines else ""
