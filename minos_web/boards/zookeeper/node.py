"""PURE. What a znode is, and how its path, data and permissions are told to people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SHOWN_BYTES = 64 * 1024
LONGEST_PATH = 4096
_BITS = ((1, "READ"), (2, "WRITE"), (4, "CREATE"), (8, "DELETE"), (16, "ADMIN"))
_ALL = 31
_PLAIN = "\n\t\r"


class BadPath(ValueError):
    """A text that is no path of a znode; the message says why."""

    field = "path"


@dataclass(frozen=True)
class Stat:
    """Everything that ZooKeeper keeps about a znode. Times in seconds since 1970; ``owner`` is the session of an ephemeral one, 0 for others."""

    czxid: int
    mzxid: int
    pzxid: int
    ctime: float
    mtime: float
    version: int
    cversion: int
    aversion: int
    owner: int
    data_length: int
    children: int


@dataclass(frozen=True)
class Acl:
    """Who (scheme and id) may do what (bits)."""

    scheme: str
    id: str
    bits: int

    @property
    def permissions(self) -> str:
        """The names of the bits; all five are ALL. Bits without a name are told as a number."""
        if self.bits & _ALL == _ALL:
            return "ALL"
        unknown = self.bits & ~_ALL
        named = [name for bit, name in _BITS if self.bits & bit] + ([str(unknown)] if unknown else [])
        return " ".join(named) or "nothing"


@dataclass(frozen=True)
class Node:
    """A znode as one server told it. What could not be read is None, and ``refused`` says why: "data", "children" or
    "acls" -> a sentence. Children are sorted.
    """

    path: str
    server: str
    stat: Stat
    data: bytes | None
    children: tuple[str, ...] | None
    acls: tuple[Acl, ...] | None
    refused: dict[str, str]


@dataclass(frozen=True)
class ShownData:
    """Data as people read it: ``kind`` is text, binary or empty; ``shown`` of ``total`` bytes are in ``text``."""

    kind: str
    text: str
    shown: int
    total: int


def node_path(text: str) -> str:
    """The path that a person wrote, as ZooKeeper has it; a slash too many at the end is forgiven. Raises BadPath."""
    path = text.removesuffix("/") if len(text) > 1 else text
    if not path.startswith("/"):
        raise BadPath(f"path must begin with a slash, unlike {path[:60]!r}")
    if len(path) > LONGEST_PATH:
        raise BadPath(f"path has {len(path):,} characters; at most {LONGEST_PATH:,} are taken")
    for part in path.split("/")[1:] if path != "/" else ():
        if part in ("", ".", ".."):
            raise BadPath(
                f"path may not have {part!r} between its slashes" if part else "path has two slashes together"
            )
    wrong = next((letter for letter in path if _forbidden(letter)), "")
    if wrong:
        raise BadPath(f"path has the character U+{ord(wrong):04X}, which no znode can have")
    return path


def _forbidden(letter: str) -> bool:
    """As ZooKeeper itself has it: control characters, surrogates, private ones and the last of the plane."""
    code = ord(letter)
    return code <= 0x1F or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xF8FF or 0xFFF0 <= code <= 0xFFFF


def child_of(path: str, name: str) -> str:
    """Path of the child ``name``."""
    return f"{path.rstrip('/')}/{name}"


def parents(path: str) -> list[tuple[str, str]]:
    """(name, path) from the root down to the node itself; the root is called "/"."""
    found, whole = [("/", "/")], ""
    for name in path.split("/")[1:] if path != "/" else ():
        whole += f"/{name}"
        found.append((name, whole))
    return found


def visible(text: str, keep: str = "") -> str:
    """The text with whatever cannot be seen, or turns the text around it, written as \\u escapes, but for ``keep``."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in keep else _escaped(one) for one in text)


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode()


def shown_data(data: bytes, most: int = SHOWN_BYTES) -> ShownData:
    """The beginning of the data, as text when all of it is UTF-8 without control characters, else as a hex dump."""
    if not data:
        return ShownData("empty", "", 0, 0)
    piece = data[:most]
    text = _text_of(data, most)
    if text is not None:
        return ShownData("text", visible(text, _PLAIN), min(len(piece), len(text.encode())), len(data))
    return ShownData("binary", hex_dump(piece), len(piece), len(data))


def _text_of(data: bytes, most: int) -> str | None:
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        return None
    if any((ord(letter) < 32 and letter not in _PLAIN) or letter == "\x7f" for letter in whole):
        return None
    return data[:most].decode(errors="ignore")  # a letter that is cut in two is left out


def hex_dump(data: bytes) -> str:
    """Lines of offset, 16 bytes in hex, and what of them is ASCII."""
    return "\n".join(_hex_line(at, data[at : at + 16]) for at in range(0, len(data), 16))


def _hex_line(at: int, piece: bytes) -> str:
    halves = (piece[:8].hex(" "), piece[8:].hex(" "))
    letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)
    return f"{at:08x}  {halves[0]:<23}  {halves[1]:<23}  |{letters}|"


def matching(names: Sequence[str], text: str) -> list[str]:
    """Names that hold ``text``, whatever its case; all for no text."""
    wanted = text.lower()
    return [name for name in names if wanted in name.lower()]


def stat_rows(stat: Stat) -> Iterator[tuple[str, str, str]]:
    """(title, ZooKeeper's own name, text) of everything but the times."""
    yield "Created by", "cZxid", f"0x{stat.czxid:x}"
    yield "Changed by", "mZxid", f"0x{stat.mzxid:x}"
    yield "Children changed by", "pZxid", f"0x{stat.pzxid:x}"
    yield "Version of the data", "dataVersion", f"{stat.version:,}"
    yield "Version of the children", "cversion", f"{stat.cversion:,}"
    yield "Version of the ACL", "aclVersion", f"{stat.aversion:,}"
    yield "Data", "dataLength", f"{stat.data_length:,} bytes"
    yield "Children", "numChildren", f"{stat.children:,}"
    if stat.owner:
        yield "Ephemeral: ends with session", "ephemeralOwner", f"0x{stat.owner & 0xFFFFFFFFFFFFFFFF:x}"
