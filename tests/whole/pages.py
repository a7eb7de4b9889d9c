"""The console's pages as a person reads them: signed in, and tables out of the markup."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import requests

from tests.whole.site import Site


def signed_in(site: Site) -> requests.Session:
    """A browser without a window, signed in as the administrator."""
    browser = requests.Session()
    form = browser.get(f"{site.url}/sign-in", timeout=30).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token, form
    fields = {"csrf_token": token[1], "user": "admin", "password": site.password}
    answer = browser.post(f"{site.url}/sign-in", fields, headers={"Origin": site.url}, timeout=30)
    assert answer.ok and "/sign-in" not in answer.url, answer.text[:500]
    return browser


class Pages:
    """Pages of a site for its administrator."""

    def __init__(self, site: Site) -> None:
        self._url, self._session = site.url, signed_in(site)

    def get(self, path: str) -> str:
        """The markup of a page; whatever its status."""
        return self._session.get(f"{self._url}{path}", timeout=30).text

    def post(self, path: str, **fields: str) -> str:
        """The markup that comes after the page's form was sent."""
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.get(path))
        assert token, path
        sent = {"csrf_token": token[1], **fields}
        answer = self._session.post(f"{self._url}{path}", sent, headers={"Origin": self._url}, timeout=30)
        assert answer.ok, answer.text[:500]
        return answer.text

    def table(self, path: str, caption: str) -> dict[str, list[str]]:
        """The table whose caption begins with this: first cell of a row -> the others, as text."""
        return {row[0]: row[1:] for row in self.rows(path, caption)}

    def rows_of_list(self, path: str, caption: str) -> list[list[str]]:
        """Rows of that table; none while the list is empty: then its page says so in words instead."""
        found = self._table(path, caption)[0]
        return found.rows if found else []

    def rows(self, path: str, caption: str) -> list[list[str]]:
        """Rows of that table; the first one is its head."""
        found, reader = self._table(path, caption)
        assert found is not None, f"{path} has no table {caption!r}, only {[one.caption for one in reader.tables]}"
        return found.rows

    def _table(self, path: str, caption: str) -> tuple["_Table | None", "_Tables"]:
        reader = _Tables()
        reader.feed(self.get(path))
        return next((one for one in reader.tables if one.caption.startswith(caption)), None), reader


@dataclass
class _Table:
    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self._into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append(_Table())
        elif tag == "caption":
            self._into = "caption"
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in ("td", "th"):
            self.tables[-1].rows[-1].append("")
            self._into = "cell"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption"):
            self._into = ""

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text or not self._into:
            return
        table = self.tables[-1]
        if self._into == "caption":
            table.caption += text
        else:
            row = table.rows[-1]
            row[-1] = f"{row[-1]} {text}".strip()
