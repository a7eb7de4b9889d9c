"""What the console fetches by itself: from where it may, within limits, and to the right bytes or a clear refusal."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minos_web.store.arriving import NoRoom, TooLarge
from minos_web.store.importing import from_url
from minos_web.store.importing.addresses import check_allowed, check_reachable
from minos_web.store.importing.builds import Build, build_of, builds_in, import_build, revision_of
from minos_web.store.importing.from_directory import import_file, listed
from minos_web.store.importing.from_maven import coordinates_of, import_maven
from minos_web.store.importing.from_url import import_url
from minos_web.store.importing.source import CannotImport, Order
from tests.minos_web.store.importing.web import Web

BODY = os.urandom(300_000)


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web(BODY)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two tries nothing is waited for."""
    monkeypatch.setattr(from_url.time, "sleep", lambda _seconds: None)
    clock = iter(range(0, 10**9, 100))
    monkeypatch.setattr(from_url.time, "monotonic", lambda: float(next(clock)))


def order(source: str, path: Path, most: int = 10**7, keep_free: int = 0) -> Order:
    return Order(source, path, most, keep_free, lambda _have, _size, _words: None)


def test_an_address_is_fetched(web: Web, tmp_path: Path) -> None:
    import_url(order(f"{web.url}/a/b.tar.gz", tmp_path / "f"), f"{web.url}/a", private=True)
    assert (tmp_path / "f").read_bytes() == BODY


@pytest.mark.parametrize(
    ("url", "allowed", "fine"),
    [
        ("http://a.example/x/y.tgz", "http://a.example/x", True),
        ("http://a.example/x/y.tgz", "http://a.example/x/", True),
        ("http://a.example:80/x/y.tgz", "http://a.example/x", True),
        ("http://A.example/x", "http://a.example/x", True),
        ("https://a.example/x/y.tgz", "http://b.example https://a.example", True),
        ("http://a.example/xy.tgz", "http://a.example/x", False),
        ("http://a.example/x/../y.tgz", "http://a.example/x", False),
        ("http://a.example/x/%2e%2e/y.tgz", "http://a.example/x", False),
        ("http://a.example:8080/x/y.tgz", "http://a.example/x", False),
        ("https://a.example/x/y.tgz", "http://a.example/x", False),
        ("http://a.example@b.example/x/y.tgz", "http://a.example/x", False),
        ("http://b.example/x?http://a.example/x", "http://a.example/x", False),
        ("http://a.example.b.example/x", "http://a.example/x", False),
        ("file:///etc/passwd", "file:///", False),
        ("gopher://a.example/x", "gopher://a.example", False),
        ("http://a.example/x", "", False),
        ("http://[::1", "http://[::1", False),
    ],
)
def test_only_what_lies_below_a_listed_address_is_allowed(url: str, allowed: str, fine: bool) -> None:
    if fine:
        check_allowed(url, allowed)
    else:
        with pytest.raises(CannotImport, match=r"minos\.import_urls"):
            check_allowed(url, allowed)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "fd00::1"],
)
def test_addresses_inside_are_refused_unless_allowed(address: str) -> None:
    with pytest.raises(CannotImport, match=r"minos\.import_private"):
        check_reachable(address, private=False)
    check_reachable(address, private=True)


def test_a_name_that_leads_inside_is_found_when_the_connection_stands(web: Web, tmp_path: Path) -> None:
    url = web.url.replace("127.0.0.1", "localhost")
    with pytest.raises(CannotImport, match="no public address"):
        import_url(order(f"{url}/b", tmp_path / "f"), url, private=False)
    assert web.asked == [], "not a byte was sent"


def test_redirects_are_followed_as_far_as_they_are_allowed(web: Web, tmp_path: Path) -> None:
    web.redirects = {"/a/1": "/a/2", "/a/2": f"{web.url}/a/3", "/a/out": f"{web.url}/b/x", "/a/loop": "/a/loop"}
    import_url(order(f"{web.url}/a/1", tmp_path / "f"), f"{web.url}/a", private=True)
    assert (tmp_path / "f").read_bytes() == BODY
    for path, why in (("out", "does not lie below"), ("loop", "more than 5 redirects")):
        with pytest.raises(CannotImport, match=why):
            import_url(order(f"{web.url}/a/{path}", tmp_path / path), f"{web.url}/a", private=True)


@pytest.mark.parametrize("says_length", [True, False])
def test_what_is_too_large_is_not_fetched(web: Web, tmp_path: Path, says_length: bool) -> None:
    web.says_length = says_length
    with pytest.raises(TooLarge):
        import_url(order(f"{web.url}/x", tmp_path / "f", most=1000), web.url, private=True)


def test_a_full_disk_is_told(web: Web, tmp_path: Path) -> None:
    with pytest.raises(NoRoom):
        import_url(order(f"{web.url}/x", tmp_path / "f", keep_free=2**60), web.url, private=True)


def test_what_is_not_there_is_told(web: Web, tmp_path: Path) -> None:
    web.statuses = [404]
    with pytest.raises(CannotImport, match="404"):
        import_url(order(f"{web.url}/x", tmp_path / "f"), web.url, private=True)


def test_a_server_that_stays_away_is_given_up(web: Web, tmp_path: Path) -> None:
    web.statuses = [503] * 50
    with pytest.raises(CannotImport, match="503"):
        import_url(order(f"{web.url}/x", tmp_path / "f"), web.url, private=True)
    assert len(web.asked) == from_url.TRIES


def test_who_does_not_want_it_any_more_ends_it(web: Web, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def tell(_have: int, _size: int | None, _words: str) -> None:
        raise Enough

    with pytest.raises(Enough):
        import_url(Order(f"{web.url}/x", tmp_path / "f", 10**7, 0, tell), web.url, private=True)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 300_000), max_size=6), st.lists(st.sampled_from([500, 503, 429]), max_size=3), st.booleans()
)
def test_wherever_it_breaks_off_the_right_bytes_come(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], statuses: list[int], ranges: bool
) -> None:
    web = Web(BODY)
    web.cuts, web.statuses, web.ranges = list(cuts), list(statuses), ranges
    path = tmp_path_factory.mktemp("import") / "f"
    try:
        import_url(order(f"{web.url}/x", path), web.url, private=True)
    except CannotImport as error:
        assert not ranges and "cannot be fetched" in str(error)  # who gives no parts may never get to the end
    else:
        assert path.read_bytes() == BODY
    finally:
        web.close()


def test_a_file_that_changes_on_the_way_is_begun_anew(web: Web, tmp_path: Path) -> None:
    web.cuts = [100_000]
    changed = os.urandom(len(BODY))

    def change() -> None:
        web.body, web.etag = changed, '"two"'

    web.answered = change
    import_url(order(f"{web.url}/x", tmp_path / "f"), web.url, private=True)
    assert (tmp_path / "f").read_bytes() == changed


@pytest.mark.parametrize("there", [BODY, BODY[:1000], b"other"])
def test_what_an_earlier_engine_left_is_begun_anew(web: Web, tmp_path: Path, there: bytes) -> None:
    (tmp_path / "f").write_bytes(there)
    import_url(order(f"{web.url}/x", tmp_path / "f"), web.url, private=True)
    assert (tmp_path / "f").read_bytes() == BODY


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.tar.gz")
    with pytest.raises(CannotImport, match="is no file"):
        import_file(order(str(tmp_path / "a.tar.gz"), tmp_path / "f"), str(tmp_path))


def test_a_file_of_a_named_directory_is_copied(tmp_path: Path) -> None:
    top = tmp_path / "top"
    (top / "in").mkdir(parents=True)
    (top / "in" / "a-1.tar.gz").write_bytes(BODY)
    (top / "b-1.zip").write_bytes(BODY)
    import_file(order(str(top / "in" / "a-1.tar.gz"), tmp_path / "f"), f"/nowhere {top}")
    assert (tmp_path / "f").read_bytes() == BODY
    assert listed(f"{top} /nowhere") == [top / "b-1.zip"]


@pytest.mark.parametrize("kind", ["elsewhere", "upwards", "link", "missing", "directory", "none named", "NUL"])
def test_no_other_file_is_read(tmp_path: Path, kind: str) -> None:
    top, secret = tmp_path / "top", tmp_path / "secret"
    top.mkdir()
    secret.write_text("secret")
    (top / "link").symlink_to(secret)
    source = {
        "elsewhere": str(secret),
        "upwards": f"{top}/../secret",
        "link": str(top / "link"),
        "missing": str(top / "missing"),
        "directory": str(top),
        "none named": str(top / "x"),
        "NUL": f"{top}/\0",
    }[kind]
    with pytest.raises((CannotImport, IsADirectoryError)):
        import_file(order(source, tmp_path / "f"), "" if kind == "none named" else str(top))
    assert not (tmp_path / "f").exists() or not (tmp_path / "f").read_bytes()


@pytest.mark.parametrize(
    "text", ["", "a", "a:b:c", "a:b:c:d:e:f", "a:b:c:tar.gz:-x", "a:b c:1:jar", "a:b:1:jar;rm", "../a:b:1:jar"]
)
def test_coordinates_are_looked_at(text: str) -> None:
    with pytest.raises(CannotImport, match="group:artifact:version"):
        coordinates_of(text)


def test_a_package_comes_by_its_coordinates(tmp_path: Path) -> None:
    """The real Maven, with a small artifact that the assembled packages have fetched already."""
    text = "commons-cli:commons-cli:1.5.0:jar"
    assert coordinates_of(text).file_name == "commons-cli-1.5.0.jar"
    import_maven(order(text, tmp_path / "f"), "mvn")
    assert (tmp_path / "f").read_bytes().startswith(b"PK")
    with pytest.raises(CannotImport, match="exit code"):
        import_maven(order("org.example:no-such-thing:1:jar", tmp_path / "g"), "mvn -o")
    with pytest.raises(CannotImport, match=r"minos\.maven"):
        import_maven(order(text, tmp_path / "h"), "")


def described(folder: Path, build: str = "echo making; echo hello > out.tar.gz", tarball: str = "out.tar.gz") -> Path:
    (folder / "src").mkdir(exist_ok=True)
    text = f'artifact = "thing"\nversion = "1.0"\nsource = "src"\nbuild = "{build}"\ntarball = "{tarball}"\n'
    (folder / "thing.toml").write_text(text)
    return folder


def test_a_package_is_built(tmp_path: Path) -> None:
    said: list[str] = []
    directory = described(tmp_path)
    import_build(Order("thing", tmp_path / "f", 10**7, 0, lambda _h, _s, words: said.append(words)), str(directory))
    assert (tmp_path / "f").read_text() == "hello\n" and "making" in said


@pytest.mark.parametrize(
    ("build", "tarball", "words"),
    [("echo broken; exit 3", "x", "exit code 3:\nbroken"), ("true", "dir/", r"there is no .*dir/thing-1\.0\.tar\.gz")],
)
def test_a_build_that_fails_says_why(tmp_path: Path, build: str, tarball: str, words: str) -> None:
    with pytest.raises(CannotImport, match=words):
        import_build(order("thing", tmp_path / "f"), str(described(tmp_path, build, tarball)))


def test_a_build_that_nobody_wants_is_killed_with_all_it_started(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def tell(_have: int, _size: int | None, words: str) -> None:
        if words:
            raise Enough

    directory = described(tmp_path, "echo $$; sleep 600")
    with pytest.raises(Enough):
        import_build(Order("thing", tmp_path / "f", 10**7, 0, tell), str(directory))
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 600" not in listing


def test_descriptions_with_mistakes_are_told(tmp_path: Path) -> None:
    described(tmp_path)
    (tmp_path / "bad.toml").write_text("artifact = 3\n")
    (tmp_path / "worse.toml").write_text("= =")
    found = builds_in(str(tmp_path))
    assert isinstance(found["thing"], Build)
    assert "bad.toml" in str(found["bad"]) and "worse.toml" in str(found["worse"])
    for name, words in (("none", "no description"), ("bad", "cannot be read")):
        with pytest.raises(CannotImport, match=words):
            build_of(str(tmp_path), name)
    with pytest.raises(CannotImport, match=r"minos\.package_builds"):
        build_of("", "thing")


def test_the_revision_of_a_build_is_its_source_s(tmp_path: Path) -> None:
    directory = described(tmp_path)
    build = build_of(str(directory), "thing")
    assert revision_of(str(directory), build) == "1.0"
    git = ["git", "-C", str(tmp_path / "src"), "-c", "user.name=a", "-c", "user.email=a@b.example"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    assert revision_of(str(directory), build) == head
