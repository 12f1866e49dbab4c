"""Signing, publishing and archiving: what happens, and what is refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from gongheng.data.records.models import Current
from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects.tests.support import verified, with_key
from gongheng.trading.award import queries as award
from gongheng.trading.award.actions import propose_award
from gongheng.trading.award.kinds import LossCause
from gongheng.trading.award.tests.support import PAPER
from gongheng.trading.cases import actions as cases, reasons
from gongheng.trading.contracts import actions, queries, rules
from gongheng.trading.contracts.kinds import Side
from gongheng.trading.contracts.models import Contract
from gongheng.trading.contracts.tests.support import concluded, ready_to_archive, signing
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey
from tests.cases import BIDDER, COLLEAGUE, OFFICER

pytestmark = pytest.mark.django_db


def refused(deed: Any, *arguments: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **facts)
    return refusal.value


def test_both_sides_sign_what_the_bid_says() -> None:
    desk = concluded()

    assert desk.contract.is_concluded
    assert {row.side for row in desk.contract.signatures.all()} == {Side.WINNER, Side.TENDERER}
    assert desk.case.awaits == "publish_contract"
    assert not desk.case.steps.get(step="sign_contract").notes


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", Decimal("9599999.99")),
        ("duration_days", 200),
        ("quality", "优良"),
        ("project_manager", "别人"),
        ("subject", "另加绿化工程"),
    ],
)
def test_a_contract_that_departs_from_the_bid_is_not_drafted(field: str, value: Any) -> None:
    desk = signing()

    refusal = refused(desk.draft, **{field: value})

    assert refusal.reason is rules.UNEQUAL
    assert refusal.facts["fields"] == (field,)
    assert not Contract.objects.exists()


def test_a_contract_that_was_changed_behind_the_desk_is_not_concluded() -> None:
    desk = signing()
    desk.draft()
    desk.sign_as_winner()
    Contract.objects.update(price=Decimal("9700000.00"))

    refusal = refused(desk.sign_as_tenderer)

    assert refusal.reason is rules.UNEQUAL
    assert desk.case.awaits == "sign_contract"
    assert not desk.contract.is_concluded


def test_the_tenderer_signs_after_the_winner() -> None:
    desk = signing()
    desk.draft()

    refusal = refused(desk.sign_as_tenderer)

    assert refusal.reason is rules.WINNER_FIRST


def test_another_text_must_be_signed_anew() -> None:
    desk = signing()
    desk.draft()
    seen = desk.contract.digest
    desk.sign_as_winner()
    desk.draft(bond="960000.00")

    assert queries.signature_of(desk.contract, Side.WINNER) is None
    assert refused(desk.sign_as_winner, seen=seen).reason is rules.OTHER_TEXT
    assert refused(desk.sign_as_tenderer).reason is rules.WINNER_FIRST


def test_a_side_signs_a_text_once() -> None:
    desk = signing()
    desk.draft()
    desk.sign_as_winner()

    assert refused(desk.sign_as_winner).reason is rules.ALREADY_SIGNED


def test_nobody_but_the_parties_signs() -> None:
    desk = signing()
    desk.draft()

    assert refused(desk.sign_as_winner, actor=BIDDER).reason is rules.NOT_A_PARTY
    assert refused(desk.sign_as_tenderer, actor=BIDDER).reason is rules.NOT_A_PARTY


def test_a_signature_is_checked_with_the_registered_key() -> None:
    desk = signing()
    desk.draft()
    digest = desk.contract.digest.encode()
    stranger = PrivateKey.generate().sign(digest).hex()
    assert refused(desk.sign_as_winner, signature=stranger).reason is rules.NO_KEY
    verified(desk.winner.organisation_code, "云岭路桥建设有限公司")
    key = with_key(desk.winner)

    for wrong in (stranger, "not hexadecimal", key.sign(b"another text").hex()):
        assert refused(desk.sign_as_winner, signature=wrong).reason is rules.BAD_SIGNATURE
    desk.sign_as_winner(signature=key.sign(digest).hex())

    signature = queries.signature_of(desk.contract, Side.WINNER)
    assert signature is not None
    assert signature.public_key == key.public.to_hex()


def test_a_bond_that_was_asked_for_must_be_there() -> None:
    desk = signing()
    desk.draft(bond="960000.00")
    desk.sign_as_winner()

    assert refused(desk.sign_as_tenderer).reason is rules.BOND_MISSING
    desk.bond()
    desk.sign_as_tenderer()

    assert desk.contract.is_concluded


def test_a_bond_keeps_to_the_law_and_to_the_contract() -> None:
    desk = signing()
    assert refused(desk.draft, "960000.01").reason is rules.BOND_TOO_LARGE
    assert refused(desk.bond).reason is rules.NO_DRAFT
    desk.draft()
    assert refused(desk.bond).reason is rules.BOND_NOT_ASKED
    desk.draft(bond="960000.00")

    assert refused(desk.bond, "959999.99").reason is rules.BOND_TOO_SMALL
    ahead = desk.course.now + timedelta(seconds=1)
    assert refused(desk.bond, received_at=ahead).reason is rules.BOND_AHEAD


def test_a_late_contract_is_concluded_and_noted_with_w_33() -> None:
    desk = signing()
    desk.course.later(days=60)

    desk.concluded()

    [note] = desk.case.steps.get(step="sign_contract").notes
    assert note["rule"] == "W-33"


def test_a_lost_winner_leads_back_to_the_next_candidate() -> None:
    """Q-06, W-29."""
    desk = signing()
    first, second, _ = desk.course.ranked
    facts = {"cause": LossCause.NO_BOND, "reason": "逾期不提交履约保证金", "paper": PAPER}

    actions.winner_lost(**desk.by, **facts)

    assert desk.case.awaits == "award"
    assert award.awarded(desk.case.code) is None
    refusal = refused(propose_award, bidder_code=first, **desk.by)
    assert refusal.reason.code == "award.cannot_win"
    desk.course.awarded(second)
    assert desk.course.winner().bidder_code == second


def test_a_winner_is_not_lost_without_a_recorded_cause() -> None:
    desk = signing()

    refusal = refused(cases.advance, step="sign_contract", outcome="winner_lost", **desk.by)

    assert refusal.reason is rules.NOT_LOST


def test_a_contract_is_public_after_a_second_look() -> None:
    desk = concluded()
    proposal = actions.propose_publication(**desk.by)
    with pytest.raises(Refusal) as refusal:
        desk.course.agree(proposal, desk.by["actor"])
    desk.course.agree(proposal, COLLEAGUE)

    body = Current.objects.get(dataset="CONTRACT_PERFORMANCE").version.body
    assert refusal.value.reason is reasons.SAME_PERSON
    assert body["CONTRACT_PRICE"] == "9600000.00"
    assert "玖佰陆拾万元整" in body["CONTRACT_CONTENT"]
    assert desk.case.awaits == "archive"


def test_the_archive_names_every_paper_and_what_is_missing() -> None:
    desk = ready_to_archive()
    asked = {"case_id": desk.case.pk, "actor": OFFICER, "now": desk.course.now}

    refusal = refused(actions.close_archive, explanation=" ", **asked)
    archive = actions.close_archive(explanation="演示项目没有公告记录", **asked)

    assert refusal.reason is rules.UNEXPLAINED
    assert "招标公告" in refusal.facts["missing"]
    titles = {sheet["title"]: sheet["digest"] for sheet in archive.manifest["sheets"]}
    assert titles["书面合同"] == desk.contract.digest
    assert titles["招标投标情况书面报告"]
    assert archive.digest == sm3(canonical(archive.manifest)).hex()
    assert archive.kept_until.year == desk.course.now.year + 30
    assert desk.case.is_over


def test_an_archive_waits_for_report_and_refunds() -> None:
    desk = signing().published()

    refusal = refused(
        actions.close_archive,
        case_id=desk.case.pk,
        explanation="",
        actor=OFFICER,
        now=desk.course.now,
    )

    assert refusal.reason is reasons.NOT_YET


def test_a_concluded_contract_is_changed_no_more() -> None:
    desk = concluded()

    assert refused(desk.draft).reason is rules.CONCLUDED
    assert refused(desk.sign_as_winner).reason is rules.CONCLUDED
