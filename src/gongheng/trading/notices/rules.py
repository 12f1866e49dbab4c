"""When a tender notice may be published, clarified, stopped or ended."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from gongheng.kernel import terms
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms import Term
from gongheng.kernel.workdays.deadlines import Deadline

REGULATION = "招标投标法实施条例"

DOCUMENTS_BEFORE_NOTICE = Reason(
    code="notices.documents_before_notice",
    message="招标文件开始获取的时间早于公告发布的时间。",
    law=Law(REGULATION, "第十六条"),
    remedy="请把开始获取时间改到公告发布之后。",
)
SALE_TOO_SHORT = Reason(
    code="notices.sale_too_short",
    message="招标文件获取的时间少于五日。",
    law=Law(REGULATION, "第十六条", rule="W-03"),
    remedy="请把获取截止时间改到提示的最早日期或以后。",
)
BIDDING_TOO_SHORT = Reason(
    code="notices.bidding_too_short",
    message="自招标文件开始发出至投标截止少于二十日。",
    law=Law("招标投标法", "第二十四条", rule="W-06"),
    remedy="请把投标截止时间改到提示的最早日期或以后。",
)
SALE_AFTER_DEADLINE = Reason(
    code="notices.sale_after_deadline",
    message="招标文件获取的截止时间晚于投标截止时间。",
    law=Law(REGULATION, "第十六条"),
    remedy="请把获取截止时间改到投标截止时间或以前。",
)
OPENING_APART = Reason(
    code="notices.opening_apart",
    message="开标时间与投标截止时间不一致。",
    law=Law("招标投标法", "第三十四条", rule="W-18"),
    remedy="请把开标时间改为与投标截止时间相同。",
)
NO_LOT = Reason(
    code="notices.no_lot",
    message="没有选择标段。",
    law=Law("招标投标法", "第十六条", rule="B-03"),
    remedy="请先为招标项目添加标段，再选择本公告招标的标段。",
)
UNKNOWN_LOT = Reason(
    code="notices.unknown_lot",
    message="所选标段没有统一交易标识码，或不属于本招标项目。",
    remedy="请重新选择标段；标段须先添加并取得统一交易标识码。",
)
LOT_TAKEN = Reason(
    code="notices.lot_taken",
    message="所选标段已有发布中的招标公告。",
    remedy="请改选其他标段；需要修改已发布公告的，请办理变更。",
)
CONTENTS_MISSING = Reason(
    code="notices.contents_missing",
    message="公告缺少法定内容。",
    law=Law("招标公告和公示信息发布管理办法", "第五条", rule="B-03"),
    remedy="请补充提示的各项内容。",
)
STALE_DRAFT = Reason(
    code="notices.stale_draft",
    message="在您填写期间，同单位的经办人修改了这份草稿。",
    remedy="您填写的内容仍在页面上；请对照标出的不同之处，确认后再次保存。",
)
STALE_NOTICE = Reason(
    code="notices.stale_notice",
    message="这份公告在您填写期间已经变更，本次没有重复变更。",
    remedy="请查看公告现在的内容；仍需变更的，请重新填写。",
)
DEADLINE_PASSED = Reason(
    code="notices.deadline_passed",
    message="投标截止时间已过，招标文件不能再澄清或者修改。",
    law=Law("招标投标法", "第二十三条"),
    remedy="如有疑问，请联系行政监督部门。",
)
CHANGE_TOO_LATE = Reason(
    code="notices.change_too_late",
    message="变更可能影响投标文件编制，距投标截止不足十五日。",
    law=Law(REGULATION, "第二十一条", rule="W-07"),
    remedy="请顺延投标截止时间，使其距今天不少于十五日。",
)
DEADLINE_SHORTENED = Reason(
    code="notices.deadline_shortened",
    message="已公告的时间不能提前。",
    law=Law("民法典", "第二百零三条", rule="T-16"),
    remedy="请填写原时间或更晚的时间。",
)
WITHDRAWN = Reason(
    code="notices.withdrawn",
    message="这份公告已经终止。",
    remedy="需要重新招标的，请起草新的公告。",
)
NO_REASON = Reason(
    code="notices.no_reason",
    message="没有填写原因。",
    law=Law(REGULATION, "第三十一条"),
    remedy="请写明原因，原因随公告公开。",
)
AWAITS_REVIEW = Reason(
    code="notices.awaits_review",
    message="这份草稿已经提交复核，现在不能修改。",
    law=Law("公共资源交易平台管理要求", "双人复核", rule="U-07"),
    remedy="请等待另一人复核；需要修改的，请先撤回提交。",
)
OTHER_TIMES = Reason(
    code="notices.other_times",
    message="提交的时间与公告草稿不一致。",
    remedy="请重新核对草稿后再提交。",
)
NO_NOTICE = Reason(
    code="notices.no_notice",
    message="本标段没有发布中的招标公告。",
    remedy="请先发布招标公告。",
)
TIME_LOST = Reason(
    code="notices.time_lost",
    message="恢复后的投标截止时间没有保留暂停前剩余的时间。",
    law=Law("电子招标投标办法", "第五十六条", rule="Q-07"),
    remedy="请把投标截止时间改到提示的时间或以后。",
)
NO_FAILURE = Reason(
    code="notices.no_failure",
    message="本轮招标没有失败，不能公告招标失败。",
    remedy="请刷新项目页面，查看当前环节。",
)
NOT_STOPPED = Reason(
    code="notices.not_stopped",
    message="项目没有因系统故障等原因暂停，不需要恢复。",
    remedy="请刷新项目页面，查看当前环节。",
)
OUTAGE_AHEAD = Reason(
    code="notices.outage_ahead",
    message="故障开始时间晚于现在。",
    remedy="请填写故障实际开始的时间。",
)
QUESTIONS_CLOSED = Reason(
    code="notices.questions_closed",
    message="投标截止时间已过，不再接收对招标文件的提问。",
    law=Law("招标投标法", "第二十三条"),
    remedy="对开标或者评标结果有异议的，请按规定提出异议。",
)
QUESTION_EMPTY = Reason(
    code="notices.question_empty",
    message="没有填写问题。",
    remedy="请写明招标文件的章节和不明白的地方。",
)
TOO_MANY_QUESTIONS = Reason(
    code="notices.too_many_questions",
    message="这份公告今天收到的未登录提问已达上限。",
    remedy="请登录平台账号后提问，或明天再试。",
)
NO_SUCH_QUESTION = Reason(
    code="notices.no_such_question",
    message="所答复的问题不属于本公告，或已经答复。",
    remedy="请刷新页面，重新选择要答复的问题。",
)
MOST_QUESTIONS_OF_STRANGERS = 50
"""Questions a day about one notice from people who are not signed in: people ask fewer, machines more."""
PRECONDITION = Reason(
    code="notices.precondition",
    message="招标文件的获取方法似乎设置了前置条件。",
    law=Law("电子招标投标办法", "第二十条", rule="W-13"),
    remedy="除平台账号外，不得要求报名、登记、审核后才能获取；如系误判，可以继续发布。",
)
OTHER_INVITEES = Reason(
    code="notices.other_invitees",
    message="所选标段的被邀请人不同，不能用一份投标邀请书发出。",
    law=Law("招标投标法", "第十七条", rule="W-02"),
    remedy="请为被邀请人不同的标段分别起草投标邀请书。",
)
_PRECONDITIONS = re.compile(r"(?<!无需)(?<!不需)(?<!无须)(报名|介绍信|现场登记|现场购买|资格初审)")


def term(rule: str, now: datetime) -> Term:
    """Return the number that binds a notice published now (its case begins with it)."""
    return terms.in_force(rule, now.astimezone(BEIJING).date())


def earliest_end_of_sale(documents_from: datetime, *, now: datetime) -> Deadline:
    """Return the earliest lawful end of the documents' sale, with rule and calendar (W-03)."""
    return term("W-03", now).deadline("招标文件开始发售", documents_from)


def earliest_bids_due(documents_from: datetime, *, now: datetime) -> Deadline:
    """Return the earliest lawful day for bids to be due, with rule and calendar (W-06)."""
    return term("W-06", now).deadline("招标文件开始发出", documents_from)


def require_documents_after_notice(*, now: datetime, documents_from: datetime) -> None:
    """Refuse documents issued before the notice. Raises ``Refusal`` (DOCUMENTS_BEFORE_NOTICE)."""
    if documents_from < now:
        raise Refusal(DOCUMENTS_BEFORE_NOTICE, now=now, documents_from=documents_from)


def require_documents_on_sale(
    *, documents_from: datetime, documents_until: datetime, now: datetime
) -> None:
    """Refuse documents to be had for less than the law asks. Raises ``Refusal`` (SALE_TOO_SHORT)."""
    if not term("W-03", now).satisfied(documents_from, documents_until):
        earliest = earliest_end_of_sale(documents_from, now=now)
        raise Refusal(SALE_TOO_SHORT, earliest=earliest)


def require_bidding_time(
    *, documents_from: datetime, bids_due_at: datetime, is_statutory: bool, now: datetime
) -> None:
    """Refuse less time for bids than the law asks of statutory tenders.

    Raises ``Refusal`` (BIDDING_TOO_SHORT).
    """
    if is_statutory and not term("W-06", now).satisfied(documents_from, bids_due_at):
        earliest = earliest_bids_due(documents_from, now=now)
        raise Refusal(BIDDING_TOO_SHORT, earliest=earliest)


def require_sale_before_deadline(*, documents_until: datetime, bids_due_at: datetime) -> None:
    """Refuse documents sold after bids are due. Raises ``Refusal`` (SALE_AFTER_DEADLINE)."""
    if documents_until > bids_due_at:
        raise Refusal(SALE_AFTER_DEADLINE)


def require_opening_at_deadline(*, bids_due_at: datetime, opening_at: datetime) -> None:
    """Refuse an opening at another instant than the deadline. Raises ``Refusal`` (OPENING_APART)."""
    if opening_at != bids_due_at:
        raise Refusal(OPENING_APART, bids_due_at=bids_due_at, opening_at=opening_at)


def require_lots(
    *, chosen: Collection[str], coded: Collection[str], taken: Collection[str]
) -> None:
    """Refuse a notice without lots, with a lot that has no code, or that another notice has.

    All three are lot codes; ``coded`` are those of the tender that have a transaction code. Raises
    ``Refusal`` (NO_LOT, UNKNOWN_LOT, LOT_TAKEN).
    """
    if not chosen:
        raise Refusal(NO_LOT)
    if unknown := set(chosen) - set(coded):
        raise Refusal(UNKNOWN_LOT, lots=tuple(sorted(unknown)))
    if standing := set(chosen) & set(taken):
        raise Refusal(LOT_TAKEN, lots=tuple(sorted(standing)))


def require_same_invitees(invited: Sequence[frozenset[str]]) -> None:
    """Refuse one letter for lots that invite different firms. Raises ``Refusal`` (OTHER_INVITEES)."""
    if len(set(invited)) > 1:
        raise Refusal(OTHER_INVITEES)


def require_contents(items: Mapping[str, str]) -> None:
    """Refuse a notice that leaves out an item the law asks for; item by its heading.

    Raises ``Refusal`` (CONTENTS_MISSING, fact ``missing``).
    """
    missing = tuple(heading for heading, text in items.items() if not text.strip())
    if missing:
        raise Refusal(CONTENTS_MISSING, missing=missing)


def seems_to_ask_first(documents_method: str) -> bool:
    """Tell whether documents seem to be had only after a registration (W-13); a person decides."""
    return _PRECONDITIONS.search(documents_method) is not None


def require_current(*, stated: int, current: int, reason: Reason = STALE_DRAFT) -> None:
    """Refuse to write over a version that was not read. Raises ``Refusal`` (``reason``)."""
    if stated != current:
        raise Refusal(reason, stated=stated, current=current)


def require_open(*, now: datetime, bids_due_at: datetime, is_standing: bool) -> None:
    """Refuse to touch a notice that is withdrawn or whose deadline is over.

    Raises ``Refusal`` (WITHDRAWN, DEADLINE_PASSED).
    """
    if not is_standing:
        raise Refusal(WITHDRAWN)
    if now >= bids_due_at:
        raise Refusal(DEADLINE_PASSED, now=now, bids_due_at=bids_due_at)


def require_change_in_time(*, now: datetime, bids_due_at: datetime, may_affect_bids: bool) -> None:
    """Refuse a change that leaves bidders too little time. Raises ``Refusal`` (CHANGE_TOO_LATE)."""
    if may_affect_bids and not term("W-07", now).satisfied(now, bids_due_at):
        earliest = earliest_deadline_after_change(now=now)
        raise Refusal(CHANGE_TOO_LATE, now=now, bids_due_at=bids_due_at, earliest_day=earliest)


def earliest_deadline_after_change(*, now: datetime) -> date:
    """Return the earliest lawful day for bids to be due after a change made now (W-07)."""
    asked = term("W-07", now)
    day = now.astimezone(BEIJING).date()
    while not asked.satisfied(now, day):
        day += timedelta(days=1)
    return day


def kept_deadline(*, bids_due_at: datetime, since: datetime, now: datetime) -> datetime:
    """Return the earliest deadline after a stop: what remained when it began remains now (Q-07).

    A deadline that was over before the stop stays.
    """
    remaining = bids_due_at - since
    return max(bids_due_at, now + remaining) if remaining > timedelta(0) else bids_due_at


def require_time_kept(
    *, bids_due_at: datetime, since: datetime, resumed_until: datetime, now: datetime
) -> None:
    """Refuse a deadline that leaves less than remained. Raises ``Refusal`` (TIME_LOST)."""
    earliest = kept_deadline(bids_due_at=bids_due_at, since=since, now=now)
    if resumed_until < earliest:
        raise Refusal(TIME_LOST, earliest=earliest, stated=resumed_until)


def require_begun(*, since: datetime, now: datetime) -> None:
    """Refuse an outage that is still to come. Raises ``Refusal`` (OUTAGE_AHEAD)."""
    if since > now:
        raise Refusal(OUTAGE_AHEAD, since=since, now=now)


def require_may_ask(
    *, text: str, now: datetime, bids_due_at: datetime, is_known: bool, of_strangers: int
) -> None:
    """Refuse a question after the deadline, an empty one, and a flood of anonymous ones.

    ``of_strangers``: how many came today from people not signed in. Raises ``Refusal``
    (QUESTIONS_CLOSED, QUESTION_EMPTY, TOO_MANY_QUESTIONS).
    """
    if now >= bids_due_at:
        raise Refusal(QUESTIONS_CLOSED, now=now, bids_due_at=bids_due_at)
    if not text.strip():
        raise Refusal(QUESTION_EMPTY)
    if not is_known and of_strangers >= MOST_QUESTIONS_OF_STRANGERS:
        raise Refusal(TOO_MANY_QUESTIONS, of_strangers=of_strangers)


def require_not_shortened(*, announced: datetime, changed: datetime) -> None:
    """Refuse an announced time moved forward. Raises ``Refusal`` (DEADLINE_SHORTENED)."""
    if changed < announced:
        raise Refusal(DEADLINE_SHORTENED, announced=announced, changed=changed)


def require_reason(reason: str) -> None:
    """Refuse an act without its reason. Raises ``Refusal`` (NO_REASON)."""
    if not reason.strip():
        raise Refusal(NO_REASON)


def refusals_of(checks: Mapping[str, Callable[[], None]]) -> dict[str, Refusal]:
    """Return what each check refuses, by the name of the field it is about."""
    found: dict[str, Refusal] = {}
    for field, check in checks.items():
        try:
            check()
        except Refusal as refusal:
            found[field] = refusal
    return found
