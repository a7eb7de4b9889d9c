"""What the install script of a console tells a new worker."""

import msgspec

from minos_web.console import Console
from minos_web.store.install import wire_address


def test_new_workers_are_told_all_addresses(console: Console) -> None:
    settings = msgspec.structs.replace(console.settings, url="https://minos.example.org", wire="tcp://0.0.0.0:8089")
    assert wire_address(settings) == "tcp://minos.example.org:8089"
    settings = msgspec.structs.replace(settings, wire_addresses=" tcp://a:8089  tcp://b:8089 ")
    assert wire_address(settings) == "tcp://a:8089 tcp://b:8089"
