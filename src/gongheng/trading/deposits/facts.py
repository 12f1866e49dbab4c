"""The facts of a deposit that came in, and the forms that it may have. Plain Python."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Form(StrEnum):
    """In which form a deposit is given; the values are those of the standard's list."""

    TRANSFER = "4"
    BANK_GUARANTEE = "5"
    SURETY = "6"
    INSURANCE = "7"

    @property
    def label(self) -> str:
        """Return the form in Chinese."""
        return _FORMS[self]

    @property
    def is_money(self) -> bool:
        """Tell whether money was paid in, which bears interest."""
        return self is Form.TRANSFER


_FORMS = {
    Form.TRANSFER: "转账（电汇）",
    Form.BANK_GUARANTEE: "银行保函",
    Form.SURETY: "担保保函",
    Form.INSURANCE: "保险保函",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFacts:
    """What the bank's slip or the guarantee says; ``amount`` in yuan, instants aware.

    ``number`` is that of the slip or of the guarantee; ``valid_until`` belongs to a guarantee.
    """

    bidder_code: str
    form: Form
    amount: Decimal
    payer_name: str
    payer_account: str
    bank: str
    number: str
    received_at: datetime
    valid_until: date | None = None
