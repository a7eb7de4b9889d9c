"""Clocks of hosts that are not ours: how wrong they are, in words, and figures placed right all the same. PURE."""

import msgspec

from minos_common.words import SampleGroup, Samples

CLOCK_SECONDS = 5.0
"""A host's clock that differs by more is wrong: Kerberos, HBase and people who compare logs do not bear it."""
SMALL_SECONDS = 2.0
"""Figures keep the times at which their host says they were taken when its clock differs by less."""


def wrong_clock(offset: float) -> str:
    """What is wrong with a clock that is ``offset`` seconds ahead of ours; empty when nothing is."""
    if abs(offset) <= CLOCK_SECONDS:
        return ""
    return f"its clock is {abs(offset):,.0f} s {'ahead of' if offset > 0 else 'behind'} the console's"


def in_our_time(samples: Samples, clock_offset: float) -> list[SampleGroup]:
    """The groups with their times by our clock. The worker says by how much they differ; when it does not know,
    ``clock_offset`` does: seconds by which the host's clock is ahead now."""
    shift = -clock_offset if samples.shift is None else samples.shift
    if abs(shift) <= SMALL_SECONDS:
        return samples.groups
    return [msgspec.structs.replace(group, at=group.at + shift) for group in samples.groups]
