"""The forms of registration and change."""

from collections.abc import Mapping
from typing import Any

from django import forms

from gongheng.data.records.reasons import INVALID
from gongheng.data.standard import regions
from gongheng.data.standard.forms import (
    CodeField,
    CodeListField,
    DayField,
    MailField,
    MoneyField,
    RegionField,
    StandardField,
    StandardForm,
    half_width,
)
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import content, reasons, rules
from gongheng.registers.subjects.kinds import (
    ORGANISATION_DATASET as ORGANISATION,
    PERSON_DATASET as PERSON,
    SubjectKind,
    SubjectRole,
)
from gongheng.registers.subjects.rules import Entry
from gongheng.trust.identity.actions import NAME_TAKEN

WITHOUT_END = "20991231"
"""What stands in the standard's column for a licence without end."""
_TYPES: Mapping[SubjectKind, tuple[str, ...]] = {
    SubjectKind.LEGAL_PERSON: ("1",),
    SubjectKind.PUBLIC_BODY: ("2", "3"),
    SubjectKind.OTHER: ("4", "9"),
}
REQUIRED = {"required": "必须填写。"}


class StartForm(forms.Form):
    """Who registers: the type, and the credit code that the rest is prefilled by."""

    kind = forms.ChoiceField(
        label="主体类型",
        choices=SubjectKind.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择主体类型。", "invalid_choice": "请从列表中选择一项。"},
    )
    code = forms.CharField(
        label="统一社会信用代码",
        required=False,
        max_length=40,
        help_text="18位，见营业执照或登记证书；自然人不用填写。",
    )

    def clean(self) -> dict[str, Any]:
        """Judge the check digit at once."""
        cleaned = super().clean() or {}
        code = half_width(cleaned.get("code", "")).upper()
        kind = cleaned.get("kind")
        if kind and kind != SubjectKind.NATURAL_PERSON:
            try:
                rules.require_code(code, SubjectKind(kind))
            except Refusal as refusal:
                self.add_error("code", str(refusal))
        return cleaned | {"code": code}


class BodyForm(StandardForm):
    """The facts of a subject; ``body`` is its row of the standard."""

    kind: SubjectKind
    dataset: str
    without_end = forms.BooleanField(label="证照长期有效", required=False)
    end_field: str

    def clean(self) -> dict[str, Any]:
        """Let the standard judge; a licence has an end or none."""
        cleaned = super().clean()
        has_end = cleaned.get("without_end") or cleaned.get(self.end_field)
        if not has_end and self.end_field not in self.errors:
            self.add_error(self.end_field, "请填写失效日期，或勾选“证照长期有效”。")
        return cleaned

    def wire(self, dataset: str) -> dict[str, str]:
        """Return the clean values; what has no end is written as the standard wants it."""
        field: Any = self.fields[self.end_field]
        return {field.standard[1]: WITHOUT_END, **super().wire(dataset)}

    def body(self) -> dict[str, str]:
        """Return the row of the standard."""
        row = self.wire(self.dataset)
        if self.cleaned_data.get("without_end"):
            field: Any = self.fields[self.end_field]
            row[field.standard[1]] = WITHOUT_END
        return row

    def show(self, refusal: Refusal) -> None:
        """Put a refusal of the register to the field that it is about."""
        findings = refusal.facts.get("findings")
        if refusal.reason is INVALID and isinstance(findings, list):
            self.add_findings(self.dataset, findings)
            for finding in findings:
                if not self.errors:
                    self.add_error(None, f"{finding.message}{finding.remedy}")
        elif (name := _FIELDS.get(refusal.reason.code, "")) in self.fields:
            faults = refusal.facts.get("faults")
            more = "".join(faults) if isinstance(faults, tuple) else ""
            self.add_error(name, f"{refusal}{more}")
        if not self.errors:
            self.add_error(None, str(refusal))


_FIELDS = {
    reasons.GONE.code: "code",
    reasons.OLD_NAME.code: "name",
    reasons.BAD_CREDIT_CODE.code: "code",
    reasons.BAD_PERSON_CODE.code: "identity_number",
    NAME_TAKEN.code: "username",
    "identity.weak_password": "password",
}
"""Which field a refusal is about, by its code."""


_ACCOUNT = ("applicant_name", "username", "password", "password_again")


class OrganisationForm(BodyForm):
    """A legal person, public body or other organisation."""

    dataset = ORGANISATION
    end_field = "licence_ends_on"
    field_order = (
        *("code", "name", "legal_type", "roles", "representative", "representative_phone"),
        *("licence_ends_on", "without_end", "region_code", "address", "capital"),
        *("contact_name", "contact_phone", "email", "bank", "bank_account"),
        *_ACCOUNT,
    )

    code = CodeField(ORGANISATION, "LEGAL_CODE", label="统一社会信用代码")
    name = StandardField(
        ORGANISATION, "LEGAL_NAME", label="名称", hint="与营业执照或登记证书一致。"
    )
    legal_type = CodeListField(ORGANISATION, "LEGAL_TYPE", label="机构类别")
    roles = forms.MultipleChoiceField(
        label="在交易中的角色",
        choices=SubjectRole.choices(),
        widget=forms.CheckboxSelectMultiple,
        help_text="可以多选；以后可以变更。",
        error_messages={"required": "请至少选择一项。"},
    )
    representative = StandardField(
        ORGANISATION, "LEGAL_REPRESENT", label="法定代表人（负责人）", hint="按证照填写，不预填。"
    )
    representative_phone = CodeField(ORGANISATION, "REPRESENT_PHONE", label="法定代表人电话")
    licence_ends_on = DayField(
        ORGANISATION, "LICENSE_END_DATE", label="证照失效日期", required=False, example="2036-05-31"
    )
    without_end = forms.BooleanField(label="证照长期有效", required=False)
    region_code = RegionField(ORGANISATION, "REGION_CODE", label="注册地")
    address = StandardField(ORGANISATION, "LEGAL_UNIT_ADDRESS", label="住所")
    capital = MoneyField(
        ORGANISATION,
        "REG_CAPITAL",
        label="注册资本（万元）",
        required=False,
        hint="没有注册资本的不填。",
        example="5,000",
    )
    contact_name = StandardField(ORGANISATION, "LEGAL_CONTACT", label="业务联系人")
    contact_phone = CodeField(
        ORGANISATION, "LEGAL_CONTACT_PHONE", label="业务联系电话", example="0871-60000000"
    )
    email = MailField(ORGANISATION, "LEGAL_EMAIL", label="电子邮箱", example="touban@example.cn")
    bank = StandardField(
        ORGANISATION, "BASIC_BANK", label="基本户开户银行", hint="保证金退还用，不公开。"
    )
    bank_account = CodeField(ORGANISATION, "BASIC_ACCOUNT_NO", label="基本户账号")

    def __init__(self, *args: Any, kind: SubjectKind, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.kind = kind
        chosen = self.fields["legal_type"]
        if isinstance(chosen, CodeListField):
            chosen.labels = {code: chosen.labels[code] for code in _TYPES[kind]}
            chosen.widget = forms.Select(choices=[("", "请选择"), *chosen.labels.items()])
        self.fields["code"].widget.attrs["readonly"] = True
        if kind is SubjectKind.LEGAL_PERSON:
            self.fields["capital"].required = True

    def wire(self, dataset: str) -> dict[str, str]:
        """Return the clean values; who has no capital writes nothing."""
        return {"REG_CAPITAL": "0", **super().wire(dataset)}

    def body(self) -> dict[str, str]:
        """Return the row of the standard, with what follows from the type."""
        row = super().body()
        code = row.get("LEGAL_CODE", "")
        return {
            **row,
            "BIDDER_CODE_TYPE": "2" if self.kind is SubjectKind.OTHER else "1",
            "LEGAL_ROLE": ";".join(self.cleaned_data.get("roles", [])),
            "LICENSE_NO": code,
            "TAX_CERT_NO": code,
            "TAX_CERT_END_DATE": row.get("LICENSE_END_DATE", WITHOUT_END),
            "COUNTRY_REGION": "156",
            "REG_CAP_CURRENCY": "156",
            "REG_UNIT": "1",
            "LEGAL_STATUS": "1",
        }


class PersonForm(BodyForm):
    """A natural person."""

    dataset = PERSON
    end_field = "card_ends_on"
    field_order = (
        *("person_name", "identity_number", "card_ends_on", "without_end", "phone"),
        *("bank_account", "bank", "address"),
        *_ACCOUNT,
    )

    person_name = StandardField(PERSON, "PERSON_NAME", label="姓名")
    identity_number = CodeField(
        PERSON, "ID_CARD", label="居民身份证号码", hint="只用于核验，不公开。"
    )
    card_ends_on = DayField(PERSON, "ID_CARD_END_DATE", label="身份证失效日期", required=False)
    without_end = forms.BooleanField(label="证照长期有效", required=False)
    phone = CodeField(PERSON, "CONTACT", label="联系电话")
    bank_account = CodeField(
        PERSON, "BANK_ACCOUNT", label="银行账户", hint="保证金退还用，不公开。"
    )
    bank = StandardField(PERSON, "BANK_NAME", label="开户行")
    address = StandardField(PERSON, "ADDRESS", label="地址")

    def __init__(self, *args: Any, kind: SubjectKind, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.kind = kind

    def body(self) -> dict[str, str]:
        """Return the row of the standard."""
        return {**super().body(), "ID_CARD_TYPE": "01"}


class AccountFields(forms.Form):
    """The first account of a subject."""

    applicant_name = forms.CharField(label="经办人姓名", max_length=60, error_messages=REQUIRED)
    username = forms.CharField(
        label="账号",
        max_length=60,
        help_text="登录用，登记后不能更改。",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages=REQUIRED,
    )
    password = forms.CharField(
        label="密码",
        max_length=256,
        strip=False,
        help_text="至少12个字符，不全是数字，不与姓名和单位名称相近。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=REQUIRED,
    )
    password_again = forms.CharField(
        label="再次输入密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=REQUIRED,
    )


def _same_words(form: forms.Form) -> None:
    first, second = (form.cleaned_data.get(name) for name in ("password", "password_again"))
    if first and second and first != second:
        form.add_error("password_again", "两次输入的密码不一致，请重新输入。")


class OrganisationSignUp(OrganisationForm, AccountFields):
    """An organisation with its first account."""

    def clean(self) -> dict[str, Any]:
        """Judge the passwords, too."""
        cleaned = super().clean()
        _same_words(self)
        return cleaned


class PersonSignUp(PersonForm, AccountFields):
    """A natural person with an account."""

    def clean(self) -> dict[str, Any]:
        """Judge the passwords, too."""
        cleaned = super().clean()
        _same_words(self)
        return cleaned


def body_form(kind: SubjectKind, *args: Any, **kwargs: Any) -> BodyForm:  # noqa: ANN401  Django's own shape
    """Return the form for the facts of such a subject."""
    cls = PersonForm if kind is SubjectKind.NATURAL_PERSON else OrganisationForm
    return cls(*args, kind=kind, **kwargs)


def sign_up_form(kind: SubjectKind, *args: Any, **kwargs: Any) -> BodyForm:  # noqa: ANN401  Django's own shape
    """Return the form for such a subject and its first account."""
    cls = PersonSignUp if kind is SubjectKind.NATURAL_PERSON else OrganisationSignUp
    return cls(*args, kind=kind, **kwargs)


def typed(kind: SubjectKind, body: Mapping[str, str]) -> dict[str, Any]:
    """Return a row of the standard as people would have typed it into the form."""
    form = body_form(kind)
    initial: dict[str, Any] = {}
    for name, field in form.fields.items():
        if isinstance(field, StandardField):
            value = body.get(field.standard[1], "")
            initial[name] = (
                content.words(kind, field.standard[1], value) if _is_day(field) else value
            )
    if initial.get(form.end_field) == "2099-12-31":
        initial |= {form.end_field: "", "without_end": True}
    if "roles" in form.fields:
        initial["roles"] = body.get("LEGAL_ROLE", "").split(";")
    return initial


def _is_day(field: StandardField) -> bool:
    return isinstance(field, DayField)


def prefilled(code: str, entry: Entry | None) -> dict[str, Any]:
    """Return what the business register knows; the representative is left to the applicant.

    Where it knows nothing, the code itself names the region that gave it out (GB 32100-2015, 3 to 8).
    """
    if entry is None:
        return {"code": code, "region_code": "".join(regions.named(code[2:8]))}
    ends_on = entry.expires_on
    return {
        "code": code,
        "name": entry.name,
        "legal_type": entry.legal_type,
        "region_code": entry.region_code,
        "address": entry.address,
        "capital": entry.capital,
        "without_end": not ends_on,
        "licence_ends_on": f"{ends_on[:4]}-{ends_on[4:6]}-{ends_on[6:]}" if ends_on else "",
    }
