"""The forms of the deposit desk."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from gongheng.data.standard.forms import (
    CodeField,
    CodeListField,
    DayField,
    MomentField,
    MoneyField,
    StandardField,
    StandardForm,
    half_width,
)
from gongheng.registers.subjects import reasons as subjects
from gongheng.trading.deposits import rules
from gongheng.trading.deposits.facts import DepositFacts, Form
from gongheng.trading.deposits.kinds import KeptCause
from gongheng.web.paper_field import PaperField

DATASET = "BIDDER_MARGIN_INFO"
GUARANTEE = "LETTER_OF_GUARANTEE"


PLACES = {
    rules.NOT_ASKED: "amount",
    rules.WRONG_AMOUNT: "amount",
    rules.NOT_OWN_NAME: "payer_name",
    rules.NOT_BASE_ACCOUNT: "payer_account",
    rules.NO_BASE_ACCOUNT: "payer_account",
    rules.NOT_YET_RECEIVED: "received_at",
    rules.GUARANTEE_TOO_SHORT: "valid_until",
    rules.NO_VALIDITY: "valid_until",
    rules.ALREADY_HELD: "number",
    rules.NO_RATE: "rate_percent",
    subjects.UNKNOWN: "bidder_code",
    subjects.NOT_VERIFIED: "bidder_code",
}
"""Which field of a form a refusal is about."""


class DepositForm(StandardForm):
    """A deposit as the bank's slip or the guarantee shows it."""

    bidder_code = CodeField(DATASET, "BIDDER_ORG_CODE", hint="18位统一社会信用代码。")
    form = CodeListField(DATASET, "MARGIN_PAY_FORM", codes=tuple(Form), radio=True)
    amount = MoneyField(DATASET, "MARGIN_PAY", label="金额（元）", example="260000.00")
    payer_name = StandardField(
        DATASET, "BIDDER_NAME", label="付款人户名或保函申请人", hint="与银行回单或保函一致。"
    )
    payer_account = CodeField(
        DATASET, "MARGIN_ACCOUNT", label="付款账号", hint="转账的必须填写。", required=False
    )
    bank = StandardField(DATASET, "MARGIN_BANK", label="付款银行或担保机构")
    number = CodeField(GUARANTEE, "GUARANTEE_NO", label="银行回单号或保函编号")
    received_at = MomentField(
        DATASET, "MARGIN_RECEIVE_TIME", label="到账或收到时间", example="2026-11-02 10:30"
    )
    valid_until = DayField(
        GUARANTEE, "END_TIME", label="保函有效期截止日", hint="保函的必须填写。", required=False
    )

    def facts(self) -> DepositFacts:
        """Return the facts of a form without errors."""
        clean = self.cleaned_data
        return DepositFacts(
            bidder_code=clean["bidder_code"],
            form=Form(clean["form"]),
            amount=clean["amount"],
            payer_name=clean["payer_name"],
            payer_account=clean["payer_account"],
            bank=clean["bank"],
            number=clean["number"],
            received_at=clean["received_at"],
            valid_until=clean["valid_until"],
        )


MOST_PLACES = 4


class RateField(forms.CharField):
    """A yearly rate in percent."""

    def clean(self, value: Any) -> Decimal | None:  # noqa: ANN401  Django's own shape
        """Return the rate."""
        text = half_width(str(super().clean(value))).removesuffix("%").strip()
        if not text:
            return None
        try:
            rate = Decimal(text)
        except InvalidOperation:
            raise ValidationError("请填写百分数，例如 0.35。") from None
        if not rate.is_finite() or -int(rate.normalize().as_tuple().exponent) > MOST_PLACES:
            raise ValidationError("请填写百分数，最多四位小数，例如 0.35。")
        return rate


class RefundForm(forms.Form):
    """How a deposit goes back."""

    refund_number = forms.CharField(
        label="退款回单号（保函填签退凭证号）",
        max_length=100,
        error_messages={"required": "必须填写。"},
    )
    rate_percent = RateField(
        label="银行同期存款年利率（%）",
        required=False,
        help_text="按到账日至退还前一日计息，一年按360日。保函不计息，可以不填。例如：0.35",
    )


class KeepForm(forms.Form):
    """Why a deposit is not given back."""

    cause = forms.ChoiceField(
        label="法定事由",
        choices=KeptCause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    reason = forms.CharField(
        label="经过",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "必须填写。"},
    )
    evidence = forms.CharField(
        label="依据文件名称和文号",
        max_length=200,
        error_messages={"required": "必须填写。"},
    )
    paper = PaperField(label="依据文件", hint="例如撤销投标文件的通知、拒签合同的函件。")
