"""A real OpenTSDB on a real HBase of one process, for tests: on the loopback, gone when they are over."""

import shutil
import signal
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from demo.api import wait_for
from tests.whole.site import Daemon, free_base_port

HOME = "127.0.0.1"
TSD = 5
"""OpenTSDB listens on this port from the base on; ZooKeeper, master and regionserver on the first three."""
SMALL = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
HBASE_SITE = """\
<configuration>
{properties}
</configuration>
"""
TABLES = """\
create 'tsdb-uid', {NAME => 'id', BLOOMFILTER => 'ROW'}, {NAME => 'name', BLOOMFILTER => 'ROW'}
create 'tsdb', {NAME => 't', VERSIONS => 1, BLOOMFILTER => 'ROW'}
create 'tsdb-tree', {NAME => 't', VERSIONS => 1, BLOOMFILTER => 'ROW'}
create 'tsdb-meta', {NAME => 'name', BLOOMFILTER => 'ROW'}
"""
OPENS = [
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in ("java.lang", "java.nio", "sun.nio.ch", "java.lang.reflect", "java.io", "java.util")
]
INITIALIZED = "Master has completed initialization"
LOGBACK = """\
<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %-5level %logger{0}: %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="OUT"/></root>
</configuration>
"""


@dataclass
class Tsdb:
    """OpenTSDB and the HBase below it; each may be stopped and started again by itself."""

    folder: Path
    base_port: int
    daemon: Daemon
    hbase: Daemon
    port: int

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://{HOME}:{self.port}"

    def start(self) -> None:
        """Start OpenTSDB and wait until it answers."""
        self.daemon.start()
        wait_for("OpenTSDB", self.answers, 60)

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            return requests.get(f"{self.url}/api/version", timeout=2).ok
        except requests.RequestException:
            return False

    @contextmanager
    def beside(self, **settings: str) -> Iterator[str]:
        """The URL of another OpenTSDB on the same HBase, with other settings."""
        port = self.port + 1
        daemon = _opentsdb(self.folder, self.base_port, port, settings)
        other = Tsdb(self.folder, self.base_port, daemon, self.hbase, port)
        try:
            other.start()
            yield other.url
        finally:
            _end(other.daemon)


@contextmanager
def paused(daemon: Daemon) -> Iterator[None]:
    """A daemon that hangs: its connections stay open, nothing is answered."""
    assert daemon.process is not None
    daemon.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        daemon.process.send_signal(signal.SIGCONT)


def _end(daemon: Daemon) -> None:
    """Nobody needs what is in it: it does not have to put anything away."""
    if daemon.process is not None and daemon.process.poll() is None:
        daemon.kill()


@contextmanager
def a_tsdb(folder: Path, hbase: Path, opentsdb: Path, **settings: str) -> Iterator[Tsdb]:
    """Unpack both packages into ``folder`` and run them; ``settings`` go into opentsdb.conf, "__" for each dot."""
    base = free_base_port([HOME])
    for name in ("static", "cache"):
        (folder / name).mkdir()
    (folder / "logback.xml").write_text(LOGBACK)
    for package in (hbase, opentsdb):
        with tarfile.open(package) as tar:
            tar.extractall(folder, filter="data")
    port = base + TSD
    made = Tsdb(folder, base, _opentsdb(folder, base, port, settings), _hbase(folder, base), port)
    try:
        made.hbase.start()
        wait_for("HBase's master", lambda: INITIALIZED in made.hbase.log.read_text(errors="replace"), 90)
        _make_tables(folder)
        made.start()
        yield made
    except BaseException:
        for log in (made.hbase.log, made.daemon.log):
            if log.exists():
                print(f"---- {log.name}", *log.read_text(errors="replace").splitlines()[-40:], sep="\n")
        raise
    finally:
        _end(made.daemon)
        _end(made.hbase)
        shutil.rmtree(folder, ignore_errors=True)


def _hbase(folder: Path, base: int) -> Daemon:
    properties = {
        "hbase.rootdir": f"file://{folder}/data",
        "hbase.tmp.dir": f"{folder}/tmp",
        "hbase.cluster.distributed": "false",
        "hbase.unsafe.stream.capability.enforce": "false",
        "hbase.wal.provider": "filesystem",
        "hbase.zookeeper.quorum": HOME,
        "hbase.zookeeper.property.clientPort": str(base),
        "hbase.localcluster.assign.random.ports": "false",
        "hbase.master.port": str(base + 1),
        "hbase.regionserver.port": str(base + 2),
        "hbase.master.info.port": "-1",
        "hbase.regionserver.info.port": "-1",
        "hbase.master.ipc.address": HOME,
        "hbase.regionserver.ipc.address": HOME,
        "hbase.master.hostname": HOME,
        "hbase.regionserver.hostname": HOME,
        "hbase.unsafe.regionserver.hostname": HOME,
        "hbase.regionserver.handler.count": "5",
        "hbase.procedure.master.threads": "4",
        "hbase.master.wait.on.regionservers.timeout": "500",
        "hbase.master.wait.on.regionservers.interval": "100",
    }
    conf = folder / "conf"
    conf.mkdir()
    rows = "\n".join(f"<property><name>{k}</name><value>{v}</value></property>" for k, v in properties.items())
    (conf / "hbase-site.xml").write_text(HBASE_SITE.format(properties=rows))
    (conf / "log4j2.properties").write_text(
        "rootLogger.level=INFO\nrootLogger.appenderRef.out.ref=out\n"
        "appender.out.type=Console\nappender.out.name=out\nappender.out.layout.type=PatternLayout\n"
        "appender.out.layout.pattern=%d %-5p [%t] %c{1}: %m%n\n"
    )
    command = [
        "java",
        *SMALL,
        "-Xmx512m",
        *OPENS,
        "-cp",
        f"{conf}:{_home(folder, 'hbase')}/lib/*",
        "org.apache.hadoop.hbase.master.HMaster",
        "start",
    ]
    return Daemon(command, folder / "hbase.log")


def _home(folder: Path, name: str) -> Path:
    return next(path for path in folder.glob(f"{name}-*") if path.is_dir())


def _make_tables(folder: Path) -> None:
    """HBase's own shell makes OpenTSDB's tables."""
    lib = _home(folder, "hbase") / "lib"
    path = f"{folder}/conf:{lib}/ruby/:{lib}/jruby/*:{lib}/*"
    command = ["java", *SMALL, "-Xmx512m", *OPENS, "-cp", path, "org.jruby.JarBootstrapMain", "-n"]
    done = subprocess.run(command, input=TABLES, capture_output=True, text=True, timeout=120, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def _opentsdb(folder: Path, base: int, port: int, settings: dict[str, str]) -> Daemon:
    told = {
        "tsd.network.bind": HOME,
        "tsd.network.port": str(port),
        "tsd.http.staticroot": str(folder / "static"),
        "tsd.http.cachedir": str(folder / "cache"),
        "tsd.storage.hbase.zk_quorum": f"{HOME}:{base}",
        "tsd.storage.flush_interval": "50",
        "tsd.core.auto_create_metrics": "true",
        **{name.replace("__", "."): value for name, value in settings.items()},
    }
    file = folder / f"opentsdb-{port}.conf"
    file.write_text("".join(f"{name} = {value}\n" for name, value in told.items()))
    path = f"{folder}:{_home(folder, 'opentsdb')}/lib/*"
    command = ["java", *SMALL, "-Xmx256m", "-cp", path, "net.opentsdb.tools.TSDMain", f"--config={file}"]
    return Daemon(command, folder / f"opentsdb-{port}.log")
