"""Which deposits are taken, when they must be given back, and with how much interest."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from gongheng.kernel.law import Law
from gongheng.kernel.money import rounded, written
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms import Term
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.deposits.facts import DepositFacts, Form

REGULATION = "招标投标法实施条例"
DAYS_OF_A_BANK_YEAR = 360

NOT_ASKED = Reason(
    code="deposits.not_asked",
    message="招标文件没有要求提交投标保证金，不能收取。",
    law=Law(REGULATION, "第二十六条", rule="F-01"),
    remedy="请把款项原路退回付款人。",
)
WRONG_AMOUNT = Reason(
    code="deposits.wrong_amount",
    message="金额与招标文件规定的投标保证金金额不一致。",
    law=Law(REGULATION, "第二十六条", rule="F-01"),
    remedy="请核对银行回单或保函；金额确实不符的，请联系投标人补正或退回重缴。",
)
NOT_OWN_NAME = Reason(
    code="deposits.not_own_name",
    message="付款人（担保申请人）与投标人的名称不一致。",
    law=Law(REGULATION, "第二十六条", rule="F-02"),
    remedy="投标保证金须由投标人自己提交，请退回原账户并通知投标人。",
)
NOT_BASE_ACCOUNT = Reason(
    code="deposits.not_base_account",
    message="付款账号不是投标人在主体库登记的基本账户。",
    law=Law(REGULATION, "第二十六条", rule="F-02"),
    remedy="请退回原账户；基本账户有变更的，请投标人先在主体库办理变更。",
)
NO_BASE_ACCOUNT = Reason(
    code="deposits.no_base_account",
    message="投标人没有在主体库登记基本账户，无法核对付款账户。",
    law=Law(REGULATION, "第二十六条", rule="F-02"),
    remedy="请投标人先在主体库登记基本账户。",
)
NOT_YET_RECEIVED = Reason(
    code="deposits.not_yet_received",
    message="到账（收到）时间晚于现在。",
    remedy="请按银行回单或保函的签收时间填写。",
)
GUARANTEE_TOO_SHORT = Reason(
    code="deposits.guarantee_too_short",
    message="保函的有效期短于投标有效期。",
    law=Law(REGULATION, "第二十六条", rule="W-12"),
    remedy="请投标人延长保函的有效期。",
)
NO_VALIDITY = Reason(
    code="deposits.no_validity",
    message="没有填写保函的有效期截止日。",
    law=Law(REGULATION, "第二十六条", rule="W-12"),
    remedy="请按保函填写有效期截止日。",
)
ALREADY_HELD = Reason(
    code="deposits.already_held",
    message="该投标人的投标保证金已经登记，或该凭证号已经用过。",
    remedy="请核对凭证号；重复付款的请原路退回。",
)
NOT_DUE = Reason(
    code="deposits.not_due",
    message="合同还没有订立，现在不能退还投标保证金。",
    law=Law(REGULATION, "第五十七条", rule="F-03"),
    remedy="请在合同订立后五日内退还；投标人在截止前撤回投标的，或者不同意延长投标有效期、投标已经失效的，可以先行退还。",
)
SETTLED = Reason(
    code="deposits.settled",
    message="这笔投标保证金已经办结，没有重复办理。",
    remedy="请查看台账中的办理结果。",
)
NO_RATE = Reason(
    code="deposits.no_rate",
    message="没有填写银行同期存款年利率，或利率超出可能的范围。",
    law=Law(REGULATION, "第五十七条", rule="F-03"),
    remedy="请按开户银行公布的同期存款年利率填写，例如 0.35。",
)
NOT_RETURNED = Reason(
    code="deposits.not_returned",
    message="还有投标保证金没有退还。",
    law=Law(REGULATION, "第五十七条", rule="F-03"),
    remedy="请由交易中心在保证金台账中逐笔退还后再办理。",
)
NO_GROUND = Reason(
    code="deposits.no_ground",
    message="不予退还没有写明事由，或没有附依据文件的文号。",
    law=Law(REGULATION, "第三十五条、第七十四条", rule="F-07"),
    remedy="请选择法定事由，写明经过，并填写依据文件的文号。",
)
BIDDING_RUNS = Reason(
    code="deposits.bidding_runs",
    message="投标截止时间未到，投标人可以撤回投标文件，保证金没有不予退还的法定事由。",
    law=Law(REGULATION, "第三十五条", rule="F-07"),
    remedy="投标人在截止前撤回投标的，请在五日内退还；截止后有法定事由的再办理。",
)
NO_LETTER_YET = Reason(
    code="deposits.no_letter_yet",
    message="中标通知书还没有发出，不存在不订立合同或者不提交履约保证金的事由。",
    law=Law(REGULATION, "第七十四条", rule="F-07"),
    remedy="请在中标通知书发出以后，按实际发生的法定事由办理。",
)
NOT_KEPT_HERE = Reason(
    code="deposits.not_kept_here",
    message="项目适用的办理流程没有不予退还投标保证金的步骤。",
    remedy="请联系平台运维人员核对流程登记。",
)
HIGHEST_RATE = Decimal(20)
"""A yearly rate above which somebody mistook the unit."""


def require_right_amount(*, form: Form, amount: Decimal, asked: Decimal | None) -> None:
    """Refuse another sum than the documents ask for; a guarantee may be for more.

    Raises ``Refusal`` (NOT_ASKED, WRONG_AMOUNT).
    """
    if not asked:
        raise Refusal(NOT_ASKED)
    is_right = amount == asked if form.is_money else amount >= asked
    if not is_right:
        raise Refusal(WRONG_AMOUNT, asked=asked, amount=amount)


def require_own_account(facts: DepositFacts, *, bidder_name: str, base_account: str) -> None:
    """Refuse what does not come from the bidder itself, money from its base account (F-02).

    Raises ``Refusal`` (NOT_OWN_NAME, NO_BASE_ACCOUNT, NOT_BASE_ACCOUNT).
    """
    if _plain(facts.payer_name) != _plain(bidder_name):
        raise Refusal(NOT_OWN_NAME, payer=facts.payer_name, bidder=bidder_name)
    if not facts.form.is_money:
        return
    if not base_account:
        raise Refusal(NO_BASE_ACCOUNT, bidder=bidder_name)
    if _plain(facts.payer_account) != _plain(base_account):
        raise Refusal(NOT_BASE_ACCOUNT, bidder=bidder_name)


def _plain(text: str) -> str:
    """Return a name or an account without what banks add: spaces and hyphens, brackets alike."""
    return "".join(text.split()).replace("-", "").replace("(", "（").replace(")", "）")


def require_received(*, received_at: datetime, now: datetime) -> None:
    """Refuse a receipt that lies ahead. Raises ``Refusal`` (NOT_YET_RECEIVED)."""
    if received_at > now:
        raise Refusal(NOT_YET_RECEIVED, received_at=received_at, now=now)


def require_valid(
    facts: DepositFacts, *, bids_due_at: datetime | None, validity_days: int | None
) -> None:
    """Refuse a guarantee that ends before the bid does (W-12).

    Raises ``Refusal`` (NO_VALIDITY, GUARANTEE_TOO_SHORT).
    """
    if facts.form.is_money:
        return
    if facts.valid_until is None:
        raise Refusal(NO_VALIDITY)
    if bids_due_at is None or validity_days is None:
        return
    needed = day_of(bids_due_at) + timedelta(days=validity_days)
    if facts.valid_until < needed:
        raise Refusal(GUARANTEE_TOO_SHORT, needed=needed, valid_until=facts.valid_until)


def require_due(*, due_from: datetime | None, now: datetime) -> None:
    """Refuse a refund before its duty has begun. Raises ``Refusal`` (NOT_DUE)."""
    if due_from is None or now < due_from:
        raise Refusal(NOT_DUE, due_from=due_from)


def require_all_settled(held: Iterable[str]) -> None:
    """Refuse to go on while a deposit is held. Raises ``Refusal`` (NOT_RETURNED)."""
    if left := len(tuple(held)):
        raise Refusal(NOT_RETURNED, left=left)


def require_ground(*, reason: str, evidence: str) -> None:
    """Refuse to keep a deposit without the story and its paper. Raises ``Refusal`` (NO_GROUND)."""
    if not reason.strip() or not evidence.strip():
        raise Refusal(NO_GROUND)


def require_ground_come(*, is_bidding_over: bool, is_winners: bool, is_letter_sent: bool) -> None:
    """Refuse a cause whose stage the case has not reached: nobody revokes a bid before the deadline.

    ``is_winners``: the cause is one that only a winner can give. Raises ``Refusal`` (BIDDING_RUNS,
    NO_LETTER_YET).
    """
    if not is_bidding_over:
        raise Refusal(BIDDING_RUNS)
    if is_winners and not is_letter_sent:
        raise Refusal(NO_LETTER_YET)


def require_rate(rate_percent: Decimal | None) -> Decimal:
    """Return a yearly rate in percent that a bank might give. Raises ``Refusal`` (NO_RATE)."""
    if rate_percent is None or not 0 <= rate_percent <= HIGHEST_RATE:
        raise Refusal(NO_RATE, rate=rate_percent)
    return rate_percent


def interest(amount: Decimal, *, rate_percent: Decimal, since: date, until: date) -> Decimal:
    """Return simple interest on whole days, 360 to the year as banks count demand deposits.

    The day of receipt bears interest, the day of refund does not.
    """
    days = max((until - since).days, 0)
    return rounded(amount * rate_percent * days / 100 / DAYS_OF_A_BANK_YEAR)


def ceiling(estimate: Decimal, *, share: Term, cap: Term) -> Decimal:
    """Return the highest deposit that documents may ask for: the share, at most the cap (F-01)."""
    return rounded(min(share.share_of(estimate), Decimal(str(cap.value))))


def sentence(*, held: int, amount: Decimal) -> str:
    """Return how much is held, for people."""
    return f"尚未退还 {held} 笔，合计 {written(amount)} 元"
