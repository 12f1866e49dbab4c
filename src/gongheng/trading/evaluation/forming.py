"""Forms committees under seal and replaces members; a member declares, and the members choose a chair."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.holds import actions as holds
from gongheng.trading.cases import actions as cases, queries as case_queries
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation import (
    permissions,
    queries,
    reports,
    rules,
    seating,
    sources,
    telling,
)
from gongheng.trading.evaluation.kinds import MemberState, ReplacementCause
from gongheng.trading.evaluation.models import Committee, Member
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity import audit, queries as identity
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The draw letter of the province: number, day, SM3 of the file (hex)."""

    number: str
    on: date
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A member to be: the account's name, and whence the member comes."""

    username: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account that may sit in a committee, as it was found."""

    account_id: UUID
    name: str
    organisation_code: str
    organisation_name: str
    kind: str


def person_for(seat: Seat, *, case: Case, now: datetime) -> Person:
    """Return who takes a seat. Raises ``Refusal`` (NO_EXPERT, SAME_ORGANISATION, NOT_OF_TENDERER)."""
    account = identity.account_named(seat.username)
    if account is None or not account.is_active:
        raise Refusal(seating.NO_EXPERT)
    if Role.EXPERT not in identity.roles_of(account, now=now):
        raise Refusal(seating.NO_EXPERT)
    seating.require_unbiased(
        seat.kind,
        organisation=account.organisation_code,
        tenderer=case.tenderer_code,
        agency=case.agency_code,
        bidders=sources.bidders_of(case.code),
    )
    return Person(
        account_id=account.pk,
        name=account.display_name,
        organisation_code=account.organisation_code,
        organisation_name=account.organisation_name,
        kind=seat.kind,
    )


@transaction.atomic
def form(
    *, case_id: UUID, letter: Letter, seats: Sequence[Seat], actor: Actor, now: datetime
) -> Committee:
    """Form the committee of a case and seal it: from now on only its commitment is public.

    Raises ``Refusal`` (rules, those of ``cases``).
    """
    case = _locked_case(case_id, actor)
    if queries.committee_of(case_id) is not None:
        raise Refusal(rules.ALREADY_FORMED)
    if letter.on > day_of(now):
        raise Refusal(rules.LETTER_DATE)
    people = [person_for(seat, case=case, now=now) for seat in seats]
    if len({person.account_id for person in people}) < len(people):
        raise Refusal(seating.TWICE)
    seating.require_committee([person.kind for person in people], on=_terms_on(case, now))
    committee = _written(case, letter, people, actor=actor, now=now)
    cases.advance(
        case_id=case_id,
        step="form_committee",
        actor=actor,
        now=now,
        facts={
            "members": len(people),
            "committee": committee.commitment,
            "draw": committee.seed_commitment,
            "letter": letter.digest,
        },
    )
    telling.members_invited(case, committee.members.all(), now=now)
    return committee


def _written(
    case: Case, letter: Letter, people: Sequence[Person], *, actor: Actor, now: datetime
) -> Committee:
    salt, seed = secrets.token_hex(SECRET_BYTES), secrets.token_hex(SECRET_BYTES)
    committee = Committee.objects.create(
        region_code=case.region_code,
        case=case,
        letter_number=letter.number,
        letter_on=letter.on,
        letter_digest=letter.digest,
        salt=salt,
        commitment=_commitment(case.code, people, salt),
        seed=seed,
        seed_commitment=sm3(bytes.fromhex(seed)).hex(),
        formed_at=now,
        formed_by=actor.person_id,
    )
    Member.objects.bulk_create(
        [
            _member(committee, person, seat=number, letter_number=letter.number)
            for number, person in enumerate(people, start=1)
        ]
    )
    return committee


def _member(committee: Committee, person: Person, *, seat: int, letter_number: str) -> Member:
    return Member(
        region_code=committee.region_code,
        committee=committee,
        account_id=person.account_id,
        name=person.name,
        organisation_code=person.organisation_code,
        organisation_name=person.organisation_name,
        seat=seat,
        kind=person.kind,
        letter_number=letter_number,
    )


def _commitment(case_code: str, people: Sequence[Person], salt: str) -> str:
    """Return the SM3 of the salted list: it binds to the names and tells none of them."""
    listed = [[str(person.account_id), person.name, person.kind] for person in people]
    return sm3(canonical({"case": case_code, "members": listed, "salt": salt})).hex()


@transaction.atomic
def replace(
    *,
    case_id: UUID,
    seat: int,
    cause: ReplacementCause,
    note: str,
    letter_number: str,
    username: str,
    actor: Actor,
    now: datetime,
) -> Member:
    """Put another person into a seat for a cause of the law; what the former found is void (W-22).

    Raises ``Refusal`` (rules.NOT_REPLACEABLE, those of ``person_for``).
    """
    case = _locked_case(case_id, actor)
    holds.require_none(case.code)
    committee = _locked_committee(case_id)
    former = committee.members.filter(seat=seat, replaced_at__isnull=True).first()
    if former is None or case.is_over or not _may_be_replaced(former, committee, cause):
        raise Refusal(rules.NOT_REPLACEABLE)
    person = person_for(Seat(username=username, kind=former.kind), case=case, now=now)
    if committee.members.filter(account_id=person.account_id).exists():
        raise Refusal(seating.TWICE)
    former.state, former.replaced_at = MemberState.REPLACED, now
    former.replaced_because, former.replacement_note = cause, note.strip()
    former.vote = None
    former.save()
    _begin_again(committee, former, now=now)
    member = _member(committee, person, seat=seat, letter_number=letter_number)
    member.save(force_insert=True)
    reports.member_replaced(committee, former, actor=actor, now=now)
    telling.members_invited(case, [member], now=now)
    audit.record(actor=actor, deed="evaluation.member_replaced", object_id=case_id, now=now)
    return member


def _may_be_replaced(former: Member, committee: Committee, cause: ReplacementCause) -> bool:
    if not queries.is_before_report(committee.case):
        return False
    has_avoided = former.state == MemberState.AVOIDED
    return has_avoided if cause is ReplacementCause.AVOIDANCE else not has_avoided


def _begin_again(committee: Committee, former: Member, *, now: datetime) -> None:
    """Let the new member review: verdicts are open again, a report in hand is withdrawn."""
    committee.members.filter(vote=former).update(vote=None)
    committee.reports.filter(withdrawn_at__isnull=True, submitted_at__isnull=True).update(
        withdrawn_at=now
    )
    if committee.chair_id == former.pk:
        committee.chair = committee.chair_at = None
    committee.review_closed_at = None
    committee.save()


@transaction.atomic
def declare(*, case_id: UUID, avoids: bool, reason: str, actor: Actor, now: datetime) -> Member:
    """Declare to have no conflict of interest, or step back for one (W-22).

    Who declared may still step back until the report. Raises ``Refusal`` (rules).
    """
    committee, member = locked_seat(case_id, actor)
    if not queries.is_under_way(committee.case):
        raise Refusal(rules.NOT_OPENED_YET)
    if member.state == MemberState.AVOIDED or (member.state == MemberState.ACTIVE and not avoids):
        raise Refusal(rules.DECLARED)
    if queries.open_report(committee) is not None:
        raise Refusal(rules.LOCKED)
    if avoids:
        if not reason.strip():
            raise Refusal(rules.WHY_AVOID)
        member.state, member.avoided_because = MemberState.AVOIDED, reason.strip()
        if committee.chair_id == member.pk:
            committee.chair = committee.chair_at = None
            committee.save(update_fields=["chair", "chair_at"])
    else:
        # Who has to step back does so whatever is held; to begin judging waits.
        holds.require_none(committee.case.code)
        seating.require_unbiased(
            member.kind,
            organisation=member.organisation_code,
            tenderer=committee.case.tenderer_code,
            agency=committee.case.agency_code,
            bidders=sources.bidders_of(committee.case.code),
        )
        member.state = MemberState.ACTIVE
    member.declared_at = now
    member.save(update_fields=["state", "avoided_because", "declared_at"])
    if avoids:
        telling.member_stepped_back(committee.case, now=now)
    deed = "evaluation.avoided" if avoids else "evaluation.declared"
    audit.record(actor=actor, deed=deed, object_id=case_id, now=now)
    return member


@transaction.atomic
def vote(*, case_id: UUID, seat: int, actor: Actor, now: datetime) -> Committee:
    """Vote for a chair; more than half of all members choose one. Raises ``Refusal`` (rules)."""
    committee, member = locked_seat(case_id, actor)
    require_active(member)
    holds.require_none(committee.case.code)
    if committee.chair_id is not None:
        raise Refusal(rules.CHAIR_CHOSEN)
    members = queries.standing_members(committee)
    chosen = next((other for other in members if other.seat == seat), None)
    if chosen is None or chosen.state != MemberState.ACTIVE:
        raise Refusal(rules.NOT_A_MEMBER)
    member.vote = chosen
    member.save(update_fields=["vote"])
    held = committee.members.filter(replaced_at__isnull=True).order_by("seat")
    elected = rules.elected([other.vote.seat if other.vote else None for other in held])
    if elected is not None:
        committee.chair = next(other for other in members if other.seat == elected)
        committee.chair_at = now
        committee.save(update_fields=["chair", "chair_at"])
    audit.record(actor=actor, deed="evaluation.voted", object_id=case_id, now=now)
    return committee


@transaction.atomic
def say(
    *,
    case_id: UUID,
    actor: Actor,
    now: datetime,
    lacks_competition: bool | None = None,
    needs_time: bool | None = None,
) -> Member:
    """Say whether competition is clearly lacking (W-26), or that the time is too short (W-23)."""
    committee, member = locked_seat(case_id, actor)
    require_active(member)
    require_unlocked(committee)
    if lacks_competition is not None:
        member.lacks_competition = lacks_competition
    if needs_time is not None:
        member.needs_time = needs_time
    asked_before = _must_be_extended(committee, now)
    member.save(update_fields=["lacks_competition", "needs_time"])
    if not asked_before and _must_be_extended(committee, now):
        telling.time_short(committee.case, now=now)
        reports.time_short(committee, now=now)
    audit.record(actor=actor, deed="evaluation.said", object_id=case_id, now=now)
    return member


def _must_be_extended(committee: Committee, now: datetime) -> bool:
    short, members = queries.short_of_time(committee)
    return rules.must_be_extended(short, members, on=_terms_on(committee.case, now))


@transaction.atomic
def extend_time(*, case_id: UUID, until: datetime, actor: Actor, now: datetime) -> Committee:
    """Give the committee more time, as its tenderer, when more than a third ask for it (W-23).

    Raises ``Refusal`` (TIME_SUFFICES, TIME_PAST, CLERK_ONLY, LOCKED).
    """
    case = _locked_case(case_id, actor)
    committee = _locked_committee(case_id)
    require_unlocked(committee)
    short, members = queries.short_of_time(committee)
    rules.require_time_short(short, members, on=_terms_on(case, now))
    if until <= max(now, committee.time_until or now):
        raise Refusal(rules.TIME_PAST, until=until)
    committee.time_until = until
    committee.save(update_fields=["time_until"])
    held = committee.members.filter(replaced_at__isnull=True)
    held.update(needs_time=False)
    telling.time_extended(case, held, until=until, now=now)
    reports.time_extended(committee, actor=actor, until=until, now=now)
    audit.record(actor=actor, deed="evaluation.time_extended", object_id=case_id, now=now)
    return committee


def locked_seat(case_id: UUID, actor: Actor) -> tuple[Committee, Member]:
    """Return the committee, locked, and the person's seat in it. Raises ``Member.DoesNotExist``."""
    committee = _locked_committee(case_id)
    member = queries.seats_of(actor).get(committee=committee)
    member.committee = committee
    return committee, member


def require_active(member: Member) -> None:
    """Refuse a member who has not declared. Raises ``Refusal`` (DECLARE_FIRST)."""
    if member.state != MemberState.ACTIVE:
        raise Refusal(rules.DECLARE_FIRST)


def require_chair(committee: Committee, member: Member) -> None:
    """Refuse everybody but the chair. Raises ``Refusal`` (DECLARE_FIRST, CHAIR_ONLY)."""
    require_active(member)
    if committee.chair_id != member.pk:
        raise Refusal(rules.CHAIR_ONLY)


def require_unlocked(committee: Committee) -> None:
    """Refuse a change once a report is drawn up or a hold lies on the case (LOCKED, HELD)."""
    holds.require_none(committee.case.code)
    if not queries.is_under_way(committee.case) or queries.open_report(committee) is not None:
        raise Refusal(rules.LOCKED)


def _locked_case(case_id: UUID, actor: Actor) -> Case:
    if not actor.may(permissions.FORM):
        raise Refusal(rules.CLERK_ONLY)
    own = case_queries.cases_for(actor).select_for_update(of=("self",))
    return own.get(pk=case_id)


def _locked_committee(case_id: UUID) -> Committee:
    committee = (
        Committee.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(case_id=case_id)
        .first()
    )
    if committee is None:
        raise Refusal(rules.NOT_FORMED)
    return committee


def _terms_on(case: Case, now: datetime) -> date:
    return case.terms_on or day_of(now)
