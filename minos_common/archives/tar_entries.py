"""Reads tar headers (ustar, GNU long names, pax) from a stream. PURE; every number and name is doubted.

Our own reader because the library's has had ways to hang, to escape and to be led on by links.
"""

from collections.abc import Iterator

from minos_common.archives.entries import BadArchive, Entry, Readable

BLOCK = 512
_LONGEST_NAME = 64 * 1024


_KINDS = {b"0": "file", b"\0": "file", b"7": "file", b"1": "hardlink", b"2": "symlink", b"5": "directory"}
_SPECIAL = {b"3": "a character device", b"4": "a block device", b"6": "a fifo", b"S": "a sparse file"}


class TarReader:
    """Goes through an archive once. After each file entry its content must be taken with ``content``."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._left = 0
        self._padding = 0

    def entries(self) -> Iterator[Entry]:
        """Every member in turn. Raises BadArchive."""
        long_name = long_target = ""
        pax: dict[str, str] = {}
        while True:
            self._skip_content()
            header = self._header()
            if header is None:
                return
            kind, size = header[156:157], _number(header[124:136], "size")
            if kind in b"LKxg" and kind != b"":
                text = self._metadata(size)
                if kind == b"L":
                    long_name = _text(text)
                elif kind == b"K":
                    long_target = _text(text)
                elif kind == b"x":
                    pax = _pax(text)
                continue
            yield self._entry(header, kind, size, (long_name, long_target, pax))
            long_name = long_target = ""
            pax = {}

    def content(self, size: int = 1024 * 1024) -> Iterator[bytes]:
        """Content of the entry at hand, in pieces."""
        while self._left:
            piece = self._stream.read(min(size, self._left))
            if not piece:
                raise BadArchive("the archive ends in the middle of a file: it is truncated")
            self._left -= len(piece)
            yield piece

    def _entry(self, header: bytes, kind: bytes, size: int, extra: tuple[str, str, dict[str, str]]) -> Entry:
        long_name, long_target, pax = extra
        if any(key.startswith("GNU.sparse") for key in pax):
            raise BadArchive("the archive holds a sparse file, which is refused")
        name = pax.get("path") or long_name or _name(header)
        target = pax.get("linkpath") or long_target or _text(header[157:257])
        if kind in _SPECIAL:
            raise BadArchive(f"{name!r} is {_SPECIAL[kind]}, which is refused")
        if kind not in _KINDS:
            raise BadArchive(f"{name!r} is of the unknown kind {kind!r}, which is refused")
        what = _KINDS[kind]
        if what == "file" and name.endswith("/"):  # as very old archives write directories
            what = "directory"
        if "size" in pax:
            size = _pax_size(pax["size"])
        if what == "file":
            self._expect(size)
        elif size:
            self._expect(size)
            self._skip_content()
        mode = _number(header[100:108], "mode")
        return Entry(name, what, size if what == "file" else 0, bool(mode & 0o111), target)

    def _expect(self, size: int) -> None:
        self._left, self._padding = size, -size % BLOCK

    def _skip_content(self) -> None:
        for _ in self.content():
            pass
        if self._padding and len(self._stream.read(self._padding)) < self._padding:
            raise BadArchive("the archive ends in the middle of a file: it is truncated")
        self._padding = 0

    def _header(self) -> bytes | None:
        header = self._stream.read(BLOCK)
        if not header or header == bytes(BLOCK):
            return None
        if len(header) < BLOCK:
            raise BadArchive("the archive ends in the middle of a header: it is truncated")
        if not is_header(header):
            raise BadArchive("a header's checksum is wrong: this is no tar archive, or a damaged one")
        return header

    def _metadata(self, size: int) -> bytes:
        if size > _LONGEST_NAME:
            raise BadArchive(f"a name of {size} bytes is refused")
        self._expect(size)
        data = b"".join(self.content())
        self._skip_content()
        return data


def is_header(block: bytes) -> bool:
    """Whether these 512 bytes are the head of a member, by the checksum in them; a block of zeros ends an archive."""
    if len(block) < BLOCK or block == bytes(BLOCK):
        return len(block) == BLOCK
    unsigned = sum(block[:148]) + 8 * 32 + sum(block[156:])
    try:
        return _number(block[148:156], "checksum") == unsigned
    except BadArchive:
        return False


def _number(field: bytes, what: str) -> int:
    if field[:1] == b"\x80":  # GNU's way to write big numbers
        return int.from_bytes(field[1:], "big")
    if field[:1] >= b"\x80":
        raise BadArchive(f"a header's {what} is negative")
    text = field.rstrip(b" \0").lstrip(b" \0")
    try:
        value = int(text, 8) if text else 0
    except ValueError:
        raise BadArchive(f"a header's {what} {field!r} is no number") from None
    if value < 0:
        raise BadArchive(f"a header's {what} is negative")
    return value


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _name(header: bytes) -> str:
    name, prefix = _text(header[:100]), _text(header[345:500])
    is_ustar = header[257:263] == b"ustar\0"  # in GNU's own format the prefix field means something else
    return f"{prefix}/{name}" if is_ustar and prefix else name


def _pax(data: bytes) -> dict[str, str]:
    """Records "<length> <key>=<value>\\n" of a pax header."""
    records = {}
    while data:
        length_text, space, _rest = data.partition(b" ")
        if not space or not length_text.isdigit() or len(length_text) > 6:
            raise BadArchive("a pax header is damaged")
        length = int(length_text)
        record = data[len(length_text) + 1 : length]
        if length <= len(length_text) + 1 or length > len(data) or not record.endswith(b"\n"):
            raise BadArchive("a pax header is damaged")
        key, _, value = record[:-1].partition(b"=")
        records[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        data = data[length:]
    return records


def _pax_size(text: str) -> int:
    if not text.isdigit() or len(text) > 15:
        raise BadArchive(f"a pax header's size {text!r} is no number")
    return int(text)
