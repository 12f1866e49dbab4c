"""When bids may be asked to stand longer, and who may reply (W-34)."""

from datetime import date, datetime

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal

LAW = Law("招标投标法实施条例", "第二十五条", rule="W-34")
NOTHING_OPENED = Reason(
    code="validity.nothing_opened",
    message="还没有开启的投标文件，不能要求延长投标有效期。",
    law=LAW,
    remedy="请在开标以后办理；开标以前延长的，修改招标文件。",
)
ALL_LAPSED = Reason(
    code="validity.all_lapsed",
    message="没有仍然有效的投标：投标人都没有同意延长，投标已经失效。",
    law=Law("工程建设项目施工招标投标办法", "第二十九条", rule="W-34"),
    remedy="失效的投标不能恢复；请依法重新招标。",
)
SETTLED = Reason(
    code="validity.settled",
    message="中标通知书已经发出，投标有效期不再延长。",
    law=LAW,
    remedy="请依中标通知书订立合同。",
)
NOT_LONGER = Reason(
    code="validity.not_longer",
    message="新的有效期没有超过现在的有效期。",
    law=LAW,
    remedy="请填写更晚的日期。",
)
REPLY_PAST = Reason(
    code="validity.reply_past",
    message="答复期限已经过去，或者晚于新的有效期。",
    law=LAW,
    remedy="请给投标人留出答复的时间。",
)
ASKED_ALREADY = Reason(
    code="validity.asked_already",
    message="上一次要求的答复期限还没有届满。",
    law=LAW,
    remedy="请等答复期限届满，或者全部投标人答复以后再办理。",
)
NOT_ASKED = Reason(
    code="validity.not_asked",
    message="没有要求您的单位延长投标有效期。",
    remedy="请查看业务工作台。",
)
REPLIED = Reason(
    code="validity.replied",
    message="您的单位已经答复，答复不能更改。",
    remedy="请查看已作出的答复。",
)
LATE = Reason(
    code="validity.late",
    message="答复期限已经届满，没有答复的视为不同意延长。",
    law=LAW,
    remedy="确有特殊情况的，请与招标人联系；招标人可以再次要求延长。",
)


def require_askable(
    *, is_opened: bool, is_settled: bool, is_pending: bool, is_standing: bool
) -> None:
    """Refuse to ask at the wrong time, or when no bid stands any more.

    Raises ``Refusal`` (NOTHING_OPENED, SETTLED, ASKED_ALREADY, ALL_LAPSED).
    """
    if not is_opened:
        raise Refusal(NOTHING_OPENED)
    if is_settled:
        raise Refusal(SETTLED)
    if is_pending:
        raise Refusal(ASKED_ALREADY)
    if not is_standing:
        raise Refusal(ALL_LAPSED)


def require_longer(
    *, until: date, last_day: date | None, reply_by: datetime, ends_at: datetime, now: datetime
) -> None:
    """Refuse what is no longer validity, or leaves no time to reply.

    ``ends_at``: the instant at which the new validity ends. Raises ``Refusal`` (NOT_LONGER,
    REPLY_PAST).
    """
    if (last_day is not None and until <= last_day) or ends_at <= now:
        raise Refusal(NOT_LONGER, last_day=last_day)
    if not now < reply_by <= ends_at:
        raise Refusal(REPLY_PAST, now=now)


def require_reply(*, has_replied: bool, reply_by: datetime, now: datetime) -> None:
    """Refuse a second reply and a late one. Raises ``Refusal`` (REPLIED, LATE)."""
    if has_replied:
        raise Refusal(REPLIED)
    if now >= reply_by:
        raise Refusal(LATE, reply_by=reply_by)
