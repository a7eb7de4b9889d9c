"""keep-keytabs: keytabs for the user of a task, and nobody else."""

from minos_common import names
from minos_common.verbs import KeytabsArgs
from minos_worker import durable, markers, owners
from minos_worker.verbs.work import Answer, Call, Failed, Place, Refused


def keep_keytabs(place: Place, args: KeytabsArgs, _call: Call) -> Answer:
    """Write them into the run directory, which is made if the task never was here."""
    for name in args.keytabs:
        if not names.check("file", name).endswith(".keytab"):
            raise Refused(f"{name!r} is no name of a keytab")
    run_dir, user = place.layout.run_dir(args.task), place.keeper.terms.user
    try:
        found = markers.get(run_dir)
        if found is not None and found.task != args.task:
            raise markers.NotOurs(f"{run_dir} belongs to {found.task}")
        if run_dir.exists():
            owners.check(run_dir)
        else:
            markers.put(run_dir, markers.Marker(args.task), owners.mine())
            owners.share(run_dir, user)
        for name, data in args.keytabs.items():
            durable.write(run_dir / name, data, 0o400, owners.of(user))
    except (markers.NotOurs, owners.Foreign) as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(f"a keytab cannot be written: {error}") from error
    return Answer(", ".join(sorted(args.keytabs)) or "none is named in its files")
