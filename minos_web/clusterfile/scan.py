"""The value behind an equals sign: quotes, comments and unquoted comma lists, as ConfigObj reads them."""


class BadValue(ValueError):
    """A value that cannot be read; the message says why and the way out."""


def scan_value(text: str) -> str | list[str]:
    """The text of a value, or the items of a list where commas stand outside of quotes. Raises BadValue."""
    at = _skip_blanks(text, 0)
    if _is_end(text, at):
        return ""
    if text[at] == "," and _is_end(text, _skip_blanks(text, at + 1)):
        return []
    items: list[str] = []
    while True:
        item, at = _item(text, at)
        items.append(item)
        if _is_end(text, at):
            return items[0] if len(items) == 1 else items
        at = _skip_blanks(text, at + 1)
        if _is_end(text, at):
            return items


def _item(text: str, at: int) -> tuple[str, int]:
    """The item that begins at ``at``, and where the comma or the end behind it stands."""
    if text[at] in "\"'":
        return _quoted_item(text, at)
    end = at
    while end < len(text) and text[end] not in ",#":
        end += 1
    item = text[at:end].rstrip()
    if not item:
        raise BadValue("a list has an empty item between its commas; put a text with commas into quotes")
    return item, end


def _quoted_item(text: str, at: int) -> tuple[str, int]:
    """A quote ends the item only where a comma, a comment or nothing follows; others are part of the text."""
    close = text.find(text[at], at + 1)
    while close >= 0:
        behind = _skip_blanks(text, close + 1)
        if _is_end(text, behind) or text[behind] == ",":
            return text[at + 1 : close], behind
        close = text.find(text[at], close + 1)
    raise BadValue(f"the value opens with {text[at]} but does not end with it; use the other kind of quote around it")


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _is_end(text: str, at: int) -> bool:
    return at >= len(text) or text[at] == "#"
