"""rotate-key: makes the key pair that this worker is to use next."""

from minos_common.verbs import RotateKeyArgs
from minos_common.wire import fingerprint
from minos_worker.verbs.work import Answer, Call, Failed, Place


def rotate_key(place: Place, _args: RotateKeyArgs, _call: Call) -> Answer:
    """The next pair is on the disk. It is used when the console expects it, which it says in its next welcome."""
    try:
        pair = place.keys.make_next()
    except (OSError, ValueError) as error:
        raise Failed(f"a new key cannot be made: {error}") from error
    public = pair.public.decode()
    return Answer(f"a new key was made, fingerprint {fingerprint(pair.public)}", data={"public_key": public})
