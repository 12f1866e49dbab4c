"""A contract says what the documents and the winning bid say, and both sides sign the same text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gongheng.kernel.law import Law
from gongheng.kernel.money import rounded, written
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms import Term

REGULATION = "招标投标法实施条例"
EQUALITY = Law(REGULATION, "第五十七条", rule="H-01")

UNEQUAL = Reason(
    code="contracts.unequal",
    message="合同的内容与招标文件和中标人的投标文件不一致。",
    law=EQUALITY,
    remedy="请改回招标文件和投标文件的内容；招标人和中标人不得再行订立背离合同实质性内容的其他协议。",
)
NO_AWARD = Reason(
    code="contracts.no_award",
    message="还没有发出中标通知书，不能订立合同。",
    law=Law("招标投标法", "第四十六条", rule="W-33"),
    remedy="请先发出中标通知书。",
)
NO_DRAFT = Reason(
    code="contracts.no_draft",
    message="还没有起草合同。",
    remedy="请先由招标人起草合同。",
)
OTHER_TEXT = Reason(
    code="contracts.other_text",
    message="合同文本在您查看之后有修改，本次没有签署。",
    remedy="请重新查看合同全文后再签署。",
)
WINNER_FIRST = Reason(
    code="contracts.winner_first",
    message="中标人还没有签署现在的合同文本。",
    law=Law("招标投标法", "第四十六条", rule="W-33"),
    remedy="请待中标人签署后，由招标人最后签署，合同即告订立。",
)
PARTNERS_FIRST = Reason(
    code="contracts.partners_first",
    message="联合体的成员还没有全部签署现在的合同文本。",
    law=Law("招标投标法", "第三十一条", rule="J-01"),
    remedy="联合体中标的，各方应当共同与招标人签订合同，承担连带责任：请待列出的成员签署后再签署。",
)
ALREADY_SIGNED = Reason(
    code="contracts.already_signed",
    message="本方已经签署过这份合同文本，没有重复签署。",
    remedy="请查看合同的签署情况。",
)
CONCLUDED = Reason(
    code="contracts.concluded",
    message="合同已经订立，不能再修改。",
    law=EQUALITY,
    remedy="确需变更的，依照合同和法律另行办理。",
)
NOT_A_PARTY = Reason(
    code="contracts.not_a_party",
    message="您的单位不是这份合同的当事人。",
    remedy="请由招标人的经办人或中标人的账号办理。",
)
BOND_TOO_LARGE = Reason(
    code="contracts.bond_too_large",
    message="履约保证金超过中标合同金额的百分之十。",
    law=Law(REGULATION, "第五十八条", rule="F-05"),
    remedy="请改为不超过中标合同金额的百分之十。",
)
BOND_MISSING = Reason(
    code="contracts.bond_missing",
    message="还没有收到履约保证金。",
    law=Law(REGULATION, "第五十八条", rule="F-05"),
    remedy="请登记收到的履约保证金后再签署；中标人拒不提交的，办理中标人不能订约。",
)
BOND_NOT_ASKED = Reason(
    code="contracts.bond_not_asked",
    message="这份合同不要求履约保证金。",
    remedy="招标文件要求履约保证金的，请先在合同中填写金额。",
)
BOND_TOO_SMALL = Reason(
    code="contracts.bond_too_small",
    message="收到的履约保证金少于合同约定的金额。",
    law=Law(REGULATION, "第五十八条", rule="F-05"),
    remedy="请核对金额；不足的，请中标人补足。",
)
BOND_AHEAD = Reason(
    code="contracts.bond_ahead",
    message="收到时间晚于现在。",
    remedy="请按银行回单或保函的签收时间填写。",
)
NO_KEY = Reason(
    code="contracts.no_key",
    message="本单位在主体库没有登记签名密钥，不能核验电子签名。",
    law=Law("电子签名法", "第十三条"),
    remedy="请不填电子签名，以账号签署；或先在主体库登记签名密钥。",
)
BAD_SIGNATURE = Reason(
    code="contracts.bad_signature",
    message="电子签名与本单位登记的密钥或现在的合同文本不符。",
    law=Law("电子签名法", "第十三条"),
    remedy="请对页面上的合同摘要重新签名，并使用已登记的密钥。",
)
NOT_LOST = Reason(
    code="contracts.not_lost",
    message="没有登记中标人不能订约的法定事由。",
    law=Law(REGULATION, "第五十五条", rule="W-29"),
    remedy="请在合同页面登记事由和证明材料。",
)
UNEXPLAINED = Reason(
    code="contracts.archive_unexplained",
    message="档案还缺少材料，没有说明原因。",
    law=Law("电子招标投标文件归档规范", rule="Z-02"),
    remedy="请补齐缺少的材料；确实没有的，请逐项写明缺件说明。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """What a contract must take over unchanged; ``price`` in yuan."""

    winner_code: str
    subject: str
    price: Decimal
    duration_days: int
    quality: str
    project_manager: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A part of the substance in which a contract departs from the bid, in words."""

    field: str
    label: str
    contract: str
    bid: str

    def __str__(self) -> str:
        """Return the difference for people."""
        return f"{self.label}：合同为“{self.contract}”，应为“{self.bid}”"


LABELS = {
    "winner_code": "中标人",
    "subject": "标的",
    "price": "合同价款",
    "duration_days": "工期（日历天）",
    "quality": "质量",
    "project_manager": "项目负责人",
}


class Unequal(Refusal):
    """A contract that departs from the bid: it names every field."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        super().__init__(UNEQUAL, fields=tuple(row.field for row in differences))
        self.differences = differences

    def __str__(self) -> str:
        """Return the sentence for people, with every difference."""
        return f"{'；'.join(str(row) for row in self.differences)}。{self.reason}"


def differences(contract: Substance, bid: Substance) -> tuple[Difference, ...]:
    """Return the parts in which a contract is not what the documents and the bid say (H-01)."""
    return tuple(
        Difference(
            field=name,
            label=label,
            contract=_words(getattr(contract, name)),
            bid=_words(getattr(bid, name)),
        )
        for name, label in LABELS.items()
        if _plain(getattr(contract, name)) != _plain(getattr(bid, name))
    )


def require_equal(contract: Substance, bid: Substance) -> None:
    """Refuse a contract that departs from the bid. Raises ``Unequal`` (UNEQUAL)."""
    if found := differences(contract, bid):
        raise Unequal(found)


def _plain(value: object) -> object:
    """Return a value by which sameness is judged: line ends and spaces at the edges tell nothing."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _words(value: object) -> str:
    return f"{written(value)} 元" if isinstance(value, Decimal) else str(value)


def bond_limit(price: Decimal, term: Term) -> Decimal:
    """Return the highest performance bond of a contract (F-05)."""
    return rounded(term.share_of(price))


def require_bond(amount: Decimal, *, price: Decimal, term: Term) -> None:
    """Refuse a performance bond above its share of the price (F-05).

    Raises ``Refusal`` (BOND_TOO_LARGE with ``limit``).
    """
    limit = bond_limit(price, term)
    if amount > limit:
        raise Refusal(BOND_TOO_LARGE, amount=amount, limit=limit)


def require_bond_received(*, asked: Decimal, received_at: datetime | None) -> None:
    """Refuse to conclude without the bond that was asked for. Raises ``Refusal`` (BOND_MISSING)."""
    if asked > 0 and received_at is None:
        raise Refusal(BOND_MISSING, asked=asked)


def require_right_receipt(
    amount: Decimal, *, asked: Decimal, received_at: datetime, now: datetime
) -> None:
    """Refuse a receipt that cannot be.

    Raises ``Refusal`` (BOND_NOT_ASKED, BOND_TOO_SMALL, BOND_AHEAD).
    """
    if asked <= 0:
        raise Refusal(BOND_NOT_ASKED)
    if amount < asked:
        raise Refusal(BOND_TOO_SMALL, amount=amount, asked=asked)
    if received_at > now:
        raise Refusal(BOND_AHEAD, received_at=received_at, now=now)


def require_same_text(*, seen: str, standing: str) -> None:
    """Refuse to sign what was not looked at. Raises ``Refusal`` (OTHER_TEXT)."""
    if seen != standing:
        raise Refusal(OTHER_TEXT, seen=seen)


def require_explained(missing: Iterable[str], explanation: str) -> None:
    """Refuse an archive with gaps that nobody explains. Raises ``Refusal`` (UNEXPLAINED)."""
    gaps = tuple(missing)
    if gaps and not explanation.strip():
        raise Refusal(UNEXPLAINED, missing=gaps)
