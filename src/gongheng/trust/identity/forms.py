"""The forms of signing in, of the own account and of the officers."""

from datetime import date

from django import forms

from gongheng.kernel.codes import region, uscc
from gongheng.trust.identity import bodies
from gongheng.trust.identity.kinds import Role


class SignInForm(forms.Form):
    """Name and password; lengths are bounded because hashing a password costs time."""

    username = forms.CharField(
        label="账号",
        max_length=60,
        strip=True,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": "请填写账号。",
            "max_length": "账号不超过 60 个字符，现在是 %(show_value)d 个字符。",
        },
    )
    password = forms.CharField(
        label="密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": "请填写密码。",
            "max_length": "密码不超过 256 个字符，现在是 %(show_value)d 个字符。",
        },
    )


class CodeForm(forms.Form):
    """Six digits of an authenticator."""

    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label="动态验证码",
        help_text="认证器显示的 6 位数字，每 30 秒更换一次。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={
            "required": "请填写认证器显示的 6 位验证码。",
            "invalid": "验证码是 6 位数字。",
        },
    )

    def clean_code(self) -> str:
        """Return the digits alone."""
        return "".join(str(self.cleaned_data["code"]).split())


def _password(label: str, complete: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=256,
        strip=False,
        help_text=hint,
        widget=forms.PasswordInput(attrs={"autocomplete": complete}),
        error_messages={"required": f"请填写{label}。"},
    )


class PasswordForm(forms.Form):
    """The old password and, twice, the new one."""

    old = _password("现在的密码", "current-password")
    new = _password("新密码", "new-password", "至少 12 个字符，不常见，不全是数字。")
    again = _password("再填一次新密码", "new-password")

    def clean_again(self) -> str:
        """Refuse two different new passwords."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError("两次填写的新密码不同，请重新填写。", code="differs")
        return again


class AccountForm(forms.Form):
    """A new account: the person, and the organisation the person acts for."""

    username = forms.CharField(label="账号", max_length=60, help_text="登录时填写，不分大小写。")
    display_name = forms.CharField(label="姓名", max_length=60)
    organisation_name = forms.CharField(label="单位名称", max_length=200)
    organisation_code = forms.CharField(
        label="统一社会信用代码",
        max_length=18,
        required=False,
        help_text="18 位；评标专家等个人账号不填。",
    )
    organisation_type = forms.ChoiceField(
        label="单位类型",
        choices=[("", "按已登记的类型，或由首次授予的角色确定")]
        + [(one.value, one.label) for one in bodies.CHOSEN],
        required=False,
        help_text="一个单位只属于一类，其人员只能授予该类单位的角色。",
    )
    region_code = forms.CharField(
        label="行政区划代码", max_length=6, help_text="6 位；角色在这个区域及其下级内有效。"
    )

    def clean_organisation_code(self) -> str:
        """Refuse a code with a wrong check character."""
        code = str(self.cleaned_data["organisation_code"]).strip().upper()
        if code and not uscc.is_valid(code):
            raise forms.ValidationError("统一社会信用代码的校验位不符，请核对。", code="check")
        return code

    def clean_region_code(self) -> str:
        """Refuse a region that does not exist."""
        code = str(self.cleaned_data["region_code"]).strip()
        if not region.is_valid(code):
            raise forms.ValidationError("没有这个行政区划代码，请核对。", code="region")
        return code


class GrantForm(forms.Form):
    """A role and the last day on which it counts."""

    role = forms.ChoiceField(label="角色", choices=Role.choices)
    until = forms.DateField(
        label="有效至",
        help_text="含当日；不超过该角色的最长任期。",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请填写到期日。", "invalid": "请按 2027-10-11 的格式填写。"},
    )

    def clean_until(self) -> date:
        """Refuse the last day that there is: nothing can end after it."""
        until: date = self.cleaned_data["until"]
        if until == date.max:
            raise forms.ValidationError("请填写实际的到期日，例如 2027-10-11。", code="far")
        return until
