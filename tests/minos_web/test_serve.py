"""The server that pserve runs."""

import gc

from minos_web import serve


def test_what_lives_as_long_as_the_process_is_no_garbage() -> None:
    before = gc.get_freeze_count()
    serve._spare_what_stays()
    try:
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
