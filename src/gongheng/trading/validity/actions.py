"""Asks bidders to let their bids stand longer, and takes their replies: the only writer here."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.clock import to_minute
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import midnight_after
from gongheng.registers.holds import actions as holds
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import queries as opening
from gongheng.trading.validity import permissions, queries, rules
from gongheng.trading.validity.models import Extension, Reply
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@transaction.atomic
def ask(
    *, case_id: UUID, until: date, reason: str, reply_by: datetime, actor: Actor, now: datetime
) -> Extension:
    """Ask every bidder whose bid was opened and stands to let it stand until the end of a day (W-34).

    Raises ``Refusal`` (``rules``, and a hold's).
    """
    own = cases.cases_for(actor).select_related(None).select_for_update(of=("self",))
    case = own.get(pk=case_id)
    holds.require_none(case.code)
    opened = opening.bidders_shown(case)
    bidders = queries.standing(case, opened, now=now)
    rules.require_askable(
        is_opened=bool(opened),
        is_standing=bool(bidders),
        is_settled=queries.is_settled(case),
        is_pending=queries.is_pending(queries.asked_in(case).first(), now=now),
    )
    rules.require_longer(
        until=until,
        last_day=queries.last_day(case),
        reply_by=reply_by,
        ends_at=midnight_after(until),
        now=now,
    )
    extension = Extension.objects.create(
        region_code=case.region_code,
        case=case,
        until=until,
        reason=reason.strip(),
        bidders=bidders,
        asked_by_name=actor.name,
        asked_at=now,
        reply_by=reply_by,
    )
    audit.record(actor=actor, deed="validity.asked", object_id=extension.pk, now=now)
    for each in bidders:
        messages.send(
            recipients=[Recipient(organisation_code=each["code"])],
            subject=f"请答复是否延长投标有效期：{case.title}",
            body=f"招标人要求将投标有效期延长至 {until:%Y-%m-%d}。原因：{extension.reason}\n"
            f"请在 {to_minute(reply_by)} 前在业务工作台答复。同意的，不得要求或者被允许修改投标文件的实质性内容；"
            "不同意的，投标文件在原有效期届满后失效，投标保证金应当退还。逾期不答复的，视为不同意。",
            kind="validity.asked",
            case_code=case.code,
            now=now,
        )
    return extension


@transaction.atomic
def reply(*, extension_id: UUID, consents: bool, actor: Actor, now: datetime) -> Reply:
    """Reply for the person's firm, once and in time; who refuses is told when its deposit goes back.

    Raises ``Refusal`` (``rules``).
    """
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension_id)
    code = actor.organisation_code
    if not actor.may(permissions.REPLY) or code not in {each["code"] for each in extension.bidders}:
        raise Refusal(rules.NOT_ASKED)
    rules.require_reply(
        has_replied=queries.reply_of(extension, code) is not None,
        reply_by=extension.reply_by,
        now=now,
    )
    made = Reply.objects.create(
        region_code=extension.region_code,
        extension=extension,
        bidder_code=code,
        consents=consents,
        replied_by_name=actor.name,
        replied_at=now,
    )
    audit.record(actor=actor, deed="validity.replied", object_id=extension.pk, now=now)
    if not consents:
        _tell_lapse(extension.case, code, now=now)
    return made


def _tell_lapse(case: Case, code: str, *, now: datetime) -> None:
    lapse = queries.lapse_of(case, code)
    if lapse is None:
        return
    messages.send(
        recipients=[Recipient(organisation_code=code)],
        subject=f"不同意延长投标有效期，投标将失效：{case.title}",
        body=f"贵单位不同意延长投标有效期，投标文件自 {to_minute(lapse.at)} 起失效。"
        "交有投标保证金的，交易中心自该时起退还，转账的同时退还银行同期存款利息；"
        "此前已经发出中标通知书、由贵单位中标的，按合同订立后的规定退还。",
        kind="validity.refused",
        case_code=case.code,
        now=now,
    )
