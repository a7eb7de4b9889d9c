"""Packages that browsers and tools send: what they claim to be, and what is kept of them and noted."""

from pyramid.request import Request

from minos_web.models.packages import Package
from minos_web.operations.arrivals import Claim, incoming_of
from minos_web.store import packages
from minos_web.store.arriving import Incoming, Readable


def incoming(request: Request, artifact: str, revision: str, name: str, sha256: str = "") -> Incoming:
    """What is sent, with the limits of the ini."""
    words = artifact.strip(), revision.strip(), name.strip()
    claim = Claim("upload", *words, sha256=sha256, user=request.identity.user, now=request.now)
    return incoming_of(request.console, claim)


def receive(request: Request, stream: Readable, claim: Incoming) -> tuple[Package, bool]:
    """Take a package in. It may be quarantined: its row is kept, so this must not be undone. Raises BadPackage."""
    row, created = packages.receive(sessions(request), request.console.var, stream, claim)
    note(request, row, created)
    return row, created


def sessions(request: Request) -> packages.Sessions:
    """What the store asks and writes with; no write lock is taken before it has to be."""
    return packages.Sessions(request.console.readers, request.db)


def note(request: Request, row: Package, created: bool) -> None:
    """Write into the audit log what came."""
    if created or row.state != packages.READY:
        what = "package.upload" if row.state == packages.READY else "package.quarantine"
        request.audit(what, f"package {row.id}", artifact=row.artifact, name=row.name, sha256=row.sha256)


def refused_words(row: Package) -> str:
    """What is said to who sent a package that is in quarantine now."""
    return f"{row.reason}. It is kept in quarantine, where no cluster finds it"
