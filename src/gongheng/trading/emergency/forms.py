"""The forms of a request for an early look, and of the second person's word."""

from collections.abc import Sequence
from typing import Any

from django import forms

from gongheng.trading.emergency.actions import Facts
from gongheng.trading.emergency.kinds import Ground, Item
from gongheng.web.paper_field import PaperField

MOST_LETTERS = 2000
_HOURS = [(24, "24 小时"), (48, "48 小时"), (72, "72 小时")]


class RequestForm(forms.Form):
    """Which item, on which ground and paper, for how long."""

    item = forms.ChoiceField(
        label="查阅事项",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择要查阅的事项。"},
    )
    ground = forms.ChoiceField(
        label="依据",
        choices=Ground.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择依据。"},
    )
    document = forms.CharField(
        label="文号",
        max_length=100,
        help_text="例如：昆建监查〔2026〕7号",
        error_messages={"required": "请填写决定或者调取文书的文号。"},
    )
    paper = PaperField(label="文书扫描件", required=True)
    reason = forms.CharField(
        label="理由",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明为什么不能等到保密期结束。批准人和安全审计员会看到。",
        error_messages={"required": "请写明理由。"},
    )
    hours = forms.TypedChoiceField(
        label="批准后的有效期",
        choices=_HOURS,
        coerce=int,
        initial=24,
        help_text="从批准时起算；过期后不能再查阅。",
    )

    def __init__(self, *args: Any, items: Sequence[Item]) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args)
        chosen = self.fields["item"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  it is declared above
        chosen.choices = [(item.value, item.label) for item in items]

    def facts(self) -> Facts:
        """Return the facts of the request."""
        value = self.cleaned_data
        return Facts(
            item=Item(value["item"]),
            ground=Ground(value["ground"]),
            document=value["document"],
            reason=value["reason"],
            paper=value["paper"],
            hours=value["hours"],
        )


class DecisionForm(forms.Form):
    """The second person's word."""

    verdict = forms.ChoiceField(
        label="意见",
        choices=[("approve", "批准"), ("reject", "不批准")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择批准或者不批准。"},
    )
    answer = forms.CharField(
        label="说明",
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不批准的必须写明理由。",
    )
