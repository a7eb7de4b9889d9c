"""Argument lists: three levels, keys, order, quotes, expressions."""

import pytest

from minos_web.clusterfile.arguments import UnclosedQuote, key_of, plain, split
from tests.minos_web.clusterfile.samples import HDFS, HDFS_BASE, describe, files_with, rendered

MERGED = {
    # (job of the cluster, [arguments] of the job, [[service_common]]) -> jvm_args
    "the nearest comes first, others in order": ("-Xms3m -Xmx3m", "-Xloggc:$run_dir/g -XX:S=2", "-Xmx1g -XX:+K -XX:S=1",
        ["-Xms3m", "-Xmx3m", "-Xloggc:$run_dir/g", "-XX:S=2", "-XX:+K"]),
    "heap switches are the same by four letters": ("-Xmx3g -Xss3m", "-Xmn2g", "-Xmx1g -Xms1g -Xmn1g -Xss1m",
        ["-Xmx3g", "-Xss3m", "-Xmn2g", "-Xms1g"]),
    "a bare key drops the one with a value": ("-XX:Max", "", "-XX:Max=1", ["-XX:Max"]),
    "a key with a value drops the bare one": ("-Da=1", "", "-Da", ["-Da=1"]),
    "plus and minus stay side by side": ("-XX:-UseA", "", "-XX:+UseA", ["-XX:-UseA", "-XX:+UseA"]),
    "log files stay side by side": ("-Xloggc:/b", "", "-Xloggc:/a", ["-Xloggc:/b", "-Xloggc:/a"]),
    "duplicates of the nearest stay": ("-Xmx1m -Xmx2m", "", "-Dz=1 -Dz=2", ["-Xmx1m", "-Xmx2m", "-Dz=1"]),
    "duplicates of the middle vanish": ("", "-Dz=1 -Dz=2", "", ["-Dz=1"]),
    "a drop mark drops one inherited item": ("!-XX:+UseA -XX:-UseA", "", "-XX:+UseA -ea", ["-XX:-UseA", "-ea"]),
    "a drop mark goes by key": ("!-Xmx", "-Xmx2g", "-Xmx1g -ea", ["-ea"]),
    "a drop mark of the middle": ("", "!-ea -da", "-ea -x", ["-da", "-x"]),
    "the star drops everything inherited": ("!* -only", "-a", "-b", ["-only"]),
    "line ends divide": ("'''\n      -a\n      -b'''", "", "", ["-a", "-b"]),
    "quotes keep blanks together": ("'-Da=\"x y\" -b'", "", "", ['-Da="x y"', "-b"]),
    "a comma list is taken whole": ("", "", "-Xmx1g, -Dtwo words", ["-Xmx1g", "-Dtwo words"]),
    "a comma list in a job too": ("-Xmx1g, -Xms1g", "", "", ["-Xmx1g", "-Xms1g"]),
}  # fmt: skip


def with_jvm_args(own: str, common: str, service: str, kind: str = "jvm_args") -> dict[str, str]:
    """The sample files with these lists for the datanode."""
    return files_with(
        (
            HDFS,
            "rack=r1/instance_num=2\n  [[arguments]]\n",
            f"rack=r1/instance_num=2\n  [[arguments]]\n    {kind}={own}\n",
        ),
        (HDFS_BASE, "    main_entry=example.Data\n    system_properties=-Dboth=job\n", f"    {kind}={common}\n"),
        (HDFS_BASE, '    jvm_args=-Xmx100m -XX:+UseThis -Dpath="/a b"\n', '    jvm_args=""\n'),
        (HDFS_BASE, '    main_entry=""\n    extra_args=""\n', '    main_entry=""\n'),
        (
            HDFS_BASE,
            '    jvm_args=""\n',
            '    jvm_args=""\n    extra_args=""\n' if kind != "extra_args" else '    jvm_args=""\n',
        ),
        (HDFS_BASE, f'    {kind}=""\n', f"    {kind}={service}\n"),
    )


@pytest.mark.parametrize(("own", "common", "service", "expected"), MERGED.values(), ids=MERGED)
def test_lists_are_merged(own: str, common: str, service: str, expected: list[str]) -> None:
    task = rendered(describe(with_jvm_args(own, common, service)), "datanode")

    assert task.arguments.jvm_args == expected


def test_main_entry_is_joined_and_warned_about() -> None:
    description = describe(with_jvm_args("example.Own", "", "example.Common", "main_entry"))

    assert rendered(description, "datanode").arguments.main_entry == ["example.Own", "example.Common"]
    assert any("main_entry is joined" in problem.message for problem in description.warnings)


def test_main_entry_is_replaced_with_a_drop_mark() -> None:
    description = describe(with_jvm_args("!example.Common example.Own", "", "example.Common", "main_entry"))

    assert rendered(description, "datanode").arguments.main_entry == ["example.Own"]
    assert not any("example.Own" in problem.message for problem in description.warnings)


def test_expressions_follow_the_task_and_keys_are_compared_before() -> None:
    files = with_jvm_args("-Dp=%{datanode.base_port}", "%{datanode.base_port+1}", "-Dp=1 -h=%{current_host}")

    assert rendered(describe(files), "datanode", 2).arguments.jvm_args == ["-Dp=22410", "22411", "-h=10.1.0.2"]


def test_host_side_words_stay_for_the_host() -> None:
    words = "$run_dir $package_dir $log_dir $pid ${start_time} ${job_name}"

    assert rendered(describe(with_jvm_args(words, "", "")), "datanode").start.jvm_args == words.split()


def test_the_worker_gets_arguments_without_their_quotes() -> None:
    task = rendered(describe(with_jvm_args('\'-Da="/x:/y" -Db=\\$HOME -Dc="p q"\'', "", "")), "datanode")

    assert task.arguments.jvm_args == ['-Da="/x:/y"', "-Db=\\$HOME", '-Dc="p q"']
    assert task.start.jvm_args == ["-Da=/x:/y", "-Db=$HOME", "-Dc=p q"]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        ("  a\n\tb ", ["a", "b"]),
        ('a="x y"z b', ['a="x y"z', "b"]),
        ('a=\\"x y', ['a=\\"x', "y"]),
        ("it's fine", ["it's", "fine"]),
        ('""', ['""']),
    ],
)
def test_split(text: str, items: list[str]) -> None:
    assert split(text) == items


def test_split_refuses_an_open_quote() -> None:
    with pytest.raises(UnclosedQuote, match="not closed"):
        split('a "b c')


@pytest.mark.parametrize(
    ("item", "key"),
    [("-Da=1=2", "-Da"), ("-Xmx1g", "-Xmx"), ("-Xmn", "-Xmn"), ("-XX:+A", "-XX:+A"), ("=x", ""), ("-Xmx=3", "-Xmx")],
)
def test_key_of_an_item(item: str, key: str) -> None:
    assert key_of(item) == key


@pytest.mark.parametrize(
    ("item", "text"),
    [("a", "a"), ('"a"', "a"), ('\\"a\\"', '"a"'), ("a\\", "a\\"), ("a\\b", "a\\b"), ("\\\\", "\\"), ("\\`", "`")],
)
def test_plain_takes_quotes_away(item: str, text: str) -> None:
    assert plain(item) == text
