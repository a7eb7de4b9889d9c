"""Block files of packages: beside each package that is large enough for hosts to hand it on to each other."""

import hashlib
import shutil
from functools import lru_cache
from pathlib import Path

from minos_common.archives.blocks import decoded
from minos_common.archives.entries import BadArchive
from minos_web.models.packages import Package
from minos_web.store.block_writing import manifest_beside, most_for
from minos_web.store.wheels import WORKER


def blocks_of(var: Path, package: Package) -> Path:
    """Where the blocks of a package lie; its row says whether they do."""
    file = var / package.path
    return file.with_name(f".{file.name}.blocks")


def manifest_of(var: Path, package: Package) -> Path:
    """Where the list of its blocks lies."""
    return manifest_beside(blocks_of(var, package))


def sizes_of(var: Path, package: Package) -> tuple[int, ...]:
    """Stored bytes of each block. Raises OSError, BadArchive when the list is lost."""
    return _sizes(manifest_of(var, package), package.manifest)


@lru_cache(maxsize=16)
def _sizes(path: Path, sha256: str) -> tuple[int, ...]:
    return tuple(block.stored for block in decoded(path.read_bytes(), sha256).blocks)


def wants_blocks(artifact: str, size: int, spread_from: int) -> bool:
    """Whether a package shall have blocks: large ones that hosts unpack. A worker's wheel is fetched whole."""
    return artifact != WORKER and size >= spread_from


def has_room(aside: Path, size: int, keep_free: int) -> bool:
    """Whether the blocks of an archive of ``size`` bytes leave ``keep_free`` bytes of the disk free."""
    return shutil.disk_usage(aside.parent).free - most_for(size) >= keep_free


def keep_blocks(var: Path, package: Package, aside: Path) -> None:
    """Put the blocks written at ``aside`` beside their package; without any, it is said to have none."""
    written = manifest_beside(aside)
    if not written.exists():
        package.manifest, package.blocks_size = "", 0
        return
    aside.replace(blocks_of(var, package))
    written.replace(manifest_of(var, package))
    package.manifest = hashlib.sha256(manifest_of(var, package).read_bytes()).hexdigest()
    package.blocks_size = blocks_of(var, package).stat().st_size


def blocks_problem(var: Path, package: Package) -> str:
    """What is wrong with the blocks on the disk; empty when each is right."""
    try:
        listed = decoded(manifest_of(var, package).read_bytes(), package.manifest)
        with blocks_of(var, package).open("rb") as file:
            for number, block in enumerate(listed.blocks):
                if hashlib.sha256(file.read(block.stored)).digest() != block.sha256:
                    return f"block {number} is damaged"
    except (OSError, BadArchive) as error:
        return str(error)
    return ""


def drop_blocks(var: Path, package: Package) -> None:
    """Take the blocks of a package off the disk."""
    for path in (blocks_of(var, package), manifest_of(var, package)):
        path.unlink(missing_ok=True)
    package.manifest, package.blocks_size = "", 0
