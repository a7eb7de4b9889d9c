"""A JDK whose java compiles quickly rather than well: daemons of tests live for a minute and would spend it compiling."""

import os
import shutil
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def quick_java() -> Path:
    """Its directory: the machine's own JDK, but that ``bin/java`` stops at the first compiler. Made at the first call."""
    real = _real_home()
    made = TOP / "var" / "quick-jdk" / real.name
    if not (made / "bin" / "java").exists():
        making = made.with_name(f"{made.name}.{os.getpid()}")
        shutil.rmtree(making, ignore_errors=True)
        (making / "bin").mkdir(parents=True)
        for entry in [*real.iterdir(), *(real / "bin").iterdir()]:
            if entry.name not in ("bin", "java"):
                (making / entry.relative_to(real)).symlink_to(entry)
        program = making / "bin" / "java"
        program.write_text(f'#!/bin/sh\nexec {real}/bin/java -XX:TieredStopAtLevel=1 "$@"\n')
        program.chmod(0o755)
        try:
            making.rename(made)
        except OSError:
            shutil.rmtree(making)  # another lane made it meanwhile
    return made


def _real_home() -> Path:
    program = Path(os.environ.get("JAVA_HOME", "/nowhere")) / "bin" / "java"
    found = program if program.exists() else Path(shutil.which("java") or "/nowhere")
    assert found.exists(), "no java: set JAVA_HOME or install a JDK"
    return found.resolve().parent.parent
