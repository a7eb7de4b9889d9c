"""What an import is to be called, and whether it is allowed, told before it begins."""

from dataclasses import replace
from urllib.parse import unquote, urlsplit

from minos_web.console import Console
from minos_web.operations.arrivals import Claim
from minos_web.store.importing.addresses import check_allowed
from minos_web.store.importing.builds import build_of, revision_of
from minos_web.store.importing.from_directory import checked
from minos_web.store.importing.from_maven import coordinates_of
from minos_web.store.importing.source import CannotImport


def claim_of(console: Console, claim: Claim) -> Claim:
    """The claim with what its source says by itself, where nothing else was given. Raises CannotImport."""
    if not claim.source:
        raise CannotImport("what is to be imported is missing")
    return _KINDS[claim.kind](console, claim)


def _url(console: Console, claim: Claim) -> Claim:
    check_allowed(claim.source, console.settings.import_urls)
    return replace(claim, name=claim.name or unquote(urlsplit(claim.source).path.rpartition("/")[2]))


def _file(console: Console, claim: Claim) -> Claim:
    path = checked(claim.source, console.settings.package_directories)
    return replace(claim, source=str(path), name=claim.name or path.name)


def _maven(console: Console, claim: Claim) -> Claim:
    if not console.settings.maven:
        raise CannotImport("nothing may be imported from Maven: the ini names no mvn (minos.maven)")
    found = coordinates_of(claim.source)
    name, revision = claim.name or found.file_name, claim.revision or found.version
    return replace(claim, name=name, revision=revision, artifact=claim.artifact or found.artifact)


def _build(console: Console, claim: Claim) -> Claim:
    directory = console.settings.package_builds
    build = build_of(directory, claim.source)
    return replace(
        claim,
        artifact=build.artifact,
        name=build.made.rpartition("/")[2],
        revision=claim.revision or revision_of(directory, build),
    )


_KINDS = {"url": _url, "file": _file, "maven": _maven, "build": _build}
