"""A batch of figures with when it was taken, by two clocks. PURE."""

import msgspec

from minos_common.words import Samples


class Batch(msgspec.Struct):
    """``taken`` is the host's time of day (epoch seconds), which somebody may set; ``clock`` counts seconds since boot
    number ``boot_id``, which nobody can."""

    samples: Samples
    taken: float
    clock: float
    boot_id: str

    @property
    def batch_id(self) -> str:
        """What the console knows it by."""
        return self.samples.batch_id

    def place(self, boot_id: str, console_boot: float | None) -> None:
        """Say by how much its times differ from the console's, once and for all; ``console_boot`` is when this boot (number
        ``boot_id``) began by the console's time, None: not known."""
        if self.samples.shift is None and console_boot is not None and self.boot_id == boot_id:
            self.samples.shift = console_boot + self.clock - self.taken
