"""Throttle: guesses run dry, owners elsewhere do not notice, waiting helps."""

import time

import pytest
import time_machine

from minos_web.security.noting import Noting
from minos_web.security.throttle import Throttle, network_of


def tries_that_pass(throttle: Throttle, user: str, address: str, count: int) -> int:
    return sum(throttle.try_once(user, address) == 0 for _ in range(count))


def test_a_thousand_guesses_on_one_account_pass_five_times() -> None:
    throttle = Throttle()
    assert tries_that_pass(throttle, "admin", "198.51.100.7", 1000) == 5
    assert throttle.try_once("admin", "198.51.100.7") > 1


def test_a_thousand_accounts_from_one_network_pass_twenty_times() -> None:
    throttle = Throttle()
    passed = sum(throttle.try_once(f"user{n}", f"198.51.100.{n % 200}") == 0 for n in range(1000))
    assert passed == 20


def test_owner_elsewhere_is_not_kept_out() -> None:
    throttle = Throttle()
    tries_that_pass(throttle, "admin", "198.51.100.7", 1000)
    assert throttle.try_once("admin", "203.0.113.9") == 0


def test_case_of_the_name_makes_no_second_account() -> None:
    throttle = Throttle()
    assert sum(throttle.try_once(name, "198.51.100.7") == 0 for name in ["admin", "Admin", "ADMIN"] * 5) == 5


def test_a_right_password_starts_the_network_afresh() -> None:
    throttle = Throttle()
    tries_that_pass(throttle, "admin", "198.51.100.7", 4)
    throttle.succeeded("admin", "198.51.100.7")
    assert tries_that_pass(throttle, "admin", "198.51.100.7", 10) == 5


def test_waiting_as_told_opens_again() -> None:
    with time_machine.travel(time.time(), tick=False) as clock:
        throttle = Throttle()
        tries_that_pass(throttle, "admin", "198.51.100.7", 6)
        wait = throttle.try_once("admin", "198.51.100.7")
        assert 0 < wait <= 300
        clock.shift(wait + 1)
        assert throttle.try_once("admin", "198.51.100.7") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_networks_are_what_one_guesser_has(address: str, network: str) -> None:
    assert network_of(address) == network


def test_many_networks_together_pass_sixty_times_a_minute_and_known_ones_do_not_notice() -> None:
    throttle = Throttle()
    throttle.succeeded("olga", "192.0.2.1")
    passed = sum(throttle.try_once(f"u{n}", f"10.{n // 200}.{n % 200}.1") == 0 for n in range(500))
    assert passed == 60
    assert throttle.try_once("olga", "203.0.113.9") > 0
    assert throttle.try_once("olga", "192.0.2.77") == 0


def test_what_happens_often_is_noted_seldom() -> None:
    noting = Noting()
    assert [noting.times(("refused", "admin"), now) for now in (1000.0, 1001.0, 1500.0)] == [1, 0, 0]
    assert noting.times(("refused", "olga"), 1001.0) == 1
    assert noting.times(("refused", "admin"), 1601.0) == 3
    noted = sum(noting.times(("refused", f"u{n}"), 2000.0) > 0 for n in range(20_000))
    assert noted < 5000 and len(noting._seen) <= 1000
    assert noting.times(("refused", "later"), 2000.0 + 2 * 86400) == 1
