"""PURE. Texts in files that people open in a spreadsheet, which computes what looks like a formula."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula may begin with: the wide signs count too, and what some programs skip before they look."""


def harmless(text: str) -> str:
    """The text as it is, with a quotation mark before it where it would be taken for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
