"""Drafts and signs contracts, takes bonds, publishes, and closes archives: the only writer here."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel import terms
from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.codes import actions as codes
from gongheng.registers.holds import actions as holds
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.registers.subjects import queries as subjects
from gongheng.trading.award import actions as award
from gongheng.trading.award.kinds import LossCause
from gongheng.trading.cases import actions as case_actions
from gongheng.trading.cases.models import Case, DoneStep, Proposal
from gongheng.trading.contracts import archiving, permissions, queries, reports, rules
from gongheng.trading.contracts.kinds import BondForm, Side
from gongheng.trading.contracts.models import Archive, Contract, Signature
from gongheng.trading.contracts.papers import PAPERS
from gongheng.trading.contracts.rules import Substance
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor
from gongheng.web.files import Paper
from gongheng.web.routes import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """What the tenderer writes into a contract; ``bond_amount`` in yuan, 0 for none."""

    name: str
    substance: Substance
    clauses: str
    bond_amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BondFacts:
    """A performance bond as it came in; ``amount`` in yuan."""

    form: BondForm
    number: str
    amount: Decimal
    received_at: datetime
    paper: Paper | None = None


@transaction.atomic
def draft(*, case_id: UUID, facts: ContractFacts, actor: Actor, now: datetime) -> Contract:
    """Write the contract of the award, or another text of it; earlier signatures then count no more.

    Raises ``Refusal``: ``rules.NO_AWARD``, UNEQUAL naming the fields, BOND_TOO_LARGE, CONCLUDED,
    NOT_A_PARTY.
    """
    case = _locked(case_id, actor, permissions.SIGN)
    found, tender = queries.awarded(case), queries.lot_of(case).tender_project
    contract = queries.contract_of(case)
    if contract is not None and contract.is_concluded:
        raise Refusal(rules.CONCLUDED)
    rules.require_equal(facts.substance, queries.substance_of_bid(case))
    term = terms.in_force("F-05", case.terms_on or day_of(now))
    rules.require_bond(facts.bond_amount, price=facts.substance.price, term=term)
    if contract is None:
        contract = Contract(
            region_code=case.region_code,
            case=case,
            decision_id=UUID(found.decision_id),
            number=codes.issue_reference(
                region_code=settings.NODE.region_code,
                letters="HT",
                day=now.astimezone(BEIJING).date(),
            ),
            revision=0,
        )
    contract.tenderer_name, contract.tenderer_code = tender.tenderer_name, tender.tenderer_code
    contract.winner_name, contract.winner_code = found.bidder_name, found.bidder_code
    contract.partners = queries.partners_of(case, found.bidder_code)
    _write(contract, facts, actor=actor, now=now)
    audit.record(actor=actor, deed="contract.drafted", object_id=contract.pk, now=now)
    messages.send(
        recipients=[Recipient(organisation_code=code) for code in _winning(contract)],
        subject=f"{case.title}：合同待签署",
        body=f"{contract.name}（{contract.number}，第 {contract.revision} 稿）已经起草，请在业务工作台查看并签署。",
        kind="contract.drafted",
        now=now,
        case_code=case.code,
    )
    return contract


def _winning(contract: Contract) -> list[str]:
    """Return the codes of the winner and of the partners that can sign here."""
    return [contract.winner_code, *(each["code"] for each in contract.partners if each["code"])]


def _write(contract: Contract, facts: ContractFacts, *, actor: Actor, now: datetime) -> None:
    contract.name, contract.clauses = facts.name, facts.clauses
    contract.subject, contract.price = facts.substance.subject, facts.substance.price
    contract.duration_days = facts.substance.duration_days
    contract.quality = facts.substance.quality
    contract.project_manager = facts.substance.project_manager
    contract.bond_amount = facts.bond_amount
    contract.digest = digest_of(contract)
    contract.revision += 1
    contract.drafted_by_name, contract.drafted_at = actor.name, now
    contract.save()


def digest_of(contract: Contract) -> str:
    """Return the SM3 of a contract's text, hex: what both sides sign."""
    return sm3(canonical(reports.text_of(contract))).hex()


@transaction.atomic
def receive_bond(*, case_id: UUID, facts: BondFacts, actor: Actor, now: datetime) -> Contract:
    """Record the performance bond that came in.

    Raises ``Refusal``: NO_DRAFT, BOND_NOT_ASKED, BOND_TOO_SMALL, BOND_AHEAD, CONCLUDED, and what no
    room keeps as a paper.
    """
    contract = _open_contract(_locked(case_id, actor, permissions.SIGN))
    rules.require_right_receipt(
        facts.amount, asked=contract.bond_amount, received_at=facts.received_at, now=now
    )
    contract.bond_form, contract.bond_number = facts.form, facts.number
    contract.bond_received, contract.bond_received_at = facts.amount, facts.received_at
    contract.bond_paper_digest, contract.bond_paper_name = PAPERS.enter(
        facts.paper, title=f"{contract.number}-履约保证金"
    )
    contract.save()
    audit.record(actor=actor, deed="contract.bond_received", object_id=contract.pk, now=now)
    return contract


@transaction.atomic
def sign_as_winner(
    *, contract_id: UUID, seen: str, signature: str = "", actor: Actor, now: datetime
) -> Signature:
    """Sign the present text for the winner or its partner; ``seen`` is the digest of what was read.

    ``signature`` is the hex of an SM2 signature over the digest's text by the registered key, or
    empty. Raises ``Refusal``: NOT_A_PARTY, OTHER_TEXT, ALREADY_SIGNED, NO_KEY, BAD_SIGNATURE.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    may = actor.may(permissions.SIGN_AS_WINNER)
    code = actor.organisation_code
    if not (may and code and code in _winning(contract)):
        raise Refusal(rules.NOT_A_PARTY)
    holds.require_none(contract.case.code)
    if contract.is_concluded:
        raise Refusal(rules.CONCLUDED)
    side = Side.WINNER if code == contract.winner_code else Side.PARTNER
    return _sign(contract, side, seen=seen, signature=signature, actor=actor, now=now)


@transaction.atomic
def sign_as_tenderer(
    *, case_id: UUID, seen: str, signature: str = "", actor: Actor, now: datetime
) -> DoneStep:
    """Sign for the tenderer after the winner: with this the contract is concluded (W-33, J-01).

    Raises ``Refusal``: WINNER_FIRST, PARTNERS_FIRST, BOND_MISSING, and as ``sign_as_winner`` and the case.
    """
    case = _locked(case_id, actor, permissions.SIGN)
    contract = _open_contract(case)
    if queries.signature_of(contract, Side.WINNER) is None:
        raise Refusal(rules.WINNER_FIRST)
    _sign(contract, Side.TENDERER, seen=seen, signature=signature, actor=actor, now=now)
    contract.concluded_at = now
    contract.save(update_fields=["concluded_at"])
    return case_actions.advance(
        case_id=case_id,
        step="sign_contract",
        actor=actor,
        now=now,
        facts={"contract": str(contract.pk)},
        outcome="signed",
    )


def _sign(
    contract: Contract, side: Side, *, seen: str, signature: str, actor: Actor, now: datetime
) -> Signature:
    rules.require_same_text(seen=seen, standing=contract.digest)
    key = _verified(contract.digest, signature, actor.organisation_code) if signature else ""
    row = Signature(
        region_code=contract.region_code,
        contract=contract,
        side=side,
        digest=contract.digest,
        organisation_code=actor.organisation_code,
        signed_by=actor.person_id,
        signed_by_name=actor.name,
        public_key=key,
        signature=signature,
        signed_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refusal(rules.ALREADY_SIGNED) from None
    audit.record(
        actor=actor,
        deed=f"contract.signed.{side}",
        object_id=contract.pk,
        public_key=key,
        now=now,
    )
    return row


def _verified(digest: str, signature: str, organisation_code: str) -> str:
    """Return the key that a signature was made with. Raises ``Refusal`` (NO_KEY, BAD_SIGNATURE)."""
    key = subjects.key_of(organisation_code)
    if not key:
        raise Refusal(rules.NO_KEY)
    try:
        raw = bytes.fromhex(signature)
    except ValueError:
        raise Refusal(rules.BAD_SIGNATURE) from None
    if not PublicKey.from_hex(key).verify(raw, digest.encode()):
        raise Refusal(rules.BAD_SIGNATURE)
    return key


@transaction.atomic
def winner_lost(
    *,
    case_id: UUID,
    cause: LossCause,
    reason: str,
    paper: Paper | None,
    actor: Actor,
    now: datetime,
) -> DoneStep:
    """Go back to the award because the winner gives up or cannot conclude (W-29, H-02, Q-06).

    Raises ``Refusal`` as ``award.actions.record_loss`` and the case.
    """
    award.winner_lost(
        case_id=case_id, cause=cause, reason=reason, paper=paper, actor=actor, now=now
    )
    return case_actions.advance(
        case_id=case_id, step="sign_contract", actor=actor, now=now, outcome="winner_lost"
    )


@transaction.atomic
def propose_publication(*, case_id: UUID, actor: Actor, now: datetime) -> Proposal:
    """Hand the publication of the contract to a second person (B-09). Raises ``Refusal``."""
    case = _locked(case_id, actor, permissions.PUBLISH)
    contract = queries.contract_of(case)
    if contract is None or not contract.is_concluded:
        raise Refusal(rules.NO_DRAFT)
    return case_actions.propose(
        case_id=case_id,
        step="publish_contract",
        actor=actor,
        now=now,
        facts={"contract": str(contract.pk)},
    )


def publish(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Publish a concluded contract, as two people agreed (the gate's deed)."""
    contract = Contract.objects.get(case=proposal.case, pk=str(proposal.facts["contract"]))
    version = reports.contract_published(contract, lot=queries.lot_of(proposal.case), now=now)
    contract.version_id = version.pk
    contract.save(update_fields=["version_id"])
    case_actions.advance(
        case_id=proposal.case_id,
        step=proposal.step,
        actor=actor,
        now=now,
        facts=proposal.facts,
        outcome=proposal.outcome,
    )


@transaction.atomic
def close_archive(*, case_id: UUID, explanation: str, actor: Actor, now: datetime) -> Archive:
    """Put the papers of a case away: a manifest of all with their digests (Z-02).

    ``explanation`` says why papers are missing. Raises ``Refusal`` (UNEXPLAINED and the case's).
    """
    case_actions.advance(case_id=case_id, step="archive", actor=actor, now=now)
    case = Case.objects.get(pk=case_id)
    sheets = archiving.sheets_of(case, now=now)
    rules.require_explained((row.title for row in sheets if row.is_missing), explanation)
    manifest = archiving.manifest(case, sheets, explanation=explanation.strip(), now=now)
    term = terms.in_force("Z-02", case.terms_on or day_of(now))
    return Archive.objects.create(
        region_code=case.region_code,
        case=case,
        manifest=manifest,
        digest=sm3(canonical(manifest)).hex(),
        explanation=explanation.strip(),
        kept_until=term.kept_until(now),
        closed_by_name=actor.name,
        closed_at=now,
    )


def _open_contract(case: Case) -> Contract:
    contract = queries.contract_of(case)
    if contract is None:
        raise Refusal(rules.NO_DRAFT)
    if contract.is_concluded:
        raise Refusal(rules.CONCLUDED)
    return contract


def _locked(case_id: UUID, actor: Actor, permission: Permission) -> Case:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if not (actor.may(permission) and actor.is_of(case.tenderer_code, case.agency_code)):
        raise Refusal(rules.NOT_A_PARTY)
    holds.require_none(case.code)
    return case
