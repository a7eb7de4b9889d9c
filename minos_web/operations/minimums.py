"""How many tasks of a job a cluster's own configuration asks for: copies of what is stored, a quorum it decides by."""

from minos_web.catalog.description import HealthRule
from minos_web.catalog.leaving import Copies
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.evaluate import Scope
from minos_web.clusterfile.render import file_plan


def minimums_of(description: ClusterDescription) -> dict[str, int]:
    """Job -> how many of its tasks must run, where the health rules of its service look into the configuration."""
    found: dict[str, int] = {}
    for rule in description.service.health:
        number = _asked(description, rule)
        if number:
            found[rule.job] = max(number, found.get(rule.job, 0))
    return found


def copies_of(description: ClusterDescription, job: str, copies: Copies) -> int | None:
    """How many tasks of the job what is stored is spread over; None where the configuration says no number."""
    slots = description.all_jobs[job].tasks if job in description.all_jobs else ()
    plan = file_plan(description, copies.file)
    if plan is None or not slots:
        return None
    items, _values, _problems = plan.items(Scope(slots[0]))
    wanted = next((item.value for item in items if item.key == copies.key), "")
    return int(wanted) if isinstance(wanted, str) and wanted.isdigit() else None


def _asked(description: ClusterDescription, rule: HealthRule) -> int:
    slots = description.all_jobs[rule.job].tasks if rule.job in description.all_jobs else ()
    staying = sum(not slot.leaves for slot in slots)
    if rule.copies:
        return min(staying, copies_of(description, rule.job, rule.copies) or 0)
    section, _, key = rule.when.partition(":")
    table = description.configuration.tables.get(section) if section else None
    return staying // 2 + 1 if staying and table is not None and table.text(key) else 0
