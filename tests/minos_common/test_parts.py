"""Parts of a task: what changes which digest."""

import msgspec
import pytest

from minos_common.parts import digests_of, texts_of
from minos_common.verbs import Lifecycle, Limits, StartSpec
from minos_common.words import PackageName

START = StartSpec(["-Xmx1g"], ["-Da=b"], ["net.example.Main"], ["x"], ["$package_dir/*"], {"A": "1"}, "", "http://h:1")
PACKAGE = PackageName("zookeeper", "zookeeper-3.9.9.tar.gz", "r1", "20260101-000000", "ab" * 32)
FILES = {"a.cfg": "one\n"}
BEFORE = digests_of(texts_of(FILES, START, PACKAGE))


def other(**changes: object) -> StartSpec:
    return msgspec.structs.replace(START, **changes)


@pytest.mark.parametrize(
    ("files", "start", "package", "changed"),
    [
        (FILES, START, PACKAGE, set()),
        ({"a.cfg": "two\n"}, START, PACKAGE, {"file:a.cfg"}),
        ({}, START, PACKAGE, {"file:a.cfg"}),
        (FILES | {"b": ""}, START, PACKAGE, {"file:b"}),
        (FILES, other(jvm_args=["-Xmx2g"]), PACKAGE, {"command"}),
        (FILES, other(class_path=["$package_dir/lib/*"]), PACKAGE, {"command"}),
        (FILES, other(program="/bin/x"), PACKAGE, {"command"}),
        (FILES, other(environment={"A": "2"}), PACKAGE, {"environment"}),
        (FILES, other(http_url="http://h:2"), PACKAGE, set()),  # only where the console looks
        (FILES, other(lifecycle=Lifecycle(start_at_boot=False)), PACKAGE, {"keeping"}),
        (FILES, other(limits=Limits(nofile=4096)), PACKAGE, {"limits"}),
        (FILES, other(limits=Limits(core=-1)), PACKAGE, {"limits"}),
        (FILES, START, msgspec.structs.replace(PACKAGE, sha256="cd" * 32), {"package"}),
        (FILES, START, None, {"package"}),
    ],
)
def test_changes(files: dict[str, str], start: StartSpec, package: PackageName | None, changed: set[str]) -> None:
    after = digests_of(texts_of(files, start, package))
    assert {part for part in BEFORE | after if BEFORE.get(part) != after.get(part)} == changed


def test_digests_are_short_and_survive_any_text() -> None:
    found = digests_of(texts_of({"odd": "\udcff\n"}, START, None))
    assert all(len(name) == 16 for name in found.values())
