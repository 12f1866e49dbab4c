"""Changes the role templates: proposed by one officer, confirmed by another, learnt by cities.

A template that is taken away ends its grants at once, where it is confirmed and, as soon as the
statement arrives, at every city; what was granted for longer than a shorter template lets stays
until its end and is renewed by the new one (seeds 001-22, 000-23).
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.identity import (
    audit,
    proposals,
    role_sets,
    role_statement,
    roles,
    rules,
    telling,
)
from gongheng.trust.identity.actors import Actor, system_of
from gongheng.trust.identity.kinds import Role, SetState
from gongheng.trust.identity.models import Grant, RoleTemplateSet
from gongheng.trust.identity.roles import Templates

TEMPLATES_KEPT_ELSEWHERE = Reason(
    code="identity.templates_kept_elsewhere",
    message="角色模板由省级平台统一制定，本平台只能使用，不能修改。",
    remedy="请向省级平台的安全管理员提出。",
)
NOTHING_CHANGED = Reason(
    code="identity.nothing_changed",
    message="新的角色模板与现行模板没有差别。",
    remedy="请修改后再提交，或者取消。",
)
PROPOSAL_WAITS = Reason(
    code="identity.proposal_waits",
    message="已有一份角色模板的修改在等待系统管理员确认。",
    remedy="请等它确认或者退回后再提交新的修改。",
)
PROPOSAL_DECIDED = Reason(
    code="identity.proposal_decided",
    message="这份修改已经办理。",
    remedy="请查看现行的角色模板。",
)
REASON_MISSING = Reason(
    code="identity.reason_missing",
    message="没有写明理由。",
    remedy="请写明修改或者退回的理由和依据。",
)
OFFICER_NEEDED = Reason(
    code="identity.officer_needed",
    message="系统管理员、安全管理员、安全审计员三个角色不能停止授予。",
    remedy="请保留三员角色；平台缺少任何一员都不能运行。",
)
OWN_PROPOSAL = Reason(
    code="identity.own_proposal",
    message="提出修改的人不能自己确认。",
    remedy="请由系统管理员确认。",
)


@transaction.atomic
def propose(*, templates: Templates, words: str, actor: Actor, now: datetime) -> RoleTemplateSet:
    """Propose new templates; they count once a second officer has confirmed them.

    Raises ``Refusal`` (TEMPLATES_KEPT_ELSEWHERE, REASON_MISSING, OFFICER_NEEDED, NOTHING_CHANGED,
    PROPOSAL_WAITS; rules.TYPES_MIXED).
    """
    _require_kept_here()
    _require_reason(words)
    if any(not templates[Role(role)].is_offered for role in rules.SEPARATED):
        raise Refusal(OFFICER_NEEDED)
    rules.require_types_apart({one.role: one.organisation_type for one in templates.values()})
    standing = role_sets.standing()
    if not roles.changes(standing.templates, templates):
        raise Refusal(NOTHING_CHANGED)
    try:
        with transaction.atomic():
            proposal = RoleTemplateSet.objects.create(
                region_code=settings.NODE.region_code,
                number=standing.number + 1,
                rows=roles.rows_of(templates),
                words=words.strip(),
                state=SetState.PROPOSED,
                proposed_by=actor.person_id,
                proposed_by_name=actor.name,
                proposed_at=now,
            )
    except IntegrityError:
        raise Refusal(PROPOSAL_WAITS) from None
    audit.record(actor=actor, deed="role_templates.proposed", object_id=proposal.pk, now=now)
    return proposal


@transaction.atomic
def confirm(*, proposal_id: UUID, actor: Actor, now: datetime) -> RoleTemplateSet:
    """Let proposed templates count from now on. Raises ``Refusal``, ``DoesNotExist``."""
    proposal = _decided(proposal_id, SetState.CONFIRMED, actor, now)
    before = role_sets.standing().templates
    proposal.save()
    _end_taken_away(before, roles.read(proposal.rows), actor=actor, now=now)
    audit.record(actor=actor, deed="role_templates.confirmed", object_id=proposal.pk, now=now)
    return proposal


@transaction.atomic
def reject(*, proposal_id: UUID, words: str, actor: Actor, now: datetime) -> RoleTemplateSet:
    """Do not let proposed templates count, for a reason. Raises ``Refusal``, ``DoesNotExist``."""
    _require_reason(words)
    proposal = _decided(proposal_id, SetState.REJECTED, actor, now)
    proposal.answer = words.strip()
    proposal.save()
    audit.record(actor=actor, deed="role_templates.rejected", object_id=proposal.pk, now=now)
    return proposal


@transaction.atomic
def learn(statement: str, *, now: datetime) -> RoleTemplateSet | None:
    """Keep the templates that the province signed; an older set than the own changes nothing.

    A copy that was tampered with becomes again what was signed. Raises ``Refusal``
    (FORGED_TEMPLATES).
    """
    keeper = role_statement.keeper()
    stated = role_statement.read(statement, by=keeper)
    newest = role_sets.confirmed().select_for_update(of=("self",)).first()
    if newest is not None and newest.number > stated.number and _is_genuine(newest, keeper):
        return None
    before = _believed(newest, keeper)
    RoleTemplateSet.objects.filter(number__gt=stated.number, state=SetState.CONFIRMED).delete()
    row, _ = RoleTemplateSet.objects.update_or_create(
        region_code=settings.NODE.region_code,
        number=stated.number,
        state=SetState.CONFIRMED,
        defaults={
            "rows": roles.rows_of(stated.templates),
            "words": stated.words,
            "proposed_by_name": stated.proposed_by,
            "proposed_at": stated.confirmed_at,
            "decided_by_name": stated.confirmed_by,
            "decided_at": stated.confirmed_at,
            "statement": statement,
            "learnt_at": machine_now(),
        },
    )
    if newest is None or newest.number < stated.number:
        actor = system_of(settings.NODE.region_code)
        _end_taken_away(before, stated.templates, actor=actor, now=now)
        audit.record(actor=actor, deed="role_templates.learnt", object_id=row.pk, now=now)
    return row


def _is_genuine(row: RoleTemplateSet, keeper: object) -> bool:
    try:
        stated = role_statement.read(row.statement, by=keeper)
    except Refusal:
        return False
    return (stated.number, stated.templates) == (row.number, roles.read(row.rows))


def _believed(row: RoleTemplateSet | None, keeper: object) -> Templates:
    """Return the templates of a genuine copy; of a forged one, all that grants may stand on."""
    if row is not None and _is_genuine(row, keeper):
        return {**roles.shipped(), **roles.read(row.rows)}
    return roles.shipped()


def _decided(proposal_id: UUID, state: SetState, actor: Actor, now: datetime) -> RoleTemplateSet:
    _require_kept_here()
    over, own = PROPOSAL_DECIDED, OWN_PROPOSAL
    return proposals.decided(
        RoleTemplateSet.objects.all(), proposal_id, state, actor=actor, now=now, over=over, own=own
    )


def _end_taken_away(before: Templates, after: Templates, *, actor: Actor, now: datetime) -> None:
    """End every grant in force of a role that is offered no longer, and say so to its holder."""
    gone = roles.taken_away(before, {**roles.shipped(), **after})
    standing = Grant.objects.filter(role__in=gone, starts_at__lte=now)
    standing = standing.filter(ends_at__isnull=True) | standing.filter(ends_at__gt=now)
    for grant in standing.select_related("account").select_for_update(of=("self",)):
        if grant.starts_at == now:
            grant.delete()
        else:
            grant.ends_at = now
            grant.save(update_fields=["ends_at"])
        deed = f"role.ended.{grant.role}"
        audit.record(actor=actor, deed=deed, object_id=grant.account_id, now=now)
        telling.role_ended(grant.account, Role(grant.role), why="角色模板停止授予", now=now)


def _require_kept_here() -> None:
    if role_statement.keeper() is not None:
        raise Refusal(TEMPLATES_KEPT_ELSEWHERE)


def _require_reason(words: str) -> None:
    if not words.strip():
        raise Refusal(REASON_MISSING)
