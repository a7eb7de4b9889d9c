"""The pure parts of the charts' scripts, by tables of cases that Node runs: charts.test.mjs beside this file."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_tables_of_cases() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine: the bundle was built by a wheel")
    done = subprocess.run(
        [node, "--test", str(HERE / "charts.test.mjs")],
        env={**os.environ, "TZ": "Europe/Berlin"},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
