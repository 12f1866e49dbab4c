"""The field of a form by which somebody hands in a paper that a room keeps."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from gongheng.kernel.reasons import Refusal
from gongheng.web.files import Paper, require_taken


class PaperField(forms.FileField):
    """A paper; a file of another sort is refused beside the field it was put in."""

    def __init__(self, *, label: str, hint: str = "", required: bool = False) -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=f"PDF、OFD、JPEG、PNG 或 ZIP，不超过100MB；多个文件请打包。{hint}",
            error_messages={
                "required": f"请上传{label}。",
                "empty": "文件是空的，请重新选择。",
            },
        )

    def clean(self, data: Any, initial: Any = None) -> Paper | None:  # noqa: ANN401  Django's own shape
        """Return the paper. Raises ``ValidationError``."""
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return None
        try:
            require_taken(file)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return Paper(name=file.name or "", pieces=file.chunks())
