"""Layouts as they are recommended: tables of cases, and what always holds."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minos_web.catalog.loader import load_catalog
from minos_web.catalog.sizes import SizeJob
from minos_web.operations.layouts.heaps import MOST_OF_FREE
from minos_web.operations.layouts.parts import GIB, MIB, Layout, Machine, Part, hosts_of, parts_of, ports_at
from minos_web.operations.layouts.recommend import recommend

CATALOG = load_catalog()
SIZES = [(name, size) for name, one in sorted(CATALOG.services.items()) if one.template for size in one.begins]


def machines(number: int, racks: int = 3, memory: int = 16 * GIB) -> list[Machine]:
    """The higher its number, the more memory is free on a machine."""
    return [
        Machine(f"h{n}", f"10.0.0.{n}", f"r{n % racks}", f"boot-{n}", memory + n * MIB, 2 * memory)
        for n in range(number)
    ]


def quorum(hosts: int, **more: int | float) -> Part:
    return Part(
        "zookeeper",
        "Server",
        SizeJob("zookeeper", hosts=hosts, **more),
        quorum=True,
        ports=(0, 1, 2, 3),
        usual_port=12000,
    )  # type: ignore[arg-type]


def words(layout: Layout) -> str:
    return " ".join(f"{note.level}: {note.text}" for note in layout.notes)


def test_hosts_that_are_one_machine_are_taken_by_name() -> None:
    said = [Machine(f"h{n}", f"10.0.0.{n}", "", "boot", free * GIB, 32 * GIB) for n, free in enumerate((15, 17, 16))]
    assert recommend([quorum(3)], said, {}).hosts["zookeeper"] == ("10.0.0.0", "10.0.0.1", "10.0.0.2")


@pytest.mark.parametrize(
    "hosts, there, racks, chosen",
    [
        (3, 3, 3, ["h2", "h1", "h0"]),
        (3, 9, 3, ["h8", "h7", "h6"]),  # one of each rack, most memory first
        (3, 6, 1, ["h5", "h4", "h3"]),
        (5, 4, 2, ["h3", "h2", "h1"]),  # four would survive no more than three
        (5, 2, 2, ["h1"]),
        (1, 4, 2, ["h3"]),
        (3, 4, 2, ["h3", "h2", "h1"]),  # two racks for three: one has two of them
    ],
)
def test_servers_that_decide_by_majority(hosts: int, there: int, racks: int, chosen: list[str]) -> None:
    found = recommend([quorum(hosts)], machines(there, racks), {})
    names = {machine.address: machine.name for machine in machines(there, racks)}
    assert [names[address] for address in found.hosts["zookeeper"]] == chosen
    assert ("warn" in words(found)) == (len(chosen) < hosts)


def test_too_few_hosts_are_a_reason_and_no_exception() -> None:
    part = Part("namenode", "NameNode", SizeJob("namenode", hosts=2, least_hosts=2))
    assert "fail: NameNode needs 2 hosts, and one is fit" in words(recommend([part], machines(1), {}))
    nothing = recommend([part], [], {})
    assert nothing.hosts == {"namenode": ()} and "and none is fit" in words(nothing)


def test_who_is_silent_is_left_out_with_a_word_and_may_be_chosen_all_the_same() -> None:
    there = machines(3)
    there[2] = Machine("h2", "10.0.0.2", memory=64 * GIB, unfit="its worker is silent for 99 s")
    found = recommend([quorum(3)], there, {})
    assert found.hosts["zookeeper"] == ("10.0.0.1",) and "h2: its worker is silent" in words(found)
    assert recommend([quorum(3)], there, {}, chosen={"zookeeper": ["10.0.0.2"]}).hosts["zookeeper"] == ("10.0.0.2",)


def test_one_machine_with_several_workers_counts_once_as_long_as_there_are_others() -> None:
    there = [Machine(f"w{n}", f"10.0.0.{n}", "r0", "one-box", 64 * GIB) for n in range(3)]
    there += [Machine(f"x{n}", f"10.0.1.{n}", "r0", f"box-{n}", GIB) for n in range(2)]
    chosen = recommend([quorum(3)], there, {}).hosts["zookeeper"]
    assert sum(address.startswith("10.0.0.") for address in chosen) == 1


def test_few_go_where_others_of_the_cluster_are_not() -> None:
    service = CATALOG["hdfs"]
    found = recommend(parts_of(service, service.begins[1]), machines(8), {})
    assert not set(found.hosts["journalnode"]) & set(found.hosts["namenode"])
    assert len(found.hosts["datanode"]) == 8 and "zkfc" not in found.hosts
    assert found.heaps["zkfc"].mb and found.ports["zkfc"] == 12300


def test_heaps_say_why() -> None:
    part = quorum(3, share=0.1, least_mb=128, most_mb=2048)
    assert "10% of the 16.0 GiB free on h0" in recommend([part], machines(3), {}).heaps["zookeeper"].why
    small = recommend([part], machines(3, memory=512 * MIB), {}).heaps["zookeeper"]
    assert small.mb == 128 and "the least that it needs" in small.why
    large = recommend([part], machines(3, memory=64 * GIB), {}).heaps["zookeeper"]
    assert large.text == "2g" and "the most that helps" in large.why
    tight = recommend([part], machines(3, memory=100 * MIB), {})
    assert tight.heaps["zookeeper"].mb < 100 and "fail: Server needs a heap of 128 MiB" in words(tight)
    unknown = [Machine("h", "10.0.0.1")]
    assert recommend([part], unknown, {}).heaps["zookeeper"].text == ""


def test_ports_move_until_nobody_has_them() -> None:
    part = quorum(3)
    assert recommend([part], machines(3), {}).ports == {"zookeeper": 12000}
    assert recommend([part], machines(3), {"10.0.0.1": {12003}}).ports == {"zookeeper": 12100}
    assert recommend([part], machines(3), {"10.9.9.9": {12003}}).ports == {"zookeeper": 12000}
    assert recommend([part], machines(3), {}, {12000, 12100}).ports == {"zookeeper": 12200}
    everything = {f"10.0.0.{n}": set(range(65536)) for n in range(3)}
    blocked = recommend([part], machines(3), everything)
    assert "fail: No base ports are free" in words(blocked)


@st.composite
def grounds(draw: st.DrawFn) -> tuple[list[Machine], dict[str, set[int]]]:
    """Machines of all kinds, and ports that others have on them."""
    there = []
    for number in range(draw(st.integers(0, 12))):
        memory = draw(st.one_of(st.none(), st.integers(0, 256 * 1024).map(lambda mb: mb * MIB)))
        rack, body = draw(st.sampled_from(["", "r1", "r2"])), draw(st.sampled_from(["", "b1", "b2", f"own-{number}"]))
        unfit = draw(st.sampled_from(["", "", "", "silent"]))
        there.append(Machine(f"h{number}", f"10.0.0.{number}", rack, body, memory, memory, unfit=unfit))
    taken = {
        machine.address: set(draw(st.lists(st.integers(11900, 23000), max_size=6)))
        for machine in there
        if draw(st.booleans())
    }
    return there, taken


@settings(max_examples=60, deadline=None)
@given(grounds(), st.sampled_from(SIZES))
def test_what_always_holds(ground: tuple[list[Machine], dict[str, set[int]]], which: tuple[str, object]) -> None:
    there, taken = ground
    service = CATALOG[which[0]]
    parts = parts_of(service, which[1])  # type: ignore[arg-type]
    found = recommend(parts, there, taken)
    fit = {machine.address: machine for machine in there if not machine.unfit}
    ports, asked = Counter[tuple[str, int]](), Counter[str]()
    for part in parts:
        addresses = hosts_of(part, found.hosts)
        assert len(set(addresses)) == len(addresses) and set(addresses) <= set(fit)
        assert not part.quorum or not addresses or len(addresses) % 2 == 1
        enough = len(addresses) >= part.begins.least_hosts
        assert enough or part.beside or any(note.level == "fail" and part.title in note.title for note in found.notes)
        for address in addresses:
            asked[address] += found.heaps[part.job].mb
            ports.update((address, port) for port in ports_at(part, found.ports[part.job]))
            assert not taken.get(address, set()) & set(ports_at(part, found.ports[part.job]))
    assert all(count == 1 for count in ports.values())
    for address, total in asked.items():
        memory = fit[address].memory
        assert memory is None or total * MIB <= memory * MOST_OF_FREE
    assert found == recommend(parts, list(reversed(there)), taken) or len({m.name for m in there}) < len(there)
