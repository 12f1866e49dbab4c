"""A case whose award letter went out, and every step to its archive."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from gongheng.kernel.identifiers import uuid7
from gongheng.trading.award.actions import report_to_supervisor
from gongheng.trading.award.kinds import BulletinKind, LetterKind, RecheckCause
from gongheng.trading.award.models import (
    Bulletin,
    Candidate,
    Decision,
    Letter,
    Recheck,
    SupervisorReport,
)
from gongheng.trading.award.papers import proof
from gongheng.trading.award.tests.support import PAPER, SECTIONS, Course, published
from gongheng.trading.cases.kinds import Phase
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts import actions, queries
from gongheng.trading.contracts.actions import BondFacts, ContractFacts
from gongheng.trading.contracts.kinds import BondForm
from gongheng.trading.contracts.models import Archive, Contract
from gongheng.trading.contracts.papers import PAPERS
from gongheng.trading.deposits import actions as deposits
from gongheng.trading.deposits.facts import Form
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.projects.tests.support import NOW, actor, lot_of, tender_of
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from gongheng.web.files import Paper
from tests.cases import person
from tests.worlds import once


@dataclass
class Signing:
    """A case that awaits its contract; ``winner`` is somebody of the firm that won."""

    course: Course
    winner: Actor

    @property
    def case(self) -> Any:
        return self.course.case

    @property
    def by(self) -> dict[str, Any]:
        return self.course.by

    @property
    def contract(self) -> Contract:
        found = queries.contract_of(self.case)
        assert found is not None
        return found

    def facts(self, bond: str = "0", **changes: Any) -> ContractFacts:
        substance = replace(queries.substance_of_bid(self.case), **changes)
        return ContractFacts(
            name="龙泉路施工一标段合同",
            substance=substance,
            clauses="按月支付进度款。",
            bond_amount=Decimal(bond),
        )

    def draft(self, bond: str = "0", **changes: Any) -> Contract:
        return actions.draft(facts=self.facts(bond, **changes), **self.by)

    def sign_as_winner(self, **changes: Any) -> None:
        facts = {
            "contract_id": self.contract.pk,
            "seen": self.contract.digest,
            "actor": self.winner,
            "now": self.course.now,
        }
        actions.sign_as_winner(**(facts | changes))

    def sign_as_tenderer(self, **changes: Any) -> None:
        facts = {"seen": self.contract.digest, **self.by}
        actions.sign_as_tenderer(**(facts | changes))

    def bond(self, amount: str = "960000.00", **changes: Any) -> None:
        facts = {
            "form": BondForm.BANK,
            "number": "BH2026001",
            "amount": Decimal(amount),
            "received_at": self.course.now,
        }
        actions.receive_bond(facts=BondFacts(**(facts | changes)), **self.by)

    def concluded(self) -> "Signing":
        self.draft()
        self.sign_as_winner()
        self.sign_as_tenderer()
        return self

    def published(self) -> "Signing":
        self.concluded()
        self.course.agree(actions.propose_publication(**self.by))
        return self

    def ready_to_archive(self) -> "Signing":
        return self.published().finish()

    def finish(self) -> "Signing":
        """Report and refund: the archive may be closed then."""
        report_to_supervisor(sections=SECTIONS, **self.by)
        deposits.confirm(step="refund_deposits", **self.by)
        return self


@once
def signing() -> Signing:
    """Return a case whose award letter went out and whose notice is published."""
    course = published()
    code = course.winner().bidder_code
    winner = person("winner", Role.BIDDER, organisation=code, region="440300")
    Account.objects.create(
        pk=winner.account_id,
        region_code=winner.region_code,
        username=winner.username,
        display_name=winner.name,
        organisation_code=code,
        organisation_name="云岭路桥建设有限公司",
    )
    course.later(minutes=1)
    return Signing(course, winner)


@once
def concluded() -> Signing:
    return signing().concluded()


@once
def ready_to_archive() -> Signing:
    return signing().ready_to_archive()


def of_the_house(clerk: Account, firm: Account) -> dict[str, str]:
    """Return places for the table of authorisation: a lot that ``firm`` won, with all its papers."""
    who = actor(clerk)
    lot = lot_of(tender_of(who, name="已定标的项目"), who, name="已定标的标段")
    case = Case.objects.get(code=lot.code)
    Case.objects.filter(pk=case.pk).update(awaits="sign_contract", phase=Phase.AWARDED)
    region, code = case.region_code, firm.organisation_code
    bulletin = Bulletin.objects.create(
        region_code=region,
        case=case,
        kind=BulletinKind.CANDIDATES,
        title="中标候选人公示",
        details={},
        drafted_by_name=who.name,
        drafted_at=NOW,
        published_at=NOW,
        ends_at=NOW + timedelta(days=4),
        version_id=uuid7(),
    )
    candidate = Candidate.objects.create(
        region_code=region,
        bulletin=bulletin,
        rank=1,
        bidder_code=code,
        bidder_name=firm.organisation_name,
        price=Decimal("9600000.00"),
        score="91.00",
        quality="合格",
        duration_days=180,
        project_manager="张建国",
        certificate="一级建造师",
        qualification="资质齐全",
    )
    decision = Decision.objects.create(
        region_code=region,
        case=case,
        candidate=candidate,
        proposed_by_name=who.name,
        proposed_at=NOW,
        decided_at=NOW,
        notified_at=NOW,
    )
    Letter.objects.create(
        region_code=region,
        decision=decision,
        kind=LetterKind.AWARD,
        number="ZT-1",
        bidder_code=code,
        bidder_name=firm.organisation_name,
        sent_at=NOW,
    )
    proof = _recheck(case)
    SupervisorReport.objects.create(
        region_code=region,
        case=case,
        number="BG-1",
        sections=[["招标范围", "全部工程"]],
        digest="ab" * 32,
        reported_by_name=who.name,
        reported_at=NOW,
    )
    contract = _contract(case, decision, who)
    deposit = _deposit(case, firm)
    return {
        "awarded": str(case.pk),
        "candidate": code,
        "proof": proof,
        "contract": str(contract.pk),
        "deposit": str(deposit.pk),
    }


def _recheck(case: Case) -> str:
    found = proof(PAPER, title="责令改正决定书")
    Recheck.objects.create(
        region_code=case.region_code,
        case=case,
        cause=RecheckCause.CORRECTION,
        reason="责令改正",
        **found,
        recorded_by_name="王芳",
        recorded_at=NOW,
    )
    return found["evidence_digest"]


def _contract(case: Case, decision: Decision, who: Actor) -> Contract:
    candidate = decision.candidate
    assert candidate is not None
    Archive.objects.create(
        region_code=case.region_code,
        case=case,
        manifest={},
        digest="ab" * 32,
        kept_until=NOW.date(),
        closed_by_name="受理员",
        closed_at=NOW,
    )
    paper = Paper(name="保函.pdf", pieces=[b"%PDF-1.7"])
    digest, name = PAPERS.enter(paper, title="HT-1-履约保证金")
    return Contract.objects.create(
        region_code=case.region_code,
        case=case,
        decision=decision,
        number="HT-1",
        bond_paper_digest=digest,
        bond_paper_name=name,
        name="施工合同",
        tenderer_name=who.organisation_name,
        tenderer_code=who.organisation_code,
        winner_name=candidate.bidder_name,
        winner_code=candidate.bidder_code,
        subject="全部工程",
        price=candidate.price,
        duration_days=180,
        quality="合格",
        project_manager="张建国",
        clauses="按月支付。",
        digest="cd" * 32,
        drafted_by_name=who.name,
        drafted_at=NOW,
    )


def _deposit(case: Case, firm: Account) -> Deposit:
    return Deposit.objects.create(
        region_code=case.region_code,
        case=case,
        bidder_code=firm.organisation_code,
        bidder_name=firm.organisation_name,
        form=Form.TRANSFER,
        amount=Decimal("200000.00"),
        payer_name=firm.organisation_name,
        bank="银行",
        number="HD001",
        received_at=NOW,
        recorded_at=NOW,
        recorded_by=firm.pk,
        recorded_by_name="受理员",
    )
