"""Who may object, what an objection and its answer must say, and by when it is answered."""

from collections.abc import Mapping
from datetime import date, datetime

from gongheng.kernel import terms
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.workdays.deadlines import Deadline

REGULATION = "招标投标法实施条例"

CONTENTS_MISSING = Reason(
    code="disputes.contents_missing",
    message="异议的内容不完整。",
    law=Law(REGULATION, "第二十二条", rule="D-01"),
    remedy="请一次补齐提示的各项内容后再提出。",
)
NOT_OPENED = Reason(
    code="disputes.not_opened",
    message="只有参加本次开标的投标人可以当场对开标提出异议。",
    law=Law(REGULATION, "第四十四条", rule="W-20"),
    remedy="对招标文件或者评标结果有异议的，请在相应的期限内提出。",
)
STILL_OPEN = Reason(
    code="disputes.still_open",
    message="贵单位对同一事项的异议正在处理，尚未答复。",
    law=Law(REGULATION, "第二十二条", rule="W-10"),
    remedy="请等待答复；需要补充的，请联系招标人或者代理机构。",
)
NO_ORGANISATION = Reason(
    code="disputes.no_organisation",
    message="您的账号没有登记单位，不能提出异议。",
    remedy="请先为账号登记所代表的单位。",
)
ANSWERED = Reason(
    code="disputes.answered",
    message="这项异议已经答复。",
    law=Law(REGULATION, "第二十二条", rule="W-10"),
    remedy="请查看答复；对答复不服的，可以依法投诉。",
)
NO_ANSWER = Reason(
    code="disputes.no_answer",
    message="没有填写答复的内容和理由。",
    law=Law(REGULATION, "第二十二条", rule="W-10"),
    remedy="请逐项答复异议的请求，并写明理由。",
)
UNLAWFUL_BUT_REJECTED = Reason(
    code="disputes.unlawful_but_rejected",
    message="认定招标文件违法的，异议应当成立。",
    law=Law(REGULATION, "第二十三条", rule="Q-04"),
    remedy="请把结论改为异议成立，或者取消违法的认定。",
)
NOT_FOUND_UNLAWFUL = Reason(
    code="disputes.not_found_unlawful",
    message="本轮没有成立的异议认定招标文件违法。",
    law=Law(REGULATION, "第二十三条", rule="Q-04"),
    remedy="请先答复异议并作出认定；没有异议的，可以澄清、修改招标文件或者终止招标。",
)


def require_contents(parts: Mapping[str, str]) -> None:
    """Refuse an objection that leaves something out; everything missing is told at once.

    ``parts`` are texts by their Chinese name. Raises ``Refusal`` (CONTENTS_MISSING, fact ``missing``).
    """
    missing = tuple(name for name, text in parts.items() if not text.strip())
    if missing:
        raise Refusal(CONTENTS_MISSING, missing=missing)


def require_organisation(organisation_code: str) -> None:
    """Refuse an objection of nobody. Raises ``Refusal`` (NO_ORGANISATION)."""
    if not organisation_code:
        raise Refusal(NO_ORGANISATION)


def require_opened(*, has_opened_bid: bool) -> None:
    """Refuse an objection to the opening by who has no bid in it. Raises ``Refusal`` (NOT_OPENED)."""
    if not has_opened_bid:
        raise Refusal(NOT_OPENED)


def require_none_open(*, waits: bool) -> None:
    """Refuse a second objection of a firm to a matter before the first is answered (STILL_OPEN)."""
    if waits:
        raise Refusal(STILL_OPEN)


def require_unanswered(*, answered_at: datetime | None) -> None:
    """Refuse to answer twice. Raises ``Refusal`` (ANSWERED)."""
    if answered_at is not None:
        raise Refusal(ANSWERED, answered_at=answered_at)


def require_answer(*, text: str, is_upheld: bool, finds_unlawful: bool) -> None:
    """Refuse an empty answer, and one that contradicts itself.

    Raises ``Refusal`` (NO_ANSWER, UNLAWFUL_BUT_REJECTED).
    """
    if not text.strip():
        raise Refusal(NO_ANSWER)
    if finds_unlawful and not is_upheld:
        raise Refusal(UNLAWFUL_BUT_REJECTED)


def require_found_unlawful(*, is_found: bool) -> None:
    """Refuse to void documents that no upheld objection found unlawful (NOT_FOUND_UNLAWFUL)."""
    if not is_found:
        raise Refusal(NOT_FOUND_UNLAWFUL)


def answer_due(*, raised_at: datetime, terms_on: date) -> Deadline:
    """Return until when an objection is answered (W-10), by the terms that bind the case."""
    return terms.in_force("W-10", terms_on).deadline("收到异议", raised_at)


def last_day_for_documents(*, bids_due_at: datetime, terms_on: date) -> date:
    """Return the last day for an objection to the documents (W-09)."""
    return terms.in_force("W-09", terms_on).latest(bids_due_at)
