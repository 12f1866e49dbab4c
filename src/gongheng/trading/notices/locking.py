"""Cases that go together, locked in one order: first the cases, then what hangs on them."""

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.models import Case
from gongheng.trading.notices import queries, rules
from gongheng.trading.notices.models import Notice


def cases_of_notice(lot_code: str) -> tuple[Notice, list[Case]]:
    """Return a lot's standing notice as it stands behind the lock, and the cases of its lots.

    A second person's confirmation locks the same rows in the same order. Raises ``Refusal``
    (rules.NO_NOTICE).
    """
    cases = locked([lot.code for lot in queries.standing_lots(_notice(lot_code))])
    return _notice(lot_code), cases


def locked(lot_codes: list[str]) -> list[Case]:
    """Return the cases under way of some lots, locked until the commit."""
    under_way = Case.objects.filter(code__in=lot_codes, is_over=False)
    return list(under_way.select_for_update(of=("self",)).order_by("id"))


def _notice(lot_code: str) -> Notice:
    notice = queries.standing_notice(lot_code)
    if notice is None:
        raise Refusal(rules.NO_NOTICE, lot=lot_code)
    return notice
