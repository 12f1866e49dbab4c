"""Values as they are on the wire: text, blank or not, in parts."""

BLANK = " \t\r\n\u3000"
"""Space, tab, line ends and the ideographic space; a value of these alone is blank."""


def text_of(value: object) -> str:
    """Return ``value`` if it is text, else ``""``."""
    return value if isinstance(value, str) else ""


def is_blank(text: str) -> bool:
    """Tell whether a text says nothing."""
    return not text or not text.strip(BLANK)


def parts_of(text: str) -> list[str]:
    """Return the parts of a value that holds several, joined by ``;``."""
    return text.split(";")
