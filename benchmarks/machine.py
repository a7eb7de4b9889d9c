"""On what a benchmark ran, so that its figures can be read later."""

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

from minos_common.version import VERSION


def described() -> dict[str, str]:
    """Date, machine and versions, each as a text."""
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "cores": f"{len(os.sched_getaffinity(0))} ({_processor()})",
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "minos": VERSION,
        "supervisor": version("supervisor"),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
