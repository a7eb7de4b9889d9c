"""Keytabs as kadmin would write them, made here."""

import struct


def keytab(*principals: str, version: int = 2, encryption: int = 18, key: bytes = b"k" * 32) -> bytes:
    """A keytab with one key for each principal (primary/instance@REALM)."""
    data = b"\x05\x02"
    for principal in principals:
        name, _, realm = principal.partition("@")
        parts = name.split("/")
        entry = struct.pack(">H", len(parts))
        for text in (realm, *parts):
            entry += struct.pack(">H", len(text)) + text.encode()
        entry += struct.pack(">IIB", 1, 1_700_000_000, version % 256)
        entry += struct.pack(">HH", encryption, len(key)) + key + struct.pack(">I", version)
        data += struct.pack(">i", len(entry)) + entry
    return data
