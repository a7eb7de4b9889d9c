"""The service of docs/adding-a-service.md, taken from the very text that people read."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[3] / "docs" / "adding-a-service.md"
_FILE = re.compile(r"^`([\w./]+)`:\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def example_files() -> dict[str, str]:
    """Path below the folder -> text."""
    return {match[1]: match[2] for match in _FILE.finditer(DOCS.read_text())}


def put_example(services: Path) -> Path:
    """Write the folder below a directory of services; the directory."""
    for name, text in example_files().items():
        path = services / "counter" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return services
