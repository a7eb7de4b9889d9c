"""Throttle: guesses run dry, owners elsewhere do not notice, waiting helps."""

import time

import pytest
import time_machine

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
