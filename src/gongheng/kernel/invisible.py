"""Characters that nobody sees and that change what is read: they turn text round, or part a word.

A name with such a character looks like another one and is none; nothing is lost without them.
"""

import re

CHARACTERS = (
    r"\u00ad\u061c\u115f\u1160\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    r"\ufff9-\ufffb"
)
"""For the inside of a regular expression's brackets; what Mongolian is written with is not among them."""
_INVISIBLE = re.compile(f"[{CHARACTERS}]")


def without(text: str) -> str:
    """Return a text without such characters."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def has_any(text: str) -> bool:
    """Tell whether a text holds such a character."""
    return not text.isascii() and _INVISIBLE.search(text) is not None
