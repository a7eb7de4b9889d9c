"""PURE. What a keytab file holds: whose keys, never the keys. Format: MIT krb5, "keytab file format", version 0x0502."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 1024 * 1024
_ENCRYPTIONS = {
    1: "des-cbc-crc", 3: "des-cbc-md5", 16: "des3-cbc-sha1", 17: "aes128-cts", 18: "aes256-cts", 19: "aes128-sha2",
    20: "aes256-sha2", 23: "rc4-hmac",
}  # fmt: skip


class BadKeytab(ValueError):
    """It is no keytab; the text says why."""


@dataclass(frozen=True)
class Entry:
    """A key: ``principal`` with its realm, version of the key, kind of encryption."""

    principal: str
    version: int
    encryption: str


def entries_of(data: bytes) -> list[Entry]:
    """The keys of a keytab. Raises BadKeytab."""
    if data[:2] != b"\x05\x02":
        raise BadKeytab("it does not begin as a keytab of version 2 does: make it with kadmin's ktadd")
    try:
        found = list(_entries(data))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise BadKeytab("it ends in the middle of a key, or holds a name that is none") from error
    if not found:
        raise BadKeytab("it holds no key")
    return found


def _entries(data: bytes) -> Iterator[Entry]:
    at = 2
    while at + 4 <= len(data):
        (size,) = struct.unpack_from(">i", data, at)
        at += 4
        if size == 0:
            return
        if size > 0:  # a negative one is a hole where a key was removed
            if at + size > len(data):
                raise BadKeytab("it ends in the middle of a key")
            yield _entry(data[at : at + size])
        at += abs(size)


def _entry(data: bytes) -> Entry:
    (count,) = struct.unpack_from(">H", data)
    at = 2
    names = []
    for _ in range(count + 1):
        (size,) = struct.unpack_from(">H", data, at)
        name = data[at + 2 : at + 2 + size]
        if len(name) != size:
            raise IndexError
        names.append(name.decode())
        at += 2 + size
    at += 8  # kind of name, time
    version, encryption, size = struct.unpack_from(">BHH", data, at)
    at += 5 + size
    if len(data) < at:
        raise IndexError
    if len(data) >= at + 4:  # newer writers put the whole version behind the key
        version = struct.unpack_from(">I", data, at)[0] or version
    realm, *parts = names
    return Entry(f"{'/'.join(parts)}@{realm}", version, _ENCRYPTIONS.get(encryption, f"kind {encryption}"))
