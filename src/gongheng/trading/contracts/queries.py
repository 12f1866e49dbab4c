"""Reads contracts and archives, always for somebody, and what a contract must say."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import queries as award
from gongheng.trading.award.kinds import Award
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts import permissions, rules
from gongheng.trading.contracts.kinds import Side
from gongheng.trading.contracts.models import Archive, Contract, Signature
from gongheng.trading.contracts.rules import Substance
from gongheng.trading.documents import queries as documents
from gongheng.trading.opening import queries as opening
from gongheng.trading.projects.models import Lot
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


def awarded(case: Case) -> Award:
    """Return the award whose letter went out. Raises ``Refusal`` (``rules.NO_AWARD``)."""
    found = award.awarded(case.code)
    if found is None or found.notified_at is None:
        raise Refusal(rules.NO_AWARD)
    return found


def lot_of(case: Case) -> Lot:
    """Return the lot of a case, with its tender project."""
    return award.lot_of(case)


def substance_of_bid(case: Case) -> Substance:
    """Return what the documents and the winning bid fix. Raises ``Refusal`` (``rules.NO_AWARD``)."""
    found, document = awarded(case), documents.issued_in(case)
    return Substance(
        winner_code=found.bidder_code,
        subject=document.scope if document else lot_of(case).content,
        price=found.amount,
        duration_days=found.duration_days,
        quality=found.quality,
        project_manager=found.project_manager,
    )


def substance_of(contract: Contract) -> Substance:
    """Return what a contract says."""
    return Substance(
        winner_code=contract.winner_code,
        subject=contract.subject,
        price=contract.price,
        duration_days=contract.duration_days,
        quality=contract.quality,
        project_manager=contract.project_manager,
    )


def contract_of(case: Case) -> Contract | None:
    """Return the contract of the award in force."""
    found = Contract.objects.filter(case=case, decision__lost_at__isnull=True)
    return found.select_related("case").first()


def contracts_for(actor: Actor) -> QuerySet[Contract]:
    """Return the contracts that a person may read: the parties', for the centre all within reach."""
    if not actor.may(permissions.READ):
        return Contract.objects.none()
    found = Contract.objects.select_related("case").order_by("-drafted_at", "-id")
    seen = Q(pk__in=[])
    if Role.BIDDER in actor.roles and actor.organisation_code:
        own = Q(winner_code=actor.organisation_code) | _of_partner(actor.organisation_code)
        seen |= own & Q(decision__lost_at__isnull=True)
    if actor.roles & {Role.CLERK, Role.OFFICER, Role.SUPERVISOR}:
        seen |= Q(case__in=cases.cases_for(actor).order_by().values("pk"))
    return found.filter(seen)


def own_contracts(actor: Actor) -> QuerySet[Contract]:
    """Return the contracts that the person's firm won, alone, leading or as a partner."""
    code = actor.organisation_code
    return contracts_for(actor).filter(Q(winner_code=code) | _of_partner(code))


def _of_partner(code: str) -> Q:
    return Q(partners__contains=[{"code": code}])


def partners_of(case: Case, bidder_code: str) -> list[dict[str, str]]:
    """Return with whom a firm bid, as its opened letter names them (J-01)."""
    bid = next(
        (each for each in opening.opened(case.code) if each.bidder_code == bidder_code), None
    )
    return [{"code": code, "name": name} for code, name in bid.partners] if bid else []


def signature_of(contract: Contract, side: Side) -> Signature | None:
    """Return a side's signature under the present text; of partners see ``partners_signed``."""
    return contract.signatures.filter(side=side, digest=contract.digest).first()


def partners_signed(contract: Contract) -> list[tuple[dict[str, str], Signature | None]]:
    """Return the winner's partners, each with its signature under the present text."""
    rows = contract.signatures.filter(side=Side.PARTNER, digest=contract.digest)
    by_code = {row.organisation_code: row for row in rows}
    return [(each, by_code.get(each["code"])) for each in contract.partners]


def unsigned(partners: Iterable[tuple[Mapping[str, str], Signature | None]]) -> list[str]:
    """Return the names of partners that have not signed; who has no code signs on paper."""
    return [each["name"] for each, row in partners if each["code"] and row is None]


def has_signed(contract: Contract, organisation_code: str) -> bool:
    """Tell whether a firm signed the present text for its side."""
    own = contract.signatures.filter(digest=contract.digest, organisation_code=organisation_code)
    return own.exclude(side=Side.TENDERER).exists()


def archive_of(case: Case) -> Archive | None:
    """Return what was put away of a round."""
    return Archive.objects.filter(case=case).first()
