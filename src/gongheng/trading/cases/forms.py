"""The second person's decision on a matter."""

from typing import Any

from django import forms

from gongheng.trading.cases.kinds import Verdict

LONGEST_REASON = 1000


class ReviewForm(forms.Form):
    """Verdict and words; ``seen`` is the digest of the passage that the page showed."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label="复核结论",
        choices=[(verdict.value, verdict.label) for verdict in Verdict],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择复核结论。"},
    )
    reason = forms.CharField(
        label="复核意见",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, is_open: bool, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = (
            "保密审查有需要说明的内容：同意的，写明可以公开的理由；退回的，写明要改什么。"
            if is_open
            else "同意的，可以不填；退回的，请写明要改什么，提交人会看到。"
        )
