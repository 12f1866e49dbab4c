"""The forms of the role templates."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from gongheng.trust.identity import rules
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.roles import OrganisationType, RoleTemplate, Templates

LONGEST_DAYS = 1826
"""Five years: a grant is looked at again at least as often."""


class TemplatesForm(forms.Form):
    """The template of every role, and why they are changed."""

    words = forms.CharField(
        label="修改理由和依据",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明修改的理由和依据。"},
    )

    def __init__(self, *args: Any, templates: Templates, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.current = templates
        for role in Role:
            self._add(role, templates[role])

    def _add(self, role: Role, template: RoleTemplate) -> None:
        if role not in rules.SEPARATED:
            self.fields[f"{role}_offered"] = forms.BooleanField(
                label="可以授予", required=False, initial=template.is_offered
            )
        self.fields[f"{role}_type"] = forms.ChoiceField(
            label="单位类型",
            choices=[(each.value, each.label) for each in OrganisationType],
            initial=template.organisation_type.value,
        )
        self.fields[f"{role}_days"] = forms.IntegerField(
            label="最长任期（天）",
            min_value=1,
            max_value=LONGEST_DAYS,
            initial=template.longest.days,
            error_messages={
                "required": f"请填写{role.label}的最长任期。",
                "invalid": f"{role.label}的最长任期请填整数天数。",
                "min_value": f"{role.label}的最长任期至少 1 天。",
                "max_value": f"{role.label}的最长任期不超过 {LONGEST_DAYS} 天（五年）。",
            },
        )
        self.fields[f"{role}_meaning"] = forms.CharField(
            label="职责",
            max_length=200,
            initial=template.meaning,
            error_messages={"required": f"请写明{role.label}的职责。"},
        )

    def roles(self) -> Iterator[tuple[Role, RoleTemplate, list[BoundField], bool]]:
        """Yield each role, its template that counts, its fields, and whether one of them is wrong."""
        parts = ("offered", "type", "days", "meaning")
        for role in Role:
            names = [f"{role}_{part}" for part in parts if f"{role}_{part}" in self.fields]
            fields = [self[name] for name in names]
            yield role, self.current[role], fields, any(field.errors for field in fields)

    def templates(self) -> Templates:
        """Return what was filled in."""
        value = self.cleaned_data
        return {
            role: RoleTemplate(
                role,
                OrganisationType(value[f"{role}_type"]),
                timedelta(days=value[f"{role}_days"]),
                value[f"{role}_meaning"].strip(),
                bool(value.get(f"{role}_offered", role in rules.SEPARATED)),
            )
            for role in Role
        }
