"""What an ``alerts.toml`` says: rules of a service folder, or of hosts, racks and the console itself."""

from typing import Annotated

from msgspec import Meta

from minos_web.catalog.shape import Data, JobName

RuleName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,47}$")]


class ShippedRule(Data, frozen=True):
    """A rule. Its whole name is that of the service and ``name`` with a dash between them, of a rule of no service the name
    alone. ``metric``, ``condition``, ``worse`` (a condition at which it is an error) and ``clear`` are of the grammar of
    monitor/alerts/grammar.

    ``about`` is what has the alert: each host, rack, task or cluster, or the console. Of a cluster the figure may be one that
    its tasks tell, those of ``job`` whose words are those of ``where``: the ``combine`` of theirs counts (largest, smallest
    or sum). A rule that stands ``alone`` is told whatever else is wrong with its hosts and cluster;
    what ``follows`` from tasks that do not run is a symptom of its cluster's health however bad that is.
    """

    name: RuleName
    title: Annotated[str, Meta(min_length=1, max_length=120)]
    about: Annotated[str, Meta(pattern="^(host|rack|task|cluster|console)$")]
    metric: str
    condition: str
    worse: str = ""
    clear: str = ""
    for_seconds: Annotated[float, Meta(ge=0)] = 0.0
    level: Annotated[str, Meta(pattern="^(warning|error)$")] = "warning"
    job: JobName | str = ""
    where: dict[str, tuple[str, ...]] = {}
    combine: Annotated[str, Meta(pattern="^(largest|smallest|sum)$")] = "largest"
    alone: bool = False
    follows: bool = False
    help: str = ""


class AlertFile(Data, frozen=True):
    """All of ``alerts.toml``."""

    rules: tuple[ShippedRule, ...] = ()
