"""Filters of the lists of hits."""

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from gongheng.public.search.marking import Part

register = template.Library()


@register.filter
def marked(parts: Iterable[Part]) -> SafeString:
    """Write the pieces of a text, the hits among them marked."""
    pieces = (
        format_html("<mark>{}</mark>", part.text) if part.is_hit else conditional_escape(part.text)
        for part in parts
    )
    return mark_safe("".join(pieces))  # noqa: S308  every piece is escaped above
