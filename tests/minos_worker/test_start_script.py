"""start.sh: whatever is described reaches the program exactly, checked with a real bash."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minos_common.verbs import StartSpec
from minos_worker.start_script import BadStart, Surroundings, fill, script

SHOW = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ), os.getpid(), os.getcwd()]))"


def around(run_dir: Path, **changes: object) -> Surroundings:
    values: dict[str, object] = {
        "job": "zookeeper",
        "run_dir": str(run_dir),
        "package_dir": "/p/zk 3.9",
        "log_dir": "/l/zk",
        "data_dirs": ("/d1/zk", "/d2/zk"),
        "java": "/jdk/bin/java",
        **changes,
    }
    return Surroundings(**values)  # type: ignore[arg-type]


def spec(*args: str, **more: object) -> StartSpec:
    values: dict[str, object] = {"program": sys.executable, "environment": {}, **more}
    return StartSpec([], [], ["-c", SHOW], list(args), **values)  # type: ignore[arg-type]


def run(text: str, run_dir: Path) -> tuple[list[str], dict[str, str], int, str]:
    """(arguments, environment, pid by its own account, directory) of the program that a script ends up as."""
    path = run_dir / "start.sh"
    path.write_text(text, errors="surrogateescape")
    process = subprocess.Popen(["/bin/bash", str(path)], stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
    out, _ = process.communicate(timeout=20)
    args, environment, pid, cwd = json.loads(out.splitlines()[-1])
    assert pid == process.pid  # the program keeps the pid of the script
    return args, environment, pid, cwd


@pytest.mark.parametrize(
    "word",
    [
        "a b", "", "'", '"', "$HOME", "`id`", "$(id)", "\\", "*", "a\nb", "~", "!x", "#", "-n", ";ls", "&&", "é", "${x}",
        '-Dp="/a b/c"', "$run_dirx", "$$", "$", "a$", "%{x}", "]]>",
    ],
)  # fmt: skip
def test_arguments_arrive_as_they_are(tmp_path: Path, word: str) -> None:
    args, *_ = run(script(spec(word), around(tmp_path)), tmp_path)
    assert args == [word]


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(st.text(st.characters(exclude_characters="\0$", exclude_categories=["Cs"]), max_size=20), max_size=8)
)
def test_any_arguments_arrive_as_they_are(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    args, *_ = run(script(spec(*words), around(folder)), folder)
    assert args == words


def test_host_side_variables_are_filled_in(tmp_path: Path) -> None:
    words = [
        "-Da=$run_dir/x",
        "$package_dir/lib",
        "${log_dir}",
        "$data_dir",
        "$data_dirs",
        "$job_name",
        "[$pid]",
        "${start_time}",
    ]
    args, _, pid, cwd = run(script(spec(*words), around(tmp_path)), tmp_path)
    assert args[:6] == [f"-Da={tmp_path}/x", "/p/zk 3.9/lib", "/l/zk", "/d1/zk", "/d1/zk,/d2/zk", "zookeeper"]
    assert args[6] == f"[{pid}]" and len(args[7]) == 15 and cwd == str(tmp_path)


def test_the_environment_is_set_and_filled_in(tmp_path: Path) -> None:
    described = spec(environment={"YARN_HOME": "$package_dir", "X": "a 'b' $(id) $pid"})
    _, environment, pid, _ = run(script(described, around(tmp_path)), tmp_path)
    assert environment["YARN_HOME"] == "/p/zk 3.9" and environment["X"] == f"a 'b' $(id) {pid}"


@pytest.mark.parametrize(
    ("asked", "got"),
    [("C.UTF-8", "C.UTF-8"), ("xx_YY.utf8", "C.UTF-8"), ("; echo bad", "C.UTF-8"), ("POSIX", "C.UTF-8")],
)
def test_a_locale_that_the_host_lacks_is_replaced_without_a_word(tmp_path: Path, asked: str, got: str) -> None:
    path = tmp_path / "start.sh"
    path.write_text(script(spec(environment={"LC_ALL": asked}), around(tmp_path)))
    done = subprocess.run(["/bin/bash", str(path)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[1]["LC_ALL"] == got
    assert done.stderr == ""


def test_pre_sh_is_sourced_with_job_and_directory(tmp_path: Path) -> None:
    (tmp_path / "pre.sh").write_text('export SEEN="$1 $2 $package_dir"\n')
    _, environment, _, _ = run(script(spec(), around(tmp_path)), tmp_path)
    assert environment["SEEN"] == f"zookeeper {tmp_path} /p/zk 3.9"


def test_an_empty_pre_sh_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "pre.sh").write_text("")
    assert run(script(spec("x"), around(tmp_path)), tmp_path)[0] == ["x"]


def test_java_gets_its_parts_in_order_and_its_class_path_unexpanded(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text(f'#!/bin/sh\nexec {sys.executable} -c "$SHOW" "$@"\n')
    java.chmod(0o755)
    described = StartSpec(
        ["-Xmx128m"], ["-Da=b"], ["org.Main"], ["$run_dir/zoo.cfg"],
        class_path=["$run_dir/", "$package_dir/lib/*"], environment={"SHOW": SHOW},
    )  # fmt: skip
    args, *_ = run(script(described, around(tmp_path, java=str(java))), tmp_path)
    assert args == [
        "-Xmx128m",
        "-Da=b",
        "-classpath",
        f"{tmp_path}/:/p/zk 3.9/lib/*",
        "org.Main",
        f"{tmp_path}/zoo.cfg",
    ]
    args, *_ = run(script(described, around(tmp_path, java=str(java)), ["Format", "-y"]), tmp_path)
    assert args[-2:] == ["Format", "-y"] and "org.Main" not in args
    args, environment, *_ = run(script(described, around(tmp_path, java=str(java), native_libraries="/p/n")), tmp_path)
    assert args[0] == "-Djava.library.path=/p/n"
    assert environment["LD_LIBRARY_PATH"] == environment["JAVA_LIBRARY_PATH"] == "/p/n"


@pytest.mark.parametrize(("described", "words"), [(spec("a\0b"), "NUL"), (spec(environment={"A B": "x"}), "A B")])
def test_what_cannot_be_written_is_named(tmp_path: Path, described: StartSpec, words: str) -> None:
    with pytest.raises(BadStart, match=words):
        script(described, around(tmp_path))


def test_fill_leaves_what_only_the_shell_knows(tmp_path: Path) -> None:
    assert fill("$data_dir/myid $pid $other ${job_name}", around(tmp_path)) == "/d1/zk/myid $pid $other zookeeper"


def test_modules_are_opened_by_a_variable_and_only_for_java(tmp_path: Path) -> None:
    opened = StartSpec([], [], ["Main"], [], open_modules=["java.base/java.lang", "java.base/java.io"])
    text = script(opened, around(tmp_path))
    line = next(line for line in text.splitlines() if "JDK_JAVA_OPTIONS" in line)
    shown = subprocess.run(
        ["bash", "-c", f'{line}; printf %s "$JDK_JAVA_OPTIONS"'],
        env={"JDK_JAVA_OPTIONS": "-Dmine=1", "PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert shown == "--add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED -Dmine=1"
    assert "JDK_JAVA_OPTIONS" not in script(spec(open_modules=["java.base/java.lang"]), around(tmp_path))
