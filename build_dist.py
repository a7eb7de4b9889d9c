"""What is given away: the wheel and the sdist of the console and the wheel of the worker, the same bytes at every build.

setup.py takes the commands below, so that pip and others build as `make dist` does. Times, owners, modes and the order of
members come from here, not from the machine that builds; SOURCE_DATE_EPOCH sets another time.
"""

import gzip
import hashlib
import io
import os
import shutil
import sys
import tarfile
import time
import zipfile
from pathlib import Path

from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from build_assets import compile_catalogues, ensure_built  # noqa: E402 - it lies beside this file

EXAMPLES = ("production.ini", "worker.ini")
"""Files of the top directory that minos-deploy-files writes out; they go beside those of deploy/."""
EPOCH = 315532800
"""1 January 1980: the first moment that a zip can tell."""


def moment() -> int:
    """The time that all members of an archive get."""
    return max(EPOCH, int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)))


class BuildWithAssets(build_py):
    """build_py that makes the bundle and the catalogues first; an editable install takes them from the checkout later."""

    def finalize_options(self) -> None:
        compile_catalogues()  # package_data's patterns are expanded from here on
        super().finalize_options()

    def run(self) -> None:
        if not self.editable_mode:
            ensure_built()
            self.__dict__.pop("data_files", None)  # what was found before the bundle was there
            shutil.rmtree(self.build_lib, ignore_errors=True)  # what another build left would be packed too
        super().run()
        if not self.editable_mode:
            for name in EXAMPLES:
                self.copy_file(str(HERE / name), str(Path(self.build_lib) / "minos_web/deploy" / name))


class SteadyWheel(bdist_wheel):
    """bdist_wheel whose bytes depend on the content alone."""

    def run(self) -> None:
        super().run()
        for _command, _python, path in self.distribution.dist_files:
            if path.endswith(".whl"):
                settle_wheel(Path(path))


class SteadySource(sdist):
    """sdist that carries the bundle, so that it installs where there is no Node; its bytes depend on the content alone."""

    def run(self) -> None:
        ensure_built()
        super().run()

    def make_archive(self, base_name, format, root_dir=None, base_dir=None, **_more):
        """Only .tar.gz is made: what pip and PyPI take."""
        target = Path(f"{base_name}.tar.gz")
        target.write_bytes(pack_source(Path(root_dir or "."), base_dir))
        return str(target)


def settle_wheel(path: Path) -> None:
    """Write a wheel anew: members by name, RECORD at the end, one time, modes without the umask of whoever built it."""
    with zipfile.ZipFile(path) as wheel:
        members = {name: wheel.read(name) for name in wheel.namelist() if not name.endswith("/")}
    date = time.gmtime(moment())[:6]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members, key=lambda one: (one.endswith(".dist-info/RECORD"), one)):
            member = zipfile.ZipInfo(name, date)
            member.external_attr = 0o100644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, members[name])
    path.write_bytes(out.getvalue())


def pack_source(top: Path, name: str) -> bytes:
    """The directory ``name`` below ``top`` as a .tar.gz."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(one for one in (top / name).rglob("*") if one.is_file()):
            member = tarfile.TarInfo(path.relative_to(top).as_posix())
            member.size, member.mtime = path.stat().st_size, moment()
            member.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as data:
                archive.addfile(member, data)
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", fileobj=packed, mtime=moment()) as stream:
        stream.write(plain.getvalue())
    return packed.getvalue()


COMMANDS = {"build_py": BuildWithAssets, "bdist_wheel": SteadyWheel, "sdist": SteadySource}


def main() -> None:
    """Everything into dist/, or into the directory that is named; what an older build left there is taken away."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "dist").resolve()
    target.mkdir(parents=True, exist_ok=True)
    for old in [*target.glob("minos_*.whl"), *target.glob("minos_*.tar.gz")]:
        old.unlink()
    os.chdir(HERE)
    from setuptools import build_meta

    build_meta.build_sdist(str(target))
    build_meta.build_wheel(str(target))
    from minos_web.store.wheels import worker_wheel

    worker = worker_wheel()
    (target / worker.name).write_bytes(worker.data)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(target.glob("minos_*"))
    ]
    (target / "SHA256SUMS").write_text("".join(lines))
    sys.stdout.write("".join(lines))


if __name__ == "__main__":
    main()
