"""What the documents say, taken apart: their links, addresses, commands, paths and settings."""

import re
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
DOCS = TOP / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
EVERYTHING = [TOP / "README.md", TOP / "CONTRIBUTING.md", *PAGES]
"""What people read to learn how things are. CHANGES.md tells how things were as well."""

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def prose(page: Path) -> str:
    """The text of a page without its blocks of code."""
    return _FENCE.sub("", page.read_text())


def links(page: Path) -> list[str]:
    """Where its links lead that stay in the repository."""
    return [link for link in _LINK.findall(prose(page)) if not re.match(r"[a-z]+:", link)]


def words_in_code(page: Path) -> list[str]:
    """Every text between backticks of its prose."""
    return _CODE.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The anchors of its headings, as the site and forges make them."""
    found = set()
    for heading in _HEADING.findall(prose(page)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", plain).strip()))
    return found


def mentioned(pattern: str) -> Iterator[tuple[str, str]]:
    """(page, match) of every match of the one group of a pattern, code included."""
    for page in EVERYTHING:
        for match in re.findall(pattern, page.read_text(), re.MULTILINE):
            yield page.relative_to(TOP).as_posix(), match
