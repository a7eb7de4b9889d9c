"""The real console for tests: migrated SQLite file, real application, users of every role. Nothing is faked.

``console``  a console on a directory of its own (database copied from one that was migrated once)
``app``      the WSGI application on that console          ``anonymous``  a browser that has not signed in
``testapp``  a browser signed in as ``admin``              ``browser_as(role)``, ``api_as(role)``  others
``session``  a session that writes: commit before asking the app, it waits for the lock otherwise
"""

import gzip
import io
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from pyramid.config import Configurator
from pyramid.router import Router
from sqlalchemy import event
from sqlalchemy.orm import Session
from webtest import TestApp, TestRequest, TestResponse

from minos_web.console import Console, open_console
from minos_web.models.database import open_database, writers
from minos_web.models.people import User
from minos_web.scripts.migrate import upgrade
from minos_web.security.forgery import forgery_token
from minos_web.security.passwords import hash_password
from minos_web.security.people import find_user
from minos_web.security.permissions import Role
from minos_web.security.policy import COOKIE
from minos_web.security.pushing import PushThrottle
from minos_web.security.rates import Rates
from minos_web.security.signins import Attempt, open_sign_in
from minos_web.security.throttle import Throttle
from minos_web.security.tokens import make_token
from tests.minos_web.databases import end_shared

PASSWORD = "correct horse battery"
"""Password of every user of ``console``: admin, operator, viewer."""
SECRET = b"\7" * 32
"""The console's secret in tests; one application serves them all, and it derives keys from it."""


def pytest_sessionfinish() -> None:
    """Database servers that tests of this process shared."""
    end_shared()


class Page(TestResponse):  # type: ignore[misc]
    """A page that is parsed once, however often a test looks."""

    @cached_property
    def html(self) -> Any:
        return super().html


class _PageRequest(TestRequest):  # type: ignore[misc]
    ResponseClass = Page


class Browser(TestApp):  # type: ignore[misc]
    """A WebTest browser that knows its forgery token; ``sign_in`` gives it a session without a form."""

    __test__ = False
    RequestClass = _PageRequest

    def __init__(self, app: Router, console: Console) -> None:
        super().__init__(app)
        self.console = console
        self._secret = ""

    def sign_in(self, name: str) -> None:
        """Become the user ``name``."""
        with self.console.writers.begin() as session:
            user = find_user(session, name)
            assert user is not None
            self._secret = open_sign_in(session, user, Attempt(name, "", "127.0.0.1", "WebTest", time.time()))
        self.set_cookie(COOKIE, self._secret)

    @property
    def csrf_token(self) -> str:
        """What a form's hidden field ``csrf_token`` holds for this browser."""
        return forgery_token(SECRET, self._secret)

    @property
    def csrf(self) -> dict[str, str]:
        """Headers for an unsafe request without a form."""
        return {"X-CSRF-Token": self.csrf_token}


def settings_at(var: Path) -> dict[str, str]:
    """Keys of ``[app:main]`` for a console whose directory is ``var``."""
    return {
        "sqlalchemy.url": f"sqlite:///{var / 'minos.sqlite'}",
        "minos.var": str(var),
        "minos.keep_free_bytes": "0",
        "minos.max_package_bytes": str(8 * 1024**2),
        "pyramid.reload_templates": "true",
    }


def make_template(var: Path) -> Path:
    """A console's directory, migrated, with a user of each role and nothing else."""
    engine = open_database(f"sqlite:///{var / 'minos.sqlite'}")
    upgrade(engine)
    kept = hash_password(PASSWORD)
    with writers(engine).begin() as session:
        for role in Role:
            session.add(User(name=str(role), password_hash=kept, role=role, created_at=time.time()))
    engine.dispose()
    (var / "secret").write_bytes(SECRET)
    return var


@pytest.fixture(scope="session")
def template_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory that every test's console is copied from."""
    return make_template(tmp_path_factory.mktemp("template"))


class MovedEngine:
    """One engine for all tests of a process, on the file of the test that runs: what SQLAlchemy has compiled for one need not
    be compiled again for the next, which would take longer than most tests.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.engine = open_database(f"sqlite:///{file}")
        event.listen(self.engine, "do_connect", self._connect)

    def move(self, file: Path) -> None:
        """Connections are to this file from now on."""
        self.engine.dispose()
        self._file = file

    def _connect(self, dialect: object, record: object, where: list[str], how: object) -> None:
        where[0] = str(self._file)


@pytest.fixture(scope="session")
def moved_engine(template_var: Path) -> Iterator[MovedEngine]:
    """The engine of ``console``."""
    moved = MovedEngine(template_var / "minos.sqlite")
    yield moved
    moved.engine.dispose()


@pytest.fixture
def console(template_var: Path, tmp_path: Path, moved_engine: MovedEngine) -> Iterator[Console]:
    """A console with users admin, operator and viewer and nothing else."""
    var = tmp_path / "console"
    shutil.copytree(template_var, var)
    moved_engine.move(var / "minos.sqlite")
    yield open_console(settings_at(var), moved_engine.engine)
    moved_engine.engine.dispose()


@pytest.fixture(scope="session")
def shared_app(template_var: Path) -> Router:
    """The application, built once: building takes longer than most tests. Use ``app``."""
    return make_app(template_var)


def make_app(var: Path) -> Router:
    """The application on the console of a directory."""
    console = open_console(settings_at(var))
    with Configurator(settings={**settings_at(var), "minos_console": console}) as config:
        config.include("minos_web.application")
        return config.make_wsgi_app()


@pytest.fixture
def app(shared_app: Router, console: Console) -> Router:
    """The application on this test's console."""
    shared_app.registry.console = console
    shared_app.registry.throttle = Throttle()
    shared_app.registry.push_throttle = PushThrottle()
    shared_app.registry.rates = Rates()
    return shared_app


@pytest.fixture
def anonymous(app: Router, console: Console) -> Browser:
    """A browser that has not signed in."""
    return Browser(app, console)


@pytest.fixture
def browser_as(app: Router, console: Console) -> Callable[[str], Browser]:
    """Makes a browser signed in as viewer, operator or admin."""

    def make(role: str) -> Browser:
        browser = Browser(app, console)
        browser.sign_in(role)
        return browser

    return make


@pytest.fixture
def testapp(browser_as: Callable[[str], Browser]) -> Browser:
    """A browser signed in as admin."""
    return browser_as("admin")


@pytest.fixture
def token_of(console: Console) -> Callable[[str], str]:
    """Makes an API token of viewer, operator or admin."""

    def make(role: str) -> str:
        with console.writers.begin() as session:
            user = find_user(session, role)
            assert user is not None
            return make_token(session, user, "test", Role(role), 1.0, time.time())[1]

    return make


@pytest.fixture
def admin_token(token_of: Callable[[str], str]) -> str:
    """API token of an admin."""
    return token_of("admin")


@pytest.fixture
def viewer_token(token_of: Callable[[str], str]) -> str:
    """API token of a viewer."""
    return token_of("viewer")


@pytest.fixture
def api_as(app: Router, token_of: Callable[[str], str]) -> Callable[[str], TestApp]:
    """Makes a program with a token of viewer, operator or admin."""

    def make(role: str) -> TestApp:
        program = TestApp(app)
        program.set_authorization(("Bearer", token_of(role)))
        return program

    return make


@pytest.fixture
def session(console: Console) -> Iterator[Session]:
    """A session that writes; rolled back at the end unless committed."""
    with console.writers() as opened:
        yield opened


@pytest.fixture
def tarball() -> Callable[..., bytes]:
    """Makes a small tar.gz out of name -> content."""

    def make(files: dict[str, bytes] | None = None, mode: str = "w:gz") -> bytes:
        target = io.BytesIO()
        plain = "w" if mode == "w:gz" else mode  # tarfile's own gzip writes the time of day: no two would be alike
        with tarfile.open(fileobj=target, mode=plain) as archive:  # type: ignore[call-overload]
            for name, content in (files or {"zookeeper/lib/zookeeper.jar": b"jar" * 500}).items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return gzip.compress(target.getvalue(), mtime=0) if mode == "w:gz" else target.getvalue()

    return make
