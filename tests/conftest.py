"""What tests of several rooms need: a real ZooKeeper package."""

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def zookeeper_package() -> Path:
    """A real ZooKeeper tarball; assembled once and kept below var/packages."""
    command = [sys.executable, str(TOP / "packages" / "assemble.py"), "zookeeper"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip().splitlines()[-1])
