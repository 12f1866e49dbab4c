"""The forms of an objection and of its answer."""

from typing import Any

from django import forms

from gongheng.trading.disputes import rules
from gongheng.trading.disputes.kinds import AnswerFacts, Matter, ObjectionFacts, Verdict
from gongheng.web.paper_field import PaperField

MOST_LETTERS = 4000


def _text(label: str, hint: str, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": f"没有填写{label}。异议须写明请求、事实和理由、证据和联系方式。"
        },
    )


class ObjectionForm(forms.Form):
    """What an objection must say (D-01); what is missing is told all at once."""

    claims = _text("异议请求", "写明希望招标人怎样处理。", 2)
    grounds = _text("事实和理由", "写明条款、经过，以及违反的规定。", 5)
    evidence = _text("证据和线索", "逐项列明证据的名称和来源；没有书面证据的，写明线索。", 3)
    paper = PaperField(label="证据附件", hint="平台按文号另取文件名。")
    contact = forms.CharField(
        label="联系方式",
        help_text="联系人、电话或者电子邮箱。",
        max_length=200,
        error_messages={"required": "没有填写联系方式。"},
    )

    def facts(self) -> ObjectionFacts:
        """Return the facts of the objection."""
        return ObjectionFacts(**self.cleaned_data)


class AnswerForm(forms.Form):
    """How an objection is answered."""

    verdict = forms.ChoiceField(label="结论", choices=Verdict.choices, widget=forms.RadioSelect)
    finds_unlawful = forms.BooleanField(
        label="认定招标文件内容违法并影响潜在投标人投标，应当改正后重新招标",
        required=False,
    )
    text = _text("答复的内容和理由", "逐项答复异议的请求。", 5)

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = str(rules.NO_ANSWER)
        if matter is not Matter.DOCUMENTS:
            del self.fields["finds_unlawful"]

    def clean(self) -> dict[str, Any]:
        """Refuse an answer that contradicts itself."""
        cleaned = super().clean() or {}
        if cleaned.get("finds_unlawful") and cleaned.get("verdict") == Verdict.REJECTED:
            self.add_error("verdict", str(rules.UNLAWFUL_BUT_REJECTED))
        return cleaned

    def facts(self) -> AnswerFacts:
        """Return the facts of the answer."""
        value = self.cleaned_data
        return AnswerFacts(
            verdict=Verdict(value["verdict"]),
            text=value["text"],
            finds_unlawful=value.get("finds_unlawful", False),
        )
