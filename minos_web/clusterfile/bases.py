"""PURE. Files that others build on."""

import re
from collections.abc import Iterator

from minos_web.clusterfile.interpolate import BadInterpolation, interpolated
from minos_web.clusterfile.parse import parse
from minos_web.clusterfile.tree import ConfigTree, NotText, find

_HEAD = re.compile(r"^\s*\[\s*cluster\s*\]", re.MULTILINE)


def is_base_only(tree: ConfigTree, path: str) -> bool:
    """Whether the file describes no cluster, whatever its name: it has no ``[cluster]`` and another builds on it."""
    return not _HEAD.search(_text(tree, path)) and next(builders(tree, path), None) is not None


def builders(tree: ConfigTree, path: str) -> Iterator[str]:
    """Paths of the files whose ``base=`` is this one; those that build on them are not among them."""
    name = path.rpartition("/")[2]
    for other in tree.paths():
        if other == path or not other.endswith(".cfg"):
            continue
        text = _text(tree, other)
        if name in text and _base_of(tree, text, other) == path:
            yield other


def _base_of(tree: ConfigTree, text: str, file: str) -> str | None:
    configuration = parse(text, file)[0].sections.get("configuration")
    entry = configuration.entries.get("base") if configuration else None
    if configuration is None or entry is None:
        return None
    try:
        value = interpolated(configuration, entry)
        return find(tree, value.replace("%{config_dir}", ""), file) if isinstance(value, str) else None
    except (BadInterpolation, NotText):
        return None


def _text(tree: ConfigTree, path: str) -> str:
    try:
        return tree.read(path) or ""
    except NotText:
        return ""
