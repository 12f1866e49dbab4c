"""A case whose report was received, and every step from there to the contract."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gongheng.trading.award import actions, bulletins, queries
from gongheng.trading.award.kinds import (
    LossCause,
    PublicityFacts,
    ResultFacts,
    Statement,
)
from gongheng.trading.award.models import Candidate
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation.models import Committee, Report
from gongheng.trading.evaluation.tests.support import FIRMS, A, B, C, Sitting, sitting
from gongheng.trust.identity.actors import Actor
from gongheng.web.files import Paper
from tests.cases import CLERK, COLLEAGUE, confirmed, person, walk_to
from tests.worlds import once

PAPER = Paper(name="放弃中标声明.pdf", pieces=[b"%PDF-1.7 we give up"])
SECTIONS = [("招标范围", "全部工程"), ("中标结果", "见公告")]
RANKING = {A: "91.00", C: "89.00", B: "88.50"}
PRICES = {code: Decimal(price) for code, (_, price) in FIRMS.items()}


@dataclass
class Course:
    """A case on its way from the report to the contract; ``now`` goes forward with the steps."""

    sitting: Sitting
    now: datetime

    @property
    def case(self) -> Case:
        return self.sitting.case

    @property
    def by(self) -> dict[str, Any]:
        return {"case_id": self.case.pk, "actor": CLERK, "now": self.now}

    @property
    def ranked(self) -> list[str]:
        """The codes of the candidates by rank, as the report has them."""
        return [row.bidder_code for row in queries.recommended(self.case)]

    def later(self, **time: float) -> "Course":
        self.now += timedelta(**time)
        return self

    def winner(self) -> Candidate:
        decision = queries.decision_of(self.case)
        assert decision is not None
        assert decision.candidate is not None
        return decision.candidate

    def agree(self, proposal: Any, actor: Actor = COLLEAGUE) -> None:
        confirmed(proposal, actor, self.now)

    def publicity(self, **changes: Any) -> PublicityFacts:
        facts: dict[str, Any] = {
            "title": f"{self.case.title}中标候选人公示",
            "ends_on": bulletins.earliest_end(self.case, self.now),
            "summary": "经综合评估，推荐下列候选人。",
            "objection_method": "通过本平台提出。",
            "responsible": "王芳",
            "other": "",
            "statements": {
                code: Statement(certificate="一级建造师 云1530001", qualification="资质齐全")
                for code in self.ranked
            },
        }
        return PublicityFacts(**(facts | changes))

    def on_view(self, **changes: Any) -> "Course":
        proposal = bulletins.propose_publicity(facts=self.publicity(**changes), **self.by)
        self.agree(proposal)
        return self

    def viewed(self) -> "Course":
        """Show the candidates and let the publicity end."""
        self.on_view()
        bulletin = queries.publicity_of(self.case)
        assert bulletin is not None
        assert bulletin.ends_at is not None
        self.now = bulletin.ends_at
        return self

    def lose(self, code: str, cause: LossCause = LossCause.GAVE_UP, **changes: Any) -> None:
        facts = {"bidder_code": code, "cause": cause, "reason": "书面声明放弃", "paper": PAPER}
        actions.record_loss(**(self.by | facts | changes))

    def awarded(self, code: str = "") -> "Course":
        if queries.publicity_of(self.case) is None:
            self.viewed()
        self.agree(actions.propose_award(bidder_code=code or self.ranked[0], **self.by))
        return self

    def notified(self) -> "Course":
        self.awarded()
        return self.notified_all()

    def notified_all(self) -> "Course":
        actions.notify(**self.by)
        return self

    def result(self, **changes: Any) -> ResultFacts:
        facts = {"title": f"{self.case.title}中标结果公告", "responsible": "王芳", "other": ""}
        return ResultFacts(**(facts | changes))

    def published(self) -> "Course":
        self.notified()
        return self.told()

    def told(self) -> "Course":
        self.agree(bulletins.propose_result(facts=self.result(), **self.by))
        return self


@once
def received(**document: Any) -> Course:
    """Return a case whose report the tenderer has received.

    The report's row is written as the committee's acts would leave it: they are tested in their room.
    """
    found = sitting(**document)
    _report(found.case, at=found.now)
    walk_to(found.walk, "publish_candidates")
    return Course(found, found.walk.now)


@once
def viewed(**document: Any) -> Course:
    return received(**document).viewed()


@once
def awarded(**document: Any) -> Course:
    return viewed(**document).awarded()


@once
def notified(**document: Any) -> Course:
    return received(**document).notified()


@once
def published(**document: Any) -> Course:
    return received(**document).published()


def _report(case: Case, *, at: datetime) -> None:
    committee = Committee.objects.create(
        region_code=case.region_code,
        case=case,
        letter_number="云专抽〔2026〕1号",
        letter_on=at.date(),
        letter_digest="ab" * 32,
        salt="00" * 32,
        commitment="00" * 32,
        seed="00" * 32,
        seed_commitment="00" * 32,
        formed_at=at,
        formed_by=CLERK.person_id,
    )
    rows = [
        {
            "rank": rank,
            "bidder": code,
            "bidder_name": FIRMS[code][0],
            "price": FIRMS[code][1],
            "total": total,
            "evaluated_price": FIRMS[code][1],
            "duration_days": 180,
            "project_manager": f"经理{rank}",
            "quality": "合格",
        }
        for rank, (code, total) in enumerate(RANKING.items(), start=1)
    ]
    Report.objects.create(
        region_code=case.region_code,
        committee=committee,
        number=1,
        conclusion="ranked",
        candidates=len(rows),
        body={"ranking": rows, "rejected": [], "method": "comprehensive"},
        digest="ef" * 32,
        drawn_up_at=at,
        signed_at=at,
        submitted_at=at,
    )


def firm(code: str, name: str = "winner") -> Actor:
    """Return somebody of a bidding firm, without an account."""
    return person(name, "bidder", organisation=code, region="440300")
