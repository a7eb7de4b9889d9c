"""What an archive would become on a disk, kept in memory: refuses what an unpacking would refuse. PURE."""

from minos_common.archives.entries import BadArchive, Entry, check_link, parts_of


class ShadowTree:
    """Takes entries one by one as an unpacking does: files are made new, links come last."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, ...], str] = {(): "directory"}
        self._links: list[tuple[list[str], Entry]] = []

    def take(self, parts: list[str], entry: Entry) -> None:
        """Add a member. Raises BadArchive."""
        if entry.kind == "directory":
            self._directory(parts)
        elif entry.kind == "file":
            self._put(parts, entry, "file")
        else:
            self._links.append((parts, entry))

    def finish(self) -> None:
        """Make the links. Raises BadArchive."""
        for parts, entry in self._links:
            if entry.kind == "symlink":
                check_link(parts, entry)
            else:
                self._hard_link(parts, entry)
                continue
            self._put(parts, entry, "symlink")

    def tops(self) -> set[str]:
        """Names that stand at the top, below which everything lies."""
        return {parts[0] for parts in self._kinds if parts}

    def only_directory(self) -> str:
        """The one directory that holds everything else; empty when there is none."""
        tops = self.tops()
        name = next(iter(tops)) if len(tops) == 1 else ""
        return name if name and self._kinds[(name,)] == "directory" else ""

    def _hard_link(self, parts: list[str], entry: Entry) -> None:
        source = parts_of(entry.target)
        if not source:
            raise BadArchive(f"the hard link {entry.name!r} has no target")
        self._directory(source[:-1])
        if self._kinds.get(tuple(source)) in (None, "directory") or tuple(parts) in self._kinds:
            raise BadArchive(f"the hard link {entry.name!r} -> {entry.target!r} cannot be made")
        self._put(parts, entry, self._kinds[tuple(source)])

    def _put(self, parts: list[str], entry: Entry, kind: str) -> None:
        self._directory(parts[:-1])
        if tuple(parts) in self._kinds:
            raise BadArchive(f"{entry.name!r} is in the archive twice")
        self._kinds[tuple(parts)] = kind

    def _directory(self, parts: list[str]) -> None:
        for end in range(1, len(parts) + 1):
            path = tuple(parts[:end])
            if self._kinds.setdefault(path, "directory") != "directory":
                raise BadArchive(f"{'/'.join(parts)!r} goes through something that is no directory")
