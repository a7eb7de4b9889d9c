"""The name of a plan: equal when everything that was shown is still so, and else it tells which part of it is not."""

import hashlib

from minos_web.operations.comparing import Comparison
from minos_web.operations.drafting import Draft

_CHANGED = (
    "the configuration",
    "the chosen tasks, or what is done with them,",
    "the package",
    "what would be sent",
    "what is on the hosts",
)


def plan_id(draft: Draft, comparison: Comparison) -> str:
    """Configuration revision and four digests, joined by dots."""
    steps = [(wave.name, [(step.verb, step.label, step.args) for step in wave.steps]) for wave in draft.waves]
    package = draft.package.sha256 if draft.package else ""
    return ".".join(
        [str(draft.revision), _short(repr(steps)), _short(package), comparison.wanted or "0", comparison.held or "0"]
    )


def what_changed(seen: str, now: str) -> str:
    """What of a plan is not as it was when somebody looked at it; empty when all that counts is.

    A newer revision of the configuration alone changes nothing, when what would be sent is the same.
    """
    old, new = seen.split("."), now.split(".")
    if len(old) != len(new):
        return "this is no plan of this console"
    changed = [words for words, one, other in zip(_CHANGED, old, new, strict=True) if one != other]
    if changed in ([], [_CHANGED[0]]):
        return ""
    if changed[0] == _CHANGED[0]:
        changed[0] += f" (revision {old[0]}, now {new[0]})"
    return f"{' and '.join(changed)} changed since you looked"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
