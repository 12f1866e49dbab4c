"""The forms of a person's own addresses."""

from collections.abc import Mapping
from typing import Any

from django import forms

from gongheng.registers.messages.kinds import Channel

_WIDGETS = {
    Channel.EMAIL: forms.EmailInput(attrs={"autocomplete": "email"}),
    Channel.SMS: forms.TextInput(attrs={"autocomplete": "tel-national", "inputmode": "tel"}),
}


class AddressForm(forms.Form):
    """One address, which a code is sent to."""

    address = forms.CharField(max_length=254)

    def __init__(self, data: Mapping[str, Any] | None, *, channel: Channel) -> None:
        super().__init__(data)
        field = self.fields["address"]
        is_email = channel is Channel.EMAIL
        field.label = channel.address_label
        field.help_text = "如 name@example.cn。" if is_email else "内地手机号，11 位数字。"
        field.error_messages["required"] = f"请填写{field.label}。"
        field.error_messages["max_length"] = f"{field.label}不超过 254 个字符。"
        field.widget = _WIDGETS[channel]


class ContactCodeForm(forms.Form):
    """The six digits that came to the address."""

    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label="验证码",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={
            "required": "请填写收到的 6 位验证码。",
            "invalid": "验证码是 6 位数字。",
        },
    )


class WantedForm(forms.Form):
    """By which channels a person wants to hear besides the inbox."""

    wanted = forms.MultipleChoiceField(
        choices=[(one.value, one.label) for one in (Channel.EMAIL, Channel.SMS)],
        required=False,
    )
