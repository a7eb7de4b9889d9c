"""What can be done with a cluster, in the words of its pages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Act:
    """How a page speaks of an action. ``typed``: the cluster's name must be typed. ``sends``: it can bring package and
    files; one that ``picks`` brings the package alone. One that ``chooses`` is never about the whole cluster. ``moves``: it does something with many tasks, so that it can be asked how.
    """

    name: str
    verb: str
    icon: str
    means: str
    typed: bool = True
    picks: bool = False
    chooses: bool = False
    danger: bool = False
    sends: bool = False
    moves: bool = True


ACTS = {
    act.name: act
    for act in (
        Act(
            "install",
            "Install",
            "packages",
            "Unpacks the package on every host beforehand, beside what is there. Nothing that runs is touched, and nothing runs from it until it is sent.",
            typed=False,
            picks=True,
        ),
        Act(
            "bootstrap",
            "Bootstrap",
            "bootstrap",
            "Makes the directories of every task, brings package and files, does what is done once, and starts.",
            sends=True,
        ),
        Act(
            "start",
            "Start",
            "start",
            "Starts what does not run. A task that runs is left alone.",
            typed=False,
            sends=True,
        ),
        Act("stop", "Stop", "stop", "Stops the processes. Their data stays where it is.", danger=True),
        Act(
            "restart", "Restart", "restart", "Stops the chosen tasks, then starts them again.", danger=True, sends=True
        ),
        Act(
            "rolling_update",
            "Rolling update of",
            "rolling",
            "Restarts the tasks that run one batch after another, and goes on only when the daemons themselves say that all is well again.",
            sends=True,
        ),
        Act(
            "decommission",
            "Decommission",
            "stop",
            "Takes tasks out of service without loss: what they hold goes to the others first, then they are stopped. The cluster file says so from then on.",
            danger=True,
            chooses=True,
        ),
        Act(
            "recommission",
            "Recommission",
            "start",
            "Takes decommissioned tasks back into service, and starts them.",
            typed=False,
            chooses=True,
        ),
        Act("show", "Show", "show", "Asks every task how it is. Changes nothing.", typed=False, moves=False),
        Act(
            "cleanup",
            "Clean up",
            "cleanup",
            "Deletes log and data of stopped tasks, for ever. The cluster must be bootstrapped again afterwards.",
            danger=True,
        ),
    )
}
