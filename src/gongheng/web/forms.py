"""How forms look and speak: one renderer, one field, one summary of errors for every room.

``{{ form }}`` prints the summary and all fields; ``{{ form.name.as_field_group }}`` one field, with
``{% include "web/forms/errors.html" %}`` on top of the page. Hints are plain text.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    HiddenInput,
    Input,
    RadioSelect,
    Select,
    Textarea,
)

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (HiddenInput, ""),
    (CheckboxInput, "form-check-input"),
    (CheckboxSelectMultiple, "choices"),  # Django gives it to the group and to each box in it
    (RadioSelect, "choices"),
    (Select, "form-select"),
    (FileInput, "form-control"),
    (Textarea, "form-control"),
    (Input, "form-control"),
)


class LabelledField(BoundField):
    """A field that knows its look and the words for required and optional."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Return the attributes with the class of the look; a class of the room is kept."""
        built = super().build_widget_attrs(attrs, widget)
        chosen = widget or self.field.widget
        look = next((name for kind, name in _CLASSES if isinstance(chosen, kind)), "")
        own = chosen.attrs.get("class", "")
        names = [own, look, "is-invalid" if self.errors and look else ""]
        if joined := " ".join(name for name in names if name):
            built["class"] = joined
        return built

    @property
    def is_choice_box(self) -> bool:
        """Tell whether the label stands behind the box."""
        return isinstance(self.field.widget, CheckboxInput)

    @property
    def summary_target(self) -> str:
        """Return the id the error summary points at: the first box of a group, else the field."""
        if isinstance(self.field.widget, RadioSelect | CheckboxSelectMultiple):
            return f"{self.auto_id}_0"
        return str(self.auto_id)


class Renderer(DjangoTemplates):
    """The renderer that ``settings.FORM_RENDERER`` names."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
    bound_field_class = LabelledField


class DecisionForm(forms.Form):
    """What a second person says to what a first one proposed (U-07)."""

    decision = forms.ChoiceField(
        label="决定",
        choices=[("confirm", "确认，立即生效"), ("reject", "退回")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择确认或者退回。"},
    )
    words = forms.CharField(
        label="退回的理由",
        max_length=500,
        required=False,
        help_text="退回时必须填写。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of sending a proposal back."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "reject" and not cleaned.get("words", "").strip():
            self.add_error("words", "请写明退回的理由。")
        return cleaned
