"""Runs a worker whose wall clock jumps: ``python -m tests.minos_worker.shifted_clock FILE worker.ini``.

FILE holds the seconds by which the clock is wrong. Only what asks for the wall clock sees it; clocks that count from boot
go on, as they do when somebody sets the time.
"""

import sys
import time
from pathlib import Path

from minos_worker.__main__ import main


def shift_by(file: Path) -> None:
    """From now on ``time.time`` is wrong by what the file says."""
    right = time.time

    def shifted() -> float:
        return right() + float(file.read_text() or 0)

    time.time = shifted


if __name__ == "__main__":
    shift_by(Path(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
