"""The list of notices beside what the leaves prove: nothing more, nothing less, nothing otherwise."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from gongheng.data.standard import history, keys, registry, summary
from gongheng.kernel.reasons import Refusal
from gongheng.public.monitor.findings import OTHER_LISTING, UNLISTED, UNPROVEN, Finding
from gongheng.public.monitor.memory import Notice
from gongheng.trust.tlog.leaves import Claim

DELETED = "delete"
_COMPARED = (
    "dataset",
    "kind",
    "trade_type",
    "region_code",
    "case_code",
)
_MASK = re.compile(r"(?:\\\*)+")


def notice_of(claim: Claim, body: Mapping[str, object], position: int) -> Notice | None:
    """Return the notice that a proven record is, None when it is none."""
    dataset = str(claim.columns.get("dataset", ""))
    try:
        about = summary.describe(dataset, body)
        is_past = history.is_history(body)
        if not about.is_notice and not is_past:
            return None
        key = history.key_of(dataset, body) if is_past else keys.key_of(dataset, body)
    except Refusal:
        return None
    return Notice(
        id=claim.record,
        dataset=dataset,
        key=key,
        number=int(claim.columns.get("version", 0)),
        operation=str(claim.columns.get("operation", "")),
        title=_title(dataset, body, is_past=is_past),
        kind=str(claim.columns.get("kind", "")),
        trade_type=str(claim.columns.get("trade", "")),
        region_code=str(claim.columns.get("region", "")),
        case_code=str(claim.columns.get("case", "")),
        published_at=str(claim.columns.get("at", "")),
        position=position,
    )


def _title(dataset: str, body: Mapping[str, object], *, is_past: bool) -> str:
    """Return the title that the public body proves, empty when it proves none."""
    if is_past:
        return str(body.get(history.TITLE, ""))
    title = summary.describe(dataset, body).title
    return title if title != registry.dataset(dataset).name else ""


def in_force(notices: Sequence[Notice]) -> list[Notice]:
    """Return what the list must show: of each record the newest version, newest first.

    The key of some records is not public. Of such a one the next number of the same dataset in the
    same case is taken for its next version.
    """
    keyless = Counter(_place(notice) for notice in notices if not notice.key)
    newest: dict[tuple[str, str], Notice] = {}
    for notice in notices:
        following = _place(replace(notice, number=notice.number + 1))
        if not notice.key and keyless[following]:
            keyless[following] -= 1
            continue
        name = notice.dataset, notice.key or notice.id
        known = newest.get(name)
        if known is None or notice.number > known.number:
            newest[name] = notice
    standing = [notice for notice in newest.values() if notice.operation != DELETED]
    return sorted(
        standing, key=lambda each: datetime.fromisoformat(each.published_at), reverse=True
    )


def _place(notice: Notice) -> tuple[str, str, int]:
    return notice.dataset, notice.case_code, notice.number


def compare(
    expected: Sequence[Notice], listed: Sequence[Mapping[str, Any]], *, most: int
) -> Iterator[Finding]:
    """Yield what is wrong with a list that was read as far as ``most`` rows."""
    rows = {str(row.get("id")): row for row in listed}
    proven = {notice.id: notice for notice in expected}
    for identity, row in rows.items():
        if identity not in proven:
            yield Finding(UNPROVEN, f"公告 {identity}（{row.get('title')}）")
    is_whole = len(listed) < most
    last = min((_instant(row) for row in listed), default=None)
    for notice in expected:
        found = rows.get(notice.id)
        if found is None:
            is_beyond = last is not None and _told(notice.published_at) <= last
            if is_whole or not is_beyond:
                yield Finding(UNLISTED, _words(notice), notice.position)
        elif differing := [name for name, is_same in _fields(notice, found) if not is_same]:
            yield Finding(
                OTHER_LISTING, f"{_words(notice)}：{'、'.join(differing)}", notice.position
            )


def _words(notice: Notice) -> str:
    return f"公告 {notice.id}（{notice.title}）"


def _fields(notice: Notice, row: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    for name in _COMPARED:
        yield name, getattr(notice, name) == row.get(name)
    # Numbers of persons are masked in what is proven; the list may show them or not.
    pattern = _MASK.sub(".+", re.escape(notice.title))
    is_same = re.fullmatch(pattern, str(row.get("title"))) is not None
    yield "title", is_same or not notice.title
    yield "published_at", _told(notice.published_at) == _instant(row)


def _told(text: str) -> datetime:
    """Return an instant as lists tell it: leaves hold microseconds, JSON milliseconds."""
    found = datetime.fromisoformat(text)
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def _instant(row: Mapping[str, Any]) -> datetime:
    try:
        found = _told(str(row.get("published_at")))
    except ValueError:
        return _NEVER
    return found if found.tzinfo else _NEVER


_NEVER = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
