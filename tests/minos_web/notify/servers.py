"""Real servers to write to: SMTP with STARTTLS and signing in, and HTTP that keeps what it was sent."""

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.whole.site import free_port

HERE = "127.0.0.1"


class Mails:
    """What a mail server got. ``refused`` are answers for addresses, ``answer`` is that for the text itself; ``hold`` has it
    wait with that, and ``held`` says that it does."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.senders: list[str] = []
        self.users: list[str] = []
        self.encrypted: list[bool] = []
        self.refused: dict[str, str] = {}
        self.answer = "250 kept"
        self.goodbye = "221 bye"
        self.hold: threading.Event | None = None
        self.held = threading.Event()

    @property
    def texts(self) -> list[str]:
        return [mail.get_content().replace("\r\n", "\n") for mail in self.got]

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.got]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.hold is not None:
            self.held.set()
            self.hold.wait(20)
        if self.answer.startswith("2"):
            mail = message_from_bytes(envelope.original_content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.got.append(mail)
            self.to.append(list(envelope.rcpt_tos))
            self.senders.append(envelope.mail_from)
            self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return self.answer

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return self.goodbye

    def check(self, _server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"minos", b"sesame-open")
        self.users.append(data.login.decode() if isinstance(data, LoginPassword) else mechanism)
        return AuthResult(success=good, handled=False)


class MailServer:
    """A mail server that can go away and come back on its port."""

    def __init__(self, port: int = 0, **options: Any) -> None:
        self.mails = Mails()
        self.port = port or free_port()
        self._options = options
        self._controller: Controller | None = None

    def start(self) -> None:
        options = dict(self._options)
        if options.pop("auth", False):
            options |= {"authenticator": self.mails.check, "auth_required": True, "auth_require_tls": True}
        self._controller = Controller(self.mails, hostname=HERE, port=self.port, ready_timeout=30, **options)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """One at work."""
    made = MailServer(**options)
    made.start()
    try:
        yield made
    finally:
        made.stop()


class Hook:
    """A web server that keeps what it was sent and answers ``statuses`` in turn, then 204."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.text = b"told why"
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                hook.got.append((self.path, dict(self.headers.items()), body))
                status = hook.statuses.pop(0) if hook.statuses else 204
                self.send_response(status)
                for name, value in hook.headers.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(hook.text)))
                self.end_headers()
                if status != 204:
                    self.wfile.write(hook.text)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer((HERE, 0), Handler)
        self.at = f"{HERE}:{self._server.server_port}"
        self.url = f"http://{self.at}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of its own for this address: the file that trusts it, and what a server speaks TLS with."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server of tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HERE))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, private)
    return cert, context
