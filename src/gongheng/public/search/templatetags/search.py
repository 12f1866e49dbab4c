"""Filters of the lists of hits."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from gongheng.public.search.marking import Part

register = template.Library()


@register.filter
def marked(parts: Iterable[Part]) -> SafeString:
    """Write the pieces of a text, the hits among them marked."""
    pieces = (
        f"<mark>{escape(part.text)}</mark>" if part.is_hit else escape(part.text) for part in parts
    )
    return mark_safe("".join(pieces))  # noqa: S308  every piece is escaped above
