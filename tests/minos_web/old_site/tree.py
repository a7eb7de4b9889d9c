"""The directory of an old Minos in ``tests/old_site``: as archives, and the machines and packages that it speaks of."""

import io
import re
import tarfile
import time
import zipfile
from pathlib import Path

from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.models.hosts import Host
from minos_web.models.packages import Package

TOP = Path(__file__).resolve().parents[2] / "old_site"
PACKED = {file.relative_to(TOP).as_posix(): file.read_bytes() for file in sorted(TOP.rglob("*")) if file.is_file()}
"""Path below the old Minos's own directory, where deploy.cfg is -> content."""
TAKEN = {path.removeprefix("config/"): content for path, content in PACKED.items()}
"""Path here -> content: the config directory is the top, deploy.cfg stands in it."""
CLUSTERS = sorted(
    (match[1], match[2])
    for path in TAKEN
    if (match := re.fullmatch(r"conf/(\w+)/\1-([a-z0-9-]+)\.cfg", path)) is not None
)
"""(service, cluster) of every cluster file."""
WITH_DISKS = ("10.31.8.31", "10.31.8.32", "10.31.8.33", "10.31.8.34", "10.31.8.35", "10.31.8.38")
"""Hosts with three data directories, /disk1/data to /disk3/data; all others have one, /home/work/data."""
PACKAGES = (
    ("zookeeper", "3.4.6", "r1"),
    ("hadoop", "2.6.0", "r1"),
    ("hadoop", "2.6.0-nd4", "r2107"),
    ("hbase", "0.98.12", "r1"),
    ("hbase", "0.98.12-nd2", "r7"),
    ("impala", "1.2.3", "r1"),
    ("kafka", "0.8.1.1", "r1"),
    ("apache-storm", "0.9.4", "r1"),
)


def as_zip() -> bytes:
    """The directory as people zip it: below one folder."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in PACKED.items():
            archive.writestr(f"minos/{path}", content)
    return target.getvalue()


def as_tar_gz() -> bytes:
    """The directory as ``tar czf`` packs it, with entries for folders and names that begin with ``./``."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        archive.add(TOP, ".")
    return target.getvalue()


def add_machines(session: Session) -> None:
    """An approved host for every address of the cluster files, heard just now, and every package they ask for."""
    now = time.time()
    text = b"".join(TAKEN[f"conf/{service}/{service}-{cluster}.cfg"] for service, cluster in CLUSTERS).decode()
    for address in sorted(set(re.findall(r"^host\.\d+=([0-9.]+)", text, re.MULTILINE))):
        name = f"host-{address.replace('.', '-')}"
        data = ["/disk1/data", "/disk2/data", "/disk3/data"] if address in WITH_DISKS else ["/home/work/data"]
        roots = {"app": "/home/work/app", "log": "/home/work/log", "data": data, "package": "/home/work/packages"}
        session.add(
            Host(
                name=name, address=address, public_key=name.ljust(40, "x"), state=HostState.APPROVED,
                first_seen=now, beat_at=now, roots=roots,
            )
        )  # fmt: skip
    for number, (artifact, version, revision) in enumerate(PACKAGES):
        name = f"{artifact}-{version}.tar.gz"
        session.add(
            Package(
                artifact=artifact, name=name, revision=revision, timestamp="20150611-093042", size=1000,
                sha256=f"{number:064x}", sha1=f"{number:040x}", uploaded_by="admin", uploaded_at=now,
                path=f"{artifact}/{name}",
            )
        )  # fmt: skip
