"""What an archive names beside the published: sealed originals, receipts, papers (Z-04)."""

from pathlib import Path

import pytest

from gongheng.trading.bids import queries as bids
from gongheng.trading.contracts import actions, archiving
from gongheng.trading.contracts.tests.support import signing
from gongheng.trading.opening.tests.support import begun, shown
from gongheng.trust.crypto.digests import sm3
from gongheng.web.files import Paper
from tests.cases import OFFICER

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_sealed_originals_and_receipts_are_named_with_their_digests(tmp_path: Path) -> None:
    case = shown(tmp_path).case
    closing = bids.closing_statement(case)
    assert closing is not None

    sheets = [
        each for each in archiving.sheets_of(case, now=closing.closed_at) if each.stage == "投标"
    ]

    originals = [each.digest for each in sheets if each.title.startswith("加密投标文件")]
    assert sorted(originals) == sorted(bid.envelope_digest for bid in bids.standing(case.code))
    assert len([each for each in sheets if each.title.startswith("回执")]) == len(originals) == 3
    assert sheets[-1].digest == closing.digest
    assert not any(each.is_missing for each in sheets)


def test_bids_are_nobodys_before_the_opening_made_them_known(tmp_path: Path) -> None:
    hall = begun(tmp_path)

    sheets = archiving.sheets_of(hall.case, now=hall.deadline)

    assert bids.closing_statement(hall.case) is not None
    assert not [each for each in sheets if each.stage == "投标"]


def test_the_paper_of_a_performance_bond_is_named() -> None:
    desk = signing()
    desk.draft(bond="960000.00")
    desk.bond(paper=Paper(name="履约保函.pdf", pieces=[b"%PDF-1.7 bond"]))
    desk.sign_as_winner()
    desk.sign_as_tenderer()
    desk.course.agree(actions.propose_publication(**desk.by))
    desk.finish()

    archive = actions.close_archive(
        case_id=desk.case.pk, explanation="试运行", actor=OFFICER, now=desk.course.now
    )

    digests = {sheet["digest"]: sheet["title"] for sheet in archive.manifest["sheets"]}
    assert digests[sm3(b"%PDF-1.7 bond").hex()].startswith("履约担保：")
