"""``base=``: inside [configuration] the child wins key by key, elsewhere the base as a whole."""

from minos_web.clusterfile.problems import Place
from tests.minos_web.clusterfile.samples import HDFS, HDFS_BASE, describe, files_with, hdfs_site, rendered, site

MIDDLE = "conf/hdfs/common/middle.cfg"


def with_middle(lines: str, child: str = "") -> dict[str, str]:
    """The sample files with a middle file between cluster file and base."""
    files = files_with((HDFS, "common/fish.cfg", "common/middle.cfg"), (HDFS, "#SITE#", child))
    files[MIDDLE] = f"[configuration]\n  base=%{{config_dir}}/conf/hdfs/common/fish.cfg\n{lines}"
    return files


def warnings_of(files: dict[str, str]) -> str:
    """All warnings in one text."""
    return "\n".join(str(problem) for problem in describe(files).warnings)


def test_the_child_overrides_and_adds_keys() -> None:
    properties = hdfs_site(site("both=child\n    new=child"))

    assert properties == {"both": "child", "dfs.nameservices": "lake-pike", "new": "child", "x.lake-pike": "base"}


def test_three_levels_are_laid_over_each_other() -> None:
    lines = "  [[hdfs-site.xml]]\n    both=middle\n    two=middle\n    three=middle\n"

    properties = hdfs_site(with_middle(lines, "three=leaf"))

    assert (properties["both"], properties["two"], properties["three"]) == ("middle", "middle", "leaf")


def test_an_empty_value_overrides() -> None:
    assert hdfs_site(site("both="))["both"] == ""


def test_inherited_keys_keep_their_order_and_new_ones_follow() -> None:
    table = describe(site("new=1\n    both=child")).configuration.tables["hdfs-site.xml"]

    assert list(table.values) == ["dfs.nameservices", "both", "x.%{cluster.name}", "new"]


def test_every_value_knows_where_it_comes_from_and_what_it_replaced() -> None:
    value = (
        describe(with_middle("  [[hdfs-site.xml]]\n    both=middle\n", "both=leaf"))
        .configuration.tables["hdfs-site.xml"]
        .values["both"]
    )

    assert value.place == Place(HDFS, 33, "configuration/hdfs-site.xml", "both")
    assert value.over and value.over.place == Place(MIDDLE, 4, "configuration/hdfs-site.xml", "both")
    assert value.over.over and value.over.over.place == Place(HDFS_BASE, 7, "configuration/hdfs-site.xml", "both")
    assert value.level == 0


def test_a_file_section_that_only_the_child_has_is_kept() -> None:
    files = files_with((HDFS_BASE, "  [[core-site.xml]]\n    fs.defaultFS=hdfs://%{cluster.name}\n", ""))
    files[HDFS] += "  [[core-site.xml]]\n    own=1\n"

    assert "<name>own</name>" in rendered(describe(files), "namenode").files["core-site.xml"]


def test_raw_files_of_child_and_middle_are_kept_and_override() -> None:
    files = with_middle("  more.txt=raw/more.txt\n  note.txt=raw/middle.txt\n")
    files["raw/more.txt"] = "more"
    files["raw/middle.txt"] = "middle"

    texts = rendered(describe(files), "namenode").files

    assert (texts["more.txt"], texts["note.txt"]) == ("more", "middle")


def test_a_raw_file_can_override_a_section_and_a_section_a_raw_file() -> None:
    raw_wins = files_with((HDFS, "  base=", "  core-site.xml=raw/note.txt\n  base="))
    section_wins = files_with((HDFS_BASE, "  note.txt=", "  core-site.xml=raw/note.txt\n  note.txt="))
    section_wins[HDFS_BASE] = section_wins[HDFS_BASE].replace("  [[core-site.xml]]\n", "  [[other.xml]]\n", 1)
    section_wins[HDFS] += "  [[core-site.xml]]\n    own=1\n"

    assert rendered(describe(raw_wins), "namenode").files["core-site.xml"].startswith("as it is")
    assert "<name>own</name>" in rendered(describe(section_wins), "namenode").files["core-site.xml"]


def test_other_sections_of_the_base_win_as_a_whole_with_a_warning() -> None:
    files = files_with()
    files[HDFS] += "[arguments]\n  [[service_common]]\n    jvm_args=-Xmx999m\n"
    files[HDFS_BASE] += "[namenode]\n  base_port=29000\n  host.7=10.9.9.9\n  [[arguments]]\n"

    task = rendered(describe(files), "namenode")

    assert "-Xmx100m" in task.arguments.jvm_args
    assert (task.slot.base_port, task.slot.host_address, task.slot.host_id) == (29000, "10.9.9.9", 7)
    assert "[arguments] is ignored" in warnings_of(files)
    assert "[namenode] is ignored" in warnings_of(files)


def test_a_file_without_base_stands_alone() -> None:
    files = files_with((HDFS, "  base=%{config_dir}/conf/hdfs/common/fish.cfg\n", ""))
    files[HDFS] = files[HDFS].replace("[configuration]\n  [[hdfs-site.xml]]\n", "") + files[HDFS_BASE]

    assert hdfs_site(files)["both"] == "base"


def test_a_relative_base_is_found_from_the_root_and_beside_the_file() -> None:
    from_root = files_with((HDFS, "%{config_dir}/conf", "conf"))
    beside = files_with((HDFS, "%{config_dir}/conf/hdfs/common", "common"))

    assert hdfs_site(from_root)["both"] == hdfs_site(beside)["both"] == "base"


def test_a_base_may_be_named_through_another_key_of_its_file() -> None:
    files = files_with((HDFS, "%{config_dir}/conf", "%{config_dir}/%(where)s"))
    files[HDFS] = "where=conf\n" + files[HDFS]

    assert hdfs_site(files)["both"] == "base"


def test_a_path_never_leaves_the_directory() -> None:
    files = files_with((HDFS_BASE, "%{config_dir}/raw/note.txt", "../../../etc/passwd"))

    assert rendered(describe(files), "namenode").files["note.txt"] == ""


def test_a_base_behind_a_file_section_is_warned_about() -> None:
    files = files_with((HDFS, "#SITE#", "base=%{config_dir}/conf/hdfs/common/fish.cfg"))

    assert "belongs to [[hdfs-site.xml]]" in warnings_of(files)


def test_lines_of_windows_and_a_byte_order_mark_are_read() -> None:
    files: dict[str, str] = {path: "\ufeff" + text.replace("\n", "\r\n") for path, text in site("a='''x\ny'''").items()}

    assert hdfs_site(files)["a"] == "x\ny"
