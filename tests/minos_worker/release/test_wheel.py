"""What becomes a release and what does not."""

import io
import zipfile
from pathlib import Path

import pytest

from minos_web.store.wheels import pack, pack_worker
from minos_worker.release.wheel import About, BadWheel, check_host, unpack
from tests.minos_worker.release.wheels import changed_wheel, worker_files

INFO = "minos_worker-9.dist-info"


def write(folder: Path, data: bytes) -> Path:
    path = folder / "worker.whl"
    path.write_bytes(data)
    return path


def test_a_wheel_becomes_a_directory_that_python_can_run(tmp_path: Path) -> None:
    about = unpack(write(tmp_path, changed_wheel("9.1")), tmp_path / "releases" / "9.1-x")
    assert about.version == "9.1"
    here = tmp_path / "releases" / "9.1-x"
    assert {path.name for path in here.iterdir()} == {
        "__main__.py", "minos_common", "minos_worker", "minos_worker-9.1.dist-info",
    }  # fmt: skip
    assert (here / "minos_worker/__main__.py").read_bytes() == worker_files()["minos_worker/__main__.py"]


def test_of_a_wheel_of_the_console_only_the_worker_is_taken(tmp_path: Path) -> None:
    wheel = pack_worker("9", {**worker_files(), "minos_web/__init__.py": b"", "evil.pth": b"import os"}).data
    unpack(write(tmp_path, wheel), tmp_path / "9")
    found = {path.name for path in (tmp_path / "9").iterdir()}
    assert found == {"__main__.py", "minos_common", "minos_worker", INFO}


def test_of_a_wheel_of_the_console_only_the_workers_needs_count(tmp_path: Path) -> None:
    """A host has no Pyramid, and needs none."""
    told = b"Metadata-Version: 2.1\nName: minos-console\nVersion: 9\nRequires-Dist: no-such-server\n"
    files = {**worker_files(), f"{INFO}/METADATA": told}
    with pytest.raises(BadWheel, match="no-such-server"):
        unpack(write(tmp_path, pack(files, INFO)), tmp_path / "9")
    own = {"minos_worker/requirements.txt": b"# what a worker needs\nmsgspec>=0.1\n"}
    about = unpack(write(tmp_path, pack(files | own, INFO)), tmp_path / "9")
    assert about.requires == ("msgspec>=0.1",)
    with pytest.raises(BadWheel, match="no-such-library"):
        own = {"minos_worker/requirements.txt": b"no-such-library\n"}
        unpack(write(tmp_path, pack(files | own, INFO)), tmp_path / "9")


def tampered() -> bytes:
    """A wheel one of whose files is not what its RECORD says."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(changed_wheel("9"))) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, data + b"# more\n" if name == "minos_worker/facts.py" else data)
    return out.getvalue()


def without(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(changed_wheel("9"))) as before, zipfile.ZipFile(out, "w") as after:
        for one in before.namelist():
            if one != name:
                after.writestr(one, before.read(one))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no zip at all", "cannot be read"),
        (b"", "cannot be read"),
        (changed_wheel("9")[:-2000], "cannot be read"),
        (
            pack({"other/__init__.py": b"", "other-1.dist-info/METADATA": b"Version: 1\n"}, "other-1.dist-info"),
            "no wheel of the",
        ),
        (pack({"minos_worker/__main__.py": b""}, "x"), "no wheel of the"),
        (pack({"minos_worker/__main__.py": b"", f"{INFO}/METADATA": b"Name: x\n"}, INFO), "tells no version"),
        (pack({"minos_worker/__main__.py": b"", f"{INFO}/WHEEL": b"Name: x\n"}, INFO), "no METADATA"),
        (pack_worker("9", {**worker_files(), "minos_worker/../../evil.py": b""}).data, "outside its directory"),
        (pack_worker("9", {**worker_files(), "/etc/evil.py": b""}).data, "outside its directory"),
        (tampered(), "minos_worker/facts.py is not what the wheel's RECORD says"),
        (without(f"{INFO}/RECORD"), "no RECORD"),
    ],
    ids=[
        "text",
        "empty",
        "cut",
        "other",
        "bare",
        "no version",
        "no metadata",
        "dots",
        "absolute",
        "tampered",
        "no record",
    ],
)
def test_what_is_no_wheel_leaves_nothing(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(BadWheel, match=words):
        unpack(write(tmp_path, data), tmp_path / "releases" / "9")
    assert list((tmp_path / "releases").glob("*")) == []


def test_what_this_python_lacks_is_named_all_at_once() -> None:
    check_host(About("9", ">=3.8", ("msgspec>=0.1", "nowhere>1; extra == 'server'"), ""))
    with pytest.raises(BadWheel) as caught:
        check_host(About("9", ">=4.0", ("msgspec>=99", "surely-not-there>=1"), ""))
    told = str(caught.value)
    for words in (
        "Python >=4.0 (here is 3.",
        "msgspec>=99 (here is 0.",
        "surely-not-there>=1 (not here)",
        "install line",
    ):
        assert words in told
