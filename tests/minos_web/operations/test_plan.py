"""Plans of every action, as lists of wave names and steps."""

import pytest

from minos_web.operations.plan import Action, JobRules, PlanTask, Target, WaitRule, Wave, make_plan

ZOOKEEPER = [JobRules("zookeeper", ready={"zookeeper.state": ["leader", "follower"]})]
TASKS = [PlanTask(k, "zookeeper", k, f"127.0.0.1{k}", f"zookeeper {k}") for k in (2, 0, 1)]


@pytest.mark.parametrize(
    ("action", "names", "verbs"),
    [
        (
            Action.BOOTSTRAP,
            ["Check hosts", "Make directories, package, files", "Start zookeeper", "Wait until zookeeper serves"],
            ["preflight", "prepare", "start", "probe"],
        ),
        (
            Action.START,
            ["Check hosts", "Send package and files", "Start zookeeper", "Wait until zookeeper serves"],
            ["preflight", "prepare", "start", "probe"],
        ),
        (Action.STOP, ["Stop zookeeper"], ["stop"]),
        (
            Action.RESTART,
            ["Send package and files", "Stop zookeeper", "Start zookeeper", "Wait until zookeeper serves"],
            ["prepare", "stop", "start", "probe"],
        ),
        (Action.INSTALL, ["Unpack the package on every host"], ["bring"]),
        (Action.SHOW, ["Ask every task"], ["show"]),
        (Action.CLEANUP, ["Delete log and data"], ["clean"]),
    ],
)
def test_waves_of_an_action(action: Action, names: list[str], verbs: list[str]) -> None:
    waves = make_plan(action, TASKS, ZOOKEEPER, ["zookeeper"])
    assert [w.name for w in waves] == names
    assert [w.steps[0].verb for w in waves] == verbs
    assert all([s.task.number for s in w.steps] == [0, 1, 2] for w in waves)


def test_jobs_start_in_one_order_and_stop_in_the_other() -> None:
    rules = [JobRules("regionserver"), JobRules("master")]
    tasks = [PlanTask(1, "master", 0, "a", "master 0"), PlanTask(2, "regionserver", 0, "b", "regionserver 0")]
    starts = [w.name for w in make_plan(Action.START, tasks, rules, ["master", "regionserver"], send=False)]
    stops = [w.name for w in make_plan(Action.STOP, tasks, rules, ["master", "regionserver"])]
    assert starts == ["Check hosts", "Start regionserver", "Start master"]
    assert stops == ["Stop master", "Stop regionserver"]


def test_bootstrap_says_so_to_the_host() -> None:
    waves = make_plan(Action.BOOTSTRAP, TASKS, ZOOKEEPER, ["zookeeper"])
    assert all(s.args == {"bootstrap": True} for w in waves[:2] for s in w.steps)


def test_only_selected_jobs_have_waves() -> None:
    rules = [JobRules("journalnode"), JobRules("namenode")]
    waves = make_plan(Action.START, [PlanTask(1, "namenode", 0, "a", "namenode 0")], rules, ["namenode", "journalnode"])
    assert "Start journalnode" not in [w.name for w in waves]


JOURNAL = WaitRule("journalnode", (Target("a", 8485, "journalnode/0"),), frozenset({Action.BOOTSTRAP, Action.START}))
FIRST = WaitRule("namenode/0", (Target("a", 8020, "namenode/0"),), frozenset({Action.BOOTSTRAP}), others=True)
HDFS = [JobRules("journalnode"), JobRules("namenode", late=True, first_alone=True, waits=(JOURNAL, FIRST))]
NODES = [
    PlanTask(1, "journalnode", 0, "a", "journalnode/0"),
    PlanTask(2, "namenode", 0, "a", "namenode/0"),
    PlanTask(3, "namenode", 1, "b", "namenode/1"),
]
MADE = "Make directories, package, files"


def told(waves: list[Wave]) -> list[tuple[str, list[int]]]:
    """Name and tasks of every wave behind the checks."""
    return [(wave.name, [step.task.key for step in wave.steps]) for wave in waves if wave.name != "Check hosts"]


def test_a_first_task_is_brought_up_before_those_that_join_it() -> None:
    waves = make_plan(Action.BOOTSTRAP, NODES, HDFS, ["namenode", "journalnode"])
    assert told(waves) == [
        (MADE, [1]),
        ("Start journalnode", [1]),
        ("Wait until journalnode answers", [2]),
        (f"{MADE} of namenode", [2]),
        ("Start namenode", [2]),
        ("Wait until journalnode answers", [3]),
        ("Wait until namenode/0 answers", [3]),
        (f"{MADE} of namenode", [3]),
        ("Start namenode", [3]),
    ]
    made = [step.args for wave in waves for step in wave.steps if step.verb == "prepare"]
    assert made == [{"bootstrap": True}, {"bootstrap": True}, {"bootstrap": True, "join": True}]


def test_where_somebody_holds_data_even_the_first_task_joins() -> None:
    waves = make_plan(Action.BOOTSTRAP, NODES[1:2], HDFS, [], joining=frozenset({"namenode"}))
    assert told(waves) == [
        ("Wait until journalnode answers", [2]),
        ("Wait until namenode/0 answers", [2]),
        (f"{MADE} of namenode", [2]),
        ("Start namenode", [2]),
    ]
    [prepare] = [step for wave in waves for step in wave.steps if step.verb == "prepare"]
    assert prepare.args == {"bootstrap": True, "join": True}


def test_a_start_waits_for_what_it_needs_and_for_no_first_task() -> None:
    waves = make_plan(Action.START, NODES, HDFS, [], send=False)
    assert told(waves) == [
        ("Start journalnode", [1]),
        ("Wait until journalnode answers", [2]),
        ("Start namenode", [2, 3]),
    ]


def test_a_host_unpacks_a_package_once() -> None:
    two = [
        PlanTask(1, "datanode", 0, "a", "dn 0"),
        PlanTask(2, "datanode", 1, "a", "dn 1"),
        PlanTask(3, "zkfc", 0, "b", "z"),
    ]
    (wave,) = make_plan(Action.INSTALL, two, [JobRules("datanode"), JobRules("zkfc")], [])
    assert [(step.label, step.task and step.task.key) for step in wave.steps] == [
        ("unpack on a", 1),
        ("unpack on b", 3),
    ]
