"""The one table of ini keys: name, type, default and a sentence each. Everything under ``minos.`` is listed here."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

Settings = TypeVar("Settings", bound=msgspec.Struct)


class BadSetting(ValueError):
    """A key of the ini that is unknown or whose value does not fit."""


class ConsoleSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Keys of ``[app:main]``, each written ``minos.<name>``."""

    var: Annotated[str, Meta(description="Directory of everything the console keeps: keys, packages, database.")]
    url: Annotated[str, Meta(description="Address by which workers and links in mails reach the console.")] = (
        "http://127.0.0.1:8088"
    )
    engine: Annotated[
        str,
        Meta(
            description="inside: threads of this process; outside: minos-engine runs them.",
            pattern="^(inside|outside)$",
        ),
    ] = "inside"
    import_from: Annotated[
        str, Meta(description="A directory of the console's machine that the import page offers to read.")
    ] = ""
    wire: Annotated[str, Meta(description="ZeroMQ endpoint that workers dial.")] = "tcp://127.0.0.1:8089"
    beat_seconds: Annotated[float, Meta(description="Seconds between two beats of a worker.", gt=0)] = 3.0
    late_seconds: Annotated[float, Meta(description="A host is late when silent this long.", gt=0)] = 8.0
    lost_seconds: Annotated[float, Meta(description="A host is lost when silent this long.", gt=0)] = 15.0
    sample_seconds: Annotated[float, Meta(description="Seconds between two samples of every figure.", gt=0)] = 10.0
    keep_samples_hours: Annotated[float, Meta(description="Hours that raw samples are kept.", gt=0)] = 48.0
    keep_questions_hours: Annotated[
        float, Meta(description="Hours that answered questions and fetched log files are kept.", gt=0)
    ] = 1.0
    keep_runs_days: Annotated[
        float, Meta(description="Days that client commands and what they printed are kept.", gt=0)
    ] = 30.0
    log_spool_bytes: Annotated[int, Meta(description="Most bytes of fetched log files kept at a time.", gt=0)] = (
        20 * 1024**3
    )
    max_package_bytes: Annotated[int, Meta(description="Largest package that may be uploaded.", gt=0)] = 4 * 1024**3
    keep_free_bytes: Annotated[
        int, Meta(description="Uploads and log files are refused when less would stay free.", ge=0)
    ] = 1024**3
    packages_kept: Annotated[
        int, Meta(description="Newest packages of each artifact that are kept, beside those in use; 0: all.", ge=0)
    ] = 0
    session_idle_minutes: Annotated[float, Meta(description="A sign-in ends when unused this long.", gt=0)] = 720.0
    session_hours: Annotated[float, Meta(description="A sign-in ends after this long in any case.", gt=0)] = 24.0
    cookie_secure: Annotated[bool, Meta(description="Send cookies over HTTPS only; true behind TLS.")] = False
    services: Annotated[str, Meta(description="Directory of the site's own service folders; empty: none.")] = ""
    default_app_root: Annotated[str, Meta(description="Run directories of hosts that never said hello.")] = (
        "/home/work/app"
    )
    default_log_root: Annotated[str, Meta(description="Log directories of such hosts.")] = "/home/work/log"
    default_data_dirs: Annotated[str, Meta(description="Their data directories, separated by blanks.")] = (
        "/home/work/data"
    )
    default_package_root: Annotated[str, Meta(description="Their package directory.")] = "/home/work/packages"
    remote_user: Annotated[str, Meta(description="Value of %{remote_user} in cluster files.")] = "work"


class WorkerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Keys of ``[worker]`` in worker.ini."""

    console: Annotated[str, Meta(description="ZeroMQ endpoint of the console.")]
    console_key: Annotated[str, Meta(description="The console's public key (40 characters), or a file that holds it.")]
    root: Annotated[str, Meta(description="Directory below which everything of this worker lives.")]
    name: Annotated[str, Meta(description="Name of this host; empty: its host name.")] = ""
    address: Annotated[
        str, Meta(description="Address of this host as cluster files write it; empty: found by itself.")
    ] = ""
    app_root: Annotated[str, Meta(description="Run directories; empty: <root>/app.")] = ""
    log_root: Annotated[str, Meta(description="Log directories; empty: <root>/log.")] = ""
    data_dirs: Annotated[str, Meta(description="Data directories, separated by blanks; empty: <root>/data.")] = ""
    package_root: Annotated[str, Meta(description="Unpacked packages; empty: <root>/packages.")] = ""
    java_home: Annotated[str, Meta(description="The JDK of the services; empty: JAVA_HOME, else java on the PATH.")] = (
        ""
    )
    join_token: Annotated[str, Meta(description="One-time token that approves this worker by itself.")] = ""
    keep_free_bytes: Annotated[int, Meta(description="Degraded when less is free below the root.", ge=0)] = (
        512 * 1024**2
    )
    trial_seconds: Annotated[
        float, Meta(description="So long an upgraded worker may take to reach the console before it goes back.", gt=0)
    ] = 60.0
    spool_batches: Annotated[int, Meta(description="Batches of samples kept while the console is away.", ge=1)] = 720
    log_bytes: Annotated[int, Meta(description="A stdout file is rotated at this size.", ge=4096)] = 50 * 1024**2
    log_files: Annotated[int, Meta(description="Rotated stdout files kept per task.", ge=1)] = 5
    task_nofile: Annotated[
        int, Meta(description="Open files a task may have; 0: as many as this host's hard limit allows.", ge=0)
    ] = 0
    task_core: Annotated[
        str,
        Meta(description="Largest core dump of a task in bytes, or unlimited.", pattern="^(unlimited|[0-9]{1,18})$"),
    ] = "0"
    task_user: Annotated[
        str, Meta(description="User that tasks run as when the worker is root; empty: the worker's own.")
    ] = ""


def read_settings(kind: type[Settings], values: dict[str, str], prefix: str = "") -> Settings:
    """Typed settings from the texts of an ini section; keys without ``prefix`` are not ours and left alone.

    Raises BadSetting naming the key, its value and what is allowed.
    """
    ours = {key[len(prefix) :]: value for key, value in values.items() if key.startswith(prefix)}
    known = {field.name for field in msgspec.structs.fields(kind)}
    unknown = sorted(set(ours) - known)
    if unknown:
        raise BadSetting(f"unknown setting {prefix}{unknown[0]}; known are {', '.join(sorted(known))}")
    try:
        return msgspec.convert({key: _plain(value) for key, value in ours.items()}, kind, strict=False)
    except msgspec.ValidationError as error:
        raise BadSetting(f"{prefix or kind.__name__}: {error}") from error


def _plain(value: str) -> Any:
    """msgspec knows true and false only; people write on, off, yes, no in ini files as well."""
    return {"on": "true", "yes": "true", "off": "false", "no": "false"}.get(value.strip().lower(), value.strip())


def describe(kind: type[msgspec.Struct]) -> list[tuple[str, str, str]]:
    """(name, default or "required", sentence) of every setting of ``kind``, for docs and commented ini files."""
    rows = []
    for field in msgspec.inspect.type_info(kind).fields:  # type: ignore[attr-defined]
        default = "required" if field.required else str(field.default)
        rows.append(
            (field.name, default, (getattr(field.type, "extra_json_schema", None) or {}).get("description", ""))
        )
    return rows
