"""Packages that browsers and tools send: what they claim to be, and what is kept of them and noted."""

from pyramid.request import Request

from minos_web.models.packages import Package
from minos_web.store import packages
from minos_web.store.arriving import Incoming, Readable


def incoming(request: Request, artifact: str, revision: str, name: str, sha256: str = "") -> Incoming:
    """What is sent, with the limits of the ini."""
    settings = request.console.settings
    return Incoming(
        artifact=artifact.strip(),
        revision=revision.strip(),
        name=name.strip(),
        user=request.identity.user,
        now=request.now,
        max_bytes=settings.max_package_bytes,
        keep_free=settings.keep_free_bytes,
        expected_sha256=sha256,
    )


def receive(request: Request, stream: Readable, claim: Incoming) -> tuple[Package, bool]:
    """Take a package in. It may be quarantined: its row is kept, so this must not be undone. Raises BadPackage."""
    row, created = packages.receive(request.db, request.console.var, stream, claim)
    note(request, row, created)
    return row, created


def note(request: Request, row: Package, created: bool) -> None:
    """Write into the audit log what came."""
    if created or row.state != packages.READY:
        what = "package.upload" if row.state == packages.READY else "package.quarantine"
        request.audit(what, f"package {row.id}", artifact=row.artifact, name=row.name, sha256=row.sha256)


def refused_words(row: Package) -> str:
    """What is said to who sent a package that is in quarantine now."""
    return f"{row.reason}. It is kept in quarantine, where no cluster finds it"
