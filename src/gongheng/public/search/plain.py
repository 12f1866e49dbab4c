"""The words of a text, without its markup."""

import html
import re

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)\b[^<>]*>|<!--[^<>]*-->", re.IGNORECASE)
_SILENT = frozenset({"script", "style"})
_BREAKS = dict.fromkeys(["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"], "\n")
_BREAKS |= dict.fromkeys(["td", "th"], "\u3000")
_GAPS = re.compile(r"\n\s*\n+")


def plain(text: str) -> str:
    """Return a text without its markup; whatever it holds, the page shows it as text.

    Takes time in proportion to the text, however it is nested.
    """
    if not _TAG.search(text):
        return text.strip()
    kept: list[str] = []
    place, silent = 0, ""
    for tag in _TAG.finditer(text):
        is_end, name = bool(tag["end"]), (tag["name"] or "").lower()
        if silent:
            if not (is_end and name == silent):
                continue
            silent = ""
        else:
            kept.append(text[place : tag.start()])
            kept.append(_BREAKS.get(name, "") if is_end or name == "br" else "")
            silent = name if name in _SILENT and not is_end else ""
        place = tag.end()
    kept.append(text[place:])
    return _GAPS.sub("\n\n", html.unescape("".join(kept))).strip()
