"""What the consoles and workers of tests are told by their ini files."""

CONSOLE_INI = """\
[app:main]
use = egg:minos-console
sqlalchemy.url = {database}
minos.var = {var}
minos.wire = tcp://127.0.0.1:{wire_port}
{own}
[server:main]
use = egg:minos-console#serve
listen = 127.0.0.1:{http_port}
threads = 8

[alembic]
script_location = {top}/alembic
sqlalchemy.url = {database}

[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = INFO
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic
[formatter_generic]
format = %(asctime)s %(levelname)-5.5s %(name)s %(message)s
"""

QUICK: dict[str, object] = {
    "beat_seconds": 1,
    "late_seconds": 4,
    "lost_seconds": 8,
    "sample_seconds": 2,
    "keep_free_bytes": 1048576,
    "confirm_minutes": 600,
    "quota_seconds": 0,
}
"""What a site of tests has other than a console by default."""

WORKER_INI = """\
[worker]
console = tcp://127.0.0.1:{wire_port}
console_key = {var}/console.pub
root = {root}
name = {name}
address = {address}
java_home = {java_home}
keep_free_bytes = 1048576
"""
