"""When a committee may act, what a mark may be, when a report may be drawn up, signed and handed over."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from gongheng.kernel import terms
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.evaluation.kinds import (
    REJECTION,
    Conclusion,
    Ground,
    Opinion,
)
from gongheng.trading.evaluation.shapes import Criterion

COMMITTEE_LAW = Law("招标投标法", "第三十七条", rule="W-21")
CHANGE_LAW = Law("招标投标法实施条例", "第四十八条", rule="W-22")
REPORT_LAW = Law("招标投标法实施条例", "第五十三条", rule="W-27")
SCORING_LAW = Law("招标投标法实施条例", "第四十九条", rule="W-41")
CLARIFYING_LAW = Law("招标投标法实施条例", "第五十二条", rule="W-25")

LETTER_DATE = Reason(
    code="evaluation.letter_date",
    message="抽取函的日期不能晚于今天。",
    remedy="请按抽取函上的日期填写。",
)
CLERK_ONLY = Reason(
    code="evaluation.clerk_only",
    message="评标委员会由招标人或其代理机构的经办人组建。",
    law=COMMITTEE_LAW,
    remedy="请由本项目的经办人办理。",
)
ALREADY_FORMED = Reason(
    code="evaluation.already_formed",
    message="本项目的评标委员会已经组建并封存。",
    law=CHANGE_LAW,
    remedy="成员只能因法定事由更换，请在更换成员处办理。",
)
NOT_FORMED = Reason(
    code="evaluation.not_formed",
    message="本项目还没有组建评标委员会。",
    law=COMMITTEE_LAW,
    remedy="请先由招标人或代理机构经办人组建评标委员会。",
)
NOT_REPLACEABLE = Reason(
    code="evaluation.not_replaceable",
    message="该成员没有法定的更换事由，或者已经更换。",
    law=CHANGE_LAW,
    remedy="只有回避、擅离职守或者因健康等原因不能继续评标的成员可以更换。",
)
NO_DOCUMENTS = Reason(
    code="evaluation.no_documents",
    message="没有找到本标段已发出的招标文件，无法确定评审因素。",
    law=Law("招标投标法实施条例", "第四十九条", rule="W-41"),
    remedy="请联系招标人或代理机构核对招标文件。",
)
NOT_OPENED_YET = Reason(
    code="evaluation.not_opened_yet",
    message="开标记录还没有公布，评标尚未开始。",
    law=Law("招标投标法", "第三十四条", rule="S-01"),
    remedy="请在开标结束后再办理。",
)
DECLARED = Reason(
    code="evaluation.declared",
    message="您已经作过声明。",
    remedy="情况有变化的，请选择回避。",
)
DECLARE_FIRST = Reason(
    code="evaluation.declare_first",
    message="评标前须先声明有无应当回避的情形。",
    law=Law("招标投标法", "第三十七条", rule="W-22"),
    remedy="请先在评标室首页作出声明。",
)
WHY_AVOID = Reason(
    code="evaluation.why_avoid",
    message="选择回避须写明事由。",
    law=CHANGE_LAW,
    remedy="请写明与投标人或招标人的关系。",
)
CHAIR_CHOSEN = Reason(
    code="evaluation.chair_chosen",
    message="评标委员会负责人已经推举产生。",
    law=Law("评标委员会和评标方法暂行规定", "第九条", rule="W-21"),
    remedy="负责人不重复推举；负责人被更换的，系统会请各成员重新推举。",
)
NOT_A_MEMBER = Reason(
    code="evaluation.not_a_member",
    message="被推举的人不是本评标委员会现任成员。",
    remedy="请在现任成员中推举。",
)
CHAIR_ONLY = Reason(
    code="evaluation.chair_only",
    message="本事项由评标委员会负责人办理。",
    remedy="请由负责人办理；尚未推举负责人的，请先推举。",
)
NOT_READY = Reason(
    code="evaluation.not_ready",
    message="评标委员会成员尚未全部作出声明，或者没有推举负责人。",
    law=COMMITTEE_LAW,
    remedy="请等待全体成员声明并推举负责人；有成员回避的，由招标人补充成员后继续。",
)
REVIEW_OPEN = Reason(
    code="evaluation.review_open",
    message="初步评审还没有结束，不能进行本步骤。",
    law=Law("招标投标法实施条例", "第二十条", rule="W-15"),
    remedy="请全体成员完成形式、资格和响应性评审后，由负责人结束初步评审。",
)
REVIEW_CLOSED = Reason(
    code="evaluation.review_closed",
    message="初步评审已经结束，结论不再修改。",
    remedy="确需修改的，请由负责人重新打开初步评审。",
)
LOCKED = Reason(
    code="evaluation.locked",
    message="评标报告已经形成，评审意见和评分不再修改。",
    law=REPORT_LAW,
    remedy="报告有误的，由负责人撤回报告后再修改；已交招标人的，依法复核。",
)
PRICES_SEALED = Reason(
    code="evaluation.prices_sealed",
    message="报价部分还没有开启，不能形成评标报告。",
    law=Law("本平台业务规则", "双信封开启", rule="E-29"),
    remedy="请先结束技术评审；招标人签署开启决定、交易中心公布报价后再形成报告。",
)
NOTHING_SEALED = Reason(
    code="evaluation.nothing_sealed",
    message="本项目各部分都已在开标时开启，不需要单独结束技术评审。",
    remedy="请直接形成评标报告。",
)
TECHNICAL_CLOSED = Reason(
    code="evaluation.technical_closed",
    message="技术评审已经结束、报价部分已在开启，评分不再修改。",
    law=Law("招标投标法实施条例", "第四十九条", rule="E-29"),
    remedy="成员依法更换的，由新成员重新评审。",
)
INCOMPLETE = Reason(
    code="evaluation.incomplete",
    message="还有评审意见或评分没有填写完整。",
    law=SCORING_LAW,
    remedy="请按列出的席位和评审因素补充。",
)
UNEQUAL = Reason(
    code="evaluation.objective_unequal",
    message="客观因素的评分不一致，不能形成评标报告。",
    law=SCORING_LAW,
    remedy="请各成员按招标文件核对列出的因素，改为一致。",
)
UNREADABLE_POINTS = Reason(
    code="evaluation.points_unreadable",
    message="评分须是数字。",
    remedy="请用半角数字填写，例如8.5。",
)
TOO_MANY_POINTS = Reason(
    code="evaluation.points_out_of_range",
    message="评分超出招标文件规定的分值范围。",
    law=SCORING_LAW,
    remedy="请填写零到满分之间的分值。",
)
TOO_PRECISE = Reason(
    code="evaluation.points_too_precise",
    message="评分最多保留两位小数。",
    law=Law("本平台业务规则", "评分的算术", rule="S-01"),
    remedy="请保留到两位小数后重新填写。",
)
NO_SUCH_CRITERION = Reason(
    code="evaluation.no_such_criterion",
    message="招标文件没有这一评审因素，没有规定的标准和方法不得作为评标的依据。",
    law=SCORING_LAW,
    remedy="请刷新页面，按招标文件列出的因素评审。",
)
GROUND_MISSING = Reason(
    code="evaluation.ground_missing",
    message="不通过须选择法定的否决情形并写明理由。",
    law=REJECTION,
    remedy="请在法定情形中选择一项，并写明投标文件哪一处不符合。",
)
NO_VERDICT = Reason(
    code="evaluation.verdict_missing",
    message="没有选择通过或者不通过。",
    remedy="请选择一项后保存。",
)
STALE = Reason(
    code="evaluation.stale_mark",
    message="这一项在另一个窗口里已经改过，刚才填写的内容没有覆盖它。",
    remedy="请核对两处的内容，确认后再保存一次。",
)
REJECTED_BID = Reason(
    code="evaluation.rejected_bid",
    message="该投标已被否决，不再评分。",
    law=REJECTION,
    remedy="如认为否决有误，请由负责人重新打开初步评审。",
)
NO_REQUEST = Reason(
    code="evaluation.request_settled",
    message="这项澄清要求已经答复。",
    law=CLARIFYING_LAW,
    remedy="需要继续说明的，等待评标委员会再次提出书面要求。",
)
ASK_SOMETHING = Reason(
    code="evaluation.question_missing",
    message="澄清要求和答复须有书面内容。",
    law=CLARIFYING_LAW,
    remedy="请写明投标文件的位置和需要说明的内容。",
)
NO_CHOICE = Reason(
    code="evaluation.correction_undecided",
    message="没有选择是否接受算术修正。",
    law=Law("评标委员会和评标方法暂行规定", "第十九条", rule="S-09"),
    remedy="请选择接受或不接受；不接受的，投标将被否决。",
)
ANSWER_LATE = Reason(
    code="evaluation.answer_late",
    message="答复的时间已过。",
    law=CLARIFYING_LAW,
    remedy="请联系招标人或代理机构。",
)
PENDING_REQUEST = Reason(
    code="evaluation.request_pending",
    message="还有澄清或算术修正等待投标人答复。",
    law=CLARIFYING_LAW,
    remedy="请在答复期满或收到答复后再形成评标报告。",
)
COMPETITION_UNDECIDED = Reason(
    code="evaluation.competition_undecided",
    message="有效投标不足三个，须由各成员就是否明显缺乏竞争表决。",
    law=Law("评标委员会和评标方法暂行规定", "第二十七条", rule="W-26"),
    remedy="请全体成员表决后再形成评标报告。",
)
TIME_SUFFICES = Reason(
    code="evaluation.time_suffices",
    message="认为评标时间不够的成员没有超过三分之一，不需要延长。",
    law=Law("招标投标法实施条例", "第四十八条", rule="W-23"),
    remedy="超过三分之一的成员提出后，再办理延长。",
)
TIME_PAST = Reason(
    code="evaluation.time_past",
    message="延长后的时间应晚于现在和原来的时间。",
    law=Law("招标投标法实施条例", "第四十八条", rule="W-23"),
    remedy="请填写将来的时间。",
)
NO_REPORT = Reason(
    code="evaluation.no_report",
    message="还没有形成评标报告。",
    law=REPORT_LAW,
    remedy="请由评标委员会负责人形成报告后再办理。",
)
SIGNED_ALREADY = Reason(
    code="evaluation.signed_already",
    message="您已经对评标报告作出签署，不能更改。",
    law=REPORT_LAW,
    remedy="报告有误的，请负责人撤回报告重新形成。",
)
OTHER_REPORT = Reason(
    code="evaluation.other_report",
    message="您看到的报告已经被撤回或替换。",
    law=REPORT_LAW,
    remedy="请阅读现在的报告后再签署。",
)
DISSENT_MISSING = Reason(
    code="evaluation.dissent_missing",
    message="不同意评标结果须书面说明不同意见和理由。",
    law=REPORT_LAW,
    remedy="请写明不同意见和理由；不说明的，视为同意评标结果。",
)
WRONG_PASSWORD = Reason(
    code="evaluation.password_wrong",
    message="密码不正确，签署没有完成。",
    law=Law("电子签名法", "第十三条", rule="E-24"),
    remedy="请重新输入您的登录密码。",
)
NOT_SIGNED = Reason(
    code="evaluation.not_signed",
    message="评标报告还没有全体成员的签署，或者办理结果与报告不一致。",
    law=REPORT_LAW,
    remedy="请等待各成员签署；拒绝签字又不说明的，由负责人记录在案。",
)
SECRET_STILL = Reason(
    code="evaluation.secret_still",
    message="成员评分此时还不公开给您。",
    law=Law("招标投标法", "第四十四条", rule="A-05"),
    remedy="中标候选人公示后可以查看。",
)

PLACES = 2
LONGEST_POINTS = 12


def read_points(text: str, *, criterion: Criterion) -> Decimal:
    """Return a mark between zero and the full mark, with two places.

    Raises ``Refusal`` (UNREADABLE_POINTS, TOO_PRECISE, TOO_MANY_POINTS).
    """
    try:
        value = Decimal(text.strip()) if text.isascii() and len(text) <= LONGEST_POINTS else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or "e" in text.casefold() or "_" in text:
        raise Refusal(UNREADABLE_POINTS, value=text)
    if value != round(value, PLACES):
        raise Refusal(TOO_PRECISE, value=text)
    is_quantity = criterion.manner.value == "quantity"
    if value < 0 or (value > criterion.points and not is_quantity):
        raise Refusal(TOO_MANY_POINTS, value=text, full=criterion.points)
    return abs(value.quantize(Decimal("0.01")))


def require_ground(*, passes: bool, ground: str, reason: str) -> None:
    """Refuse a rejection without a ground of the law and a reason (W-24). Raises ``Refusal``."""
    if not passes and (ground not in set(Ground) or not reason.strip()):
        raise Refusal(GROUND_MISSING)


def elected(votes: Sequence[int | None]) -> int | None:
    """Return the seat that more than half of all members vote for; silence counts against."""
    for seat in set(votes) - {None}:
        if 2 * votes.count(seat) > len(votes):
            return seat
    return None


def lacks_competition(votes: Sequence[bool | None]) -> bool:
    """Tell whether more than half of the members find competition clearly lacking (W-26).

    Raises ``Refusal`` (COMPETITION_UNDECIDED) while a member has not voted.
    """
    if None in votes:
        raise Refusal(COMPETITION_UNDECIDED, missing=votes.count(None))
    return 2 * votes.count(True) > len(votes)


def must_be_extended(short_of_time: int, members: int, *, on: date) -> bool:
    """Tell whether so many members lack time that the tenderer has to extend it (W-23)."""
    if not members:
        return False
    return terms.in_force("W-23", on).admits(Fraction(short_of_time, members))


def low_prices(prices: Mapping[str, Decimal], *, on: date) -> frozenset[str]:
    """Return who bids below the warning line, a share of the mean of the valid prices (S-08).

    A lead for the committee to ask, never a ground by itself; exactly on the line is not below it.
    """
    if not prices:
        return frozenset()
    share = Fraction(terms.in_force("S-08", on).value) / 100
    line = share * sum((Fraction(price) for price in prices.values()), Fraction(0)) / len(prices)
    return frozenset(who for who, price in prices.items() if Fraction(price) < line)


def require_time_short(short_of_time: int, members: int, *, on: date) -> None:
    """Refuse to extend while not more than a third ask for time (W-23). Raises ``Refusal``."""
    if not must_be_extended(short_of_time, members, on=on):
        raise Refusal(TIME_SUFFICES, asked=short_of_time, members=members)


def is_signed(opinions: Sequence[str | None]) -> bool:
    """Tell whether every member of the committee has spoken to the report (W-27)."""
    return bool(opinions) and None not in opinions


def require_reason(opinion: str, reason: str) -> None:
    """Refuse a dissent or a noted refusal without its reason (W-27). Raises ``Refusal``."""
    needs = {Opinion.DISSENTED, Opinion.REFUSED_WITH_REASON, Opinion.NOTED}
    if opinion in needs and not reason.strip():
        raise Refusal(DISSENT_MISSING)


def require_outcome(
    *, outcome: str, candidates: object, conclusion: str, found: int, signed: bool
) -> None:
    """Refuse a step that says other than its signed report. Raises ``Refusal`` (NOT_SIGNED)."""
    if not signed or outcome != conclusion or candidates != found:
        raise Refusal(NOT_SIGNED, outcome=outcome, conclusion=conclusion)
    if conclusion != Conclusion.RANKED and found:
        raise Refusal(NOT_SIGNED, outcome=outcome, candidates=found)
