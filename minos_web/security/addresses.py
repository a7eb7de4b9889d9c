"""What settings about other servers have in common: whether an address is this machine's, and secrets that lie in files."""

from ipaddress import ip_address
from pathlib import Path

from minos_common.settings import BadSetting


def is_loopback(host: str) -> bool:
    """Whether ``host`` never leaves this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secret_in(setting: str, path: str) -> str:
    """What the file holds that ``setting`` names, without the end of its line; empty for no file. Raises BadSetting."""
    if not path:
        return ""
    try:
        return Path(path).read_text().strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{setting}: {error}") from error
