"""PURE. A layout written as the text of a cluster file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from minos_web.catalog.description import Service
from minos_web.catalog.newcluster import jobs_of_template, new_cluster_text
from minos_web.catalog.sizes import Size
from minos_web.clusterfile.edits import CannotWrite, edited, with_values


@dataclass(frozen=True)
class Sheet:
    """What a new cluster file says: ``level`` picks the base file, ``pin`` is (package_name, revision, timestamp) or None,
    ``heaps`` are java's words (2g) by job, empty for that of the base file."""

    service: Service
    size: Size
    name: str
    version: str
    level: str
    hosts: Mapping[str, Sequence[str]]
    ports: Mapping[str, int]
    heaps: Mapping[str, str]
    hdfs: str = ""
    pin: tuple[str, str, str] | None = None


def written(sheet: Sheet) -> str:
    """The text. Raises LookupError when the service has no template, CannotWrite for what no line can say."""
    text = new_cluster_text(sheet.service, sheet.name, sheet.version, sheet.level, sheet.hosts, sheet.hdfs)
    if sheet.pin:
        keys = ("package_name", "revision", "timestamp")
        text = with_values(text, ("cluster",), dict(zip(keys, sheet.pin, strict=True)))
    for job in jobs_of_template(sheet.service):
        if job in sheet.ports:
            text = with_values(text, (job,), {"base_port": str(sheet.ports[job])})
        if sheet.heaps.get(job):
            text = edited(text, (job, "arguments"), {"jvm_args": _heap(sheet.heaps[job], sheet.level)})
    for section, values in sheet.size.set.items():
        text = with_values(text, ("configuration", section), dict(values))
    return text


def _heap(size: str, level: str) -> str:
    """Both bounds: the least heap of a base file may be more than this largest one. A test cluster takes it as it needs it."""
    number, unit = int(size[:-1] or 0), size[-1]
    if not number:
        raise CannotWrite(f"a heap of {size} is none")
    if level != "tst":
        return f"-Xms{size} -Xmx{size}"
    least = f"{number // 2}{unit}" if number > 1 else f"{number * 512}{ {'g': 'm', 'm': 'k', 'k': 'k'}[unit] }"
    return f"-Xms{least} -Xmx{size}"
