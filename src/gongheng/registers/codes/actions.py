"""Issues codes: every number once, in order, however many ask at the same moment.

All of these run inside the transaction of the deed that needs the code: what is rolled back gives
its number back, so that series have no gaps within what was reserved.
"""

from datetime import date

from django.db import transaction

from gongheng.data.exchange.stations import keeper
from gongheng.kernel.codes import transaction as deals, works
from gongheng.registers.codes import ranges, rules
from gongheng.registers.codes.models import Counter
from gongheng.registers.codes.series import daily, platform_identifier

__all__ = [
    "issue_project_code",
    "issue_reference",
    "issue_section_code",
    "issue_tender_project_code",
    "issue_transaction_code",
    "platform_identifier",
]

EVER = date.min
"""The day of a series that never begins anew."""


def issue_transaction_code(
    *, category: str, region_code: str, platform_code: str, day: date
) -> str:
    """Issue the next unified transaction code of a platform for a category and day.

    ``region_code`` is the platform's region, not the lot's: the code does not carry a region, so a
    serial must not be counted twice for one platform.
    """
    serial = _next(
        region_code,
        daily(category, platform_code),
        issued_on=day,
        largest=rules.LARGEST_TRANSACTION_SERIAL,
    )
    return str(deals.issue(category=category, platform=platform_code, on=day, serial=serial))


def issue_project_code(*, region_code: str) -> str:
    """Issue the next project code of the region's platform: 17 characters."""
    platform = platform_identifier(region_code)
    serial = _next(region_code, platform, issued_on=EVER, largest=rules.LARGEST_PROJECT_SERIAL)
    return works.project_code(platform, serial)


def issue_tender_project_code(*, region_code: str, project_code: str) -> str:
    """Issue the next code of a tender project below a project: 20 characters."""
    return _child(region_code, project_code)


def issue_section_code(*, region_code: str, tender_project_code: str) -> str:
    """Issue the next code of a lot below a tender project: 23 characters."""
    return _child(region_code, tender_project_code)


def issue_reference(*, region_code: str, letters: str, day: date) -> str:
    """Issue the next number of a day that people quote: letters, region, day, serial."""
    serial = _next(region_code, letters, issued_on=day, largest=rules.LARGEST_TRANSACTION_SERIAL)
    return f"{letters}-{region_code}-{day:%Y%m%d}-{serial:06d}"


def _child(region_code: str, parent: str) -> str:
    ordinal = _next(region_code, parent, issued_on=EVER, largest=rules.LARGEST_ORDINAL)
    return works.child_code(parent, ordinal)


@transaction.atomic
def _next(region_code: str, series: str, *, issued_on: date, largest: int) -> int:
    Counter.objects.bulk_create(
        [Counter(region_code=region_code, series=series, issued_on=issued_on)],
        ignore_conflicts=True,
    )
    counter = Counter.objects.select_for_update(of=("self",)).get(
        region_code=region_code, series=series, issued_on=issued_on
    )
    serial = _following(series, counter.last, issued_on)
    rules.require_left(serial=serial, largest=largest)
    counter.last = serial
    counter.save(update_fields=["last"])
    return counter.last


def _following(series: str, last: int, issued_on: date) -> int:
    """Return the next number: ours where we keep the service, else one that was reserved for us.

    A series of which nothing was ever reserved is ours alone (parts below our own codes, and all of
    them before a city joined the service): it counts on.
    """
    at = keeper()
    spans = ranges.spans_of(series, keeper=at) if at is not None else []
    return rules.next_serial(spans=spans, last=last, day=issued_on) if spans else last + 1
