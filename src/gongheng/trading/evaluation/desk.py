"""What the pages of members share: the own seat or nothing, the bids, how far one has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse

from gongheng.kernel import terms
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation import deciding, marking, queries, rules, sources
from gongheng.trading.evaluation.deciding import Gap
from gongheng.trading.evaluation.kinds import Group, Manner, MemberState
from gongheng.trading.evaluation.models import Assessment, Committee, Member, Report
from gongheng.trading.evaluation.shapes import Criterion, Rejection, Requirements
from gongheng.trading.evaluation.sources import OpenBid
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.trust.identity.kinds import Outcome
from gongheng.web.clock import legal_now

NOT_YOUR_COMMITTEE = Reason(
    code="evaluation.not_your_committee",
    message="您不是这个项目的评标委员会成员。",
    remedy="请从“评标”进入您参加的项目。",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many findings of a bid a member has saved, of how many; and whether the bid is out."""

    bid: OpenBid
    done: int
    needed: int
    rejection: Rejection | None

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is left to do here."""
        return self.rejection is not None or self.done >= self.needed


@dataclass(frozen=True, slots=True)
class Room:
    """A committee at work, as one of its members sees it."""

    actor: Actor
    member: Member
    committee: Committee
    requirements: Requirements
    bids: tuple[OpenBid, ...]
    report: Report | None
    out: Mapping[str, Rejection]
    now: datetime

    @property
    def case(self) -> Case:
        """Return the case."""
        return self.committee.case

    @property
    def is_chair(self) -> bool:
        """Tell whether the member leads the committee."""
        return self.committee.chair_id == self.member.pk

    @property
    def is_active(self) -> bool:
        """Tell whether the member has declared."""
        return self.member.state == MemberState.ACTIVE

    @property
    def is_reviewed(self) -> bool:
        """Tell whether the preliminary review is closed."""
        return self.committee.review_closed_at is not None

    @property
    def is_open(self) -> bool:
        """Tell whether findings may still be saved."""
        return self.is_active and self.report is None and queries.is_under_way(self.case)

    @property
    def stage(self) -> str:
        """Return where the committee stands."""
        if not queries.is_ready(self.committee):
            return "声明和推举负责人"
        if self.report is not None:
            return "签署评标报告"
        if not queries.is_under_way(self.case):
            return "评标已经结束"
        return "详细评审" if self.is_reviewed else "初步评审"

    @property
    def is_blind(self) -> bool:
        """Tell whether the technical part is judged without names: until a report was drawn up."""
        return self.requirements.is_blind and not self.committee.reports.exists()

    def bid(self, number: int, *, is_hidden: bool = False) -> OpenBid:
        """Return a bid, or its blind technical part, by its place. Raises ``Http404``."""
        shown = self.hidden_bids() if is_hidden else self.named_bids()
        found = next((bid for bid in shown if bid.place == number), None)
        if found is None:
            raise Http404
        return found

    def named_bids(self) -> list[OpenBid]:
        """Return the bids with their names, without what is judged blind (W-42)."""
        return [bid.without_technical() for bid in self.bids] if self.is_blind else [*self.bids]

    def hidden_bids(self) -> list[OpenBid]:
        """Return the technical parts that are judged blind, in an order of their own."""
        hidden = [bid.blind() for bid in self.bids] if self.is_blind else []
        return sorted(hidden, key=lambda bid: bid.blind_number)

    def criteria(self, *, is_hidden: bool = False) -> list[Criterion]:
        """Return the criteria that members judge at this stage, beside the names or without."""
        found = self.requirements.of_manner(
            *(deciding.SCORED if self.is_reviewed else (Manner.PASS,))
        )
        if not self.is_blind:
            return [] if is_hidden else found
        return [row for row in found if (row.group is Group.TECHNICAL) is is_hidden]

    def rejections(self) -> Mapping[str, Rejection]:
        """Return the bids that are out; before the review is closed nobody's verdict shows."""
        return self.out

    def progress(self, *, is_hidden: bool = False) -> list[Progress]:
        """Return how far the member has come with each bid, or with each blind technical part."""
        made, out = queries.assessments_of(self.member), self.rejections()
        codes = [row.code for row in self.criteria(is_hidden=is_hidden)]
        return [
            Progress(
                bid,
                sum((bid.bidder_code, code) in made for code in codes),
                len(codes),
                out.get(bid.bidder_code),
            )
            for bid in (self.hidden_bids() if is_hidden else self.bids)
        ]

    def unequal(self) -> list[Gap]:
        """Return objective items on which the members differ, once all have marked them (S-02)."""
        if not self.is_reviewed:
            return []
        findings = queries.findings_of(self.committee)
        bidders = [bid.bidder_code for bid in self.bids if bid.bidder_code not in self.rejections()]
        return list(deciding.unequal(self.requirements, bidders, findings.marks))

    def is_few(self) -> bool:
        """Tell whether the members must say if competition is left (W-26)."""
        out = self.rejections()
        left = len(self.bids) - len(out)
        on = self.case.terms_on or day_of(self.now)
        return self.is_reviewed and left > 0 and not terms.in_force("W-26", on).admits(left)

    def low_prices(self) -> frozenset[str]:
        """Return the bidders below the warning line, of those that are still in (S-08)."""
        out = self.rejections()
        prices = {
            bid.bidder_code: bid.price
            for bid in self.bids
            if bid.price and not bid.is_sealed and bid.bidder_code not in out
        }
        return rules.low_prices(prices, on=self.case.terms_on or day_of(self.now))

    def name_of(self, code: str) -> str:
        """Return the name of a bidder."""
        return next((bid.bidder_name for bid in self.bids if bid.bidder_code == code), code)

    def words(self, gap: Gap) -> str:
        """Return what is missing or unequal, in words."""
        who = f"第 {gap.seat} 席　" if gap.seat else ""
        if self.is_blind and gap.criterion.group is Group.TECHNICAL:
            hidden = next(bid for bid in self.bids if bid.bidder_code == gap.bidder_code)
            return f"{who}{hidden.blind().alias}　{gap.criterion.title}"
        return f"{who}{self.name_of(gap.bidder_code)}　{gap.criterion.title}"


def member_or_404(request: HttpRequest, case_id: UUID) -> Member:
    """Return the person's seat; a stranger finds nothing, and the try is written down."""
    actor, now = actor_of(request), legal_now()
    member = queries.seat_of(actor, case_id)
    if member is None:
        audit.record(
            actor=actor,
            deed="evaluation.read",
            object_id=case_id,
            now=now,
            outcome=Outcome.REFUSED,
            reason=NOT_YOUR_COMMITTEE.code,
        )
        raise Http404
    return member


def room_of(request: HttpRequest, case_id: UUID) -> Room:
    """Return the room of a member who declared. Raises ``Refusal``, ``Http404``."""
    member = member_or_404(request, case_id)
    if member.state != MemberState.ACTIVE:
        raise Refusal(rules.DECLARE_FIRST)
    committee = member.committee
    requirements, bids = sources.requirements_of(committee.case.code), sources.bids_of(committee)
    is_reviewed = committee.review_closed_at is not None
    return Room(
        actor=actor_of(request),
        member=member,
        committee=committee,
        requirements=requirements,
        bids=bids,
        report=queries.open_report(committee),
        out=marking.rejected_in(committee, requirements, bids) if is_reviewed else {},
        now=legal_now(),
    )


def trail_to(case: Case | None = None) -> list[tuple[str, str]]:
    """Return the way from the list of committees to the pages below a case."""
    way = [(reverse("evaluation"), "评标")]
    return [*way, (reverse("evaluation-room", args=[case.pk]), "评标室")] if case else way


def assessments(room: Room, bid: OpenBid) -> dict[str, Assessment]:
    """Return what the member saved for a bid, by criterion."""
    found = queries.assessments_of(room.member, bid.bidder_code)
    return {criterion: row for (_, criterion), row in found.items()}
