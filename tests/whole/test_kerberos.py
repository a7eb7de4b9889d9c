"""ZooKeeper and HDFS that sign in at a real KDC, with keytabs that the console brings to their hosts. In file order."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.filesystem import Filesystem
from tests.whole.realm import REALM, Realm, a_realm
from tests.whole.site import Site, free_base_port

PASSWORD = {"cleanup_password": "sesame-7"}
ZOOKEEPER = """\
  [[zookeeper.cfg]]
    security_switch=""
  [[jaas-server.conf]]
    headerLine="com.sun.security.auth.module.Krb5LoginModule required"
    useKeyTab=true
    storeKey=true
    useTicketCache=false
    keyTab="%{task.run_dir}/zookeeper.keytab"
    principal="zookeeper/minos@MINOS.TEST"
"""
HDFS = """\
  [[core-site.xml]]
    hadoop.security.authentication=kerberos
    hadoop.security.authorization=true
  [[hdfs-site.xml]]
    dfs.replication=1
    dfs.block.access.token.enable=true
    # without TLS and as no root: for a test
    ignore.secure.ports.for.testing=true
    dfs.namenode.kerberos.principal=hdfs/minos@MINOS.TEST
    dfs.namenode.keytab.file=%{task.run_dir}/hdfs.keytab
    dfs.datanode.kerberos.principal=hdfs/minos@MINOS.TEST
    dfs.datanode.keytab.file=%{task.run_dir}/hdfs.keytab
    dfs.journalnode.kerberos.principal=hdfs/minos@MINOS.TEST
    dfs.journalnode.keytab.file=%{task.run_dir}/hdfs.keytab
    dfs.journalnode.kerberos.internal.spnego.principal=*
    dfs.web.authentication.kerberos.principal=*
    dfs.web.authentication.kerberos.keytab=%{task.run_dir}/hdfs.keytab
"""


@dataclass
class Secured:
    """A site whose clusters have Kerberos."""

    site: Site
    realm: Realm
    ensemble: Ensemble
    files: Filesystem


@pytest.fixture(scope="module")
def realm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    """A KDC."""
    with a_realm(tmp_path_factory.mktemp("krb") / "realm") as made:
        yield made


@pytest.fixture(scope="module")
def secured(site: Site, realm: Realm, zookeeper_package: Path, hadoop_package: Path) -> Secured:
    """Described; nothing is on any host."""
    site.api.put_text("config/conf/zookeeper/common/krb5.conf", realm.conf)
    base_port = free_base_port([host.address for host in site.hosts], blocks=5)
    ensemble = Ensemble.described(site, zookeeper_package, base_port, "safe")
    site.api.put_text("config/conf/zookeeper/zookeeper-safe.cfg", ensemble.text + ZOOKEEPER)
    files = Filesystem.described(site, hadoop_package, base_port + 100, "safe-files")
    head, _, own = files.text.partition("  [[hdfs-site.xml]]\n")
    text = (head + HDFS + own).replace(
        "[cluster]\n", f"[cluster]\n  kerberos_realm={REALM}\n  kerberos_username=hdfs/minos\n"
    )
    site.api.put_text("config/conf/hdfs/hdfs-safe-files.cfg", text)
    return Secured(site, realm, ensemble, files)


def give(secured: Secured, path: str, keytab: Path) -> Any:
    return secured.site.api.put_bytes(f"{path}/keytabs/{keytab.name}", keytab.read_bytes())


def test_without_its_keytab_nothing_is_brought(secured: Secured) -> None:
    done = secured.ensemble.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "failed"
    steps = [step for wave in done["waves"] for step in wave["steps"] if step["state"] == "failed"]
    assert "its files name zookeeper.keytab, and no keytab of that name was given" in steps[0]["message"]


def test_zookeeper_knows_who_signs_in(secured: Secured) -> None:
    realm, site = secured.realm, secured.site
    shown = give(secured, secured.ensemble.path, realm.keytab("zookeeper.keytab", "zookeeper/minos"))
    assert {entry["principal"] for entry in shown["entries"]} == {f"zookeeper/minos@{REALM}"}
    done = secured.ensemble.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    site.until("a healthy ensemble", secured.ensemble.healthy)
    for host in site.hosts:
        (keytab,) = host.root.rglob("zookeeper.keytab")
        assert keytab.stat().st_mode & 0o777 == 0o400
    assert re.search(r"sasl: olga\b", who_am_i(secured))


def who_am_i(secured: Secured) -> str:
    """What ZooKeeper's own client is told when it signed in as olga."""
    realm = secured.realm
    keytab = realm.keytab("olga.keytab", "olga")
    jaas = realm.folder / "jaas.conf"
    jaas.write_text(
        "Client { com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true"
        f' useTicketCache=false keyTab="{keytab}" principal="olga@{REALM}"; }};\n'
    )
    package = next(secured.site.hosts[0].root.rglob("app/zookeeper/safe/zookeeper/package")).resolve()
    task = secured.ensemble.tasks()[0]
    command = [
        "java", "-Xmx64m", "-cp", f"{package}/lib/*:{package}/*", f"-Djava.security.krb5.conf={realm.folder}/krb5.conf",
        f"-Djava.security.auth.login.config={jaas}", "-Dzookeeper.server.principal=zookeeper/minos",
        "org.apache.zookeeper.ZooKeeperMain", "-waitforconnection", "-server",
        f"{task['address']}:{task['ports']['client']}", "whoami",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=realm.folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_hdfs_comes_up_and_takes_files_from_those_who_signed_in(secured: Secured) -> None:
    files, realm, site = secured.files, secured.realm, secured.site
    spnego = [f"HTTP/{host.address}" for host in site.hosts]
    give(secured, files.path, realm.keytab("hdfs.keytab", "hdfs/minos", "HTTP/localhost", *spnego))
    done = files.operate("bootstrap", options=PASSWORD)
    assert done["state"] == "done", done["message"]
    site.until("an active and a standby namenode", lambda: sorted(files.roles()) == ["active", "standby"], 60)
    site.until("four datanodes", lambda: files.figure("live_datanodes") == 4, 60)
    assert site.run("hdfs/safe-files", "dfs", "-mkdir /safe").over()["exit_code"] == 0
    listed = site.run("hdfs/safe-files", "dfs", "-ls /")
    assert listed.over()["exit_code"] == 0, listed.output_all()
    assert "hdfs" in listed.output_all() and "/safe" in listed.output_all()


def test_who_did_not_sign_in_is_turned_away(secured: Secured) -> None:
    command = secured.files.command("org.apache.hadoop.fs.FsShell", "-ls", "/")
    command.insert(1, f"-Djava.security.krb5.conf={secured.realm.folder}/krb5.conf")
    done = subprocess.run(command, cwd=secured.realm.folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0
    assert "Client cannot authenticate via:[TOKEN, KERBEROS]" in done.stderr


def test_no_key_lies_outside_of_the_run_directories(secured: Secured) -> None:
    site = secured.site
    key = (secured.realm.folder / "hdfs.keytab").read_bytes()
    found = {path for path in site.folder.rglob("*") if path.is_file() and not path.is_symlink() and holds(path, key)}
    assert found and {path.name for path in found} == {"hdfs.keytab"}
    assert {path.stat().st_mode & 0o777 for path in found} == {0o400}


def holds(path: Path, key: bytes) -> bool:
    """Whether a file has the keys in it; large ones are packages and jars."""
    return path.stat().st_size < 64 * 2**20 and key[2:] in path.read_bytes()


def test_it_stops_and_the_keytabs_go_with_the_rest(secured: Secured) -> None:
    assert secured.files.operate("stop")["state"] == "done"
    assert secured.files.operate("cleanup", options=PASSWORD)["state"] == "done"
    assert [path for host in secured.site.hosts for path in host.root.rglob("hdfs.keytab")] == []
