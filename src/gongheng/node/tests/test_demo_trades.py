"""The demonstration's notices pass the standard's checks, and its deals say what was paid."""

from decimal import Decimal

import pytest

from gongheng.data.records.models import Current
from gongheng.node.demo import trades

_PAID = {"BID_DEAL_ANNOUNCE": "WIN_BID_PRICE", "TRADE_RESULT_INFO": "TRADE_VALUE"}


@pytest.mark.django_db
@pytest.mark.parametrize("notices", [trades.CITY, trades.PROVINCE], ids=["city", "province"])
def test_every_notice_is_taken_by_the_standard(notices: tuple[trades.Notice, ...]) -> None:
    trades.load(notices)

    titles = {notice.title for notice in notices}
    written = [str(row.version.body) for row in Current.objects.select_related("version")]
    assert {title for title in titles if any(title in body for body in written)} == titles


@pytest.mark.django_db
def test_a_deal_was_made_for_the_price_that_its_words_tell() -> None:
    trades.load(trades.CITY)

    deals = Current.objects.filter(dataset__in=_PAID).select_related("version")
    paid = sorted(Decimal(deal.version.body[_PAID[deal.dataset]]) for deal in deals)
    assert paid == [468_000, 1_420_000, 3_186_000]
