"""What a form says of a wrong answer, in words that say what to do: Django's own are a programmer's.

A room that has better words for a field gives them to the field.
"""

from collections.abc import Mapping

from django.core import validators
from django.forms import fields, models

REQUIRED = "必须填写。"
_PICK = "请从列出的选项中选择；没有您要的选项时，请刷新页面再选。"
_MESSAGES: Mapping[type[fields.Field], Mapping[str, str]] = {
    fields.Field: {"required": REQUIRED},
    fields.IntegerField: {"invalid": "请填写整数，例如 12。"},
    fields.FloatField: {"invalid": "请填写数字，例如 12.5。"},
    fields.DecimalField: {"invalid": "请填写数字，例如 1234.56。"},
    fields.DateField: {"invalid": "请写成 2026-10-12 的样子。"},
    fields.TimeField: {"invalid": "请写成 09:00 的样子。"},
    fields.DateTimeField: {"invalid": "请写成 2026-10-12 09:00 的样子。"},
    fields.ChoiceField: {"invalid_choice": _PICK},
    fields.MultipleChoiceField: {"invalid_choice": _PICK, "invalid_list": _PICK},
    models.ModelChoiceField: {"invalid_choice": _PICK},
    fields.UUIDField: {"invalid": "编号不完整，请从页面重新复制。"},
    fields.FileField: {
        "invalid": "没有收到文件，请重新选择。",
        "missing": "没有收到文件，请重新选择。",
        "empty": "文件是空的，请确认内容后重新选择。",
        "max_length": "文件名最多 %(max)d 个字符，现在有 %(length)d 个，请改短后重新选择。",
    },
}
_VALIDATORS: Mapping[type[object], str] = {
    validators.MaxLengthValidator: "最多 %(limit_value)d 个字符，现在有 %(show_value)d 个，请删减。",
    validators.MinLengthValidator: "至少 %(limit_value)d 个字符，现在有 %(show_value)d 个，请补充。",
    validators.MaxValueValidator: "不得大于 %(limit_value)s。",
    validators.MinValueValidator: "不得小于 %(limit_value)s。",
    validators.ProhibitNullCharactersValidator: "有不能保存的控制字符，请删去。",
    validators.EmailValidator: "请填写完整的电子邮箱，例如 name@example.cn。",
    validators.URLValidator: "请填写完整的网址，例如 https://example.cn/。",
}
_DIGITS = {
    "invalid": "请填写数字，例如 1234.56。",
    "max_digits": "最多 %(max)s 位数字。",
    "max_decimal_places": "最多 %(max)s 位小数。",
    "max_whole_digits": "小数点前最多 %(max)s 位。",
}


def speak() -> None:
    """Put our words in place of Django's, in every field made from now on."""
    for field, said in _MESSAGES.items():
        field.default_error_messages = {**field.default_error_messages, **said}
    for validator, words in _VALIDATORS.items():
        setattr(validator, "message", words)  # noqa: B010  each kind declares its own type of words
    validators.DecimalValidator.messages = dict(_DIGITS)
