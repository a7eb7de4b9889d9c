"""Writes start.sh: exactly what is run, every argument quoted, so that the shell changes nothing in it. PURE."""

import re
import shlex
from dataclasses import dataclass

from minos_common.verbs import StartSpec

START_SCRIPT = "start.sh"

_VARIABLE = re.compile(
    r"\$(?:\{(run_dir|package_dir|log_dir|data_dirs|data_dir|job_name|start_time|pid)\}"
    r"|(run_dir|package_dir|log_dir|data_dirs|data_dir|job_name|start_time|pid)(?![A-Za-z0-9_]))"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

_SHELL = {"pid": '"$$"', "start_time": '"$start_time"'}
"""Known only when the script runs: the shell fills these in. exec keeps the pid, so ``$$`` is the task's."""


class BadStart(ValueError):
    """A start description that cannot be written down; the text names the item."""


@dataclass(frozen=True)
class Surroundings:
    """What only this host knows of a task. ``data_dirs`` are the task's own directories, the first one first."""

    job: str
    run_dir: str
    package_dir: str
    log_dir: str
    data_dirs: tuple[str, ...]
    java: str
    native_libraries: str = ""

    def values(self) -> dict[str, str]:
        """Variable name -> value, of those that are known beforehand."""
        return {
            "run_dir": self.run_dir,
            "package_dir": self.package_dir,
            "log_dir": self.log_dir,
            "data_dir": self.data_dirs[0] if self.data_dirs else "",
            "data_dirs": ",".join(self.data_dirs),
            "job_name": self.job,
        }


def script(spec: StartSpec, around: Surroundings, args: list[str] | None = None) -> str:
    """Text of start.sh; with ``args`` they stand in place of main entry and extra arguments. Raises BadStart."""
    lines = [
        "#!/bin/bash",
        "# Written by the Minos worker from the cluster's description; the next update overwrites changes.",
        f"cd -- {shlex.quote(around.run_dir)} || exit 70",
        *(f"{name}={shlex.quote(value)}" for name, value in around.values().items()),
        'start_time="${MINOS_START_TIME:-$(date +%Y%m%d-%H%M%S)}"',
        *_java_home(spec, around),
        *_environment(spec, around),
        *_open_modules(spec),
        *_hook(),
        "exec -- " + " \\\n    ".join(_command(spec, around, args)),
    ]
    return "\n".join(lines) + "\n"


def fill(text: str, around: Surroundings) -> str:
    """``text`` with the variables replaced that are known beforehand; the others stay as they are."""
    values = around.values()
    return _VARIABLE.sub(lambda found: values.get(found[1] or found[2], found[0]), text)


def _environment(spec: StartSpec, around: Surroundings) -> list[str]:
    lines = []
    if around.native_libraries:
        path = shlex.quote(around.native_libraries)
        lines.append(f'export LD_LIBRARY_PATH={path}"${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"')
        lines.append(f'export JAVA_LIBRARY_PATH={path}"${{JAVA_LIBRARY_PATH:+:$JAVA_LIBRARY_PATH}}"')
    for name, value in spec.environment.items():
        if not _NAME.match(name):
            raise BadStart(f"environment: {name!r} is not a name of a variable")
        word = _word(value, around, f"environment {name}")
        lines += _locale(word) if name == "LC_ALL" else [f"export {name}={word}"]
    return lines


def _java_home(spec: StartSpec, around: Surroundings) -> list[str]:
    """What a service starts itself, such as programs in containers of YARN, has to find the same java."""
    if spec.program or not around.java:
        return []
    java = shlex.quote(around.java)
    return [f'export JAVA_HOME="${{JAVA_HOME:-$(dirname "$(dirname "$(readlink -f {java})")")}}"']


def _locale(word: str) -> list[str]:
    """A host that does not have the locale would run the task without any: then the one that every libc brings."""
    return [
        f"export LC_ALL={word} 2>/dev/null",
        'case "$(locale charmap 2>/dev/null)" in ANSI*) export LC_ALL=C.UTF-8 ;; esac',
    ]


def _open_modules(spec: StartSpec) -> list[str]:
    """A variable and no arguments: java before 9 knows neither, and stumbles over an argument."""
    if not spec.open_modules or spec.program:
        return []
    opens = shlex.quote(" ".join(f"--add-opens={module}=ALL-UNNAMED" for module in spec.open_modules))
    return [f'export JDK_JAVA_OPTIONS={opens}"${{JDK_JAVA_OPTIONS:+ $JDK_JAVA_OPTIONS}}"']


def _hook() -> list[str]:
    # Of a file that others of the user's group put there nothing is run.
    return ['if [ -s ./pre.sh ] && [ -O ./pre.sh ]; then . ./pre.sh "$job_name" "$run_dir"; fi']


def _command(spec: StartSpec, around: Surroundings, args: list[str] | None) -> list[str]:
    program = [_word(spec.program or around.java, around, "program")]
    native = []
    if around.native_libraries and not spec.program:
        native = [_word(f"-Djava.library.path={around.native_libraries}", around, "native libraries")]
    words = [*_words(spec.jvm_args, around, "jvm_args"), *_words(spec.system_properties, around, "system_properties")]
    path = []
    if spec.class_path and not spec.program:
        # Entries like lib/* stay as they are: the JVM expands them, in its own way.
        path = ["-classpath", _word(":".join([*spec.class_path, *spec.added_class_path]), around, "class_path")]
    rest = [*spec.main_entry, *spec.extra_args] if args is None else args
    return [*program, *native, *words, *path, *_words(rest, around, "arguments")]


def _words(texts: list[str], around: Surroundings, field: str) -> list[str]:
    return [_word(text, around, field) for text in texts]


def _word(text: str, around: Surroundings, field: str) -> str:
    """One shell word that means exactly ``text`` with its variables replaced."""
    if "\0" in text:
        raise BadStart(f"{field}: {text!r} holds a NUL character, which no program can be given")
    values = around.values()
    pieces, at = [], 0
    for found in _VARIABLE.finditer(text):
        pieces.append(_quoted(text[at : found.start()]))
        name = found[1] or found[2]
        pieces.append(_SHELL[name] if name in _SHELL else _quoted(values[name]))
        at = found.end()
    pieces.append(_quoted(text[at:]))
    return "".join(pieces) or "''"


def _quoted(text: str) -> str:
    return shlex.quote(text) if text else ""
