"""What is given away: the same bytes at every build, all that a console needs, and a console that runs from nothing else."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

import build_assets
from demo.api import wait_for
from minos_common.version import VERSION
from minos_web.store.wheels import worker_wheel
from tests.whole.site import Daemon, free_port

TOP = Path(__file__).resolve().parents[2]
WHEEL, SOURCE = f"minos_console-{VERSION}-py3-none-any.whl", f"minos_console-{VERSION}.tar.gz"
WORKER = f"minos_worker-{VERSION}-py3-none-any.whl"
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "var", "node_modules", "build", "*.egg-info", "__pycache__", ".*_cache", "tests"
)
pytestmark = pytest.mark.timeout(600)
CONSOLE_ONLY = {"pyramid", "sqlalchemy", "alembic", "mako", "waitress", "numpy", "wtforms", "apprise"}


def bare(**more: str) -> dict[str, str]:
    """An environment with no Node, no checkout and nothing of this process's own."""
    return {"PATH": "/nowhere", "LANG": "C.UTF-8", **more}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make dist` makes, built in a copy, so that nobody who looks at the checkout meanwhile is disturbed."""
    assert build_assets.is_built(), "static/dist is older than its sources: make assets"
    folder = tmp_path_factory.mktemp("dist")
    shutil.copytree(TOP, folder / "copy", ignore=NOT_COPIED, symlinks=True)
    command = [sys.executable, "-W", "ignore", "build_dist.py", str(folder / "made")]
    done = subprocess.run(command, cwd=folder / "copy", env=bare(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "made"


def test_a_wheel_made_of_the_sdist_has_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    """Elsewhere, later, by somebody with another umask, without Node and without a checkout."""
    with tarfile.open(dist / SOURCE) as archive:
        archive.extractall(tmp_path, filter="data")
        assert not [name for name in archive.getnames() if name.endswith(".pyc")]
    program = "import os; os.umask(0o077); from setuptools import build_meta; build_meta.build_wheel('made')"
    top = tmp_path / SOURCE.removesuffix(".tar.gz")
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=top, env=bare(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (top / "made" / WHEEL).read_bytes() == (dist / WHEEL).read_bytes()
    for name in ("CHANGES.md", "LICENSE", "constraints.txt", "docs/production.md", "package-lock.json"):
        assert (top / name).read_bytes() == (TOP / name).read_bytes()


def test_sums_are_told(dist: Path) -> None:
    told = dict(reversed(line.split("  ")) for line in (dist / "SHA256SUMS").read_text().splitlines())
    assert told == {name: hashlib.sha256((dist / name).read_bytes()).hexdigest() for name in (WHEEL, SOURCE, WORKER)}


def test_it_holds_all_that_a_console_needs_and_nothing_else(dist: Path) -> None:
    with zipfile.ZipFile(dist / WHEEL) as wheel:
        names = set(wheel.namelist())
        manifest = json.loads(wheel.read("minos_web/static/dist/manifest.json"))
        assert {info.external_attr >> 16 for info in wheel.infolist()} == {0o100644}
    bundle = {f"minos_web/static/dist/{name}" for name in manifest.values()}
    assert bundle <= names and f"minos_web/static/dist/{manifest['style.css']}.br" in names
    for room, pattern in (
        ("minos_common", "**/*.py"), ("minos_worker", "**/*.py"), ("minos_web", "**/*.py"), ("minos_web/templates", "**/*.mako"),
        ("minos_web/catalog", "**/*"), ("minos_web/views/api", "*.json"), ("minos_web/install", "*.sh"),
    ):  # fmt: skip
        here = {path for path in (TOP / room).glob(pattern) if path.is_file() and "__pycache__" not in path.parts}
        assert {path.relative_to(TOP).as_posix() for path in here} - names == set(), room
    for source, folder in (("alembic/versions", "migrations/versions"), ("deploy", "deploy")):
        here = {path.name for path in (TOP / source).iterdir() if path.is_file()}
        assert {f"minos_web/{folder}/{name}" for name in here} - names == set(), source
    assert {"minos_web/deploy/production.ini", "minos_web/deploy/worker.ini"} <= names
    assert any(name.endswith("/LC_MESSAGES/minos.mo") for name in names)
    assert not [name for name in names if re.search(r"\.pyc$|__pycache__|^tests|static/src|^static", name)]


def test_a_worker_needs_nothing_of_a_console(dist: Path, tmp_path: Path) -> None:
    """The wheel of the worker is the one that the console gives to hosts, and runs where the console's libraries are not."""
    assert (dist / WORKER).read_bytes() == worker_wheel().data
    with zipfile.ZipFile(dist / WORKER) as wheel:
        metadata = wheel.read(f"minos_worker-{VERSION}.dist-info/METADATA").decode()
    needs = {re.split(r"[<>=!~;\[ ]", name)[0].lower() for name in re.findall(r"Requires-Dist: (.*)", metadata)}
    assert "pyzmq" in needs and not needs & CONSOLE_ONLY
    ini = tmp_path / "worker.ini"
    ini.write_text(f"[worker]\nconsole = tcp://127.0.0.1:1\nconsole_key = {'a' * 40}\nroot = {tmp_path}/root\n")
    program = (
        "import sys\n"
        "class Shut:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] in {sorted(CONSOLE_ONLY | {'minos_web'})}: raise ImportError(name)\n"
        "sys.meta_path.insert(0, Shut())\n"
        f"sys.path[:0] = [{str(dist / WORKER)!r}, {sysconfig.get_path('purelib')!r}]\n"
        "import minos_worker.__main__ as worker\n"
        f"assert {WORKER!r} in worker.__file__\n"
        f"sys.exit(worker.main([{str(ini)!r}, '--fingerprint']))\n"
    )
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, env=bare(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\S{40}\n\S+\n", done.stdout)


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own, which borrows only the libraries of the tests' one."""

    folder: Path

    def run(self, name: str, *arguments: str) -> str:
        """Run one of its programs to its end, far from any checkout; what it printed."""
        command = [str(self.folder / "venv/bin" / name), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=bare(), capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    python = folder / "venv/bin/python"
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    own = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    (own / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--no-compile",
    ]
    # pip would take the tests' own editable install, which is borrowed too, for an older one of this environment.
    subprocess.run([*pip, "--ignore-installed", str(dist / WHEEL)], check=True, env=os.environ | {"PIP_NO_INPUT": "1"})
    return Installed(folder)


@pytest.fixture
def console(installed: Installed) -> Iterator[str]:
    """A console as docs/production.md sets it up, on free ports; its address."""
    folder, url = installed.folder, f"http://127.0.0.1:{free_port()}"
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    installed.run(
        "minos-deploy-files", str(folder / "etc"), "--url", url, "--var", str(folder / "data"), "--user", user
    )
    ini = folder / "etc/production.ini"
    ini.write_text(ini.read_text().replace("tcp://0.0.0.0:8089", f"tcp://127.0.0.1:{free_port()}"))
    installed.run("minos-init", str(ini), "--password-file", str(folder / "password"))
    # pserve itself is a program of Pyramid, which is borrowed.
    daemon = Daemon(
        [str(folder / "venv/bin/python"), "-m", "pyramid.scripts.pserve", str(ini)], folder / "console.log", folder=folder, environment=bare()
    )
    daemon.start()
    try:
        wait_for("the console", lambda: _answers(url), 60)
        yield url
    except TimeoutError:
        print((folder / "console.log").read_text())
        raise
    finally:
        daemon.end()


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=5).json()["status"] == "ok"
    except requests.RequestException:
        return False


def test_it_runs_where_there_is_nothing_else(installed: Installed, console: str) -> None:
    page = requests.get(f"{console}/sign-in", timeout=30)
    assert page.ok and "Minos" in page.text
    found = re.search(r'href="([^"]+/style-\w+\.css)"', page.text)
    assert found is not None, page.text[:2000]
    style = requests.get(requests.compat.urljoin(console, found[1]), timeout=30)
    assert style.ok and style.headers["Content-Type"].startswith("text/css") and len(style.text) > 100_000
    script = requests.get(f"{console}/install/worker.sh", timeout=60)
    assert WORKER in script.text, "hosts get their worker from it"
    made = installed.run("minos-backup", str(installed.folder / "etc/production.ini"), str(installed.folder / "backup"))
    assert "made " in made


def test_every_program_is_there(installed: Installed) -> None:
    program = (
        "import importlib.metadata as m\n"
        "d = m.distribution('minos-console')\n"
        "print(d.locate_file(''))\n"
        "for e in d.entry_points: e.load(); print(e.group, e.name)\n"
    )
    told = installed.run("python", "-W", "ignore", "-c", program).splitlines()
    assert str(installed.folder) in told[0]
    programs = {line.split()[1] for line in told[1:] if line.startswith("console_scripts")}
    assert {
        "minos-init",
        "minos-engine",
        "minos-worker",
        "minos-backup",
        "minos-restore",
        "minos-deploy-files",
    } <= programs
    assert all((installed.folder / "venv/bin" / name).is_file() for name in programs)
