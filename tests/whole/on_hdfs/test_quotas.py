"""Quotas of a real HDFS: what the board shows is what HDFS's own client says; set from the page; kept while nobody can tell. In file order."""

import json
import re
import time
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from minos_web.models.news import News
from minos_web.scripts.opening import console_of_ini
from tests.whole.filesystem import Filesystem
from tests.whole.pages import Pages
from tests.whole.site import Run

AT = "clusters/hdfs/pond-files/quotas"
TB = 1024**4
STRANGE = ["/user/b", "/user/two words", "/user/line\nbreak", "/user/{x}[y]*", "/user/Zoë"]


@pytest.fixture(scope="module")
def homes(files: Filesystem) -> Filesystem:
    """Home directories: alice has both quotas and a file, bob of names only, the strange ones none."""
    blob = files.site.folder / "blob"
    blob.write_bytes(b"x" * 5_000_001)
    files.client("-mkdir", "-p", "/user/alice", "/user/bob", "/hbase/data", *map(escaped, STRANGE))
    files.client("-put", str(blob), "/user/alice/blob")
    files.client("-put", str(blob), "/user/b/blob")
    files.admin("-setQuota", "10000", "/user/alice")
    files.admin("-setSpaceQuota", "2t", "/user/alice")
    files.admin("-setQuota", "2000", "/user/bob")
    return files


def escaped(path: str) -> str:
    """The path for a client that takes patterns."""
    return "".join(f"\\{sign}" if sign in "{}[]*?\\" else sign for sign in path)


def put(files: Filesystem, path: str, body: dict[str, Any]) -> Any:
    """The answer to a PUT with a JSON body."""
    return files.site.api.put_text(path, json.dumps(body), "application/json")


def told(files: Filesystem) -> dict[str, dict[str, Any]]:
    """Directory -> what the console says."""
    return {one["path"]: one for one in files.site.api.get(AT)["quotas"]}


def read(files: Filesystem) -> dict[str, dict[str, Any]]:
    """The same after a read that is asked for now."""
    before = time.time()
    files.site.api.post(f"{AT}/read", {})
    return settled(files, before)


def settled(files: Filesystem, since: float) -> dict[str, dict[str, Any]]:
    """The same once nothing is under way and the numbers are newer than ``since``."""

    def fresh() -> bool:
        how = files.site.api.get(AT)
        assert not how["error"], how["error"]
        return not how["reading"] and (how["read_at"] or 0) >= since

    files.site.until("the quotas to be read", fresh, 120)
    return told(files)


def counted(files: Filesystem, *paths: str) -> list[dict[str, dict[str, int | None]]]:
    """What HDFS's own client says of directories."""
    wanted = [escaped(path) for path in paths]
    number = r"(none|inf|-?\d+)\s+"
    lines = re.findall(rf"^\s*{number * 6}\d+ /", files.client("-count", "-q", *wanted), re.MULTILINE)
    disks = re.findall(r"^\d+\s+(\d+)\s+/", files.client("-du", "-s", *wanted), re.MULTILINE)
    assert len(lines) == len(disks) == len(paths)
    return [
        {
            "names": {
                "quota": None if quota == "none" else int(quota),
                "used": int(folders) + int(leaves),
                "left": None if left == "inf" else int(left),
            },
            "space": {
                "quota": None if space == "none" else int(space),
                "used": int(used),
                "left": None if space_left == "inf" else int(space_left),
            },
        }
        for (quota, left, space, space_left, folders, leaves), used in zip(lines, disks, strict=True)
    ]


def news(files: Filesystem, key: str) -> list[tuple[str, str]]:
    """Kind and level of what was told of this, in order."""
    console = console_of_ini(str(files.site.folder / "console.ini"))
    try:
        with console.readers() as session:
            rows = session.scalars(select(News).filter_by(key=key).order_by(News.id))
            return [(row.kind, row.level) for row in rows]
    finally:
        console.engine.dispose()


def test_a_round_reads_by_itself(files: Filesystem) -> None:
    files.site.until("the first round", lambda: files.site.api.get(AT)["read_at"], 120)
    assert files.site.api.get(AT)["error"] == ""


def test_the_board_shows_what_the_client_says(homes: Filesystem) -> None:
    found = read(homes)
    assert set(found) == {"/user/alice", "/user/bob", *STRANGE}
    compared = ("/user/alice", "/user/bob", "/user/b", "/user/line\nbreak")
    for path, said in zip(compared, counted(homes, *compared), strict=True):
        assert {kind: found[path][kind] for kind in ("names", "space")} == said, path
    assert found["/user/alice"]["space"]["used"] == 3 * 5_000_001 and found["/user/b"]["space"]["used"] == 3 * 5_000_001
    pages = Pages(homes.site)
    rows = {line.split(",")[0]: line.split(",") for line in pages.get(f"/{AT}?csv=all").splitlines()}
    left = 2 * TB - 3 * 5_000_001
    assert rows["alice"][1:] == ["well", str(2 * TB), "15000003", str(left), "10000", "2", "9998", ""]
    assert rows["b"][1:] == ["no quota", "", "15000003", "", "", "2", "", ""]
    for path in STRANGE:
        assert f"Quota of {path[6:].split(chr(10))[0]}" in pages.get(f"/{AT}/of{quote(path)}"), path


def test_directories_that_the_site_names(homes: Filesystem) -> None:
    put(homes, AT, {"directories": ["/hbase", "/nosuch"]})
    found = read(homes)
    assert found["/hbase"]["names"] == {"quota": None, "used": 2, "left": None}
    assert found["/nosuch"]["error"] == "there is no such directory" and found["/nosuch"]["names"]["used"] is None


def test_red_and_told_at_the_thresholds_and_well_again(homes: Filesystem) -> None:
    key, pages = "quota:pond-files:/user/bob", Pages(homes.site)
    homes.client("-mkdir", "-p", *(f"/user/bob/{number}" for number in range(9)))
    homes.admin("-setQuota", "510", "/user/bob")  # 10 in use: 500 left
    assert read(homes)["/user/bob"]["findings"] == [] and news(homes, key) == []
    homes.admin("-setQuota", "509", "/user/bob")
    assert [one["level"] for one in read(homes)["/user/bob"]["findings"]] == ["warning"]
    assert "499 <b>low</b>" in pages.get(f"/{AT}")
    homes.admin("-setQuota", "10", "/user/bob")
    assert [one["level"] for one in read(homes)["/user/bob"]["findings"]] == ["error"]
    homes.admin("-clrQuota", "/user/bob")
    assert read(homes)["/user/bob"]["findings"] == []
    assert news(homes, key) == [("problem", "warning"), ("problem", "error"), ("recovery", "info")]


def test_quotas_are_set_from_the_page_and_read_anew(homes: Filesystem) -> None:
    pages, path = Pages(homes.site), f"/{AT}/of/user/bob"
    for kind, value in (("names", "1,234"), ("space", "1.5 TB")):
        before = time.time()
        asked = pages.post(path, kind=kind, do="set", **{kind: value})
        assert "This will be run" in asked
        pages.post(path, kind=kind, do="set", sure="yes", **{kind: value})
        settled(homes, before)
    found = told(homes)["/user/bob"]
    assert (found["names"]["quota"], found["space"]["quota"]) == (1234, 3 * TB // 2)
    assert [{kind: found[kind] for kind in ("names", "space")}] == counted(homes, "/user/bob")
    assert "It printed nothing, as it does when all went well" in pages.get(path)
    before = time.time()
    pages.post(path, kind="space", do="clear", sure="yes")
    assert settled(homes, before)["/user/bob"]["space"]["quota"] is None


def test_a_strange_name_is_set_and_no_other(homes: Filesystem) -> None:
    homes.client("-mkdir", "-p", "/user/xy")
    put(homes, f"{AT}/of{quote('/user/{x}[y]*')}", {"names": 77})
    homes.site.until("the change", lambda: told(homes)["/user/{x}[y]*"]["names"]["quota"] == 77, 120)
    assert told(homes)["/user/xy"]["names"]["quota"] is None


def test_what_hdfs_refuses_is_shown(homes: Filesystem) -> None:
    homes.client("-rmdir", "/user/xy")
    number = put(homes, f"{AT}/of/user/xy", {"names": 5})["runs"][0]
    run = Run(homes.site, number)
    assert run.over()["exit_code"] != 0 and "setQuota: " in run.output_all()
    homes.site.until("the directory to be gone", lambda: "/user/xy" not in told(homes), 120)


def test_without_a_namenode_the_numbers_stay(homes: Filesystem) -> None:
    before = read(homes)
    done = homes.operate("stop", jobs=["namenode"], options={"override": True})
    assert done["state"] == "done", done["message"]
    homes.site.until("nobody to ask", lambda: not homes.site.api.get(AT)["active"], 60)
    with pytest.raises(RuntimeError, match="there is nobody to ask"):
        homes.site.api.post(f"{AT}/read", {})
    page = Pages(homes.site).get(f"/{AT}")
    assert told(homes) == before
    assert "No namenode of pond-files is active" in page and "15000003" in Pages(homes.site).get(f"/{AT}?csv=all")
    done = homes.operate("start", jobs=["namenode"])
    assert done["state"] == "done", done["message"]
    homes.serves()
