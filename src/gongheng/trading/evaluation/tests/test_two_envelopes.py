"""Two envelopes: the prices are opened when everything else has been judged, and not before (E-29)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids.kinds import PRICE_LATER
from gongheng.trading.evaluation import actions, rules, sources
from gongheng.trading.evaluation.kinds import Ground
from gongheng.trading.evaluation.tests import support
from gongheng.trading.evaluation.tests.support import TECHNICAL, VERDICTS, Sitting
from gongheng.trading.opening.models import LaterOpening
from gongheng.trading.opening.tests.support import Hall, hall
from gongheng.trading.projects.models import Lot
from tests.worlds import once

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@dataclass
class TwoEnvelopes:
    """An opening whose prices are sealed still, and the committee that judges its bids."""

    hall: Hall
    sitting: Sitting

    @property
    def codes(self) -> list[str]:
        return [who.code for who in self.hall.firms]

    def scored(self, *codes: str) -> None:
        for code in codes or self.codes:
            for member in self.sitting.members:
                self.sitting.marked(member, code, technical="40", business="15")

    def prices_opened(self) -> None:
        """Let the tenderer decide, the holders release, the worker open, the centre publish."""
        [row] = LaterOpening.objects.all()
        self.hall.open_later(row, at=self.sitting.now + timedelta(hours=1))


@pytest.fixture
def two(tmp_path: Path) -> TwoEnvelopes:
    return _technical_opened(tmp_path)


@once
def _technical_opened(folder: Path) -> TwoEnvelopes:
    opened = hall(folder, parts=PRICE_LATER)
    support._issue(opened.case, support.CRITERIA)
    opened.to_shown().publish_record()
    accounts = [support.expert(f"expert{number}") for number in range(1, 6)]
    found = Sitting(
        lot=Lot.objects.get(code=opened.case.code),
        walk=opened.tender.walk,
        accounts=accounts,
        folder=folder,
        now=opened.deadline + timedelta(hours=2),
    )
    found.declared()
    return TwoEnvelopes(opened, found)


def reviewed(two: TwoEnvelopes, *, out: str = "") -> TwoEnvelopes:
    """Close the preliminary review; one bid may be out."""
    two.sitting.passed(*(code for code in two.codes if code != out))
    against: dict[str, Any] = {"passes": False, "ground": Ground.UNQUALIFIED, "reason": "无资质"}
    for member in two.sitting.members if out else ():
        for criterion in VERDICTS:
            two.sitting.verdict(member, out, criterion, **against)
    actions.close_review(**two.sitting.by(two.sitting.chair))
    return two


def refused(deed: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        deed(**given)
    return refusal.value


def test_a_sealed_price_rejects_nobody_and_shows_nowhere(two: TwoEnvelopes) -> None:
    bids = sources.bids_of(two.sitting.fresh())

    assert {bid.price_words for bid in bids} == {"尚未开启"}
    assert not any("price" in file.path.parts for bid in bids for file in bid.files)
    two.sitting.verdict(two.sitting.chair, two.codes[0], VERDICTS[0])
    assert (
        refused(actions.close_technical, **two.sitting.by(two.sitting.chair)).reason
        is rules.REVIEW_OPEN
    )


def test_the_prices_follow_the_marks_and_only_of_the_bids_still_in(two: TwoEnvelopes) -> None:
    first, second, out = two.codes
    by_chair = reviewed(two, out=out).sitting.by(two.sitting.chair)
    assert refused(actions.close_technical, **by_chair).reason is rules.INCOMPLETE
    two.scored(first, second)
    assert refused(actions.draw_up, **by_chair).reason is rules.PRICES_SEALED

    actions.close_technical(**by_chair)

    listed = LaterOpening.objects.get().entries.values_list("entry__bidder_code", flat=True)
    assert set(listed) == {first, second}
    assert refused(actions.close_technical, **by_chair).reason is rules.TECHNICAL_CLOSED
    assert refused(actions.reopen_review, **by_chair).reason is rules.TECHNICAL_CLOSED
    with pytest.raises(Refusal) as late:
        two.sitting.mark(two.sitting.chair, first, TECHNICAL, "50", number=1)
    assert late.value.reason is rules.TECHNICAL_CLOSED


def test_the_report_ranks_by_the_prices_that_were_opened_later(two: TwoEnvelopes) -> None:
    reviewed(two)
    two.scored()
    actions.close_technical(**two.sitting.by(two.sitting.chair))
    assert refused(actions.draw_up, **two.sitting.by(two.sitting.chair)).reason is (
        rules.PRICES_SEALED
    )

    two.prices_opened()
    report = actions.draw_up(**two.sitting.by(two.sitting.chair))

    prices = [Decimal(row["price"]) for row in report.body["ranking"]]
    assert prices == [Decimal("12000000.00"), Decimal("12345678.90"), Decimal("13000000.55")]
