"""Passwords: what is refused, and that kept texts answer only to their own password."""

from contextlib import ExitStack

import pytest

from minos_web.security import passwords
from minos_web.security.passwords import (
    BadPassword,
    TooBusy,
    check_password,
    hash_password,
    is_outdated,
    matches,
    nobodys_hash,
    random_password,
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("short", "5 characters; at least 12"),
        ("", "0 characters"),
        ("x" * 129, "at most 128"),
        ("aaaaaaaaaaaaaaaa", "repeats itself"),
        ("abababababab", "repeats itself"),
        ("operator1234", "little more than your name"),
        ("password1234", "little more than"),
        ("Qwertyuiop12", "little more than"),
        ("P@ssw0rd!2024", "little more than"),
        ("hadoop-admin-123", "little more than"),
        ("1q2w3e4r5t6y", "little more than"),
        ("abcde12345!!", "little more than"),
        ("Summer2025!Summer", "little more than"),
        ("\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11\uff12\uff13\uff14", "little more than"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadPassword, match=reason):
        check_password(text, "operator")


@pytest.mark.parametrize("text", ["correct horse battery", "x7 kq mm 31 pp", "ünïcödé wörter hier"])
def test_long_passwords_need_no_special_signs(text: str) -> None:
    assert check_password(text, "operator") == text


def test_one_password_from_every_keyboard() -> None:
    composed, taken_apart = "caf\u00e9 am alten markt", "cafe\u0301 am alten markt"
    assert check_password(taken_apart, "operator") == composed
    assert matches(hash_password(taken_apart), composed)


def test_hash_answers_to_its_password_only() -> None:
    kept = hash_password("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert matches(kept, "correct horse battery")
    assert not matches(kept, "correct horse batterY")
    assert not matches("not a hash", "correct horse battery")
    assert not is_outdated(kept)


def test_random_passwords_pass_their_own_check_and_never_repeat() -> None:
    made = {random_password() for _ in range(200)}
    assert len(made) == 200
    for text in made:
        check_password(text, "admin")


def test_only_two_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_LONGEST_WAIT", 0.05)
    with passwords._turn(), passwords._turn(), pytest.raises(TooBusy):
        hash_password("correct horse battery")
    assert hash_password("correct horse battery")


def test_a_queue_of_hashes_does_not_grow_without_end() -> None:
    with ExitStack() as waiting:
        for _ in range(8):
            waiting.enter_context(passwords._token_of(passwords._places, 0.0))
        with pytest.raises(TooBusy):
            hash_password("correct horse battery")
    assert hash_password("correct horse battery")


def test_nobodys_hash_is_a_real_one() -> None:
    assert nobodys_hash() is nobodys_hash()
    assert nobodys_hash().startswith("$argon2id$")
