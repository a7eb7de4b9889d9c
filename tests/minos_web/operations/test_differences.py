"""Differences: what is shown of two texts, what is folded together, what is never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.operations.differences import MASK, Change, Kind, Line, fold, lines_of, mask, masked


def shown(before: str, after: str) -> list[str]:
    return [f"{line.sign}{line.text}" for line in lines_of(before, after)]


TEN = "".join(f"{number}\n" for number in range(10))


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a\n", "a\n", []),
        ("", "a\nb\n", ["+a", "+b"]),
        ("a\n", "", ["-a"]),
        ("a\nb\nc\n", "a\nx\nc\n", [" a", "-b", "+x", " c"]),
        (TEN, TEN.replace("5\n", "five\n"), ["@line 4", " 3", " 4", "-5", "+five", " 6", " 7"]),
        (TEN, TEN.replace("1\n", "").replace("8\n", ""), [" 0", "-1", " 2", " 3", "@line 7", " 6", " 7", "-8", " 9"]),
        (TEN, TEN.replace("3\n", "").replace("6\n", ""), ["@line 2", " 1", " 2", "-3", " 4", " 5", "-6", " 7", " 8"]),
        ("a\na\na\n", "a\na\n", ["@line 1", "-a"]),
    ],
)
def test_lines(before: str, after: str, lines: list[str]) -> None:
    found = shown(before, after)
    if before == "a\na\na\n":  # which of equal lines goes is nobody's business
        assert [line for line in found if line[0] in "+-"] == ["-a"]
    else:
        assert found == lines


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_what_is_shown_leads_from_one_to_the_other(one: list[str], other: list[str]) -> None:
    lines = lines_of("\n".join(one), "\n".join(other))
    gone, new = ([line.text for line in lines if line.sign == sign] for sign in "-+")
    assert sorted([*one, *new]) == sorted([*other, *gone])


def change(task: str, before: str | None, after: str | None, part: str = "file:a.cfg", unseen: bool = False) -> Change:
    return Change(task, part, before, after, unseen)


def test_equal_differences_are_told_once_and_the_odd_one_apart() -> None:
    host = "host={}\nkeep=1\nsize=1\n"
    changes = [change(f"dn-{n}", host.format(n), host.format(n).replace("size=1", "size=2")) for n in range(12)]
    changes.append(change("dn-077", "host=77\nkeep=1\nsize=0\n", "host=77\nkeep=1\nsize=2\n"))
    (part,) = fold(changes, 20)
    assert (part.title, part.same, len(part.groups)) == ("a.cfg", 7, 2)
    common, odd = part.groups
    assert (len(common.tasks), common.changed, common.kind) == (12, 1, Kind.CHANGED)
    assert odd.tasks == ("dn-077",)


def test_kinds_and_order_of_parts() -> None:
    found = fold(
        [
            change("t", "x\n", "y\n", "file:z"),
            change("t", None, "y\n", "file:b"),
            change("t", "x\n", None, "command"),
            change("t", None, "y\n", "package", unseen=True),
        ],
        1,
    )
    assert [(part.title, part.groups[0].kind) for part in found] == [
        ("Package", Kind.UNSEEN), ("Start command", Kind.GONE), ("b", Kind.NEW), ("z", Kind.CHANGED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("-Djavax.net.ssl.keyStorePassword=hunter2", True),
        ("ssl.server.keystore.password=hunter2", True),
        ("db_passwd: hunter2", True),
        ("aws.secret=hunter2", True),
        ("auth.token=hunter2", True),
        ("hadoop.security.token.service.use_ip=true", False),
        ("hadoop.http.authentication.signature.secret.file=/etc/secret", False),
        ("hadoop.security.credential.provider.path=jceks://x", False),
        ("tickTime=2000", False),
        ("bypass=1", False),
        ("password", False),
    ],
)
def test_secrets_are_masked(text: str, hidden: bool) -> None:
    assert (MASK in mask(text), "hunter2" in mask(text)) == (hidden, False)


def test_secrets_of_xml_are_masked_and_that_they_change_is_seen() -> None:
    before = "<property>\n<name>db.password</name>\n<value>one</value>\n</property>\n<name>a</name>\n<value>1</value>\n"
    lines = list(masked(lines_of(before, before.replace("one", "two").replace("1", "2"))))
    texts = [line.text for line in lines]
    assert not [text for text in texts if "one" in text or "two" in text]
    assert Line("-", f"<value>{MASK}</value>") in lines and Line("+", f"<value>{MASK}</value>") in lines
    assert Line("+", "<value>2</value>") in lines
