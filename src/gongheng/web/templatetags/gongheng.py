"""Filters and tags of every room's templates: dates, money, icons, page addresses."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache

from django import template
from django.forms import BaseForm
from django.template.loader import get_template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from gongheng.kernel import clock
from gongheng.kernel.clock import BEIJING

register = template.Library()

_WEEKDAYS = "一二三四五六日"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of ours; it is silent to screen readers, words stand beside it."""
    return _drawn(name)


@cache
def _drawn(name: str) -> SafeString:
    # The files are the package's own, refreshed by tools/refresh_vendor.py.
    return mark_safe(get_template(f"web/icons/{name}.svg").render())  # noqa: S308


@register.simple_tag
def options(choices: Iterable[tuple[str, str]], chosen: str = "") -> SafeString:
    """Write the options of a list to choose from, value and words each, one of them chosen."""
    return _options(tuple(choices), chosen)


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """Write them once: the same hundred divisions and kinds stand on every page of a list."""
    selected = mark_safe(" selected")
    rows = ((value, selected if value == chosen else "", words) for value, words in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@register.filter
def instant(value: datetime | None) -> str:
    """Write an instant in Beijing time to the minute."""
    return clock.to_minute(value)


@register.filter
def last_moment(value: datetime | None) -> str:
    """Write until when something lasts in Beijing time; the end of a day is its 24:00."""
    return clock.to_end(value) if value else ""


@register.filter
def exact_instant(value: datetime | None) -> str:
    """Write an instant in Beijing time to the second, where a deadline or a proof is meant."""
    return clock.to_second(value)


@register.filter
def long_day(value: datetime | None) -> str:
    """Write a day with its weekday: 2026年10月12日 星期一."""
    if not value:
        return ""
    day = value.astimezone(BEIJING)
    return f"{day.year}年{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"


@register.filter
def short_instant(value: datetime | None) -> str:
    """Write an instant in a list: month, day, hour and minute."""
    return f"{value.astimezone(BEIJING):%m-%d %H:%M}" if value else ""


@register.filter
def machine_instant(value: datetime | None) -> str:
    """Write an instant for the ``datetime`` attribute of ``<time>``."""
    return value.astimezone(BEIJING).isoformat(timespec="seconds") if value else ""


@register.filter
def grouped(value: int) -> str:
    """Write a whole number with separators."""
    return f"{value:,}"


@register.filter
def summary_lines(form: BaseForm) -> list[dict[str, str]]:
    """Return the errors of a form for its summary: message and the id it belongs to."""
    lines = [{"message": str(error), "target": ""} for error in form.non_field_errors()]
    for field in form:
        target = getattr(field, "summary_target", field.auto_id)
        lines += [
            {"message": f"{field.label}：{error}", "target": str(target)} for error in field.errors
        ]
    return lines


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, **changes: str) -> str:
    """Return this page's query with some values changed; an empty value takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def address_adding(context: template.Context, changes: Mapping[str, str]) -> str:
    """Return this page's query with values by name added, from its first page."""
    return address_with(context, **{"page": "", **changes})


@register.simple_tag(takes_context=True)
def address_without(context: template.Context, *names: str) -> str:
    """Return this page's query without some of its values."""
    query = context["request"].GET.copy()
    for name in names:
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_block_tag
def table_card(
    content: str,
    title: str,
    anchor: str,
    caption: str,
    heads: str,
    *,
    is_wide: bool = False,
    is_stacked: bool = False,
) -> str:
    """Draw a card with a table of the rows inside; ``heads`` are the words over its columns.

    On a phone a wide table is scrolled and a stacked one stands cell below cell, so that both stay
    legible; each cell of a stacked one says its column in ``data-label``.
    """
    parts = {"title": title, "anchor": anchor, "caption": caption, "heads": heads.split()}
    ways = {"is_wide": is_wide, "is_stacked": is_stacked}
    card = get_template("web/components/table_card.html")
    return card.render({**parts, **ways, "rows": content})


@register.filter
def clock_time(value: datetime | None) -> str:
    """Write the hour and minute of an instant in Beijing time."""
    return f"{value.astimezone(BEIJING):%H:%M}" if value else ""
