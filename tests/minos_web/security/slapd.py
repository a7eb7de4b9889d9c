"""A real OpenLDAP server of a test, on loopback, with certificates of an authority of its own, gone afterwards."""

import datetime
import ipaddress
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.whole.site import free_port

PATIENCE = 30
BASE = "dc=example,dc=org"
CONSOLE_PASSWORD = "what the console says"
PASSWORD = "a directory's own words"

_CONF = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/pid
TLSCACertificateFile {folder}/authority.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
# As many real ones do: a bind with a name and no password succeeds, as nobody.
allow bind_anon_cred
security tls=1 simple_bind=1
database mdb
suffix "{base}"
rootdn "cn=root,{base}"
rootpw rootpw
directory {folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=minos,{base}" read by * none
"""
_TOP = """\
dn: {base}
objectClass: domain
dc: example

dn: ou=people,{base}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{base}
objectClass: organizationalUnit
ou: groups

dn: cn=minos,{base}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: minos
userPassword: {password}

"""


@dataclass(frozen=True)
class Slapd:
    """A running server. ``add`` and ``remove`` change who is in it."""

    folder: Path
    port: int
    secure_port: int

    @property
    def settings(self) -> dict[str, str]:
        """The keys of an ini that lead a console to it."""
        return {
            "ldap_url": f"ldap://localhost:{self.port}",
            "ldap_ca": str(self.folder / "authority.pem"),
            "ldap_bind_dn": f"cn=minos,{BASE}",
            "ldap_bind_password_file": str(self.folder / "console-password"),
            "ldap_user_base": f"ou=people,{BASE}",
            "ldap_group_base": f"ou=groups,{BASE}",
            "ldap_roles": f"viewer CN=Staff, ou=groups,{BASE}\nadmin cn=admins,ou=groups,{BASE}",
        }

    def person(self, name: str) -> None:
        """Add somebody with PASSWORD."""
        self._change(
            f"dn: uid={name},ou=people,{BASE}\nchangetype: add\nobjectClass: inetOrgPerson\n"
            f"uid: {name}\ncn: {name}\nsn: {name}\nuserPassword: {PASSWORD}\n"
        )

    def group(self, name: str, *members: str) -> None:
        """Make a group of just these people."""
        dn = f"cn={name},ou=groups,{BASE}"
        rows = "".join(f"member: uid={member},ou=people,{BASE}\n" for member in members) or f"member: cn=none,{BASE}\n"
        self._change(f"dn: {dn}\nchangetype: delete\n", allowed=(0, 32))
        self._change(f"dn: {dn}\nchangetype: add\nobjectClass: groupOfNames\ncn: {name}\n{rows}")

    def _change(self, ldif: str, allowed: tuple[int, ...] = (0,)) -> None:
        from ldap3 import Connection, Server, Tls

        tls = Tls(validate=2, ca_certs_file=str(self.folder / "authority.pem"))
        with Connection(
            Server("localhost", self.secure_port, use_ssl=True, tls=tls), f"cn=root,{BASE}", "rootpw", auto_bind=True
        ) as root:
            lines = dict.fromkeys(line.split(": ", 1)[0] for line in ldif.splitlines())
            values = {
                name: [row.split(": ", 1)[1] for row in ldif.splitlines() if row.startswith(f"{name}: ")]
                for name in lines
            }
            dn, kind = values.pop("dn")[0], values.pop("changetype")[0]
            if kind == "delete":
                root.delete(dn)
            else:
                root.add(dn, attributes=values)
            assert root.result["result"] in allowed, root.result


@contextmanager
def running_slapd(folder: Path) -> Iterator[Slapd]:
    """A server with an empty tree of people and groups."""
    program = shutil.which("slapd", path="/usr/sbin:/usr/bin")
    assert program, "slapd is missing: tests/needs.sh --install"
    (folder / "data").mkdir()
    _certificates(folder)
    (folder / "slapd.conf").write_text(_CONF.format(folder=folder, base=BASE))
    (folder / "top.ldif").write_text(_TOP.format(base=BASE, password=CONSOLE_PASSWORD))
    (folder / "console-password").write_text(CONSOLE_PASSWORD + "\n")
    conf = ["-f", str(folder / "slapd.conf")]
    subprocess.run([program, "-T", "add", *conf, "-l", str(folder / "top.ldif")], check=True, capture_output=True)
    made = Slapd(folder, free_port(), free_port())
    places = f"ldap://127.0.0.1:{made.port}/ ldaps://127.0.0.1:{made.secure_port}/"
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program, "-d", "0", "-h", places, *conf], stdout=log, stderr=log)
    try:
        _wait(server, made)
        yield made
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait(server: "subprocess.Popen[bytes]", made: Slapd) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            for port in (made.port, made.secure_port):
                socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert server.poll() is None and time.monotonic() < deadline, (made.folder / "log").read_text()
            time.sleep(0.05)


def _certificates(folder: Path) -> None:
    """authority.pem, and server.pem with its key for localhost; other.pem is of an authority that signed nothing."""
    now = datetime.datetime.now(datetime.UTC)

    def made(
        name: str, by: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None
    ) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(by[0].subject if by else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        )
        if by:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(by[1] if by else key, hashes.SHA256()), key

    def write(name: str, certificate: x509.Certificate) -> None:
        (folder / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    authority = made("Test authority", None)
    server, key = made("localhost", authority)
    write("authority.pem", authority[0])
    write("server.pem", server)
    write("other.pem", made("Another authority", None)[0])
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
