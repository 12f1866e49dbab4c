"""A case before its evaluation: documents issued, three bids opened, seven experts in the pool."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.kinds import Phase
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import content
from gongheng.trading.documents.models import Criterion, TenderDocument
from gongheng.trading.evaluation import actions, queries
from gongheng.trading.evaluation.actions import Finding, Letter, Seat
from gongheng.trading.evaluation.kinds import MemberKind, MemberState, RequestKind
from gongheng.trading.evaluation.models import Committee, Member, Report, Request
from gongheng.trading.opening import queries as openings
from gongheng.trading.opening.kinds import Stage, State
from gongheng.trading.opening.models import Entry, FrozenPart, Opening
from gongheng.trading.projects.models import Lot
from gongheng.trading.projects.tests.support import (
    AGENCY,
    actor,
    credit_code,
    lot_of,
    person,
    tender_of,
)
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from tests.cases import CLERK, NOW, TENDERER, Walk, lot_case, open_accounts
from tests.worlds import once

FIRMS = {
    credit_code("91530100MA6K0010A"): ("云岭路桥建设有限公司", "9600000.00"),
    credit_code("91530100MA6K0020B"): ("滇中市政工程有限公司", "10000000.00"),
    credit_code("91530100MA6K0030C"): ("翠湖建筑集团有限公司", "9200000.00"),
}
A, B, C = FIRMS
CRITERIA: tuple[dict[str, Any], ...] = (
    {"group": "form", "number": 1, "title": "签字盖章", "method": "pass", "is_veto": True},
    {"group": "qualification", "number": 1, "title": "资质", "method": "pass", "is_veto": True},
    {
        "group": "technical",
        "number": 1,
        "title": "施工组织设计",
        "text": "针对性强得四十分以上；一般得三十至四十分；有缺项得三十分以下。",
        "method": "points",
        "points": Decimal(50),
    },
    {
        "group": "commercial",
        "number": 1,
        "title": "类似业绩",
        "text": "每项五分，满分二十分。",
        "method": "points",
        "points": Decimal(20),
        "is_objective": True,
    },
    {"group": "price", "number": 1, "title": "投标报价", "method": "points", "points": Decimal(30)},
)
VERDICTS = ("form-1", "qualification-1")
TECHNICAL, BUSINESS = "technical-1", "commercial-1"
HANDBOOK = {
    A: (["42", "44", "43", "45", "41"], "18"),
    C: (["40", "39", "41", "42", "38"], "19"),
    B: (["46", "45", "47", "44", "48"], "15"),
}
AFTER_OPENING = ("publish_opening", "evaluate")
LETTER = Letter(number="云专抽〔2026〕1号", on=date(2026, 10, 12), digest="ab" * 32)


PARTNER = {
    "name": "示例安装有限公司",
    "code": credit_code("91530100MA6K0090J"),
    "contact": "",
    "phone": "0871-60000009",
}
"""A partner whom the list of bidders does not take, for want of whom to ask there."""


def consortium(bidder: str, *partners: dict[str, str]) -> None:
    """Let the letter of an opened bid name partners."""
    entry = Entry.objects.get(bidder_code=bidder)
    entry.letter = entry.letter | {"consortium": list(partners)}
    entry.save()


def expert(name: str, **changes: Any) -> Account:
    facts = {"role": Role.EXPERT, "organisation_code": "", "organisation_name": ""}
    return person(name, **(facts | {"region_code": "530300"} | changes))


@dataclass
class Sitting:
    """A case that awaits its evaluation, its lot, its committee to be, and the people."""

    lot: Lot
    walk: Walk
    accounts: list[Account]
    folder: Path
    now: Any = None
    committee: Committee | None = None
    members: list[Actor] = field(default_factory=list)

    @property
    def case(self) -> Case:
        found = cases.case_of(self.lot.code)
        assert found is not None
        return found

    def seats(self, experts: int = 5, representatives: int = 0) -> list[Seat]:
        chosen = [
            Seat(username=account.username, kind=MemberKind.EXPERT)
            for account in self.accounts[:experts]
        ]
        return chosen + [
            Seat(username=f"rep{number}", kind=MemberKind.REPRESENTATIVE)
            for number in range(representatives)
        ]

    def form(self, **changes: Any) -> Committee:
        facts = {
            "case_id": self.case.pk,
            "letter": LETTER,
            "seats": self.seats(),
            "actor": CLERK,
            "now": self.now,
        }
        self.committee = actions.form(**(facts | changes))
        self.members = [actor(account) for account in self.accounts[:5]]
        return self.committee

    def fresh(self) -> Committee:
        found = queries.committee_of(self.case)
        assert found is not None
        return found

    @property
    def chair(self) -> Actor:
        return self.members[0]

    def declared(self) -> "Sitting":
        """Let everybody declare, and the first seat lead."""
        self.form()
        for member in self.members:
            actions.declare(**self.by(member), avoids=False, reason="")
        for member in self.members[:3]:
            actions.vote(**self.by(member), seat=1)
        return self

    def by(self, member: Actor) -> dict[str, Any]:
        return {"case_id": self.case.pk, "actor": member, "now": self.now}

    def verdict(self, member: Actor, bidder: str, criterion: str, **changes: Any) -> None:
        facts: dict[str, Any] = {"criterion": criterion, "number": 0, "passes": True}
        actions.save(**self.by(member), bidder_code=bidder, finding=Finding(**(facts | changes)))

    def mark(
        self, member: Actor, bidder: str, criterion: str, points: str, *, number: int = 0
    ) -> None:
        finding = Finding(criterion=criterion, number=number, points=points)
        actions.save(**self.by(member), bidder_code=bidder, finding=finding)

    def passed(self, *bidders: str, criteria: tuple[str, ...] = VERDICTS) -> None:
        """Let everybody pass these bids."""
        findings = [Finding(criterion=code, number=0, passes=True) for code in criteria]
        for member in self.members:
            for bidder in bidders:
                self._found(member, bidder, findings)

    def marked(self, member: Actor, bidder: str, *, technical: str, business: str) -> None:
        """Mark everything that is to be marked of a bid, in one deed as the page does."""
        points = {TECHNICAL: technical, BUSINESS: business}
        found = [Finding(criterion=code, number=0, points=told) for code, told in points.items()]
        self._found(member, bidder, found)

    def _found(self, member: Actor, bidder: str, findings: list[Finding]) -> None:
        told = actions.save_all(**self.by(member), bidder_code=bidder, findings=findings)
        assert [each for each in told if isinstance(each, Refusal)] == []

    def reviewed(self) -> "Sitting":
        """Let everybody pass every bid, and close the preliminary review."""
        self.declared()
        self.passed(*FIRMS)
        actions.close_review(**self.by(self.chair))
        return self

    def scored(self) -> "Sitting":
        """Let everybody mark as in the handbook's example of S-02."""
        return self.scored_of(*FIRMS)

    def scored_of(self, *bidders: str) -> "Sitting":
        """Let everybody mark some of the bids."""
        self.reviewed()
        for bidder in bidders:
            technical, business = HANDBOOK[bidder]
            for member, points in zip(self.members, technical, strict=True):
                self.marked(member, bidder, technical=points, business=business)
        return self

    def drawn_up(self) -> Report:
        self.scored()
        return actions.draw_up(**self.by(self.chair))

    def sign(self, member: Actor, report: Report, **changes: Any) -> None:
        facts: dict[str, Any] = {"digest": report.digest, "opinion": "agreed", "reason": ""}
        actions.sign(**self.by(member), **(facts | changes))

    def submitted(self) -> Report:
        report = self.drawn_up()
        for member in self.members:
            self.sign(member, report)
        return actions.submit(**self.by(self.chair))


@once
def sitting(
    step: str = "evaluate", *, criteria: tuple[dict[str, Any], ...] = CRITERIA, **document: Any
) -> Sitting:
    open_accounts()
    lot, walk = lot_case(step)
    case = walk.fresh()
    _issue(case, criteria, **document)
    folder = _open(case, walk) if step in AFTER_OPENING else Path()
    accounts = [expert(f"expert{number}", display_name=f"专家{number}") for number in range(1, 8)]
    return Sitting(lot=lot, walk=walk, accounts=accounts, folder=folder, now=walk.now)


@once
def declared(**document: Any) -> Sitting:
    return sitting(**document).declared()


@once
def reviewed(**document: Any) -> Sitting:
    return sitting(**document).reviewed()


@once
def scored(**document: Any) -> Sitting:
    return sitting(**document).scored()


@once
def drawn_up(**document: Any) -> tuple[Sitting, Report]:
    found = sitting(**document)
    return found, found.drawn_up()


@once
def submitted(**document: Any) -> tuple[Sitting, Report]:
    found = sitting(**document)
    return found, found.submitted()


def _issue(case: Case, criteria: tuple[dict[str, Any], ...], **changes: Any) -> TenderDocument:
    facts: dict[str, Any] = {
        "region_code": case.region_code,
        "case_code": case.code,
        "round_number": case.round_number,
        "number": 1,
        "evaluation_method": "comprehensive",
        "price_rule": {
            "formula": "lowest_first",
            "points": "30.00",
            "trim": 0,
            "ties": ["price", "technical", "draw"],
        },
        "ceiling": Decimal("13500000.00"),
        "validity_days": 90,
        "duration_days": 180,
        "quality": "合格",
        "scope": "施工图范围内的全部工程",
        "requirements": "按招标文件执行。",
        "contract_terms": "按通用合同条款执行。",
        "digest": "cd" * 32,
        "issued_at": NOW,
        "saved_by": CLERK.person_id,
        "saved_by_name": CLERK.name,
        "saved_at": NOW,
    }
    document = TenderDocument.objects.create(**(facts | changes))
    for row in criteria:
        Criterion.objects.create(region_code=case.region_code, document=document, **row)
    document.content = content.issued(document, Lot.objects.get(code=case.code))
    document.digest = content.digest(document.content)
    document.save()
    return document


def _open(case: Case, walk: Walk) -> Path:
    opening = Opening.objects.create(
        region_code=case.region_code,
        case=case,
        case_code=case.code,
        stage=Stage.PUBLISHED,
        policy_digest="00" * 32,
        closing_digest="00" * 32,
        begins_at=walk.now,
        releases_until=walk.now + timedelta(minutes=30),
    )
    for number, (code, (name, price)) in enumerate(FIRMS.items(), start=1):
        entry = Entry.objects.create(
            region_code=case.region_code,
            opening=opening,
            number=number,
            bid_id=opening.pk,
            bidder_code=code,
            bidder_name=name,
            envelope=f"{number:064x}",
            path="",
            state=State.OPENED,
            opened_at=walk.now,
            price=Decimal(price),
            duration_days=180,
            project_manager=f"经理{number}",
            quality="合格",
            letter={
                "price": price,
                "documents": [
                    {"name": "design.txt", "title": "施工组织设计", "criterion": TECHNICAL}
                ],
            },
        )
        Entry.objects.filter(pk=entry.pk).update(bid_id=entry.pk)
    FrozenPart.objects.create(
        region_code=case.region_code, opening=opening, part="business", statement={}, digest=""
    )
    folders = [bid.folder for bid in openings.opened(case.code)]
    for folder in folders:
        (folder / "business").mkdir(parents=True, exist_ok=True)
        (folder / "business/bid.json").write_text(json.dumps({"price": "1"}), encoding="utf-8")
        (folder / "business/design.txt").write_text("第一章 总体部署", encoding="utf-8")
    return folders[0].parent


def representative(number: int = 0, **changes: Any) -> Account:
    facts = {"organisation_code": TENDERER, "region_code": "530100"}
    return expert(f"rep{number}", **(facts | changes))


def of_the_house(clerk: Account) -> tuple[dict[str, Account], dict[str, str]]:
    """Return people and places for the table of authorisation: a committee at its report."""
    who = actor(clerk)
    lot = lot_of(tender_of(who, name="评标中的项目"), who, name="评标中的标段")
    case = Case.objects.get(code=lot.code)
    Case.objects.filter(pk=case.pk).update(awaits="evaluate", phase=Phase.EVALUATION)
    case.refresh_from_db()
    _issue(case, CRITERIA)
    _open(case, Walk(case, NOW))
    member = expert("member", display_name="席上专家")
    committee = Committee.objects.create(
        region_code=case.region_code,
        case=case,
        letter_number=LETTER.number,
        letter_on=LETTER.on,
        letter_digest=LETTER.digest,
        salt="00" * 32,
        commitment="00" * 32,
        seed="00" * 32,
        seed_commitment="00" * 32,
        formed_at=NOW,
        formed_by=clerk.pk,
    )
    seat = Member.objects.create(
        region_code=case.region_code,
        committee=committee,
        account_id=member.pk,
        name=member.display_name,
        seat=1,
        kind=MemberKind.EXPERT,
        state=MemberState.ACTIVE,
    )
    request = Request.objects.create(
        region_code=case.region_code,
        committee=committee,
        bidder_code=AGENCY,
        kind=RequestKind.CLARIFICATION,
        question="请说明工期。",
        asked_by=seat,
        asked_at=NOW,
        due_at=NOW + timedelta(hours=2),
    )
    return {"member": member}, {"sitting": str(case.pk), "request": str(request.pk)}
