"""What goes out with a notice is searched before a second person lets it: texts and files (A-09)."""

from typing import Any

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import actions as cases, gate, reasons, secrecy
from gongheng.trading.cases.kinds import Verdict
from gongheng.trading.cases.models import Proposal, Review
from gongheng.trading.cases.secrecy import Ground
from gongheng.trading.documents import rules as document_rules
from gongheng.trading.documents.tests.support import drafted
from gongheng.trading.notices.tests.support import colleague_of, draft_of, propose
from gongheng.trading.projects.tests.support import (
    NOW,
    OTHER,
    actor,
    browser,
    lot_of,
    person,
    tender_of,
)
from gongheng.trust.identity.models import Account, AuditEntry
from gongheng.web import file_search
from gongheng.web.tests import pdfs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("works_adopted")]

MOBILE = "13800138000"
LIST = pdfs.written("工程量清单", f"编制人联系电话：{MOBILE}")


def waiting(data: bytes = LIST, name: str = "清单.pdf", **facts: Any) -> Proposal:
    """Return a notice that waits for its second person, and documents with a file behind it."""
    clerk = actor(person("王芳"))
    tender = tender_of(clerk)
    lot_of(tender, clerk)
    [proposal] = propose(draft_of(tender, clerk), clerk)
    drafted(proposal.case, now=NOW, by=clerk, files={name: data}, **facts)
    return proposal


def passage_of(proposal: Proposal) -> gate.Passage:
    return gate.deed_of(proposal.step).preview(proposal, NOW)


def opened(proposal: Proposal) -> list[tuple[str, Ground, str]]:
    found = [
        one for one in secrecy.findings(passage_of(proposal)) if one.record.endswith("招标文件")
    ]
    return [(one.label, one.ground, one.shown) for one in found]


def decide(
    proposal: Proposal, *, seen: str = "", reason: str = "", verdict: Verdict = Verdict.PUBLISH
) -> Review:
    return cases.confirm(
        proposal_id=proposal.pk,
        verdict=verdict,
        seen=seen or gate.digest(passage_of(proposal), [proposal]),
        reason=reason,
        actor=colleague_of(actor(Account.objects.get(pk=proposal.proposed_by))),
        now=NOW,
    )


def refused(deed: Any, *arguments: Any, **given: Any) -> Any:
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **given)
    return refusal.value.reason


def test_files_and_texts_of_the_documents_are_searched() -> None:
    proposal = waiting(contract_terms=f"质量问题请致电 {MOBILE}。")

    assert opened(proposal) == [
        ("合同主要条款", Ground.PERSONAL_DATA, "138****8000"),
        ("清单.pdf　第 2 页", Ground.PERSONAL_DATA, "138****8000"),
    ]


def test_a_file_that_cannot_be_read_asks_for_a_reason_that_stays_with_the_review() -> None:
    proposal = waiting(pdfs.written("图纸", is_mapped=False))

    assert [(label, ground) for label, ground, _ in opened(proposal)] == [
        ("清单.pdf　第 1 页", Ground.UNREAD)
    ]
    assert refused(decide, proposal) is reasons.REASON_MISSING
    # With its reason it goes as far as the next rule: these documents were not reviewed for fairness.
    reason = "逐页看过，没有个人信息。"
    assert refused(decide, proposal, reason=reason) is document_rules.NOT_REVIEWED
    back = decide(proposal, reason="扫描件请换成有文字的文件。", verdict=Verdict.RETURN)
    assert ("unread", "清单.pdf　第 1 页") in {(f["ground"], f["label"]) for f in back.findings}


def test_a_clean_file_leaves_nothing_open() -> None:
    assert opened(waiting(pdfs.written("工程量清单"))) == []


def test_another_file_is_another_passage() -> None:
    proposal = waiting()
    seen = gate.digest(passage_of(proposal), [proposal])
    clerk = actor(Account.objects.get(pk=proposal.proposed_by))
    drafted(proposal.case, now=NOW, by=clerk, files={"清单.pdf": b"%PDF-1.7 other"})

    assert refused(decide, proposal, seen=seen, reason="可以公开。") is reasons.OTHER_PASSAGE


def test_the_second_person_reads_the_findings_and_opens_the_file() -> None:
    proposal = waiting()
    [file] = passage_of(proposal).files
    page = f"/cases/proposals/{proposal.pk}/"
    second = browser(person("李娜"))

    shown = second.get(page).content.decode()
    answer = second.get(f"{page}files/{file.digest}/")

    assert "清单.pdf　第 2 页" in shown
    assert "138****8000" in shown
    assert MOBILE not in shown
    assert b"".join(answer.streaming_content) == LIST  # type: ignore[attr-defined]
    assert AuditEntry.objects.filter(deed="case.file_read").exists()
    assert second.get(f"{page}files/{'0' * 64}/").status_code == 404
    stranger = browser(person("外人", organisation_code=OTHER))
    assert stranger.get(f"{page}files/{file.digest}/").status_code == 404


def test_what_a_file_says_is_kept_nowhere() -> None:
    proposal = waiting()
    secrecy.findings(passage_of(proposal))
    [file] = passage_of(proposal).files

    kept = file.store.path_of(file.digest)
    beside = kept.with_name(f"{file.digest}.found-{file_search.VERSION}").read_text("utf-8")

    assert MOBILE not in beside
    assert "编制人" not in beside
