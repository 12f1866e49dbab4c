"""Arithmetic correction of a bid's price, in the order of the law's table (S-09, W-40).

Works: words prevail over figures; the unit price prevails over the total, unless its decimal point
has obviously slipped, then the total prevails and the unit price is corrected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from gongheng.kernel.law import Law
from gongheng.kernel.money import rounded, yuan
from gongheng.kernel.reasons import Reason, Refusal

LAW = Law("评标委员会和评标方法暂行规定", "第十九条", rule="S-09")
NOT_POSITIVE = Reason(
    code="evaluation.price_not_positive",
    message="报价必须是大于零的金额。",
    remedy="请以元为单位填写，最多两位小数；下浮率、折扣率等须先换算成金额。",
)
NO_SLIP = Reason(
    code="evaluation.no_slip",
    message="单价与总价之间不是小数点错位，应当以单价为准。",
    law=LAW,
    remedy="请取消“单价小数点明显错位”，或核对单价、数量和总价。",
)
NO_CONFLICT = Reason(
    code="evaluation.no_conflict",
    message="没有发现需要修正的算术差错，修正后的报价与开标报价相同。",
    law=LAW,
    remedy="请核对所填的单价、数量和总价。",
)
DIGITS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of the priced list whose figures contradict each other."""

    label: str
    quantity: Decimal
    unit_price: Decimal
    total: Decimal
    has_slipped: bool = False

    @property
    def product(self) -> Decimal:
        """Return unit price times quantity, to the fen."""
        with localcontext(prec=DIGITS):
            return rounded(self.unit_price * self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The price after correction, and each difference that led to it, in words and yuan."""

    price: Decimal
    steps: tuple[tuple[str, Decimal], ...]


def read_price(text: str) -> Decimal:
    """Return a price in yuan. Raises ``Refusal`` (NOT_POSITIVE, those of ``kernel.money``)."""
    price = yuan(text)
    if price <= 0:
        raise Refusal(NOT_POSITIVE, value=text)
    return price


def is_usable(price: Decimal) -> bool:
    """Tell whether an opened price is an amount at all: finite, above zero, whole fen (S-01)."""
    return price.is_finite() and price > 0 and price == price.quantize(Decimal("0.01"))


def corrected(
    opened: Decimal, *, words: Decimal | None = None, items: Sequence[Item] = ()
) -> Corrected:
    """Return the corrected price: first words over figures, then each item in its order.

    Raises ``Refusal`` (NO_SLIP, NO_CONFLICT, NOT_POSITIVE).
    """
    price, steps = opened, []
    if words is not None and words != price:
        steps.append(("大写金额与小写金额不一致，以大写金额为准", words - price))
        price = words
    for item in items:
        difference, why = _difference(item)
        if difference or item.has_slipped:
            steps.append((f"{item.label}：{why}", difference))
            price += difference
    if not steps:
        raise Refusal(NO_CONFLICT, price=opened)
    if price <= 0:
        raise Refusal(NOT_POSITIVE, value=price)
    return Corrected(price=price, steps=tuple(steps))


def _difference(item: Item) -> tuple[Decimal, str]:
    if item.has_slipped:
        if not _is_slip(item):
            raise Refusal(NO_SLIP, item=item.label)
        return Decimal(0), "单价小数点明显错位，以总价为准并修改单价"
    return item.product - item.total, "单价与数量的乘积与总价不一致，以单价为准"


def _is_slip(item: Item) -> bool:
    """Tell whether product and total differ by a power of ten and nothing else."""
    if item.product <= 0 or item.total <= 0 or item.product == item.total:
        return False
    larger, smaller = max(item.product, item.total), min(item.product, item.total)
    factor = Decimal(10)
    while smaller * factor < larger:
        factor *= 10
    return smaller * factor == larger
