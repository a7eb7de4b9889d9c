"""Commands as somebody wrote them: which java class, which class path, what is left as arguments."""

import subprocess
from pathlib import Path

import pytest

from minos_web.catalog.clients import ClientCommand
from minos_web.clusterfile.rendered import StartSpec
from minos_web.operations.client_args import NoCommand, command_of
from minos_web.operations.packing import case_of
from tests.minos_web.catalog.test_contract import described


def test_a_jar_and_its_class_become_the_program() -> None:
    command, words = command_of(described("storm", "tst"), "jar", ["/tmp/t.jar", "org.example.T", "name", "-x"])
    assert (command.main, command.class_path, words) == ("org.example.T", ("/tmp/t.jar",), ["name", "-x"])
    assert command.system_properties == ("-Dstorm.jar=/tmp/t.jar",)


@pytest.mark.parametrize("words", [[], ["/tmp/t.jar"]])
def test_without_a_class_it_is_refused_with_an_example(words: list[str]) -> None:
    with pytest.raises(NoCommand, match=r"a jar of the host .* are missing, as in: /home/me/topology.jar"):
        command_of(described("storm", "tst"), "jar", words)


def test_the_script_of_a_pack_takes_jar_and_class_from_who_runs_it(tmp_path: Path) -> None:
    command = ClientCommand(name="jar", title="", class_from_jar="storm.jar")
    start = StartSpec(
        jvm_args=[],
        extra_args=[],
        environment={},
        system_properties=["-Dstorm.jar=@jar@"],
        main_entry=["@class@"],
        class_path=["@jar@", "$package_dir/*"],
    )
    script = f'java="echo"; package_dir=/p; command="$1"; shift\ncase "$command" in\n{case_of(command, start)}\nesac\n'
    done = subprocess.run(
        ["bash", "-c", script, "run", "jar", "/my jars/t.jar", "a.T", "b c", "d"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "-Dstorm.jar=/my jars/t.jar -classpath /my jars/t.jar:/p/* a.T b c d"
