"""Files of counters as HotSpot writes them: made by hand for every oddity, and by a real JVM beside jstat."""

import contextlib
import os
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_worker.process.identity import ProcessId, stat_of
from minos_worker.process.tree import all_processes
from minos_worker.stats.jvm import JvmFigures, _content
from minos_worker.stats.perfdata import MAGIC, BadPerfData, figures, parse

SERIAL: dict[str, int | str] = {
    "sun.gc.policy.name": "Copy:MSC",
    "sun.gc.generation.0.maxCapacity": 100,
    "sun.gc.generation.1.maxCapacity": 200,
    "sun.gc.generation.0.space.0.used": 1,
    "sun.gc.generation.0.space.1.used": 2,
    "sun.gc.generation.1.space.0.used": 4,
    "sun.gc.generation.0.space.0.capacity": 10,
    "sun.gc.generation.1.space.0.capacity": 20,
}
TIMES: dict[str, int | str] = {
    "sun.os.hrt.frequency": 1000,
    "sun.rt.safepointTime": 2500,
    "sun.gc.collector.0.time": 1000,
    "sun.gc.collector.1.time": 500,
    "sun.gc.collector.0.invocations": 7,
    "sun.gc.collector.1.invocations": 2,
}


def entry(name: str, value: int | str, ends: str) -> bytes:
    text = name.encode() + b"\0"
    text += b"\0" * (-(20 + len(text)) % 8)
    if isinstance(value, int):
        kind, vector, data = b"J", 0, struct.pack(f"{ends}q", value)
    else:
        data = value.encode() + b"\0"
        kind, vector = b"B", len(data)
        data += b"\0" * (-len(data) % 8)
    head = struct.pack(f"{ends}iii", 20 + len(text) + len(data), 20, vector) + kind + b"\0\1\1"
    return head + struct.pack(f"{ends}i", 20 + len(text)) + text + data


def made(
    values: dict[str, int | str], ends: str = "<", major: int = 2, ready: int = 1, count: int | None = None
) -> bytes:
    entries = b"".join(entry(name, value, ends) for name, value in values.items())
    head = MAGIC + bytes([ends == "<", major, 0, ready])
    return head + struct.pack(f"{ends}iiqii", len(entries), 0, 0, 32, len(values) if count is None else count) + entries


@pytest.mark.parametrize("ends", ["<", ">"])
def test_longs_and_texts_are_read_in_either_byte_order(ends: str) -> None:
    values: dict[str, int | str] = {"java.threads.live": 7, "sun.rt.javaCommand": "Main a b", "x": -5}
    assert parse(made(values, ends)) == values


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "does not begin"),
        (b"\xca\xfe\xba\xbe" + b"\0" * 60, "does not begin"),
        (MAGIC, "does not begin"),
        (made({}, major=1), "version 1"),
        (made({}, ready=0), "not ready"),
    ],
)
def test_what_is_no_such_file_is_told(data: bytes, why: str) -> None:
    with pytest.raises(BadPerfData, match=why):
        parse(data)


@pytest.mark.parametrize("cut", range(32, len(made({"a": 1, "b": 2})) - 1))
def test_a_file_that_ends_early_tells_what_is_whole(cut: int) -> None:
    found = parse(made({"a": 1, "b": 2})[:cut])
    assert found in ({}, {"a": 1})


def test_more_entries_than_there_are_and_ones_without_length_end_the_reading() -> None:
    assert parse(made({"a": 1}, count=2**31 - 1)) == {"a": 1}
    assert parse(made({"a": 1}) + b"\0" * 200) == {"a": 1}
    broken = bytearray(made({"a": 1}))
    broken[32:36] = b"\0\0\0\0"
    assert parse(bytes(broken)) == {}


@pytest.mark.parametrize("seed", range(200))
def test_noise_never_breaks_the_reader(seed: int) -> None:
    import random

    dice = random.Random(seed)
    data = bytearray(made(SERIAL | TIMES))
    for _ in range(dice.randint(1, 40)):
        data[dice.randrange(8, len(data))] = dice.randrange(256)
    assert isinstance(parse(bytes(data)), dict)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {}),
        (SERIAL, {"jvm.heap_used_bytes": 7, "jvm.heap_committed_bytes": 30, "jvm.heap_max_bytes": 300}),
        ({**SERIAL, "sun.gc.policy.name": "GarbageFirst"}, {"jvm.heap_max_bytes": 200}),
        ({"java.threads.live": 7, "sun.gc.metaspace.used": 5}, {"jvm.threads": 7, "jvm.metaspace_used_bytes": 5}),
        (
            TIMES,
            {
                "jvm.safepoint_seconds": 2.5,
                "jvm.gc_seconds": 1.5,
                "jvm.gc_seconds:young": 1.0,
                "jvm.gc_seconds:old": 0.5,
                "jvm.gc_count": 9,
                "jvm.gc_count:young": 7,
                "jvm.gc_count:old": 2,
            },
        ),
        ({**TIMES, "sun.os.hrt.frequency": 0}, {"jvm.gc_count": 9}),
        ({"sun.rt.safepointTime": "odd", "sun.os.hrt.frequency": 1}, {}),
    ],
)
def test_figures(values: dict[str, int | str], expected: dict[str, float]) -> None:
    found = figures(values)
    assert {name: found.get(name) for name in expected} == expected
    assert bool(found) == bool(expected)


SOURCE = """
public class Eater {
    public static void main(String[] args) throws Exception {
        byte[][] kept = new byte[50][];
        for (int i = 0; i < 2000; i++) kept[i % 50] = new byte[100000];
        System.gc();
        System.out.println("up");
        Thread.sleep(600000);
    }
}
"""
needs_jdk = pytest.mark.skipif(not (shutil.which("java") and shutil.which("jstat")), reason="needs a JDK")


@contextlib.contextmanager
def jvm(folder: Path, *options: str) -> Iterator[int]:
    """A JVM that has collected garbage and does nothing any more; its pid."""
    (folder / "Eater.java").write_text(SOURCE)
    command = ["java", "-Xmx64m", *options, "Eater.java"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "up\n"
            yield process.pid
        finally:
            process.kill()


def read(figures: JvmFigures, pid: int) -> dict[str, float]:
    stat = stat_of(pid)
    assert stat is not None
    return figures.read(ProcessId(pid, stat.tick), all_processes())


def jstat(pid: int) -> dict[str, float]:
    """What the JDK's own tool says, sizes in bytes."""
    told = subprocess.run(["jstat", "-gc", str(pid)], capture_output=True, text=True, check=True).stdout.split()
    half = len(told) // 2
    return {name: float(value) for name, value in zip(told[:half], told[half:], strict=True) if value != "-"}


@needs_jdk
@pytest.mark.parametrize("collector", ["Serial", "Parallel", "G1"])
def test_a_real_jvm_beside_jstat(tmp_path: Path, collector: str) -> None:
    with jvm(tmp_path, f"-XX:+Use{collector}GC", f"-Djava.io.tmpdir={tmp_path}") as pid:
        reader = JvmFigures()
        before, theirs, found = read(reader, pid), jstat(pid), read(reader, pid)
        kib = {
            "heap_used_bytes": ("S0U", "S1U", "EU", "OU"),
            "heap_committed_bytes": ("S0C", "S1C", "EC", "OC"),
            "metaspace_used_bytes": ("MU",),
        }
        for ours, names in kib.items():
            bytes_there = sum(theirs[name] for name in names) * 1024
            assert before[f"jvm.{ours}"] - 2048 <= bytes_there <= found[f"jvm.{ours}"] + 2048, ours
        assert found["jvm.gc_count:young"] == theirs["YGC"] and found["jvm.gc_count:old"] == theirs["FGC"] >= 1
        assert found["jvm.gc_seconds:young"] == pytest.approx(theirs["YGCT"], abs=0.002)
        assert found["jvm.gc_seconds:old"] == pytest.approx(theirs["FGCT"], abs=0.002)
        assert found["jvm.gc_seconds"] == pytest.approx(theirs["GCT"], abs=0.002)
        assert 60 * 2**20 <= found["jvm.heap_max_bytes"] <= 70 * 2**20
        assert found["jvm.threads"] >= 3 and found["jvm.safepoint_seconds"] > 0
        assert "jvm.gc_percent" not in before and found["jvm.gc_percent"] == 0.0
        # A JVM that a script started is the task's all the same.
        assert read(JvmFigures(), os.getpid()).get("jvm.threads") == found["jvm.threads"]
        reader.forget({})
        assert reader._known == {}


@needs_jdk
def test_a_jvm_that_shares_nothing_has_no_figures(tmp_path: Path) -> None:
    with jvm(tmp_path, "-XX:-UsePerfData") as pid:
        assert read(JvmFigures(), pid) == {}


def test_a_process_that_is_no_jvm_has_none_and_is_not_looked_at_for_ever() -> None:
    reader = JvmFigures()
    assert read(reader, os.getpid()) == {}
    assert os.getpid() in {process.pid for process in reader._known}
    for known in reader._known.values():  # its children as well: a database of other tests may be one
        known.until = time.monotonic() - 1
    reader._find = None  # type: ignore[method-assign,assignment]
    assert read(reader, os.getpid()) == {}


def test_what_others_put_in_its_place_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(made(SERIAL))
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "gone"):
        with pytest.raises(OSError):
            _content(tmp_path / name)
    assert parse(_content(tmp_path / "secret")) == SERIAL
