"""Texts of notices that hold HTML: made harmless, tables kept, personal numbers covered.

Everything a notice says is somebody else's: scripts, styles, pictures, links and attributes go, and
what stays is a handful of elements without attributes. The same cleaning is done when a text is
taken in and again when it is shown, so that a row changed behind our back cannot run anything.
"""

import re

import nh3

from gongheng.kernel.masking import EVERY_KIND, Personal, covered_positions

_TAGS = frozenset(
    [
        "p",
        "br",
        "div",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "b",
        "strong",
        "em",
        "i",
        "u",
        "sub",
        "sup",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "title",
        "textarea",
        "select",
        "button",
        "noframes",
        "noembed",
        "xmp",
        "plaintext",
        "audio",
        "video",
        "canvas",
    ]
)
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_LARGEST_SPAN = 100
_HEADING = re.compile(r"<(/?)h[1-6]>")
_SPAN = re.compile(r' (?:col|row)span="([^"]*)"')
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]*)[^<>]*>")
_INLINE = frozenset({"b", "strong", "em", "i", "u", "sub", "sup"})
_EMPTY = re.compile(r"<(p|div|b|strong|em|i|u|sub|sup)>(?:\s|&nbsp;|<br>)*</\1>")
_MARKUP = re.compile(r"<[a-zA-Z/!]")

DEEPEST = 200
"""Elements within each other beyond which a text is taken for an attack and shown as plain text."""


def has_markup(text: str) -> bool:
    """Tell whether a text holds anything that a browser would take for markup."""
    return _MARKUP.search(text) is not None


def clean(text: str) -> str:
    """Return HTML that is safe to show: no script, link, picture, style or attribute but spans.

    Headings become bold paragraphs: the page has its own. Text too deeply nested comes back without
    any markup.
    """
    if _depth(text) > DEEPEST:
        text = _ANY_TAG.sub(" ", text)
    safe = nh3.clean(
        text,
        tags=set(_TAGS),
        clean_content_tags=set(_SILENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(),
        link_rel=None,
    )
    # What follows only takes away or renames elements without attributes.
    safe = _HEADING.sub(lambda found: "</b></p>" if found[1] else "<p><b>", safe)
    safe = _SPAN.sub(_sane_span, safe)
    return _EMPTY.sub("", safe).strip()


def _sane_span(found: re.Match[str]) -> str:
    digits = found[1].strip()
    is_sane = digits.isascii() and digits.isdigit() and 0 < int(digits[:4]) <= _LARGEST_SPAN
    return found[0] if is_sane else ""


def _depth(text: str) -> int:
    """Return how many elements are open at most, counted the coarse way."""
    depth = deepest = 0
    for found in _ANY_TAG.finditer(text):
        if found[2].lower() in {
            "br",
            "p",
            "img",
            "hr",
            "input",
            "meta",
            "link",
        }:
            continue
        depth = max(depth + (-1 if found[1] else 1), 0)
        deepest = max(deepest, depth)
    return deepest


def masked(html: str, kinds: frozenset[Personal] = EVERY_KIND) -> str:
    """Return clean HTML with personal numbers covered, also those that a tag cuts in two.

    Elements within a line count as nothing, all others as a gap: the digits of two cells of a table
    are two numbers.
    """
    plain: list[str] = []
    origin: list[int] = []
    place = 0
    for found in _ANY_TAG.finditer(html):
        plain.append(html[place : found.start()])
        origin.extend(range(place, found.start()))
        if found[2].lower() not in _INLINE:
            plain.append("\n")
            origin.append(found.start())
        place = found.end()
    plain.append(html[place:])
    origin.extend(range(place, len(html)))
    result = list(html)
    for position in covered_positions("".join(plain), kinds):
        result[origin[position]] = "*"
    return "".join(result)
