"""The second step of signing in: codes of an authenticator app (RFC 6238), and recovery codes for who lost it."""

import hmac
import secrets

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from minos_web.models.outside import RecoveryCode, SecondStep
from minos_web.models.people import User
from minos_web.security.permissions import Role
from minos_web.security.sealing import CannotUnseal, seal, unseal
from minos_web.security.signins import digest

WINDOW = 1
"""Codes of so many periods before and after the present one count, for clocks that are not exact."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_PERIOD = 30


class StepRefused(ValueError):
    """A second step that is not set up, not taken or not turned off; the text says why."""


def step_of(session: Session, user_id: int, lock: bool = False) -> SecondStep | None:
    """The user's second step; one that no code confirmed yet (``confirmed_at``) counts for nothing. ``lock`` it to use it."""
    return session.get(SecondStep, user_id, with_for_update=lock, populate_existing=lock)


def is_on(row: SecondStep | None) -> bool:
    """Whether the step counts."""
    return row is not None and row.confirmed_at is not None


def wanted(role: str, roles: str) -> bool:
    """Whether the setting ``totp_roles`` asks users of ``role`` for a second step."""
    return role in roles.split()


def begin(session: Session, secret: bytes, user: User, now: float) -> str:
    """A new secret of ``user``, which counts once a code of it confirmed it. Raises StepRefused when there is one."""
    row = step_of(session, user.id, lock=True)
    if is_on(row):
        raise StepRefused("you have a second step already; turn it off before you set up another")
    text = pyotp.random_base32()
    row = row or SecondStep(user_id=user.id)
    row.sealed, row.created_at, row.confirmed_at, row.last_step = (
        seal(secret, text.encode(), _about(user.id)),
        now,
        None,
        0,
    )
    session.add(row)
    session.flush()
    return text


def secret_of(secret: bytes, row: SecondStep) -> str:
    """The secret that the user's app holds. Raises StepRefused."""
    try:
        return unseal(secret, row.sealed, _about(row.user_id)).decode()
    except CannotUnseal as error:
        text = (
            "your second step cannot be read by this console any more; an administrator can reset it on the users page"
        )
        raise StepRefused(text) from error


def app_address(text: str, user: str, console: str) -> str:
    """What the QR code says: ``otpauth://`` with the secret, the user and which console it is for."""
    return pyotp.TOTP(text).provisioning_uri(name=user, issuer_name=f"Minos {console}")


def confirm(session: Session, secret: bytes, user_id: int, code: str, now: float) -> list[str]:
    """Let the step that was begun count from now on; returns its recovery codes. Raises StepRefused."""
    row = step_of(session, user_id, lock=True)
    if row is None or row.confirmed_at is not None:
        raise StepRefused("nothing waits to be confirmed; begin again")
    if not _takes_code(secret, row, code, now):
        raise StepRefused("this code does not fit; see that the clock of your device is right and type the next one")
    row.confirmed_at = now
    return new_recovery_codes(session, user_id)


def new_recovery_codes(session: Session, user_id: int) -> list[str]:
    """Ten codes, each for one sign-in, in place of all earlier ones; they are not kept."""
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)) for _ in range(RECOVERY_CODES)
    ]
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all([RecoveryCode(user_id=user_id, code_hash=_digest_of(code)) for code in codes])
    session.flush()
    return codes


def recovery_codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes the user still has."""
    return session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0


def take(session: Session, secret: bytes, user_id: int, code: str, now: float) -> str:
    """Use up ``code``: "code" if it is the app's, "recovery code" if it is one of those, "" if it is neither.

    Raises StepRefused when the step cannot be read.
    """
    row = step_of(session, user_id, lock=True)
    if row is None or row.confirmed_at is None:
        return ""
    if _takes_code(secret, row, code, now):
        return "code"
    gone = session.execute(
        delete(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _digest_of(code))
    )
    return "recovery code" if gone.rowcount else ""  # type: ignore[attr-defined]


def forget(session: Session, user_id: int) -> bool:
    """Take the user's second step and recovery codes away; False if there was none."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = session.execute(delete(SecondStep).where(SecondStep.user_id == user_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def users_with_step(session: Session) -> set[int]:
    """Ids of the users whose second step counts."""
    return set(session.scalars(select(SecondStep.user_id).where(SecondStep.confirmed_at.is_not(None))))


def roles_named(text: str) -> list[str]:
    """The roles that ``totp_roles`` names. Raises ValueError for one that is none."""
    people = [str(role) for role in Role if role != Role.PUSHER]
    for name in text.split():
        if name not in people:
            raise ValueError(f"minos.totp_roles: there is no role {name}; roles are {', '.join(people)}")
    return text.split()


def _takes_code(secret: bytes, row: SecondStep, code: str, now: float) -> bool:
    """Whether the app shows ``code`` about now and no code of that moment or a later one was used before."""
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret_of(secret, row), interval=_PERIOD)
    present = int(now) // _PERIOD
    for step in range(present - WINDOW, present + WINDOW + 1):
        fits = hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode("utf-8", "replace"))
        if fits and step > row.last_step:
            row.last_step = step
            return True
    return False


def _digest_of(code: str) -> str:
    return digest("recovery " + "".join(letter for letter in code.lower() if letter.isalnum())[:64])


def _about(user_id: int) -> str:
    return f"second step {user_id}"
