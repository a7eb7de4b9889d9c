"""The steps of the wizard for a new cluster: what their forms say, and what is wrong with it."""

import re
from collections.abc import Callable
from typing import Any

from pyramid.request import Request

from minos_common import names
from minos_web.catalog.description import Service
from minos_web.clusterfile.edits import CannotWrite
from minos_web.clusterfile.everyday_edits import new_hosts
from minos_web.clusterfile.tree import cluster_path
from minos_web.models.packages import Package
from minos_web.operations.layouts.answers import Answers, artifact_of, begin_anew, changed, forget_sizes, own_jobs
from minos_web.store import configdir, packages
from minos_web.views.presenting import sentence

NAME = re.compile(r"[a-z0-9][A-Za-z0-9_-]{0,62}\Z")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\Z")
HEAP = re.compile(r"[1-9][0-9]{0,8}[kmg]\Z")
_VERSION_IN_NAME = re.compile(r"-(\d[A-Za-z0-9._]*?)(?:\.tar\.\w+|\.tgz|\.zip)?$")
MOST_TYPED = 50
Errors = dict[str, str]


def services_of(request: Request) -> list[Service]:
    """Services of which a cluster can be made: what others need first, those that need a description of their own last."""
    able = [one for one in request.console.catalog.services.values() if one.template]
    return sorted(able, key=_rank)


def _rank(service: Service) -> tuple[bool, bool, bool, str]:
    return (
        service.referred_by != "name",
        service.described_in_file,
        service.cluster_name != "with-zookeeper",
        service.name,
    )


def read_service(answers: Answers, given: Any) -> None:
    """Step 1 into the answers."""
    begin_anew(answers, given.get("service", answers.service), given.get("size", answers.size))
    answers.name = given.get("name", answers.name).strip()
    answers.level = given.get("level", answers.level) if given.get("level", "") in ("tst", "prc", "srv") else ""
    answers.hdfs = given.get("hdfs", answers.hdfs).strip()


def read_package(request: Request, answers: Answers, given: Any) -> None:
    """Step 2: a package of the store, which brings its version, or only a version."""
    text = given.get("package", "")
    answers.package = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    answers.pin = "pin" in given
    package = package_of(request, answers)
    answers.version = version_of(package) if package else given.get("version", answers.version).strip()


def read_hosts(service: Service, answers: Answers, given: Any) -> Errors:
    """Step 3: ticked hosts and typed ones, and what of the typed ones cannot be read."""
    errors: Errors = {}
    hosts: dict[str, list[str]] = {}
    for job in own_jobs(service):
        chosen = [one for one in given.getall(f"hosts.{job}") if one]
        typed = given.get(f"more.{job}", "").split()
        try:
            if len(typed) > MOST_TYPED:
                raise CannotWrite(f"at most {MOST_TYPED} words at once; dn-[001-500] is one of them")
            chosen += [line.address for line in new_hosts(" ".join(typed), [])]
        except CannotWrite as error:
            errors[f"more.{job}"] = sentence(error)
        hosts[job] = list(dict.fromkeys(chosen))
        answers.advised_hosts[job] = given.get(f"advised.{job}", "").split()
    if changed(answers.hosts, hosts):
        forget_sizes(answers)
    answers.hosts = hosts
    return errors


def read_sizes(service: Service, answers: Answers, given: Any) -> None:
    """Step 4: base ports and heaps."""
    for job in service.jobs:
        for what, said, advised in (
            ("port", answers.ports, answers.advised_ports),
            ("heap", answers.heaps, answers.advised_heaps),
        ):
            if f"{what}.{job.name}" in given:
                said[job.name] = given[f"{what}.{job.name}"].strip().removeprefix("-Xmx").lower()
                advised[job.name] = given.get(f"advised_{what}.{job.name}", "")


def package_of(request: Request, answers: Answers) -> Package | None:
    """The chosen package; None for none, or one that is gone."""
    package: Package | None = request.db.get(Package, answers.package) if answers.package else None
    return package if package is not None and package.state == packages.READY else None


def version_of(package: Package) -> str:
    """What its name says, which is what clusters are matched by; else what was found in it."""
    found = _VERSION_IN_NAME.search(package.name)
    return found[1] if found else package.version


def check_service(request: Request, answers: Answers) -> Errors:
    """What is wrong with step 1."""
    errors: Errors = {}
    service = request.console.catalog.get(answers.service)
    if service is None or not service.template:
        return {"service": "Choose one of these services."}
    if answers.size not in [size.name for size in service.begins]:
        errors["size"] = "Choose a size."
    if not answers.name:
        errors["name"] = "Cluster name must not be empty."
    elif not NAME.match(answers.name):
        errors["name"] = "Letters, digits, dashes; begins with a small letter or digit."
    elif service.cluster_name == "with-zookeeper" and "-" not in answers.name:
        errors["name"] = f"Begin with the name of its ZooKeeper cluster and a dash, e.g. lake-{answers.name}."
    elif service.cluster_name == "plain" and "-" in answers.name:
        errors["name"] = "No dash: others put one behind it, and then their own names."
    elif _is_there(request, service.name, answers.name):
        errors["name"] = "There is a cluster of this name already."
    if answers.hdfs and not NAME.match(answers.hdfs):
        errors["hdfs"] = "The name of an HDFS cluster."
    return errors


def _is_there(request: Request, service: str, name: str) -> bool:
    row = configdir.read(request.db, cluster_path(service, name))
    return row is not None and row.content is not None


def check_package(request: Request, answers: Answers) -> Errors:
    """What is wrong with step 2."""
    service = request.console.catalog[answers.service]
    if answers.package:
        package, artifact = package_of(request, answers), artifact_of(service, answers.name)
        if package is None:
            return {"package": "This package is not in the store any more: choose another."}
        if package.artifact != artifact:
            return {"package": f"This is a package of {package.artifact}; {artifact} is needed."}
    if not VERSION.match(answers.version):
        return {"version": "The version as it stands in the package's name: letters, digits, dots, dashes."}
    return {}


def check_hosts(request: Request, answers: Answers) -> Errors:
    """What is wrong with step 3: recommended hosts are no mistake, however few there are."""
    errors: Errors = {}
    for job in own_jobs(request.console.catalog[answers.service]):
        hosts = answers.hosts.get(job)
        if hosts is not None and not hosts:
            errors[f"hosts.{job}"] = "Choose at least one host."
        for address in hosts or ():
            try:
                names.check("host", address)
            except names.BadName:
                errors[f"more.{job}"] = f"{address[:60]!r} is no host name and no address."
    return errors


def check_sizes(_request: Request, answers: Answers) -> Errors:
    """What is wrong with step 4."""
    errors: Errors = {}
    for job, text in answers.ports.items():
        if not (re.fullmatch(r"[0-9]{3,5}", text) and int(text) % 100 == 0 and 1100 <= int(text) <= 65400):
            errors[f"port.{job}"] = "A multiple of 100 between 1100 and 65400."
        elif other := next((one for one, port in answers.ports.items() if port == text and one != job), None):
            errors[f"port.{job}"] = f"{other} has {text} as well: each job has a hundred of its own."
    for job, text in answers.heaps.items():
        if text and not HEAP.match(text):
            errors[f"heap.{job}"] = (
                "A number with m or g behind it, e.g. 512m or 4g; empty for what the base file says."
            )
    return errors


CHECKS: dict[str, Callable[[Request, Answers], Errors]] = {
    "service": check_service,
    "package": check_package,
    "hosts": check_hosts,
    "sizes": check_sizes,
}
