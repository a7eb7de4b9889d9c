"""A cluster whose daemons need no Java and take two seconds to end: operations on it have a middle."""

import io
import tarfile
from pathlib import Path

from tests.whole.site import Site, free_base_port

DAEMON = """\
#!/bin/bash
# Takes its time to end: what is under way when the brake is pulled is then seen to settle.
trap 'sleep 2; exit 0' TERM
echo x >> begun
while true; do sleep 0.2; done
"""
CLUSTER = """\
[cluster]
  name=slow
  version=1.0
  artifact=slow
  jobs=daemon
[daemon]
  base_port={base_port}
{hosts}
  program=$package_dir/bin/daemon
  start_seconds=1
  [[arguments]]
[configuration]
  [[slow.conf]]
    host=%{{current_host}}
[arguments]
  [[service_common]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
  [[daemon]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
"""


def slow_package(folder: Path) -> Path:
    """The tarball of the daemon, which notes each of its starts in a file ``begun`` where it runs."""
    path = folder / "slow-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("slow-1.0/bin/daemon")
        member.size, member.mode = len(DAEMON.encode()), 0o755
        archive.addfile(member, io.BytesIO(DAEMON.encode()))
    return path


def describe_slow(site: Site, addresses: list[str]) -> None:
    """Put the description of ``generic/slow`` into the config directory."""
    hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(addresses))
    text = CLUSTER.format(base_port=free_base_port(addresses), hosts=hosts)
    site.api.put_text("config/conf/generic/generic-slow.cfg", text)
