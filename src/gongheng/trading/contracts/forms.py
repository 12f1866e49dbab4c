"""The forms of a contract and of an archive."""

from decimal import Decimal
from typing import Any

from django import forms

from gongheng.data.standard.forms import (
    CodeField,
    MomentField,
    MoneyField,
    StandardField,
    WholeField,
)
from gongheng.trading.contracts import rules
from gongheng.trading.contracts.actions import BondFacts, ContractFacts
from gongheng.trading.contracts.kinds import BondForm
from gongheng.trading.contracts.models import Contract
from gongheng.trading.contracts.rules import Substance
from gongheng.web.paper_field import PaperField

DATASET, MARGIN = "CONTRACT_PERFORMANCE", "BIDDER_MARGIN_INFO"
PLACES = {
    rules.BOND_TOO_LARGE: "bond_amount",
    rules.BOND_TOO_SMALL: "amount",
    rules.BOND_NOT_ASKED: "amount",
    rules.BOND_AHEAD: "received_at",
    rules.NO_KEY: "signature",
    rules.BAD_SIGNATURE: "signature",
    rules.UNEXPLAINED: "explanation",
}
"""Which field of a form a refusal is about."""
LONGEST_SIGNATURE = 400
LONGEST_PERSON = 60


class ContractForm(forms.Form):
    """The text of a contract; what documents and bid fix is proposed, and judged when sent."""

    name = StandardField(DATASET, "CONTRACT_NAME", label="合同名称")
    subject = StandardField(
        DATASET, "CONTRACT_CONTENT", label="标的", rows=4, hint="与招标文件的招标范围一致。"
    )
    price = MoneyField(DATASET, "CONTRACT_PRICE", label="合同价款（元）", required=True)
    duration_days = WholeField(DATASET, "LIMITE_TIME", label="工期（日历天）", required=True)
    quality = StandardField(DATASET, "QUALITY_REQUIRE", label="质量", required=True)
    project_manager = forms.CharField(
        label="项目负责人", max_length=LONGEST_PERSON, error_messages={"required": "必须填写。"}
    )
    bond_amount = MoneyField(
        DATASET,
        "CONTRACT_PRICE",
        label="履约保证金（元）",
        required=False,
        hint="招标文件没有要求的填 0；不得超过中标合同金额的百分之十。",
    )
    clauses = StandardField(
        DATASET,
        "CONTRACT_CONTENT",
        label="其他条款",
        rows=8,
        hint="付款、变更、验收、违约和争议解决等，不得背离招标文件和投标文件的实质性内容。",
    )

    def facts(self, winner_code: str) -> ContractFacts:
        """Return the facts of a form without errors."""
        clean = self.cleaned_data
        return ContractFacts(
            name=clean["name"],
            substance=Substance(
                winner_code=winner_code,
                subject=clean["subject"],
                price=clean["price"],
                duration_days=clean["duration_days"],
                quality=clean["quality"],
                project_manager=clean["project_manager"],
            ),
            clauses=clean["clauses"],
            bond_amount=clean["bond_amount"] or Decimal(0),
        )


def proposed(
    contract: Contract | None, substance: Substance, *, name: str, clauses: str
) -> dict[str, Any]:
    """Return what the form begins with: the standing text, else what documents and bid say."""
    return {
        "name": contract.name if contract else name,
        "subject": substance.subject,
        "price": f"{substance.price:.2f}",
        "duration_days": str(substance.duration_days),
        "quality": substance.quality,
        "project_manager": substance.project_manager,
        "bond_amount": f"{contract.bond_amount if contract else Decimal(0):.2f}",
        "clauses": contract.clauses if contract else clauses,
    }


class BondReceiptForm(forms.Form):
    """A performance bond that came in."""

    form = forms.ChoiceField(
        label="形式",
        choices=BondForm.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    number = CodeField(MARGIN, "MARGIN_ACCOUNT", label="银行回单号或保函编号")
    amount = MoneyField(MARGIN, "MARGIN_PAY", label="金额（元）")
    received_at = MomentField(
        MARGIN, "MARGIN_RECEIVE_TIME", label="收到时间", example="2026-11-20 10:30"
    )
    paper = PaperField(label="银行回单或保函", hint="平台按合同编号另取文件名。")

    def facts(self) -> BondFacts:
        """Return the facts of a form without errors."""
        clean = self.cleaned_data
        return BondFacts(
            form=BondForm(clean["form"]),
            number=clean["number"],
            amount=clean["amount"],
            received_at=clean["received_at"],
            paper=clean["paper"],
        )


class SignatureForm(forms.Form):
    """That somebody signs the text that the page shows; the digest says which."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    signature = forms.CharField(
        label="电子签名（可以不填）",
        required=False,
        max_length=LONGEST_SIGNATURE,
        help_text=(
            "用本单位在主体库登记的 SM2 密钥对合同摘要签名，填写十六进制的签名值；"
            "不填的，以本账号签署。"
        ),
    )
    is_sure = forms.BooleanField(
        label="我已阅读合同全文，有权代表本单位签署",
        error_messages={"required": "请先确认。"},
    )

    def clean_signature(self) -> str:
        """Return the signature without the spaces that come with copying."""
        return "".join(str(self.cleaned_data["signature"]).split()).lower()


class ArchiveForm(forms.Form):
    """Why papers are missing."""

    explanation = forms.CharField(
        label="缺件说明",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="没有缺件的不填；有缺件的逐项写明原因。",
    )
