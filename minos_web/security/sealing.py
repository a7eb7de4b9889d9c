"""Secrets of others at rest: sealed with a key that is derived from the console's secret, which is not in the database."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class CannotUnseal(Exception):
    """It was sealed with another secret, for something else, or is damaged; the text says what to do."""


def seal(secret: bytes, data: bytes, about: str) -> bytes:
    """``data`` so that only this console reads it, and only as what it is ``about``: another row's cannot pass for it."""
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(_key(secret)).encrypt(nonce, data, about.encode())
    if unseal(secret, sealed, about) != data or (len(data) >= _NONCE and data in sealed):
        raise CannotUnseal("what was sealed is not read back as it was")
    return sealed


def unseal(secret: bytes, sealed: bytes, about: str) -> bytes:
    """The data again. Raises CannotUnseal."""
    try:
        return AESGCM(_key(secret)).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except (InvalidTag, ValueError) as error:
        text = "it was sealed by a console with another secret (<var>/secret), or is damaged: upload it again"
        raise CannotUnseal(text) from error


def _key(secret: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"minos secrets at rest").derive(secret)
