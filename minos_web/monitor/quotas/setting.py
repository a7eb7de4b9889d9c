"""Setting quotas with HDFS's own admin command; what it prints is shown, and afterwards the numbers are read anew."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.quotas import Quota
from minos_web.models.runs import ClientRun
from minos_web.monitor.quotas.naming import literal, words_of
from minos_web.monitor.quotas.reading import reading_of, serves
from minos_web.monitor.quotas.rules import NAMES, SPACE
from minos_web.monitor.quotas.sizes import names_in, size_in
from minos_web.operations.client_runs import Asked, run_client
from minos_web.operations.refusal import Refused

COMMAND = "dfsadmin"
SECONDS = 300.0
_SET = {NAMES: "-setQuota", SPACE: "-setSpaceQuota"}
_CLEAR = {NAMES: "-clrQuota", SPACE: "-clrSpaceQuota"}
_READ = {NAMES: names_in, SPACE: size_in}


@dataclass(frozen=True)
class Change:
    """A quota of ``kind`` names or space as it is to be; ``value`` None: none at all."""

    kind: str
    value: int | None

    def words(self, path: str) -> str:
        """What the admin command is given."""
        if self.value is None:
            return words_of(_CLEAR[self.kind], literal(path))
        return words_of(_SET[self.kind], str(self.value), literal(path))

    def would_stop(self, row: Quota) -> bool:
        """Whether more is in use already, so that nothing more can be made."""
        used = row.names_used if self.kind == NAMES else row.space_used
        return self.value is not None and used is not None and used >= self.value


def change_of(kind: str, text: str) -> Change:
    """The change that somebody typed; an empty text is no number. Raises Refused with the field."""
    if kind not in _SET:
        raise Refused("bad-option", f"a quota is of {NAMES} or of {SPACE}", "kind")
    try:
        return Change(kind, _READ[kind](text))
    except ValueError as error:
        raise Refused("bad-quota", str(error), kind) from None


def clearing(kind: str) -> Change:
    """No quota of this kind any more. Raises Refused."""
    if kind not in _CLEAR:
        raise Refused("bad-option", f"a quota is of {NAMES} or of {SPACE}", "kind")
    return Change(kind, None)


def set_quota(session: Session, console: Console, row: Quota, change: Change, by: tuple[str, float]) -> ClientRun:
    """Have a quota set by ``by`` (user, time). Raises Refused."""
    cluster: Cluster = row.cluster
    if cluster.retired or not serves(session, cluster):
        raise Refused("not-running", f"no namenode of {cluster.name} is active, so no quota can be set", change.kind)
    user, now = by
    run = run_client(session, console, cluster, Asked(COMMAND, change.words(row.path), "", user, now, seconds=SECONDS))
    reading = reading_of(session, cluster)
    reading.changes = [*reading.changes, run.id]
    row.change = run.id
    return run
