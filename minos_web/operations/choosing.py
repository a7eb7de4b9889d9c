"""Which package an operation brings to the hosts."""

import re

from sqlalchemy.orm import Session

from minos_common.words import PackageName
from minos_web.clusterfile.description import ClusterDescription, PackagePin
from minos_web.models.packages import Package
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish
from minos_web.store.packages import READY, find


def choose_package(session: Session, description: ClusterDescription, wish: Wish, action: Action) -> Package | None:
    """The package to send; None keeps the one that each task has.

    In this order: the one pinned in the cluster file, the one that the wish names, and for an install, a bootstrap or an update the
    newest of the service's artifact whose name holds the configured version. Raises Refused when there is none.
    """
    artifact = description.service.artifact
    if description.package is not None:
        return _pinned(session, artifact, description.package)
    if wish.options.get("package_id"):
        return _named(session, artifact, wish.options["package_id"])
    if action in (Action.INSTALL, Action.BOOTSTRAP) or wish.options.get("update_package"):
        return _newest(session, artifact, description.version)
    return None


def _pinned(session: Session, artifact: str, pin: PackagePin) -> Package:
    for package in find(session, artifact, pin.package_name):
        if (package.revision, package.timestamp) == (pin.revision, pin.timestamp):
            return package
    text = (
        f"the cluster file pins {pin.package_name} {pin.revision} {pin.timestamp}, which is not in the store: upload it"
    )
    raise Refused("no-package", text, "package_id")


def pinned(session: Session, description: ClusterDescription) -> PackageName | None:
    """The package that the cluster file pins, as workers know it; None when it pins none, or one that is not here."""
    if description.package is None:
        return None
    try:
        found = _pinned(session, description.service.artifact, description.package)
    except Refused:
        return None
    return name_of(found)


def missing_package(session: Session, description: ClusterDescription) -> tuple[str, str] | None:
    """Key of ``[cluster]`` that asks for a package which the store does not have, and that in words; None: it has it."""
    artifact = description.service.artifact
    try:
        if description.package is not None:
            _pinned(session, artifact, description.package)
        else:
            _newest(session, artifact, description.version)
    except Refused as refused:
        return "package_name" if description.package is not None else "version", refused.message
    return None


def usual_package(session: Session, description: ClusterDescription) -> tuple[PackageName, Package]:
    """What a task that has none would get: the pinned package, else the newest of the configured version. Raises Refused."""
    artifact = description.service.artifact
    if description.package is not None:
        found = _pinned(session, artifact, description.package)
    else:
        found = _newest(session, artifact, description.version)
    return name_of(found), found


def name_of(package: Package) -> PackageName:
    """The package as workers know it."""
    return PackageName(package.artifact, package.name, package.revision, package.timestamp, package.sha256)


def _named(session: Session, artifact: str, package_id: object) -> Package:
    package = session.get(Package, int(str(package_id))) if str(package_id).isdigit() else None
    if package is None:
        raise Refused("no-package", f"there is no package {package_id}", "package_id")
    if package.state != READY:
        raise Refused("no-package", f"{package.name} is in quarantine: {package.reason}", "package_id")
    if package.artifact != artifact:
        text = f"package {package.name} is of artifact {package.artifact}; this service needs {artifact}"
        raise Refused("no-package", text, "package_id")
    return package


def holds_version(package: Package, version: str) -> bool:
    """Whether its name holds the version: 3.9.3 in zookeeper-3.9.3.tar.gz, and not in zookeeper-3.9.30.tar.gz."""
    return re.search(rf"-{re.escape(version)}(?!\d|\.\d)", package.name) is not None


def _newest(session: Session, artifact: str, version: str) -> Package:
    packages = find(session, artifact)
    for package in packages:
        if holds_version(package, version):
            return package
    have = (
        f"; the store has {', '.join(sorted({p.name for p in packages}))}"
        if packages
        else "; the store has none of this artifact"
    )
    text = f"no package of {artifact} has version {version} in its name{have}: upload one, or change version= in the cluster file"
    raise Refused("no-package", text, "package_id")
