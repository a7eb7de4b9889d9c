"""Keytabs: what is taken, how it lies in the database, which host gets which, and that nobody gets one out."""

import struct
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.keytabs import Keytab
from minos_web.models.operations import Operation
from minos_web.operations.drafting import draft
from minos_web.operations.rendering import CannotRender, Renderer
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.security.keytab_file import BadKeytab, Entry, entries_of
from minos_web.security.keytabs import Given, keep, opened
from minos_web.security.sealing import CannotUnseal, seal, unseal
from minos_web.store.configdir import Edit, read, save
from tests.minos_web.conftest import Browser
from tests.minos_web.keytab_bytes import keytab
from tests.minos_web.scene import ADDRESSES, add_cluster, add_hosts, add_package, mark_prepared

PAGE = "/clusters/zookeeper/dptst/keytabs"
API = "/api/v1/clusters/zookeeper/dptst/keytabs"
FILE = "conf/zookeeper/zookeeper-dptst.cfg"
ONE = keytab("zookeeper/minos@EXAMPLE.ORG")
SECURED = """\
  [[jaas-server.conf]]
    headerLine="com.sun.security.auth.module.Krb5LoginModule required"
    keyTab="%{task.run_dir}/zk.keytab"
"""


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """A running ensemble whose files name zk.keytab."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    described = read(session, FILE)
    assert described is not None and described.content is not None
    save(session, Edit(FILE, "olga", time.time()), described.content + SECURED.encode())
    mark_prepared(session, console)
    for task in session.scalars(select(Task)):
        task.state = task.wanted = "RUNNING"
    session.commit()
    return session


@pytest.fixture
def admin(browser_as: Callable[[str], Browser]) -> Browser:
    """Somebody who may do everything."""
    return browser_as("admin")


def cluster(session: Session) -> Cluster:
    return session.scalars(select(Cluster)).one()


def give(session: Session, console: Console, data: bytes = ONE, name: str = "zk.keytab", address: str = "") -> Keytab:
    return keep(session, console.secret, cluster(session), Given(name, address, data, "olga", time.time()))


def wish(action: str = "restart") -> Wish:
    return Wish("zookeeper", "dptst", action, "olga", time.time(), may_override=True, options={"confirm": "dptst"})


def test_what_a_keytab_holds_is_read_out() -> None:
    data = keytab("hdfs/n1@A.B", "HTTP/n1@A.B", version=300) + struct.pack(">i", -7) + b"removed" + keytab("x@A.B")[2:]
    assert entries_of(data) == [
        Entry("hdfs/n1@A.B", 300, "aes256-cts"), Entry("HTTP/n1@A.B", 300, "aes256-cts"), Entry("x@A.B", 2, "aes256-cts"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data", [b"", b"\x05\x02", b"\x05\x01abc", ONE[:-8], ONE[:20], b"PK\x03\x04" + ONE, ONE + b"\x00\x00\x01\x00"]
)
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(BadKeytab):
        entries_of(data)


def test_it_lies_sealed_and_is_opened_only_as_what_it_is(scene: Session, console: Console) -> None:
    row = give(scene, console)
    raw = scene.execute(text("select sealed from keytabs")).scalar_one()
    assert b"k" * 12 not in raw and b"zookeeper" not in raw
    found, missing = opened(scene, console.secret, cluster(scene), ADDRESSES[0], ["zk.keytab", "other.keytab"])
    assert (found, missing) == ({"zk.keytab": ONE}, ["other.keytab"])
    row.name = "other.keytab"
    with pytest.raises(CannotUnseal, match="upload it again"):
        opened(scene, console.secret, cluster(scene), ADDRESSES[0], ["other.keytab"])
    with pytest.raises(CannotUnseal):
        unseal(b"y" * 32, seal(b"x" * 32, ONE, "a"), "a")


def test_a_hosts_own_comes_before_that_for_all(scene: Session, console: Console) -> None:
    own = keytab("zookeeper/n2@EXAMPLE.ORG")
    give(scene, console)
    give(scene, console, own, address=ADDRESSES[1])
    found = [opened(scene, console.secret, cluster(scene), one, ["zk.keytab"])[0]["zk.keytab"] for one in ADDRESSES]
    assert found == [ONE, own, ONE]
    give(scene, console, keytab("new@EXAMPLE.ORG"))
    assert len(scene.scalars(select(Keytab)).all()) == 2, "a newer one takes the place of the older"


@pytest.mark.parametrize(
    ("name", "address", "words"),
    [
        ("zk.txt", "", "must end in .keytab"),
        ("../zk.keytab", "", "zk.keytab"),
        (".keytab", "", "keytab"),
        ("zk.keytab", "10.9.9.9", "dptst has no task on 10.9.9.9"),
    ],
)
def test_names_and_hosts_are_checked(scene: Session, console: Console, name: str, address: str, words: str) -> None:
    with pytest.raises(BadKeytab, match=words):
        give(scene, console, name=name, address=address)


def test_it_goes_to_the_hosts_before_the_files_that_name_it(scene: Session, console: Console) -> None:
    assert "Send keytabs" not in [wave.name for wave in draft(scene, console, wish()).waves]
    give(scene, console)
    scene.flush()
    names = [wave.name for wave in draft(scene, console, wish()).waves]
    assert names[:2] == ["Send keytabs", "Send package and files"]
    rolling = draft(scene, console, wish("rolling_update")).waves
    for wave in rolling:
        if wave.undoes is not None:
            assert rolling[wave.undoes].name.endswith("stop") and wave.name.endswith("start")
    operation = submit(scene, console, wish()).operation
    steps = {step.verb: step for step in operation.steps}
    args = Renderer(console).args_of(scene, steps["keep-keytabs"])
    assert args.keytabs == {"zk.keytab": ONE}  # type: ignore[attr-defined]
    Renderer(console).args_of(scene, steps["prepare"])
    assert ONE.hex() not in str([step.args for step in operation.steps])


def test_what_would_not_come_up_for_want_of_one_is_not_prepared(scene: Session, console: Console) -> None:
    operation = submit(scene, console, wish()).operation
    step = next(step for step in operation.steps if step.verb == "prepare")
    with pytest.raises(CannotRender, match=r"its files name zk\.keytab, and no keytab .* was given for 127\.0\.0\.31"):
        Renderer(console).args_of(scene, step)


def test_the_page_takes_one_and_forgets_it(scene: Session, admin: Browser) -> None:
    page = admin.get(PAGE)
    assert "No keytabs" in page.text
    form = {"name": "zk.keytab", "host": ADDRESSES[2]}
    files = [("file", "whatever", b"no keytab")]
    refused = admin.post(PAGE, form, upload_files=files, headers=admin.csrf, status=422)
    assert "It does not begin as a keytab" in refused.text
    admin.post(PAGE, form, upload_files=[("file", "whatever", ONE)], headers=admin.csrf, status=303)
    page = admin.get(PAGE)
    assert "zookeeper/minos@EXAMPLE.ORG" in page.text and "zk.keytab is kept" in page.text
    gone = {"delete": "zk.keytab", "host": ADDRESSES[2]}
    admin.post(PAGE, gone, headers=admin.csrf, status=303)
    assert "No keytabs" in admin.get(PAGE).text


def test_over_the_api_it_goes_in_and_never_out(scene: Session, admin: Browser) -> None:
    put = admin.put(f"{API}/zk.keytab", ONE, headers=admin.csrf, content_type="application/octet-stream")
    assert put.json["entries"] == [
        {"principal": "zookeeper/minos@EXAMPLE.ORG", "version": 2, "encryption": "aes256-cts"}
    ]
    listed = admin.get(API)
    assert [one["name"] for one in listed.json["keytabs"]] == ["zk.keytab"]
    assert "sealed" not in listed.text
    refused = admin.put(f"{API}/zk.keytab", b"x", headers=admin.csrf, status=422)
    assert refused.json["error"]["field"] == "file"
    assert admin.delete(f"{API}/zk.keytab?host=10.1.1.1", headers=admin.csrf, status=404)
    assert admin.delete(f"{API}/zk.keytab", headers=admin.csrf).json == {"deleted": "zk.keytab"}
    scene.expire_all()
    assert scene.scalars(select(Operation)).all() == []
