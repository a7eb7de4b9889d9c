"""Messages as mails, over SMTP: encrypted where the channel says so, or not sent at all."""

import contextlib
import ipaddress
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from urllib.parse import urlsplit

from minos_web.notify.addressing import is_address, sender_of
from minos_web.notify.channels import Opened
from minos_web.notify.outcome import NotTaken, one_line
from minos_web.notify.wording import Parcel, body_of, html_of, subject_of

PATIENCE = 15.0
"""Seconds that each answer of a mail server may take."""


@dataclass(frozen=True)
class Posted:
    """Where to hand mails over, and what is trusted there."""

    channel: Opened
    ca: str = ""


def mail_of(parcel: Parcel, sender: str) -> EmailMessage:
    """The mail. Raises ValueError for a senseless sender."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender_of(sender)
    mail["To"] = ", ".join(one for one in parcel.recipients if is_address(one))
    mail["Subject"] = subject_of(parcel)
    mail["Date"] = formatdate(parcel.at)
    mail["Message-ID"] = f"<{parcel.message_id}@{_domain(parcel.console)}>"
    if thread := _thread(parcel):
        mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Minos-Kind"] = one_line(parcel.leading.kind)
    mail.set_content(body_of(parcel), cte="quoted-printable")
    if html := html_of(parcel):
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail


def send_mail(parcel: Parcel, posted: Posted) -> str:
    """Hand it over, and say what the server said. Raises NotTaken, with ``refused`` when others have it."""
    channel = posted.channel
    bad = tuple(one for one in parcel.recipients if not is_address(one))
    good = [one for one in parcel.recipients if is_address(one)]
    if not good:
        raise NotTaken(f"no mail address: {', '.join(bad) or 'it has no recipients'}")
    try:
        mail = mail_of(parcel, channel.sender)
    except ValueError as error:
        raise NotTaken(str(error), away=True) from error
    try:
        refused = _handed_over(mail, posted, _domain(parcel.console), good)
    except smtplib.SMTPRecipientsRefused as error:
        raise NotTaken(f"refused: {_refusals(error.recipients)}") from error
    except smtplib.SMTPDataError as error:
        raise NotTaken(f"refused: {_reply(error.smtp_code, error.smtp_error)}") from error
    except smtplib.SMTPResponseException as error:
        raise NotTaken(f"the server said {_reply(error.smtp_code, error.smtp_error)}", away=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken(f"{channel.host}:{channel.port}: {_why(error)}", away=True) from error
    if refused or bad:
        told = "; ".join(
            part for part in (_refusals(refused), f"no mail address: {', '.join(bad)}" if bad else "") if part
        )
        raise NotTaken(f"refused: {told}", refused=(*refused, *bad))
    return f"taken by {channel.host} for {len(good)} of {len(good)}"


def _handed_over(mail: EmailMessage, posted: Posted, own_name: str, to: list[str]) -> Mapping[str, tuple[int, bytes]]:
    """Whom the server refused. How it says goodbye is not asked: the mail is its own by then."""
    server = _connected(posted.channel, posted.ca, own_name)
    try:
        return server.send_message(mail, parseaddr(posted.channel.sender)[1], to)
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _connected(channel: Opened, ca: str, own_name: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if ca:
        context.load_verify_locations(cafile=ca)
    if channel.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(channel.host, channel.port, own_name, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(channel.host, channel.port, own_name, timeout=PATIENCE)
    try:
        if channel.security == "starttls":
            server.starttls(context=context)
        if channel.user:
            if channel.security == "none" and not _is_here(channel.host):
                raise NotTaken("a password is not sent in the clear: choose STARTTLS or TLS", away=True)
            server.login(channel.user, channel.password)
    except BaseException:
        server.close()
        raise
    return server


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _domain(console: str) -> str:
    name = urlsplit(console).hostname or "localhost"
    return f"[{name}]" if ":" in name else name


def _thread(parcel: Parcel) -> str:
    """What mails about one alert have in common, so that mail programs show its end beside its beginning."""
    keys = {item.key for item in parcel.items}
    if len(keys) != 1 or not (key := keys.pop()):
        return ""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in key)[:80].strip("-")
    return f"<alert-{plain}@{_domain(parcel.console)}>"


def _refusals(recipients: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address}: {_reply(code, text)}" for address, (code, text) in recipients.items())


def _reply(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return one_line(f"{code} {said}")[:200]


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "it did not answer in time"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
