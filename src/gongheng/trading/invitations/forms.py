"""The form by which a firm is invited."""

from django import forms

from gongheng.data.standard.forms import CodeField, StandardForm

DATASET = "TENDER_INVITATION"


class InviteeForm(StandardForm):
    """A firm, and why it can do the work."""

    code = CodeField(
        DATASET,
        "BIDDER_CODE",
        label="被邀请人统一社会信用代码",
        hint="18位；该单位须已在主体库登记并通过核验。",
    )
    ability = forms.CharField(
        label="能力和资信",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="资质、类似业绩、信用情况。例如：建筑工程施工总承包一级，近三年完成同类工程两项，无失信记录。",
        error_messages={"required": "必须填写。"},
    )
