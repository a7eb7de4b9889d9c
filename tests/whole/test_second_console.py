"""A second console beside one that works is refused with a sentence, and the first does not notice."""

import subprocess
from pathlib import Path

from tests.whole.site import TOP, a_site, free_port


def test_a_second_console_is_refused(tmp_path: Path) -> None:
    with a_site(tmp_path, ["127.0.0.22"]) as site:
        first = tmp_path / "console.ini"
        second = tmp_path / "second.ini"
        text = first.read_text()
        port = site.url.rpartition(":")[2]
        second.write_text(
            text.replace(f":{port}", f":{free_port()}").replace(f"port = {port}", f"port = {free_port()}")
        )
        assert second.read_text() != text
        command = [*site.console.command[:-1], str(second)]
        done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert "minos: another engine works on this console" in done.stderr and "Traceback" not in done.stderr
        assert site.answers() and site.all_in_touch()
