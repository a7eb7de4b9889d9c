"""PURE. Files that stand beside the cluster files of an old Minos: what they say, and what stands for it here."""

import configparser
import ipaddress
import re
from dataclasses import dataclass, field

from minos_web.clusterfile.problems import Place, Problem, error_at, warning_at

_GROUP = re.compile(r"(?P<service>[a-z][a-z0-9_]*)--(?P<cluster>[A-Za-z0-9_-]+)")
_RACK = re.compile(r"/[A-Za-z0-9._/-]+")


@dataclass
class OldFile:
    """What a file says: ``notes`` in sentences, ``problems`` with their lines; ``config_dir`` of a deploy.cfg."""

    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    config_dir: str = ""
    administrators: list[str] = field(default_factory=list)
    recipients: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def read_old_file(path: str, text: str) -> OldFile | None:
    """The file as far as it is one of those that are understood by name; None for any other."""
    reader = _READERS.get(path.rpartition("/")[2])
    return reader(path, text) if reader else None


def _deploy(path: str, text: str) -> OldFile:
    found = OldFile()
    parser = _ini(path, text, found)
    default = dict(parser.items("default")) if parser.has_section("default") else {}
    found.config_dir = default.get("config_dir", "").strip()
    found.administrators = [one for one in re.split(r"[,\s]+", default.get("admin_list", "")) if one]
    if found.administrators:
        found.notes.append(f"Administrators: {', '.join(found.administrators)}. Make each a user with the role admin.")
    roots = sorted(key for key in default if key.endswith("_root") or key == "minos_home")
    if roots:
        found.notes.append(f"{', '.join(roots)} are not needed: packages are uploaded to the package store.")
    for section in ("supervisor", "tank"):
        if parser.has_section(section):
            found.notes.append(f"[{section}] is not needed: {_INSTEAD[section]}.")
    _warn_of_passwords(path, text, parser, found)
    return found


_INSTEAD = {
    "supervisor": "workers have keys of their own",
    "tank": "the package store is part of the console",
}


def _supervisor(path: str, text: str) -> OldFile:
    """How supervisor was brought to hosts, and what it was told there."""
    found = OldFile()
    parser = _ini(path, text, found)
    found.notes.append("Not needed: workers are installed from the hosts page, each with a key of its own.")
    disks = [
        parser.get(section, "data_dirs") or ""
        for section in parser.sections()
        if parser.has_option(section, "data_dirs")
    ]
    for one in dict.fromkeys(disks):
        found.notes.append(f"data_dirs {one}: what a host's worker.ini says, so that data is looked for where it lies.")
    _warn_of_passwords(path, text, parser, found)
    return found


def _warn_of_passwords(path: str, text: str, parser: configparser.RawConfigParser, found: OldFile) -> None:
    for section in parser.sections():
        if parser.has_option(section, "password") and (parser.get(section, "password") or "").strip():
            place = Place(path, _line_of(text, "password", inside=section), section, "password")
            found.problems.append(warning_at(place, "a password in clear that nothing here uses: leave it empty"))


def _alert(path: str, text: str) -> OldFile:
    found = OldFile()
    parser = _ini(path, text, found)
    for section in parser.sections():
        match = _GROUP.fullmatch(section)
        if match is None:
            line = _line_of(text, section, heading=True)
            found.problems.append(error_at(Place(path, line, section), "a section is called <service>--<cluster>"))
            continue
        emails = [one for one in re.split(r"[,\s]+", parser.get(section, "to_emails", fallback="")) if one]
        found.recipients[match["service"], match["cluster"]] = emails
    if found.recipients:
        count = len(found.recipients)
        found.notes.append(f"Recipients of alerts for {count} cluster{'' if count == 1 else 's'}.")
    return found


def _collector(path: str, text: str) -> OldFile:
    found = OldFile()
    parser = _ini(path, text, found)
    period = parser.get("collector", "period", fallback="").strip()
    if period:
        if not period.isdigit() or int(period) == 0:
            place = Place(path, _line_of(text, "period"), "collector", "period")
            found.problems.append(error_at(place, f"period {period!r} is no number of seconds"))
        else:
            found.notes.append(f"Figures every {period} s: minos.sample_seconds in the console's ini.")
    services = parser.get("collector", "services", fallback=parser.get("collector", "service", fallback="")).split()
    if services:
        found.notes.append(f"Figures of {', '.join(services)}: every task is asked, what for stands in the catalog.")
    for section in parser.sections():
        if section != "collector" and parser.has_option(section, "metric_url"):
            found.notes.append(f"metric_url of {section} is not needed: the catalog knows its status pages.")
    return found


def _racks(path: str, text: str) -> OldFile:
    found = OldFile()
    racks: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.partition("#")[0].split()
        if not line:
            continue
        place = Place(path, number)
        if len(line) != 2 or not _RACK.fullmatch(line[1]):
            found.problems.append(error_at(place, "a line is an address and a rack such as /dc1/rack2"))
        elif line[0] in racks:
            found.problems.append(warning_at(place, f"{line[0]} stands here twice"))
        else:
            if not _is_address(line[0]):
                found.problems.append(warning_at(place, f"{line[0]} is no address; Hadoop asks for addresses"))
            racks[line[0]] = line[1]
    if racks:
        hosts, groups = len(racks), len(set(racks.values()))
        many = f"{hosts} host{'' if hosts == 1 else 's'} in {groups} rack{'' if groups == 1 else 's'}"
        found.notes.append(f"{many}, sent to hosts as it is.")
    return found


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _ini(path: str, text: str, found: OldFile) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next((number for number, _ in getattr(error, "errors", [])), None)
        found.problems.append(error_at(Place(path, line), f"this is no ini file: {str(error).splitlines()[0]}"))
        return configparser.RawConfigParser()
    return parser


def _line_of(text: str, word: str, heading: bool = False, inside: str = "") -> int | None:
    wanted = re.compile(rf"\s*\[{re.escape(word)}\]" if heading else rf"\s*{re.escape(word)}\s*[=:]")
    after = (_line_of(text, inside, heading=True) or 0) if inside else 0
    return next(
        (number for number, line in enumerate(text.splitlines(), 1) if number > after and wanted.match(line)), None
    )


_READERS = {
    "deploy.cfg": _deploy,
    "deploy_supervisor.cfg": _supervisor,
    "supervisord.conf": _supervisor,
    "alert.cfg": _alert,
    "collector.cfg": _collector,
    "rackinfo.txt": _racks,
}
