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
    lease_seconds: Annotated[
        float, Meta(description="An engine that is silent for so long is followed by one that stands by.", ge=2)
    ] = 20.0
    import_from: Annotated[
        str, Meta(description="A directory of the console's machine that the import page offers to read.")
    ] = ""
    import_urls: Annotated[
        str, Meta(description="Addresses below which packages may be imported, with blanks between them; empty: none.")
    ] = ""
    import_private: Annotated[
        bool, Meta(description="Whether such an address may lead to a private, loopback or link-local one.")
    ] = False
    package_directories: Annotated[
        str, Meta(description="Directories of the console's machine whose packages may be imported; empty: none.")
    ] = ""
    maven: Annotated[
        str, Meta(description="Command that runs Maven, to import by coordinates; empty: not allowed.")
    ] = ""
    package_builds: Annotated[
        str, Meta(description="Directory of descriptions of packages that are built here; empty: none.")
    ] = ""
    wire: Annotated[str, Meta(description="ZeroMQ endpoint that workers dial.")] = "tcp://127.0.0.1:8089"
    wire_addresses: Annotated[
        str,
        Meta(
            description="Endpoints that new workers are told, with blanks between them; empty: minos.wire.",
            pattern=r"^\s*(tcp://[^\s/]+:[0-9]+\s*)*$",
        ),
    ] = ""
    beat_seconds: Annotated[float, Meta(description="Seconds between two beats of a worker.", gt=0)] = 3.0
    late_seconds: Annotated[float, Meta(description="A host is late when silent this long.", gt=0)] = 8.0
    lost_seconds: Annotated[float, Meta(description="A host is lost when silent this long.", gt=0)] = 15.0
    sample_seconds: Annotated[float, Meta(description="Seconds between two samples of every figure.", gt=0)] = 10.0
    keep_samples_hours: Annotated[
        float, Meta(description="Hours that samples are kept as they were measured.", gt=0)
    ] = 48.0
    keep_minutes_days: Annotated[float, Meta(description="Days that averages of a minute are kept.", gt=0)] = 14.0
    keep_ten_minutes_days: Annotated[float, Meta(description="Days that averages of ten minutes are kept.", gt=0)] = (
        90.0
    )
    keep_hours_days: Annotated[float, Meta(description="Days that averages of an hour are kept.", gt=0)] = 730.0
    opentsdb_url: Annotated[
        str,
        Meta(
            description="Address of an OpenTSDB that gets all samples, http://[user:password@]host:port; empty: none.",
            pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        ),
    ] = ""
    keep_questions_hours: Annotated[
        float, Meta(description="Hours that answered questions and fetched log files are kept.", gt=0)
    ] = 1.0
    keep_runs_days: Annotated[
        float, Meta(description="Days that client commands and what they printed are kept.", gt=0)
    ] = 30.0
    keep_counters_days: Annotated[
        float, Meta(description="Days that the last value of a counter is kept when nobody pushes it any more.", gt=0)
    ] = 7.0
    alert_seconds: Annotated[
        float, Meta(description="Seconds between two checks of everything that alerts are about.", gt=0)
    ] = 30.0
    alert_checks: Annotated[
        int, Meta(description="So many bad checks in a row make an alert that people hear of.", ge=1, le=100)
    ] = 3
    keep_alerts_days: Annotated[float, Meta(description="Days that alerts are kept when they are over.", gt=0)] = 90.0
    crash_batch_seconds: Annotated[
        float,
        Meta(description="Crashes of a cluster are told together when they come within so many seconds.", ge=0),
    ] = 30.0
    row_count_days: Annotated[
        float, Meta(description="Days between two counts of the rows of a table of HBase.", gt=0)
    ] = 30.0
    row_count_start_hour: Annotated[
        int, Meta(description="Hour of the console's own clock from which rows are counted.", ge=0, le=23)
    ] = 0
    row_count_end_hour: Annotated[
        int,
        Meta(description="Hour from which no count begins any more; the same as the first: at any hour.", ge=0, le=23),
    ] = 6
    quota_seconds: Annotated[
        float, Meta(description="Seconds between two reads of the quotas of an HDFS; 0: only when asked for.", ge=0)
    ] = 3600.0
    quota_space_bytes: Annotated[
        int, Meta(description="A quota of space needs a look when fewer bytes are left.", ge=0)
    ] = 1024**3
    quota_names: Annotated[int, Meta(description="A quota of names needs a look when fewer are left.", ge=0)] = 500
    quota_percent: Annotated[
        float, Meta(description="A quota needs a look when more percent of it are used.", gt=0, le=100)
    ] = 80.0
    quota_report: Annotated[
        str,
        Meta(
            description="Reports of quotas by mail: off, daily or weekly (on Mondays).", pattern="^(off|daily|weekly)$"
        ),
    ] = "off"
    quota_report_hour: Annotated[
        int, Meta(description="Hour of the console's own clock from which they are sent.", ge=0, le=23)
    ] = 8
    quota_report_admins: Annotated[
        str, Meta(description="Mail addresses that get the report of all users, with blanks between them; empty: none.")
    ] = ""
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
    rehash_days: Annotated[
        float, Meta(description="Each package is read anew after so many days, to find damage; 0: never.", ge=0)
    ] = 7.0
    spread_from_bytes: Annotated[
        int,
        Meta(description="Packages of so many bytes or more are handed on from host to host.", ge=0),
    ] = 8 * 1024**2
    spread_hosts: Annotated[
        int, Meta(description="Hosts that fetch blocks of packages from the console at the same time, at most.", ge=1)
    ] = 16
    spread_bytes_per_second: Annotated[
        int,
        Meta(description="Bytes of blocks a second that the console gives to all hosts together; 0: no limit.", ge=0),
    ] = 0
    smtp_host: Annotated[
        str, Meta(description="Mail server over which notifications go; empty: none, then channels name their own.")
    ] = ""
    smtp_port: Annotated[int, Meta(description="Its port.", ge=1, le=65535)] = 25
    smtp_security: Annotated[
        str,
        Meta(
            description="starttls: mails go encrypted, or not at all; tls: from the first byte on; none: in the clear.",
            pattern="^(none|starttls|tls)$",
        ),
    ] = "none"
    smtp_user: Annotated[str, Meta(description="Name to sign in with at the mail server; empty: without.")] = ""
    smtp_password: Annotated[str, Meta(description="Password of that user.")] = ""
    mail_from: Annotated[str, Meta(description="Sender of mails.")] = "Minos <minos@localhost>"
    alert_mail: Annotated[
        str, Meta(description="Mail addresses, with blanks between them, that hear what no route of the page decides.")
    ] = ""
    webhook_urls: Annotated[
        str, Meta(description="Addresses below which webhooks may lie, with blanks between them; empty: none.")
    ] = ""
    webhook_private: Annotated[
        bool, Meta(description="Whether a webhook may lead to a private, loopback or link-local address.")
    ] = False
    apprise_schemes: Annotated[
        str, Meta(description="Services of Apprise that channels may use, such as slack tgram ntfys; empty: none.")
    ] = ""
    notify_ca: Annotated[
        str,
        Meta(description="File of certificates that mail servers and webhooks are trusted by; empty: the system's."),
    ] = ""
    keep_news_days: Annotated[
        float, Meta(description="Days that news, messages about them and their attempts are kept.", gt=0)
    ] = 30.0
    session_idle_minutes: Annotated[float, Meta(description="A sign-in ends when unused this long.", gt=0)] = 30.0
    session_hours: Annotated[float, Meta(description="A sign-in ends after this long in any case.", gt=0)] = 12.0
    confirm_minutes: Annotated[
        float, Meta(description="So long after proving who one is, dangerous acts ask for no password.", gt=0)
    ] = 5.0
    second_approver: Annotated[
        str,
        Meta(
            description="Clusters (hdfs/* */prod) whose dangerous operations a second person approves; empty: none.",
            pattern=r"^\s*([A-Za-z0-9_*-]+/[A-Za-z0-9_*-]+\s*)*$",
        ),
    ] = ""
    second_approver_actions: Annotated[
        str,
        Meta(
            description="The operations for which that person is asked, with blanks between them.",
            pattern=r"^\s*((bootstrap|start|stop|restart|rolling_update|decommission|recommission|cleanup|procedure)\b\s*)*$",
        ),
    ] = "cleanup decommission stop"
    second_approver_hours: Annotated[
        float, Meta(description="So long a request waits for that person, then it is void.", gt=0)
    ] = 24.0
    cookie_secure: Annotated[bool, Meta(description="Send cookies over HTTPS only; true behind TLS.")] = False
    api_reads: Annotated[
        int, Meta(description="Requests a minute that one token may read with; 0: any number.", ge=0)
    ] = 3000
    api_writes: Annotated[
        int, Meta(description="Requests a minute that one token may change something with; 0: any number.", ge=0)
    ] = 1200
    api_address_reads: Annotated[
        int,
        Meta(description="Requests to the API a minute that may come from one address to read; 0: any number.", ge=0),
    ] = 12_000
    api_address_writes: Annotated[
        int, Meta(description="The same of those that change something; 0: any number.", ge=0)
    ] = 6000
    totp_roles: Annotated[
        str, Meta(description="Roles that must sign in with a second step, with blanks between them; empty: none.")
    ] = ""
    ldap_url: Annotated[
        str,
        Meta(
            description="The directory that knows users: ldaps://host, or ldap://host for StartTLS; empty: none.",
            pattern=r"^(ldaps?://[^\s/?#@]+/?)?$",
        ),
    ] = ""
    ldap_start_tls: Annotated[
        bool, Meta(description="Encrypt ldap:// before anything is said; may be off for a loopback address only.")
    ] = True
    ldap_ca: Annotated[str, Meta(description="File of certificates it is trusted by; empty: the system's.")] = ""
    ldap_bind_dn: Annotated[str, Meta(description="Name by which the console looks users up; empty: as nobody.")] = ""
    ldap_bind_password_file: Annotated[str, Meta(description="File that holds its password.")] = ""
    ldap_user_base: Annotated[str, Meta(description="Entry below which users are looked for.")] = ""
    ldap_user_filter: Annotated[
        str, Meta(description="Filter that finds a user; {user} is the name that was typed.")
    ] = "(uid={user})"
    ldap_name_attribute: Annotated[str, Meta(description="Attribute whose value is the user's name here.")] = "uid"
    ldap_group_base: Annotated[
        str, Meta(description="Entry below which groups are looked for; empty: memberOf of the user's entry counts.")
    ] = ""
    ldap_group_filter: Annotated[
        str, Meta(description="Filter that finds the groups of a user; {dn} is their entry, {user} their name.")
    ] = "(|(member={dn})(uniqueMember={dn})(memberUid={user}))"
    ldap_roles: Annotated[
        str, Meta(description="Who may do what: lines of a role and the full name (DN) of a group.")
    ] = ""
    ldap_seconds: Annotated[float, Meta(description="So long it may take for each answer.", gt=0, le=60)] = 5.0
    oidc_issuer: Annotated[
        str, Meta(description="Address of the identity provider (OpenID Connect) that knows users; empty: none.")
    ] = ""
    oidc_client_id: Annotated[str, Meta(description="Name by which it knows this console.")] = ""
    oidc_secret_file: Annotated[str, Meta(description="File that holds the secret of that name; empty: none.")] = ""
    oidc_scopes: Annotated[str, Meta(description="What it is asked to tell.")] = "openid profile"
    oidc_name_claim: Annotated[str, Meta(description="Which of it is the user's name here.")] = "preferred_username"
    oidc_roles_claim: Annotated[
        str, Meta(description="Which of it lists groups; dots lead into parts, as in realm_access.roles.")
    ] = "groups"
    oidc_roles: Annotated[str, Meta(description="Who may do what: lines of a role and a group of that list.")] = ""
    oidc_button: Annotated[str, Meta(description="What its button on the sign-in page says.")] = "Single sign-on"
    oidc_ca: Annotated[str, Meta(description="File of certificates it is trusted by; empty: the usual ones.")] = ""
    oidc_seconds: Annotated[float, Meta(description="So long it may take for each answer.", gt=0, le=60)] = 10.0
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

    console: Annotated[
        str, Meta(description="ZeroMQ endpoint of the console; of several engines all, with blanks between them.")
    ]
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
    page_seconds: Annotated[float, Meta(description="Most seconds that a task's status page may take.", gt=0)] = 8.0
    spool_bytes: Annotated[
        int, Meta(description="Bytes of samples kept on disk while the console is away; the oldest make room.", ge=0)
    ] = 64 * 1024**2
    spool_hours: Annotated[float, Meta(description="Hours for which they are kept.", gt=0)] = 24.0
    spool_batches: Annotated[
        int, Meta(description="Batches of samples kept in memory when the disk takes none.", ge=1)
    ] = 720
    packages_kept: Annotated[
        int,
        Meta(description="Newest packages of each cluster that stay on this host, beside those in use; 0: all.", ge=0),
    ] = 3
    rack: Annotated[
        str,
        Meta(
            description="Where this host stands, unless the console's inventory says it; packages come from hosts of the same rack first; empty: by address."
        ),
    ] = ""
    peer_port: Annotated[
        int,
        Meta(
            description="Port on which other hosts fetch blocks of packages; 0: any free one, -1: none.",
            ge=-1,
            le=65535,
        ),
    ] = 0
    fetch_bytes_per_second: Annotated[
        int, Meta(description="Bytes of packages a second that this host fetches at most; 0: no limit.", ge=0)
    ] = 0
    serve_bytes_per_second: Annotated[
        int, Meta(description="Bytes of packages a second that other hosts fetch from it at most; 0: no limit.", ge=0)
    ] = 0
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
