"""What is read of a group of processes, against processes of which it is known."""

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from benchmarks.own_use import cpu_seconds, memory_of

MUCH = 48 * 2**20
TWINS = f"""
import os, sys
much = b"x" * {MUCH}
twin = os.fork()
if twin:
    print(twin, flush=True)
sys.stdin.read()
"""
BURNER = """
import sys, threading, time
def burn():
    while time.thread_time() < 0.3: pass
thread = threading.Thread(target=burn); thread.start(); thread.join()
print(flush=True)
sys.stdin.read()
"""


def started(program: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def twins() -> Iterator[list[int]]:
    """A process with much memory, and its fork."""
    first = started(TWINS)
    assert first.stdin and first.stdout
    yield [first.pid, int(first.stdout.readline())]
    first.stdin.close()
    first.wait(10)
    first.stdout.close()


def test_what_is_shared_counts_once_and_in_rss_twice(twins: list[int]) -> None:
    one, both = memory_of(twins[:1]), memory_of(twins)
    assert both.rss > 2 * MUCH
    assert MUCH < both.alone < 2 * MUCH and MUCH < both.pss < 2 * MUCH
    assert both.pss == pytest.approx(both.alone, rel=0.2)
    assert MUCH / 2 < one.pss < one.alone < one.rss, "half of what it shares with its twin is its own"


def test_a_process_counts_every_thread_also_ended_ones() -> None:
    burner = started(BURNER)
    assert burner.stdin and burner.stdout
    with burner:
        burner.stdout.readline()
        before, ours, after = _psutil(burner.pid), cpu_seconds([burner.pid]), _psutil(burner.pid)
        assert ours >= 0.3
        assert before - 0.03 <= ours <= after + 0.03, "but for the ticks of the other clock"
        assert cpu_seconds([burner.pid, burner.pid]) == pytest.approx(2 * ours, rel=0.1)
        burner.stdin.close()


def test_who_is_gone_is_not_counted_as_nothing() -> None:
    gone = started("")
    gone.communicate(timeout=10)
    with pytest.raises(OSError):
        memory_of([gone.pid])
    with pytest.raises(OSError):
        cpu_seconds([gone.pid])


def _psutil(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system
