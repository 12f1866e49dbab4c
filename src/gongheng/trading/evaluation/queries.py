"""Reads committees, seats, findings and reports; always for somebody, or for a later step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from gongheng.kernel.money import written
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.kinds import Information, Party, Sight
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation import rules
from gongheng.trading.evaluation.deciding import Findings
from gongheng.trading.evaluation.kinds import (
    STANDING,
    Conclusion,
    Ground,
    MemberState,
    RequestState,
)
from gongheng.trading.evaluation.models import (
    Assessment,
    Committee,
    Member,
    Report,
    Request,
    Signature,
)
from gongheng.trading.evaluation.shapes import Mark
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A ranked bid as later steps need it; ``price`` is the evaluated one after correction."""

    rank: int
    bidder_code: str
    bidder_name: str
    price: Decimal
    score: Decimal
    evaluated_price: Decimal
    duration_days: int | None
    project_manager: str
    quality: str

    @property
    def price_words(self) -> str:
        """Return the evaluated price as people read it."""
        return written(self.evaluated_price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A rejected bid with the ground of the law and the reason in words."""

    bidder_code: str
    bidder_name: str
    ground: str
    reason: str

    @property
    def ground_label(self) -> str:
        """Return the ground in the words of the law."""
        return str(Ground(self.ground).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReport:
    """The report that the committee handed over: ``ranking`` is whole, candidates are its first."""

    number: int
    conclusion: str
    signed_at: datetime
    submitted_at: datetime
    ranking: tuple[Ranked, ...]
    rejected: tuple[Rejected, ...]
    method: str
    candidates: int
    digest: str

    @property
    def conclusion_label(self) -> str:
        """Return the conclusion in Chinese."""
        return str(Conclusion(self.conclusion).label)


def report(case_code: str) -> SignedReport | None:
    """Return the latest report that was handed over in the lot's present round, if there is one."""
    case = cases.case_of(case_code)
    found = None
    if case is not None:
        handed = Report.objects.filter(committee__case=case, submitted_at__isnull=False)
        found = handed.order_by("-number").first()
    return _signed(found) if found is not None else None


def _signed(found: Report) -> SignedReport:
    assert found.signed_at is not None  # noqa: S101  a constraint of handing over
    assert found.submitted_at is not None  # noqa: S101  asked for above
    body = found.body
    return SignedReport(
        number=found.number,
        conclusion=found.conclusion,
        signed_at=found.signed_at,
        submitted_at=found.submitted_at,
        ranking=tuple(
            Ranked(
                rank=row["rank"],
                bidder_code=row["bidder"],
                bidder_name=row["bidder_name"],
                price=Decimal(row["price"]),
                score=Decimal(row["total"]),
                evaluated_price=Decimal(row["evaluated_price"]),
                duration_days=row["duration_days"],
                project_manager=row["project_manager"],
                quality=row["quality"],
            )
            for row in body["ranking"]
        ),
        rejected=tuple(
            Rejected(
                bidder_code=row["bidder"],
                bidder_name=row["bidder_name"],
                ground=row["ground"],
                reason=row["reason"],
            )
            for row in body["rejected"]
        ),
        method=body["method"],
        candidates=found.candidates,
        digest=found.digest,
    )


def committee_of(case: Case | UUID) -> Committee | None:
    """Return the committee of a round."""
    case_id = case if isinstance(case, UUID) else case.pk
    return Committee.objects.select_related("case", "chair").filter(case_id=case_id).first()


def seats_of(actor: Actor) -> QuerySet[Member]:
    """Return the person's own seats, the newest first; nobody sees another's committee."""
    if actor.account_id is None or Role.EXPERT not in actor.roles:
        return Member.objects.none()
    own = Member.objects.filter(account_id=actor.account_id, replaced_at__isnull=True)
    return own.select_related("committee__case", "committee__chair").order_by(
        "-committee__formed_at", "-id"
    )


def seat_of(actor: Actor, case_id: UUID) -> Member | None:
    """Return the person's seat in a case."""
    return seats_of(actor).filter(committee__case_id=case_id).first()


def standing_members(committee: Committee) -> list[Member]:
    """Return the members who belong to the committee now, by seat."""
    return list(
        committee.members.filter(state__in=STANDING, replaced_at__isnull=True)
        .select_related("vote")
        .order_by("seat")
    )


def short_of_time(committee: Committee) -> tuple[int, int]:
    """Return how many members find the time too short, of how many (W-23)."""
    held = committee.members.filter(replaced_at__isnull=True)
    return held.filter(needs_time=True).count(), held.count()


def is_ready(committee: Committee) -> bool:
    """Tell whether every seat is held by a member who declared, and a chair was chosen."""
    held = list(committee.members.filter(replaced_at__isnull=True).values_list("state", flat=True))
    return (
        committee.chair_id is not None
        and bool(held)
        and all(state == MemberState.ACTIVE for state in held)
    )


def is_under_way(case: Case) -> bool:
    """Tell whether the case awaits its evaluation."""
    return bool(case.awaits == "evaluate")


def is_before_report(case: Case) -> bool:
    """Tell whether the committee has its report before it: members may still be replaced."""
    return case.awaits in {"close_bids", "open_bids", "publish_opening", "evaluate"}


def assessments_of(member: Member, bidder_code: str = "") -> dict[tuple[str, str], Assessment]:
    """Return what a member found, by bidder and criterion."""
    found = member.assessments.all()
    if bidder_code:
        found = found.filter(bidder_code=bidder_code)
    return {(row.bidder_code, row.criterion): row for row in found}


def findings_of(committee: Committee) -> Findings:
    """Return what the present members found; what a replaced one found is void (W-22)."""
    members = standing_members(committee)
    seats = {member.pk: member.seat for member in members}
    rows = Assessment.objects.filter(member__in=members).order_by(
        "member__seat", "bidder_code", "criterion"
    )
    return Findings(
        seats=tuple(member.seat for member in members),
        marks=tuple(
            Mark(
                seat=seats[row.member_id],
                bidder_code=row.bidder_code,
                criterion=row.criterion,
                value=row.value,
                passes=row.passes,
                ground=row.ground,
                reason=row.reason,
            )
            for row in rows
        ),
        competition=tuple(member.lacks_competition for member in members),
        unconfirmed=frozenset(
            committee.requests.filter(
                state=RequestState.REFUSED, corrected_price__isnull=False
            ).values_list("bidder_code", flat=True)
        ),
    )


def corrected_prices(committee: Committee) -> Mapping[str, Decimal]:
    """Return the prices that bidders confirmed after correction, the latest of each (S-09)."""
    rows = committee.requests.filter(
        state=RequestState.ACCEPTED, corrected_price__isnull=False
    ).order_by("answered_at", "id")
    return {row.bidder_code: row.corrected_price for row in rows if row.corrected_price}


def open_report(committee: Committee) -> Report | None:
    """Return the report that waits for signatures or to be handed over."""
    return committee.reports.filter(withdrawn_at__isnull=True, submitted_at__isnull=True).first()


def latest_report(committee: Committee) -> Report | None:
    """Return the newest report that was not withdrawn."""
    return committee.reports.filter(withdrawn_at__isnull=True).order_by("-number").first()


def signatures_of(found: Report) -> dict[UUID, Signature]:
    """Return what the members said to a report, by member."""
    return {row.member_id: row for row in found.signatures.select_related("member", "noted_by")}


def opinions_on(found: Report) -> list[str | None]:
    """Return what each present member said to a report, ``None`` for who has not spoken."""
    said = dict(found.signatures.values_list("member_id", "opinion"))
    return [said.get(member.pk) for member in standing_members(found.committee)]


def requests_to(actor: Actor) -> QuerySet[Request]:
    """Return the committee's requests to the person's firm, those without answer first."""
    if Role.BIDDER not in actor.roles or not actor.organisation_code:
        return Request.objects.none()
    own = Request.objects.filter(bidder_code=actor.organisation_code)
    return own.select_related("committee__case").order_by("answered_at", "-asked_at")


def shows_names(case: Case, party: Party) -> bool:
    """Tell whether a party may see who the members are (A-04)."""
    return cases.sight(case, information=Information.EXPERT_NAMES, party=party) is Sight.FULL


def exported_for(actor: Actor, case: Case) -> Report:
    """Return the report whose data a person may take away.

    Raises ``Refusal`` (rules.NO_REPORT, rules.SECRET_STILL).
    """
    committee = committee_of(case)
    found = latest_report(committee) if committee else None
    if found is None or found.submitted_at is None:
        raise Refusal(rules.NO_REPORT)
    party = Party.SUPERVISOR if Role.SUPERVISOR in actor.roles else Party.TENDERER
    seen = cases.sight(case, information=Information.MEMBER_SCORES, party=party)
    if seen is not Sight.FULL:
        raise Refusal(rules.SECRET_STILL)
    return found
