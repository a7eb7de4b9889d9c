"""The house rules as data: who may import whom, and what may be used where. docs/house.md says why."""

FLOORS = (
    ("minos_web.serve", "minos_web.scripts"),
    ("minos_web.views", "minos_web.boards", "minos_web.engine", "minos_web.application", "minos_web.routes"),
    (
        "minos_web.operations",
        "minos_web.monitor",
        "minos_web.notify",
        "minos_web.security",
        "minos_web.store",
        "minos_web.request",
    ),
    ("minos_web.console",),
    ("minos_web.models", "minos_web.clusterfile", "minos_worker"),
    ("minos_web.catalog",),
    ("minos_common",),
)
"""From the top floor to the ground: a room imports only from floors below its own, or from itself."""

NEIGHBOURS = {
    # monitor judges what operations plan and the other way round share no rows: these few arrows are meant.
    ("minos_web.operations", "minos_web.store"),
    ("minos_web.operations", "minos_web.security"),
    # Whose a file of the config directory is shows when one looks which files build on it.
    ("minos_web.security", "minos_web.store"),
    ("minos_web.monitor", "minos_web.operations"),
    # Channels are refused as wishes are, their secrets sealed, and their addresses looked at as those of imports.
    ("minos_web.notify", "minos_web.operations"),
    ("minos_web.notify", "minos_web.security"),
    ("minos_web.notify", "minos_web.store"),
    ("minos_web.views", "minos_web.application"),
    ("minos_web.boards", "minos_web.views"),
    ("minos_web.application", "minos_web.routes"),
    ("minos_web.engine", "minos_web.operations"),
}
"""Arrows between rooms of one floor that are allowed, each in one direction only."""

NEVER = (
    ("minos_worker", "minos_web"),
    ("minos_web", "minos_worker"),
    ("minos_common", "sqlalchemy"),
    ("minos_common", "pyramid"),
    ("minos_common", "mako"),
    ("minos_web.views", "minos_web.engine"),
    ("minos_web.engine", "minos_web.views"),
    ("minos_web.engine", "minos_web.boards"),
    ("minos_web.boards", "minos_web.engine"),
    ("minos_web.engine", "pyramid"),
    ("minos_web.operations", "pyramid"),
    ("minos_web.monitor", "pyramid"),
    ("minos_web.notify", "pyramid"),
    ("minos_web.catalog", "pyramid"),
    ("minos_web.clusterfile", "pyramid"),
    ("minos_web.store", "pyramid"),
    ("minos_web.catalog", "minos_web.models"),
    ("minos_web.clusterfile", "sqlalchemy"),
    ("minos_common", "benchmarks"),
    ("minos_worker", "benchmarks"),
    ("minos_web", "benchmarks"),
)
"""(room, what it must never import)."""

ONLY_IN = {
    "zmq": (
        "minos_common.wire",
        "minos_web.engine.dispatcher",
        "minos_worker.agent",
        "benchmarks.fleet",
        "benchmarks.echo",
    ),
    "subprocess": (
        "minos_worker.process",
        "minos_worker.clients.running",
        "minos_worker.stats",
        "minos_worker.packages",
        "minos_worker.release",
        "minos_web.store.inspecting",
        "minos_web.store.importing",
        "benchmarks.supervisord_side",
        "benchmarks.packages",
        "benchmarks.fleets",
        "benchmarks.echo",
    ),
    "supervisor": ("benchmarks.supervisord_side",),
    "psutil": ("minos_worker.process", "minos_worker.stats"),
    "threading": (
        "minos_web.serve",
        "minos_web.engine",
        "minos_worker.clients.clients",
        "minos_worker.packages",
        "minos_worker.agent",
        "minos_worker.keeper",
        "minos_worker.journal",
        "minos_worker.stats",
        "minos_worker.release",
        "benchmarks.fleet",
        "benchmarks.simulated",
    ),
    "concurrent": (
        "minos_web.serve",
        "minos_web.engine",
        "minos_worker.agent",
        "minos_worker.stats",
        "benchmarks.simulated",
    ),
}
"""Module -> the rooms (or files) that alone may import it."""

MOST_LINES = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc"}
