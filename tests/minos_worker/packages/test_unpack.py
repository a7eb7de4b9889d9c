"""Tarballs, good and hostile. Nothing may ever be written outside of the target."""

import contextlib
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from minos_common.archives.entries import BadArchive, Limits
from minos_worker.packages.unpack import unpack
from tests.minos_worker.package_server import tarball


def nothing(_fraction: float) -> None:
    pass


def member(
    name: str, kind: bytes = tarfile.REGTYPE, target: str = "", data: bytes = b"", **more: object
) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, target, len(data)
    for key, value in more.items():
        setattr(info, key, value)
    return info, data


Members = list[tuple[tarfile.TarInfo, bytes]]


def zipped(files: dict[str, bytes], **changes: int) -> bytes:
    """A zip archive; ``changes`` are put on every member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o100755 if "bin/" in name else 0o100644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in changes.items():
                setattr(info, key, value)
            made.writestr(info, data)
    return out.getvalue()


def archive(folder: Path, members: Members, kind: str = "gz", layout: int = tarfile.GNU_FORMAT) -> Path:
    path = folder / "a.tar"
    with tarfile.open(path, f"w:{kind}", format=layout) as tar:
        for info, data in members:
            tar.addfile(info, io.BytesIO(data) if data else None)
    return path


def inside(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


# ---- good ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "", "zst", "zip"])
def test_every_compression(tmp_path: Path, kind: str) -> None:
    files = {"lib/a.jar": b"a" * 10_000, "conf/zoo.cfg": b"x=1\n", "bin/run.sh": b"#!/bin/sh\n", "empty": b""}
    path = tmp_path / "a.tar"
    if kind == "zip":
        path.write_bytes(zipped({f"top/{name}": data for name, data in files.items()}))
    elif kind == "zst":
        path.write_bytes(zstd.compress(tarball(files, kind="")))
    else:
        path.write_bytes(tarball(files, kind=kind))
    unpack(path, tmp_path / "out", nothing)
    assert inside(tmp_path / "out") == files
    assert (tmp_path / "out/bin/run.sh").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "out/lib/a.jar").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("layout", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_foreign_names_in_every_format(tmp_path: Path, layout: int) -> None:
    long = "/".join(["a-rather-long-directory-name"] * 5) + "/file.txt"
    names = [long, "top/é.txt"] if layout != tarfile.USTAR_FORMAT else [long]
    path = archive(tmp_path, [member(name, data=b"1") for name in names], layout=layout)
    unpack(path, tmp_path / "out", nothing)
    assert set(inside(tmp_path / "out")) in ({long, "top/é.txt"}, {long.split("/", 1)[1]})


def test_a_single_directory_is_left_out_of_the_paths_and_several_are_not(tmp_path: Path) -> None:
    unpack(archive(tmp_path, [member("x/a", data=b"1"), member("x/b", data=b"2")]), tmp_path / "one", nothing)
    assert set(inside(tmp_path / "one")) == {"a", "b"}
    unpack(archive(tmp_path, [member("x/a", data=b"1"), member("y/b", data=b"2")]), tmp_path / "two", nothing)
    assert set(inside(tmp_path / "two")) == {"x/a", "y/b"}


def test_a_directory_that_holds_one_of_its_own_name(tmp_path: Path) -> None:
    unpack(archive(tmp_path, [member("x/x/a", data=b"1")]), tmp_path / "out", nothing)
    assert set(inside(tmp_path / "out")) == {"x/a"}


def test_links_within_the_package(tmp_path: Path) -> None:
    members = [
        member("p/lib/a-1.jar", data=b"jar"),
        member("p/lib/a.jar", tarfile.SYMTYPE, "a-1.jar"),
        member("p/bin/up", tarfile.SYMTYPE, "../lib/a.jar"),
        member("p/hard", tarfile.LNKTYPE, "p/lib/a-1.jar"),
    ]
    unpack(archive(tmp_path, members), tmp_path / "out", nothing)
    for name in ("lib/a.jar", "bin/up", "hard"):
        assert (tmp_path / "out" / name).read_bytes() == b"jar"


def test_setuid_and_other_bits_are_dropped(tmp_path: Path) -> None:
    unpack(
        archive(tmp_path, [member("p/s", data=b"1", mode=0o6777), member("p/t", data=b"1", mode=0o000)]),
        tmp_path / "o",
        nothing,
    )
    assert (tmp_path / "o/s").stat().st_mode & 0o7777 == 0o755
    assert (tmp_path / "o/t").stat().st_mode & 0o7777 == 0o644


def test_the_work_can_be_ended_from_outside(tmp_path: Path) -> None:
    def stop(_fraction: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        unpack(archive(tmp_path, [member("p/a", data=b"1")]), tmp_path / "o", stop)


def _encrypted(data: bytes) -> bytes:
    """With the flag of encryption in both of its heads."""
    found = bytearray(data)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found[found.index(sign) + offset] |= 1
    return bytes(found)


# ---- hostile ------------------------------------------------------------------------------------------------------

SYM, LNK = tarfile.SYMTYPE, tarfile.LNKTYPE
DEEP = "/".join(["d"] * 50)


HOSTILE: dict[str, tuple[Members, str]] = {
    "upwards": ([member("../evil", data=b"1")], "upwards"),
    "upwards in the middle": ([member("p/../../evil", data=b"1")], "upwards"),
    "absolute": ([member("/tmp/evil", data=b"1")], "absolute"),
    "backslash": ([member("p\\..\\evil", data=b"1")], "backslash"),
    "absolute link": ([member("p/l", SYM, "/etc")], "lead out"),
    "link upwards": ([member("p/l", SYM, "../../outside")], "lead out"),
    "write through a link": ([member("p/l", SYM, "/tmp"), member("p/l/evil", data=b"1")], "."),
    "write through a harmless link": (
        [member("p/d", tarfile.DIRTYPE), member("p/l", SYM, "d"), member("p/l/evil", data=b"1")],
        "twice",
    ),
    "upwards behind another link": (
        [member("a/b/c/x", SYM, "../../.."), member("y", SYM, "a/b/c/x/../.."), member("z", data=b"1")],
        "lead out",
    ),
    "empty link": ([member("p/l", SYM, "")], "."),
    "hard link to the outside": ([member("p/h", LNK, "../../etc/passwd")], "upwards"),
    "absolute hard link": ([member("p/h", LNK, "/etc/passwd")], "absolute"),
    "hard link to nothing": ([member("p/h", LNK, "p/none")], "cannot be made"),
    "hard link through a link": (
        [member("p/l", SYM, "."), member("p/h", LNK, "p/l/x"), member("p/x", data=b"1")],
        ".",
    ),
    "character device": ([member("p/null", tarfile.CHRTYPE, devmajor=1, devminor=3)], "device"),
    "block device": ([member("p/sda", tarfile.BLKTYPE, devmajor=8)], "device"),
    "fifo": ([member("p/fifo", tarfile.FIFOTYPE)], "fifo"),
    "twice": ([member("p/a", data=b"1"), member("p/a", data=b"2")], "twice"),
    "file as directory": ([member("p/a", data=b"1"), member("p/a/b", data=b"2")], "no directory"),
    "directory as file": ([member("p/a/b", data=b"2"), member("p/a", data=b"1")], "twice"),
    "too deep": ([member(f"{DEEP}/x", data=b"1")], "deep"),
    "part too long": ([member("p/" + "n" * 251, data=b"1")], "bytes"),
    "no name": ([member(".", data=b"1")], "no name"),
    "the root itself as a link": ([member(".", SYM, "/etc")], "."),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_are_refused_and_write_nothing_outside(tmp_path: Path, name: str) -> None:
    members, words = HOSTILE[name]
    room = tmp_path / "room"
    room.mkdir()
    path = archive(tmp_path, members)
    before = {str(entry): entry.lstat().st_mtime_ns for entry in tmp_path.iterdir()}
    try:
        unpack(path, room / "out", nothing)
    except (BadArchive, OSError) as error:
        assert (isinstance(error, BadArchive) and words in str(error)) or words == "."
    else:
        pytest.fail("was not refused")
    assert {str(entry): entry.lstat().st_mtime_ns for entry in tmp_path.iterdir() if entry != room} == {
        key: value for key, value in before.items() if key != str(room)
    }
    assert [entry.name for entry in room.iterdir()] == ["out"]
    for found in (room / "out").rglob("*"):
        assert found.resolve().is_relative_to(room)


HOSTILE_ZIP: dict[str, tuple[bytes, str]] = {
    "upwards": (zipped({"../evil": b"1"}), "upwards"),
    "absolute": (zipped({"/tmp/evil": b"1"}), "absolute"),
    "twice": (zipped({"p/a": b"1", "./p/a": b"2"}), "twice"),
    "absolute link": (zipped({"p/l": b"/etc/passwd"}, external_attr=0o120777 << 16), "lead out"),
    "link upwards": (zipped({"p/l": b"../../x"}, external_attr=0o120777 << 16), "lead out"),
    "link with a long target": (zipped({"p/l": b"x" * 5000}, external_attr=0o120777 << 16), "target of 5000"),
    "device": (zipped({"p/d": b""}, external_attr=0o020600 << 16), "neither file"),
    "fifo": (zipped({"p/f": b""}, external_attr=0o010600 << 16), "neither file"),
    "cut off": (zipped({"p/a": os.urandom(5000)})[:2000], "damaged"),
    "spoilt": (zipped({"p/a": b"1" * 5000}).replace(b"p/a", b"p/b", 1), "damaged"),
    "no zip at all": (b"PK\x03\x04 no zip", "damaged"),
    "encrypted": (_encrypted(zipped({"p/a": b"1"})), "encrypted"),
}


@pytest.mark.parametrize("name", HOSTILE_ZIP)
def test_hostile_zip_archives_are_refused(tmp_path: Path, name: str) -> None:
    data, words = HOSTILE_ZIP[name]
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(BadArchive, match=words):
        unpack(path, tmp_path / "out", nothing)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.zip", "out"]


def test_a_zip_bomb_is_stopped_at_its_budget(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"p/zeros": bytes(20 * 2**20)}))
    with pytest.raises(BadArchive, match="unpacks to more"):
        unpack(path, tmp_path / "out", nothing, Limits(ratio=10, slack=2**20))


def test_a_bomb_is_stopped_at_its_budget(tmp_path: Path) -> None:
    path = archive(tmp_path, [member("p/zeros", data=bytes(20 * 2**20))])
    limits = Limits(ratio=10, slack=2**20)
    with pytest.raises(BadArchive, match="unpacks to more"):
        unpack(path, tmp_path / "out", nothing, limits)
    assert sum(map(len, inside(tmp_path / "out").values())) <= path.stat().st_size * 10 + 2**20


def test_too_many_entries(tmp_path: Path) -> None:
    path = archive(tmp_path, [member(f"p/{number}", data=b"") for number in range(200)])
    with pytest.raises(BadArchive, match="more than 100 entries"):
        unpack(path, tmp_path / "out", nothing, Limits(entries=100))


def _header(change: Callable[[bytearray], None], fix: bool = True) -> bytes:
    block = bytearray(tarfile.TarInfo("p/a").tobuf(tarfile.USTAR_FORMAT))
    change(block)
    if fix:
        block[148:156] = b" " * 8
        block[148:156] = f"{sum(block):06o}".encode() + b"\0 "
    return bytes(block)


def _negative(block: bytearray) -> None:
    block[124:136] = b"\xff" * 12


def _huge(block: bytearray) -> None:
    block[124:136] = b"\x80" + b"\0" * 3 + (2**60).to_bytes(8, "big")


def _letters(block: bytearray) -> None:
    block[124:136] = b"zzzzzzzzzzz\0"


def _strange(block: bytearray) -> None:
    block[156:157] = b"Z"


def _long_name(block: bytearray) -> None:
    block[156:157] = b"L"
    block[124:136] = b"77777777777\0"


def _pax(block: bytearray) -> None:
    block[156:157] = b"x"
    block[124:136] = b"00000000010\0"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_header(_negative), "negative"),
        (_header(_huge), "truncated"),
        (_header(_letters), "no number"),
        (_header(_strange), "unknown kind"),
        (_header(_long_name), "name of"),
        (_header(_pax) + b"9999 a=b" + bytes(504), "pax"),
        (_header(_pax) + b"0 a=bccc" + bytes(504), "pax"),
        (_header(_pax) + b"hello!!!" + bytes(504), "pax"),
        (_header(lambda block: None, fix=False)[:300], "this is no tar"),
        (b"this is no archive at all" * 100, "this is no tar"),
        (b"", "this is no tar"),
        (bytes(1024), "empty"),
        (b"\x1f\x8b" + os.urandom(3000), "damaged"),
        (b"\xfd7zXZ\0" + os.urandom(3000), "damaged"),
        (tarball({"a": os.urandom(100_000)})[:50_000], "truncated"),
    ],
)
def test_damaged_archives_are_told_as_such(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(data)
    with pytest.raises(BadArchive, match=words):
        unpack(path, tmp_path / "out", nothing)


def test_a_thousand_mutations_neither_escape_nor_hang(tmp_path: Path) -> None:
    import random

    chance = random.Random(7)
    good = tarball({f"lib/{n}.jar": os.urandom(200) for n in range(5)}, kind="")
    for number in range(1000):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / "m.tar"
        path.write_bytes(bytes(data[: chance.randint(1, len(data))]))
        room = tmp_path / f"room{number}"
        room.mkdir()
        with contextlib.suppress(BadArchive, OSError):
            unpack(path, room / "out", nothing)
        assert [entry.name for entry in room.iterdir()] == ["out"]
        assert len(list(tmp_path.iterdir())) == number + 2
