"""A file system of its own in a file: it can be frozen as a disk that hangs, or broken so that the kernel goes read-only."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class LoopDisk:
    """An ext4 of 48 MiB at ``place``."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "disk"
        self._image = folder / "disk.img"

    def mount(self) -> None:
        """Make and mount it; skips the test where that is not allowed."""
        self.place.mkdir()
        with self._image.open("wb") as file:
            file.truncate(48 * 2**20)
        options = "loop,errors=remount-ro"
        for command in (["mkfs.ext4", "-q", "-F", self._image], ["mount", "-o", options, self._image, self.place]):
            if subprocess.run(command, capture_output=True, check=False).returncode != 0:
                pytest.skip("a file system of our own cannot be mounted here")

    def unmount(self) -> None:
        """Take it away, even from those who use it."""
        subprocess.run(["umount", "-l", self.place], check=True)

    def break_it(self) -> None:
        """Have the kernel find an error on it: from then on it is read-only, as after a failure of a real disk."""
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
        device = next(source for source, place, *_ in mounts if place == str(self.place))
        Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("as a test")

    @contextmanager
    def frozen(self, most: float = 60.0) -> Iterator[None]:
        """Whoever writes waits. Thaws after ``most`` seconds in any case: nothing that waits can be killed."""
        timer = threading.Timer(most, self._thaw)
        timer.start()
        subprocess.run(["fsfreeze", "-f", self.place], check=True)
        try:
            yield
        finally:
            timer.cancel()
            self._thaw()

    def _thaw(self) -> None:
        subprocess.run(["fsfreeze", "-u", self.place], capture_output=True, check=False)
