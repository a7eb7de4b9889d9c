"""The old directory taken in over the API once, and what the API then plans for a bootstrap of every cluster."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from pyramid.router import Router
from sqlalchemy import select
from webtest import TestApp

from minos_web.console import open_console
from minos_web.models.people import User
from minos_web.security.permissions import Role
from minos_web.security.throttle import Throttle
from minos_web.security.tokens import make_token
from tests.minos_web.conftest import settings_at
from tests.minos_web.old_site import tree

ARCHIVE = {"Content-Type": "application/octet-stream"}


@pytest.fixture(scope="session")
def plans(
    shared_app: Router, template_var: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Any]:
    """(service, cluster) -> the plan of its bootstrap, as the API answers."""
    var = tmp_path_factory.mktemp("old-site") / "console"
    shutil.copytree(template_var, var)
    console = open_console(settings_at(var))
    with console.writers.begin() as session:
        tree.add_machines(session)
        admin = session.scalars(select(User).filter_by(role=Role.ADMIN)).one()
        token = make_token(session, admin, "test", Role.ADMIN, 1.0, time.time())[1]
    before = getattr(shared_app.registry, "console", None)
    shared_app.registry.console, shared_app.registry.throttle = console, Throttle()
    program = TestApp(shared_app)
    program.set_authorization(("Bearer", token))
    program.post("/api/v1/config-import?take=1", tree.as_zip(), headers=ARCHIVE)
    found = {
        (service, cluster): program.get(f"/api/v1/clusters/{service}/{cluster}/plan?action=bootstrap").json
        for service, cluster in tree.CLUSTERS
    }
    shared_app.registry.console = before
    console.engine.dispose()
    return found
