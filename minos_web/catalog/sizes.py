"""What a service folder may say of how big a new cluster begins: ``sizes.toml``, and what counts where there is none."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from minos_web.catalog.shape import Data, FileName, JobName, Name

Count = Annotated[int, Meta(ge=0, le=999)]
Mebibytes = Annotated[int, Meta(ge=0, le=4 * 1024 * 1024)]


class SizeJob(Data, frozen=True):
    """How a job begins: on ``hosts`` hosts (0: on every one that there is), never on fewer than ``least_hosts``.

    A process gets ``share`` of the memory that is free on its host as its heap, within ``least_mb`` and ``most_mb``;
    without a share the base file says it. ``why`` is the reason of that, in words.
    """

    job: JobName
    hosts: Count = 0
    least_hosts: Annotated[int, Meta(ge=1, le=999)] = 1
    share: Annotated[float, Meta(ge=0, le=0.9)] = 0.0
    least_mb: Mebibytes = 64
    most_mb: Mebibytes = 31 * 1024
    why: str = ""


class Size(Data, frozen=True):
    """A size of a new cluster: which base file it builds on (``level``), and how each job begins. ``set`` are keys of files
    that only this size wants (section -> key -> value), e.g. one copy where there is one broker.
    """

    name: Name
    title: str
    about: str
    level: Annotated[str, Meta(pattern="^(tst|prc|srv)$")] = "tst"
    jobs: tuple[SizeJob, ...] = ()
    set: dict[FileName, dict[str, str]] = {}

    def of(self, job: str) -> SizeJob:
        """How a job begins; one of which nothing is said begins on every host, with the heap of its base file."""
        return next((one for one in self.jobs if one.job == job), SizeJob(job))


class SizeFile(Data, frozen=True):
    """A ``sizes.toml``."""

    sizes: Annotated[tuple[Size, ...], Meta(min_length=1)]


USUAL = "usual"
"""Name of the size of a service whose folder has none."""


def usual_size(jobs: Iterable[tuple[str, int]]) -> Size:
    """The size of a service whose folder says none: each job on as many hosts as usual (job, hosts), three unless said."""
    begins = tuple(SizeJob(job, hosts=hosts or 3) for job, hosts in jobs)
    return Size(
        USUAL, "Usual", "As many hosts as its folder calls usual; heaps are those of its base file.", jobs=begins
    )


def mistake_in(sizes: Iterable[Size], jobs: Iterable[str]) -> str:
    """What types alone cannot say: names are different, and refer to something. Empty when all is well."""
    known, names = set(jobs), set[str]()
    for size in sizes:
        if size.name in names:
            return f"two sizes are called {size.name!r}"
        names.add(size.name)
        told = [one.job for one in size.jobs]
        for job in told:
            if job not in known:
                return f"{size.name} names the job {job!r}, which this service does not have"
            if told.count(job) > 1:
                return f"{size.name} names the job {job!r} twice"
        for one in size.jobs:
            if one.least_mb > one.most_mb:
                return f"{size.name}: {one.job} wants at least {one.least_mb} MB of heap and at most {one.most_mb}"
            if one.hosts and one.hosts < one.least_hosts:
                return f"{size.name}: {one.job} begins on {one.hosts} hosts, and needs {one.least_hosts}"
    return ""
