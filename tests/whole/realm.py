"""A Kerberos realm on this machine: Debian's KDC with a database of its own, on a port of the loopback."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.whole.site import free_port

REALM = "MINOS.TEST"
SEARCHED = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
"""Where Debian puts what administers a realm."""

KRB5_CONF = """\
[libdefaults]
  default_realm = {realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  {realm} = {{
    kdc = 127.0.0.1:{port}
  }}
"""
KDC_CONF = """\
[kdcdefaults]
  kdc_listen = 127.0.0.1:{port}
  kdc_tcp_listen = 127.0.0.1:{port}
[realms]
  {realm} = {{
    database_name = {folder}/principal
    key_stash_file = {folder}/stash
    acl_file = {folder}/kadm5.acl
    max_life = 1h
    supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
  }}
"""


@dataclass
class Realm:
    """A running KDC. ``conf`` is the text of a krb5.conf that leads to it."""

    folder: Path
    conf: str

    @property
    def environment(self) -> dict[str, str]:
        """For programs of MIT Kerberos."""
        own = {"KRB5_CONFIG": str(self.folder / "krb5.conf"), "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf")}
        return os.environ | own | {"PATH": SEARCHED}

    def run(self, *command: str) -> None:
        """Run a program that must succeed."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"

    def keytab(self, name: str, *principals: str) -> Path:
        """Make these principals with random keys, and a file that has them all."""
        path = self.folder / name
        for principal in principals:
            self.run("kadmin.local", "-q", f"addprinc -randkey {principal}")
        self.run("kadmin.local", "-q", f"ktadd -norandkey -k {path} {' '.join(principals)}")
        return path


@contextmanager
def a_realm(folder: Path) -> Iterator[Realm]:
    """A realm with no principals but its own, as long as the block lasts."""
    folder.mkdir()
    port = free_port()
    names = {"realm": REALM, "port": port, "folder": folder}
    realm = Realm(folder, KRB5_CONF.format(**names))
    (folder / "krb5.conf").write_text(realm.conf)
    (folder / "kdc.conf").write_text(KDC_CONF.format(**names))
    (folder / "kadm5.acl").write_text("")
    realm.run("kdb5_util", "create", "-s", "-r", REALM, "-P", "only-for-a-test")
    with (folder / "kdc.log").open("wb") as log:
        kdc = subprocess.Popen(
            ["krb5kdc", "-n"], env=realm.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        yield realm
    finally:
        kdc.terminate()
        kdc.wait(10)
