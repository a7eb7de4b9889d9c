"""Reads the property names of Hadoop and HBase, with their defaults, out of their own jars into the catalog.

`python packages/property_names.py` writes `minos_web/catalog/<service>/known/<file>.tsv`: a name and, behind a tab, the
default. The editor completes names from them. Run again for a newer release, and look at the difference.
"""

import subprocess
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

CATALOG = Path(__file__).resolve().parent.parent / "minos_web" / "catalog"
LONGEST_DEFAULT = 80
SOURCES = (
    ("hdfs", "core-site.xml", "org.apache.hadoop:hadoop-common:3.4.1", "core-default.xml"),
    ("hdfs", "hdfs-site.xml", "org.apache.hadoop:hadoop-hdfs:3.4.1", "hdfs-default.xml"),
    ("yarn", "yarn-site.xml", "org.apache.hadoop:hadoop-yarn-common:3.4.1", "yarn-default.xml"),
    ("yarn", "mapred-site.xml", "org.apache.hadoop:hadoop-mapreduce-client-core:3.4.1", "mapred-default.xml"),
    ("hbase", "hbase-site.xml", "org.apache.hbase:hbase-common:2.5.10", "hbase-default.xml"),
)


def main() -> None:
    """Write every list."""
    for service, file, coordinates, member in SOURCES:
        with tempfile.TemporaryDirectory() as room:
            names = _names(_jar(coordinates, Path(room)), member)
        target = CATALOG / service / "known" / f"{file}.tsv"
        target.parent.mkdir(exist_ok=True)
        target.write_text("".join(f"{name}\t{default}\n" for name, default in sorted(names.items())))
        print(f"{target.relative_to(CATALOG)}: {len(names)} names of {coordinates}")


def _jar(coordinates: str, room: Path) -> Path:
    (room / "pom.xml").write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>minos</groupId><artifactId>names</artifactId>"
        "<version>1</version><packaging>pom</packaging></project>"
    )
    command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={coordinates}", f"-DoutputDirectory={room}"]
    subprocess.run(command, cwd=room, check=True, stdout=subprocess.DEVNULL)
    return next(room.glob("*.jar"))


def _names(jar: Path, member: str) -> dict[str, str]:
    with zipfile.ZipFile(jar) as archive:
        root = ET.fromstring(archive.read(member))
    found = {}
    for one in root.iter("property"):
        default = " ".join((one.findtext("value") or "").split())
        found[(one.findtext("name") or "").strip()] = default if len(default) <= LONGEST_DEFAULT else ""
    return found


if __name__ == "__main__":
    main()
