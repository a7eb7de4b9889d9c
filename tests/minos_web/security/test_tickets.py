"""Tickets: one package, one host, until a moment; nothing else opens."""

import pytest

from minos_web.security.tickets import BadTicket, For, check_ticket, make_ticket

SECRET = b"s" * 32


def test_a_ticket_names_its_host() -> None:
    assert check_ticket(SECRET, make_ticket(SECRET, For.PACKAGE, 7, 3, 1000.0), For.PACKAGE, 7, 999.0) == 3


@pytest.mark.parametrize(
    ("package", "now", "reason"),
    [(8, 999.0, "for package 7, not 8"), (7, 1000.0, "expired"), (7, 5000.0, "expired")],
)
def test_a_ticket_opens_neither_another_package_nor_later(package: int, now: float, reason: str) -> None:
    with pytest.raises(BadTicket, match=reason):
        check_ticket(SECRET, make_ticket(SECRET, For.PACKAGE, 7, 3, 1000.0), For.PACKAGE, package, now)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("ticket.7.", "ticket.8."),
        lambda text: text.replace(".3.", ".4."),
        lambda text: text.replace(".1000.", ".9000."),
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: "",
        lambda text: "ticket.7.3.9000.",
        lambda text: "a.b",
        lambda text: "ticket.é.\udcff",
        lambda text: make_ticket(SECRET, For.LOG_FILE, 7, 3, 1000.0),
        lambda text: make_ticket(b"t" * 32, For.PACKAGE, 7, 3, 1000.0),
    ],
)
def test_any_change_voids_a_ticket(spoil: object) -> None:
    with pytest.raises(BadTicket):
        check_ticket(SECRET, spoil(make_ticket(SECRET, For.PACKAGE, 7, 3, 1000.0)), For.PACKAGE, 7, 0.0)  # type: ignore[operator]
