"""A job section: base port and host lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from minos_common import names
from minos_web.catalog.description import Job
from minos_web.clusterfile.document import Table, Value
from minos_web.clusterfile.problems import Place, Problem, error_at, warning_at
from minos_web.clusterfile.running import KEYS as RUNNING_KEYS

_HOST = re.compile(r"host\.([0-9]+)")
_MOST_DIGITS = 9
_HIGHEST_PORT = 65535
INSTANCE_STEP = 10
MOST_INSTANCES = 1000


@dataclass(frozen=True, slots=True)
class Host:
    """A host line: ``host.<number>=<address>/key=value...``."""

    number: int
    address: str
    instances: int
    attributes: dict[str, str]
    place: Place


class _Bad(ValueError):
    """Why a line cannot be read."""


def read_base_port(table: Table) -> tuple[int, list[Problem]]:
    """The base port (0 when it is wrong) and what is wrong with it."""
    value = table.values.get("base_port")
    if value is None:
        return 0, [error_at(table.place, f"base_port= is missing in [{_job(table)}]")]
    if value.problem:
        return 0, [error_at(value.place, value.problem)]
    text = value.text if isinstance(value.text, str) else ", ".join(value.text)
    if not re.fullmatch(r"[0-9]{1,5}", text):
        return 0, [error_at(value.place, f"base_port {text!r} is not a whole number")]
    port = int(text)
    if port % 100 or not 0 < port <= _HIGHEST_PORT - 99:
        return 0, [error_at(value.place, f"base_port {port} is not a multiple of 100 between 100 and 65400")]
    return port, []


def _job(table: Table) -> str:
    return table.place.section or ""


def read_hosts(table: Table, job: Job) -> tuple[tuple[Host, ...], list[Problem]]:
    """Hosts by number, and what is wrong with the lines of the section."""
    hosts: dict[int, Host] = {}
    problems: list[Problem] = []
    for key, value in table.values.items():
        match = _HOST.match(key)
        if match and len(match.group(1)) > _MOST_DIGITS:
            problems.append(error_at(value.place, f"{key}: the number of a host has at most {_MOST_DIGITS} digits"))
        elif match:
            problems += _take_host(hosts, int(match.group(1)), key, value, job)
        elif key != "base_port" and key not in RUNNING_KEYS and key not in job.own_keys:
            known = f"base_port, host.<number>, {', '.join(RUNNING_KEYS)}"
            problems.append(warning_at(value.place, f"{key} is not used: a job has {known}"))
    arguments = table.tables.get("arguments")
    for key, value in arguments.values.items() if arguments else ():
        if _HOST.match(key):
            problems.append(
                warning_at(value.place, f"{key} stands behind [[arguments]] and is not a host; move it above that line")
            )
    ordered = tuple(hosts[number] for number in sorted(hosts))
    return ordered, [*problems, *_check_addresses(ordered)]


def _take_host(hosts: dict[int, Host], number: int, key: str, value: Value, job: Job) -> Iterator[Problem]:
    try:
        host, repeated = _read_host(number, value, job)
    except _Bad as bad:
        yield error_at(value.place, str(bad))
        return
    for attribute in repeated:
        yield warning_at(value.place, f"the attribute {attribute} is given twice; the last one is used")
    if key != f"host.{number}":
        replaced = " and replaces it" if number in hosts else ""
        yield warning_at(value.place, f"{key} is taken as host.{number}{replaced}: only the number counts")
    hosts[number] = host


def _read_host(number: int, value: Value, job: Job) -> tuple[Host, list[str]]:
    if value.problem:
        raise _Bad(value.problem)
    if not isinstance(value.text, str):
        raise _Bad("a host line takes one address; a comma cannot stand in it")
    address, *pairs = value.text.split("/")
    attributes: dict[str, str] = {}
    repeated = []
    for pair in pairs:
        if pair.count("=") != 1:
            raise _Bad(f"the attribute {pair!r} is not of the form key=value")
        key, _, text = pair.partition("=")
        repeated += [key] if key in attributes else []
        attributes[key] = text
    address = attributes.pop("ip", address)
    try:
        names.check("host", address)
    except names.BadName as bad:
        raise _Bad(str(bad)) from bad
    return Host(
        number, address, _instances(attributes.pop("instance_num", "1"), job), attributes, value.place
    ), repeated


def _instances(text: str, job: Job) -> int:
    if not re.fullmatch(r"-?[0-9]{1,6}", text):
        raise _Bad(f"instance_num {text!r} is not a whole number")
    count = int(text)
    if not 1 <= count <= MOST_INSTANCES:
        raise _Bad(f"instance_num is {count}; a host runs 1 to {MOST_INSTANCES} instances")
    if count > 1 and not job.multi_instance:
        raise _Bad(f"instance_num is {count}, but {job.name} can have only one instance on a host")
    return count


def _check_addresses(hosts: tuple[Host, ...]) -> Iterator[Problem]:
    seen: dict[str, Host] = {}
    for host in hosts:
        other = seen.setdefault(host.address, host)
        if other is not host:
            yield error_at(
                host.place,
                f"{host.address} is host.{other.number} already; for several processes on one host use instance_num",
            )
