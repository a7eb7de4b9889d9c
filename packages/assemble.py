"""Assembles a real package from its folder's Maven description: `python packages/assemble.py zookeeper` prints its path.

The same description gives the same bytes. Where Maven Central is out of reach, the jars of Debian's packages serve
(package.toml names them); where neither is, the message says what to supply instead.
"""

import argparse
import fcntl
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DEFAULT_OUT = HERE.parent / "var" / "packages"
SOME_TIME = 1577836800
"""Every file of a package is this old (2020-01-01): the time of assembly must not change its bytes."""
PATIENCE = 900.0
"""Seconds that one command of Maven or Debian may take."""
APT = ["apt-get", "-q", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=15"]


class CannotAssemble(Exception):
    """Neither source worked; the text says what was tried and what to supply."""


def main() -> None:
    """Print the path of the assembled tarball; everything else goes to standard error."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("name", choices=sorted(f.parent.name for f in HERE.glob("*/pom.xml")))
    options.add_argument(
        "--out", type=Path, default=DEFAULT_OUT, help="where tarballs are kept (default: var/packages)"
    )
    chosen = options.parse_args()
    try:
        print(assemble(HERE / chosen.name, chosen.out))
    except CannotAssemble as error:
        sys.exit(str(error))


def assemble(folder: Path, out: Path) -> Path:
    """The package of a folder; an earlier one of the same description is used again."""
    out.mkdir(parents=True, exist_ok=True)
    lock = os.open(out, os.O_RDONLY)
    try:
        # Two that need the same one wait for one download.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _assemble(folder, out)
    finally:
        os.close(lock)


def _assemble(folder: Path, out: Path) -> Path:
    version = version_of(folder)
    kept = out / digest_of(folder)
    found = sorted(kept.glob("*.tar.gz"))
    if found:
        return found[0]
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as room:
        target = Path(room)
        version = _jars(folder, target, version)
        top = f"{folder.name}-{version}"
        if (folder / "files").is_dir():
            shutil.copytree(folder / "files", target / top, dirs_exist_ok=True)
        arrange(target / "lib", target / top, told_of(folder))
        unfinished = target / "package.tar.gz"
        write_tarball(target / top, unfinished)
        return unfinished.rename(kept / f"{top}.tar.gz")


def told_of(folder: Path) -> dict[str, Any]:
    """What package.toml says."""
    return tomllib.loads((folder / "package.toml").read_text())


def arrange(jars: Path, top: Path, told: dict[str, Any]) -> None:
    """Put the jars where ``[layout]`` says, by the first pattern that fits (without any: into lib), and unpack the
    parts of jars that ``[[unpack]]`` names."""
    layout: dict[str, str] = told.get("layout", {"*": "lib"})
    unpacked = told.get("unpack", [])
    for jar in sorted(jars.iterdir()):
        parts = [part for part in unpacked if fnmatch(jar.name, part["jar"])]
        for part in parts:
            with zipfile.ZipFile(jar) as archive:
                archive.extractall(top / part["to"], [n for n in archive.namelist() if n.startswith(part["member"])])
        if not parts:
            place = top / next(folder for pattern, folder in layout.items() if fnmatch(jar.name, pattern))
            place.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(jar, place / jar.name)


def version_of(folder: Path) -> str:
    """The version that the Maven description carries."""
    match = re.search(r"<version>([^<]+)</version>", (folder / "pom.xml").read_text())
    assert match, f"{folder}/pom.xml has no version"
    return match.group(1)


def digest_of(folder: Path) -> str:
    """Short name of everything that a package is made from."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for file in sorted(f for f in folder.rglob("*") if f.is_file()):
        digest.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return f"{folder.name}-{digest.hexdigest()[:16]}"


def _jars(folder: Path, target: Path, version: str) -> str:
    """Fill ``target``/lib; returns the version that was had."""
    tried = []
    for source in (_from_maven, _from_debian):
        try:
            return source(folder, target, version)
        except (CannotAssemble, OSError) as error:
            tried.append(f"  {error}")
            shutil.rmtree(target / "lib", ignore_errors=True)
    official = told_of(folder)["official"]
    raise CannotAssemble(
        f"no source for the {folder.name} package works here:\n" + "\n".join(tried) + "\n"
        f"Supply one yourself, for example Apache's own: make demo PACKAGE=path/to/{official}"
    )


def _from_maven(folder: Path, target: Path, version: str) -> str:
    if shutil.which("mvn") is None:
        _install_maven()
    command = [
        "mvn",
        "-q",
        "-B",
        "-Dstyle.color=never",
        "-f",
        str(folder / "pom.xml"),
        f"-Dassembly.target={target}",
        "package",
    ]
    _run("Maven", command)
    return version


def _install_maven() -> None:
    """As root on Debian Maven is one command away; anybody else is told its name."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("installing Maven from Debian, to fetch the package's jars", file=sys.stderr)
        _apt("Maven", ["install", "-y", "--no-install-recommends", "maven"])
    if shutil.which("mvn") is None:
        raise CannotAssemble("Maven: there is no mvn on the PATH (Debian's package is called maven)")


def _apt(source: str, arguments: list[str], cwd: Path | None = None) -> None:
    """apt-get; root tries again with fresh lists, since a bare container has none."""
    try:
        _run(source, [*APT, *arguments], cwd)
    except CannotAssemble:
        if os.geteuid() != 0:
            raise
        _run(source, [*APT, "update"])
        _run(source, [*APT, *arguments], cwd)


def _from_debian(folder: Path, target: Path, _version: str) -> str:
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise CannotAssemble("Debian: there is no apt-get or dpkg-deb on the PATH")
    told = told_of(folder).get("debian")
    if told is None:
        raise CannotAssemble(f"Debian: it has no packages from which {folder.name} could be assembled")
    debs, tree = target / "debs", target / "tree"
    debs.mkdir()
    _apt("Debian", ["download", *told["packages"]], cwd=debs)
    for deb in sorted(debs.glob("*.deb")):
        _run("Debian", ["dpkg-deb", "-x", str(deb), str(tree)])
    (target / "lib").mkdir(exist_ok=True)
    for name in told["jars"]:
        jar = tree / "usr/share/java" / name
        shutil.copyfile(jar.resolve(), target / "lib" / name)
    print(f"Maven Central is out of reach: {folder.name} is assembled from Debian's packages", file=sys.stderr)
    chosen = next(debs.glob(f"{told['version_of']}_*.deb"))
    return re.split(r"[_%-]", chosen.name.removeprefix(told["version_of"] + "_"))[0].removesuffix("+dfsg")


def _run(source: str, command: list[str], cwd: Path | None = None) -> None:
    """Run quietly; what the command says is shown only when it fails."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise CannotAssemble(f"{source}: {command[0]} did not end within {PATIENCE:.0f} s") from None
    if done.returncode:
        said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
        lines = [line for line in said.splitlines() if line.strip()]
        raise CannotAssemble(f"{source}: {command[0]} failed: {' / '.join(lines[:3])[:400]}")


def write_tarball(top: Path, path: Path) -> None:
    """A gzipped tar of the folder ``top``, the same bytes for the same content."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=SOME_TIME) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for file in [top, *sorted(top.rglob("*"))]:
            _add(tar, file, str(file.relative_to(top.parent)))


def _add(tar: tarfile.TarFile, file: Path, name: str) -> None:
    info = tarfile.TarInfo(name)
    info.mtime = SOME_TIME
    if file.is_dir():
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        tar.addfile(info)
        return
    info.size = file.stat().st_size
    info.mode = 0o755 if file.suffix == ".sh" else 0o644
    with file.open("rb") as content:
        tar.addfile(info, content)


if __name__ == "__main__":
    main()
