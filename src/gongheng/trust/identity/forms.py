"""The sign-in form."""

from typing import Any

from django import forms


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
