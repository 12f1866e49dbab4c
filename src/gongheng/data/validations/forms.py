"""The form that a file is handed in by."""

from typing import Any

from django import forms

from gongheng.data.standard import registry
from gongheng.data.standard.exports.dictionary import DOMAINS

_FROM_NAME = ("", "按文件名判断")


def _datasets() -> list[tuple[str, Any]]:
    """Return the datasets by domain."""
    named = [(each.domain, (each.code, each.name)) for each in registry.datasets()]
    groups = [
        (label, [choice for its, choice in named if its == domain])
        for domain, label in DOMAINS.items()
    ]
    return [_FROM_NAME, *groups]


class FileForm(forms.Form):
    """A file and how it is judged."""

    file = forms.FileField(
        label="文件",
        help_text="Parquet、CSV、JSON 行（.jsonl）或 XML，不超过 512 兆字节。文件名以数据集英文名开头，例如 PROJECT-202611.csv。",
        error_messages={"required": "请选择要校验的文件。", "empty": "文件是空的，请重新选择。"},
    )
    dataset = forms.ChoiceField(label="数据集", choices=_datasets, required=False)
    is_strict = forms.BooleanField(label="各省本地必填项也须填写", required=False)
