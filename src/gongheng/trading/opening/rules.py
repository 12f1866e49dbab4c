"""What may be done at an opening, and when. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms.electronic import E_06, E_06_LONGEST, E_11
from gongheng.kernel.terms.failures import Q_08

ELECTRONIC = "电子招标投标办法"
LONGEST_EXTENSION = timedelta(hours=24)
LONGEST_WORDS = 2000

NOT_BEGUN = Reason(
    code="opening.not_begun",
    message="开标尚未开始。",
    remedy="请在开标时间到达后再办理。",
    law=Law("招标投标法", "第三十四条", rule="W-18"),
)
RELEASES_OVER = Reason(
    code="opening.releases_over",
    message="投标人解密时间已过，已解密投标人清单已经固定。",
    remedy="未解密的原因由主持人认定；确因平台原因的，请向主持人说明并保留证据。",
    law=Law(ELECTRONIC, "第三十一条", rule="E-07"),
)
NO_SUCH_BID = Reason(
    code="opening.no_such_bid",
    message="解密文件不属于本次开标的任何一份投标文件。",
    remedy="请核对递交回执，用递交的那一份投标文件重新生成解密文件。",
)
NOT_YOUR_BID = Reason(
    code="opening.not_your_bid",
    message="解密文件不是本单位投标文件的。",
    remedy="请用本单位递交的投标文件生成解密文件。",
)
RELEASE_UNREADABLE = Reason(
    code="opening.release_unreadable",
    message="上传的不是解密文件，或文件已损坏。",
    remedy="请上传 gongheng bid release 生成的解密文件，或输入恢复码。",
)
RELEASE_EMPTY = Reason(
    code="opening.release_empty",
    message="没有选择解密文件，也没有输入恢复码。",
    remedy="请选择解密文件，或输入打印的恢复码。",
)
RESCUE_NOT_STATED = Reason(
    code="opening.rescue_not_stated",
    message="本项目的招标文件没有规定可以用恢复码解密。",
    law=Law("电子招标投标办法", "第三十一条", rule="E-08"),
    remedy="请用加密时的私钥解密；补救办法对全部投标人一样，不能为一家放宽。",
)
NOT_DECRYPTING = Reason(
    code="opening.not_decrypting",
    message="现在不是保管方交出份额的时候。",
    remedy="已解密投标人清单固定以后、解密结束以前，才接收份额。",
)
OTHER_PART = Reason(
    code="opening.other_part",
    message="份额声明所指的部分不在这次开启之列。",
    remedy="请按已解密投标人清单逐份交出份额。",
)
UNFINISHED = Reason(
    code="opening.unfinished",
    message="解密还没有结束。",
    remedy="请等待投标人解密时间届满、保管方交出份额并由系统完成解密。",
    law=Law(ELECTRONIC, "第三十条", rule="E-05"),
)
CAUSE_MISSING = Reason(
    code="opening.cause_missing",
    message="还有未成功解密的投标文件没有认定原因。",
    remedy="请主持人逐份认定是投标人原因还是平台、保管方原因，并写明依据。",
    law=Law(ELECTRONIC, "第三十一条", rule="E-07"),
)
OTHER_COUNT = Reason(
    code="opening.other_count",
    message="填报的解密成功数与实际不符。",
    remedy="请刷新开标页面，按实际数字重新办理。",
)
NOT_CONFIRMED = Reason(
    code="opening.not_confirmed",
    message="开标记录的确认时间未到，还有投标人没有确认。",
    remedy="请等全部投标人确认，或确认时间届满；届满未答复的，视为没有异议并记入开标记录。",
    law=Law(ELECTRONIC, "第三十二条", rule="E-11"),
)
CLERK_NOT_CONFIRMED = Reason(
    code="opening.clerk_not_confirmed",
    message="招标人或代理机构还没有确认开标记录。",
    remedy="请招标人或代理机构的经办人先在开标大厅确认。",
    law=Law(ELECTRONIC, "第三十二条", rule="E-11"),
)
NOT_SHOWN = Reason(
    code="opening.not_shown",
    message="开标记录还没有形成，不能确认。",
    remedy="请等待主持人公布开标内容。",
)
CONFIRMED_ALREADY = Reason(
    code="opening.confirmed_already",
    message="本单位已经答复过开标记录。",
    remedy="如有异议，请在开标现场（开标大厅）提出异议。",
)
CONFIRMATION_OVER = Reason(
    code="opening.confirmation_over",
    message="确认时间已过，未答复的视为没有异议。",
    remedy="如仍有异议，请向招标人提出。",
    law=Law(ELECTRONIC, "第三十二条", rule="E-11"),
)
WORDS_MISSING = Reason(
    code="opening.words_missing",
    message="没有写明理由。",
    remedy="请写明理由和依据（二千字以内）后再提交。",
)
NOT_HOST = Reason(
    code="opening.not_host",
    message="这项操作由开标主持人办理。",
    remedy="请由招标人或代理机构的经办人办理。",
)
NOT_SECOND = Reason(
    code="opening.not_second",
    message="这项决定须由交易中心的另一人确认。",
    remedy="请由交易中心受理人员确认；提议人不能确认自己的提议。",
)
CAUSE_NOT_ASKED = Reason(
    code="opening.cause_not_asked",
    message="这份投标文件不需要认定未解密的原因。",
    remedy="请核对开标大厅中的解密情况；公布开标内容以后不能再改。",
)
DECISION_OPEN = Reason(
    code="opening.decision_open",
    message="已有一项决定等待确认。",
    remedy="请先由交易中心确认或退回。",
)
DECISION_SETTLED = Reason(
    code="opening.decision_settled",
    message="这项决定已经处理过，或开标已进入下一阶段。",
    remedy="请刷新开标大厅查看。",
)
TIME_UNFIT = Reason(
    code="opening.time_unfit",
    message="时间应晚于现在和原定时间，且不超过二十四小时。",
    remedy="请重新填写时间。",
)
KEYS_NOT_DESTROYED = Reason(
    code="opening.keys_not_destroyed",
    message="未开启投标文件的保管密钥还没有销毁到无法开启的程度。",
    remedy="请催促保管方销毁本标段密钥并提交声明；声明足够后再办理。",
    law=Law("招标投标法实施条例", "第四十四条", rule="Q-08"),
)
NOTHING_WAITS = Reason(
    code="opening.nothing_waits",
    message="没有等待这一事项的投标文件部分，或没有仍然有效的投标。",
    remedy="请核对开启规则；各部分都已在开标时开启的，不需要办理。",
)
DECIDED_ALREADY = Reason(
    code="opening.decided_already",
    message="后续部分的开启决定已经签署。",
    remedy="请在开标大厅查看保管方交出份额的情况。",
)
NOT_RETRIABLE = Reason(
    code="opening.not_retriable",
    message="这份投标文件不能重新解密。",
    remedy="只有因平台保存的文件有误而失败、且尚未公布的，才能在恢复原文件后重新解密。",
    law=Law(ELECTRONIC, "第三十一条", rule="E-09"),
)
NOT_THE_CENTRE = Reason(
    code="opening.not_the_centre",
    message="保管方手工出具的声明由交易中心录入。",
    remedy="请把声明文件交给办理本标段的交易中心工作人员。",
)
STATEMENTS_UNREADABLE = Reason(
    code="opening.statements_unreadable",
    message="上传的不是保管方的声明文件，或文件已损坏。",
    remedy="请向保管方取得 gongheng holder release 或 gongheng holder destroy 生成的文件，原样上传。",
)
DESTRUCTION_UNASKED = Reason(
    code="opening.destruction_unasked",
    message="本标段的密钥还不到销毁的时候，或不是由该保管方保管的。",
    remedy="请按平台签发的销毁要求办理。",
)


def window(minutes: int | None) -> timedelta:
    """Return how long bidders may decrypt: as the documents say, within the rule's limits (E-06)."""
    stated = minutes or E_06.periods
    return timedelta(minutes=min(max(stated, E_06.periods), E_06_LONGEST.periods))


def confirmation() -> timedelta:
    """Return how long bidders may answer for the opening record (E-11)."""
    return timedelta(minutes=E_11.periods)


def is_enough(count: int) -> bool:
    """Tell whether so many decrypted bids are opened at all (Q-08)."""
    return Q_08.admits(count)


def require_words(words: str) -> str:
    """Return a reason without its margins. Raises ``Refusal`` (WORDS_MISSING)."""
    stripped = words.strip()
    if not 0 < len(stripped) <= LONGEST_WORDS:
        raise Refusal(WORDS_MISSING)
    return stripped


def require_later(until: datetime, *, than: datetime, now: datetime) -> None:
    """Refuse a new time that is none, or too far off. Raises ``Refusal`` (TIME_UNFIT)."""
    if not max(than, now) < until <= max(than, now) + LONGEST_EXTENSION:
        raise Refusal(TIME_UNFIT, until=until, than=than)


def require_confirmed(
    *,
    asked: Collection[str],
    answered: Collection[str],
    until: datetime,
    now: datetime,
) -> None:
    """Refuse while a bidder may still answer for the record. Raises ``Refusal`` (NOT_CONFIRMED)."""
    if now < until and not set(asked) <= set(answered):
        raise Refusal(NOT_CONFIRMED, until=until, missing=len(set(asked) - set(answered)))
