"""Plans of every action, as lists of wave names and steps."""

import pytest

from minos_web.operations.plan import Action, JobRules, PlanTask, make_plan

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
