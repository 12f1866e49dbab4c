"""Reads the register: where it is kept elsewhere, every copy is compared with its signature."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from gongheng.data.exchange.stations import keeper, own_code
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import reasons, rules, standing
from gongheng.registers.subjects.kinds import (
    ApplicationState,
    Commission,
    SubjectRole,
    SubjectState,
)
from gongheng.registers.subjects.models import (
    AgencyAgreement,
    Application,
    Subject,
    SubjectVersion,
)
from gongheng.registers.subjects.permissions import ACT
from gongheng.registers.subjects.standing import Standing
from gongheng.trust.identity.actors import Actor

HEAD = "LEGAL_REPRESENT"
OPEN = (ApplicationState.SUBMITTED, ApplicationState.RETURNED)


@dataclass(frozen=True, slots=True)
class Registered:
    """What a verified version says of who a subject is; a natural person has no ``head``."""

    name: str
    head: str


def subject(code: str) -> Subject | None:
    """Return the subject of a code, if it is known here. Raises ``Refusal`` (FORGED_COPY)."""
    found = Subject.objects.filter(code=code).first()
    if found is not None:
        _stated(found)
    return found


def require_verified(code: str) -> SubjectVersion:
    """Return the verified version of who may take part in trades.

    Its ``pk`` is what a bid keeps: a version never changes. Raises ``Refusal`` (UNKNOWN,
    NOT_VERIFIED, FORGED_COPY).
    """
    found = Subject.objects.filter(code=code).first()
    if found is None:
        raise Refusal(reasons.UNKNOWN, code=code)
    stated = _stated(found)
    rules.require_verified(found.state)
    version = found.versions.select_related("subject").get(number=found.version)
    digest = rules.digest_of(version.body)
    if digest != version.digest or (stated is not None and digest != stated.digest):
        raise Refusal(reasons.FORGED_COPY, code=code)
    return version


def registered_in(versions: Collection[UUID]) -> dict[UUID, Registered]:
    """Return what versions say, by their keys. Raises ``Refusal`` (FORGED_COPY)."""
    found = SubjectVersion.objects.filter(pk__in=versions).select_related("subject")
    return {row.pk: _said(row) for row in found}


def registered_at(codes: Collection[str], *, at: datetime) -> dict[str, Registered]:
    """Return what was verified of subjects at an instant, by code; nothing of whom nobody knew.

    Raises ``Refusal`` (FORGED_COPY).
    """
    found = SubjectVersion.objects.filter(subject__code__in=codes, verified_at__lte=at)
    ordered = found.select_related("subject").order_by("verified_at", "number")
    newest = {row.subject.code: row for row in ordered}
    return {code: _said(row) for code, row in newest.items()}


def _said(version: SubjectVersion) -> Registered:
    if rules.digest_of(version.body) != version.digest:
        raise Refusal(reasons.FORGED_COPY, code=version.subject.code)
    return Registered(name=version.name, head=version.body.get(HEAD, ""))


def key_of(code: str) -> str | None:
    """Return the SM2 public key (hex) that a verified subject signs with, if it has one.

    Raises ``Refusal`` (FORGED_COPY).
    """
    found = Subject.objects.filter(code=code, state=SubjectState.VERIFIED).first()
    if found is None:
        return None
    stated = _stated(found)
    if stated is not None:
        return stated.key or None
    key = found.keys.filter(ends_at=None, confirmed_at__isnull=False).first()
    return key.public_key if key else None


def roles_of(version: SubjectVersion) -> frozenset[str]:
    """Return what a subject does in trades, by the codes of ``SubjectRole``."""
    stated = version.body.get("LEGAL_ROLE")
    return frozenset(stated.split(";")) if stated else frozenset({str(SubjectRole.BIDDER)})


def agreement_between(
    *, tenderer_code: str, agency_code: str, on: date, commission: Commission
) -> AgencyAgreement | None:
    """Return the confirmed agreement of a tenderer with an agency that covers a day and a deed."""
    return AgencyAgreement.objects.filter(
        tenderer_code=tenderer_code,
        agency_code=agency_code,
        starts_on__lte=on,
        ends_on__gte=on,
        commissions__contains=[commission],
        confirmed_at__isnull=False,
    ).first()


def agreements_of(actor: Actor) -> QuerySet[AgencyAgreement]:
    """Return the agreements of the actor's organisation, the newest first."""
    own = AgencyAgreement.objects.filter(
        tenderer_code=actor.organisation_code
    ) | AgencyAgreement.objects.filter(agency_code=actor.organisation_code)
    return own.order_by("-registered_at", "-id")


def applications_for(actor: Actor) -> QuerySet[Application]:
    """Return the applications within an officer's reach."""
    return Application.objects.filter(region_code__startswith=actor.reach)


def applications_of(actor: Actor) -> QuerySet[Application]:
    """Return the applications of the actor's subject at this node, the newest first.

    Who merely signed up for it sees only the own ones.
    """
    here = Application.objects.filter(origin=own_code()).order_by("-submitted_at", "-id")
    if actor.may(ACT):
        return here.filter(code=actor.organisation_code)
    return here.filter(account_id=actor.account_id, account_id__isnull=False)


def require_acting(actor: Actor) -> None:
    """Refuse who may not act for the subject yet. Raises ``Refusal`` (NOT_YOURS)."""
    if not actor.may(ACT):
        raise Refusal(reasons.NOT_YOURS)


def open_application(code: str) -> Application | None:
    """Return the application for a code that is not decided."""
    return Application.objects.filter(code=code, state__in=OPEN).first()


def subjects_for(actor: Actor) -> QuerySet[Subject]:
    """Return the subjects that an officer may look up: all of the register, wherever from."""
    return Subject.objects.all() if actor.is_signed_in else Subject.objects.none()


def subjects_within(actor: Actor) -> QuerySet[Subject]:
    """Return the subjects that an officer may suspend: those registered within the reach."""
    return Subject.objects.filter(region_code__startswith=actor.reach)


def versions_of(found: Subject) -> QuerySet[SubjectVersion]:
    """Return every version of a subject, the newest first."""
    return found.versions.order_by("-number")


def names_like(core: str) -> list[tuple[str, str]]:
    """Return code and name of subjects that may be confused with a name of this core.

    One end of the core has to be the same: the table of a province is not compared letter by letter.
    """
    same = Subject.objects.filter(core__startswith=core[:1]) | Subject.objects.filter(
        core__endswith=core[-1:]
    )
    return list(same.exclude(core="").values_list("code", "name"))


def age_of(found: Subject, *, now: datetime) -> int | None:
    """Return for how many seconds a copy has not been compared with the register; None for ours."""
    return int((now - found.learnt_at).total_seconds()) if found.learnt_at else None


def _stated(found: Subject) -> Standing | None:
    at = keeper()
    return standing.require_genuine(found, keeper=at) if at is not None else None
