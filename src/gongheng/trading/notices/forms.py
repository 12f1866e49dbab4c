"""The form of a tender notice."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms

from gongheng.data.standard.forms import (
    CodeField,
    CodeListField,
    MailField,
    MomentField,
    MoneyField,
    StandardField,
    StandardForm,
    half_width,
    shown,
)
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.workdays.deadlines import Deadline
from gongheng.trading.notices import content, judgement, rules
from gongheng.trading.notices.kinds import DATASET, Contact, NoticeFacts
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trust.identity.actors import Actor

FIRST_HOUR = time(9, 0)
LAST_HOUR = time(17, 0)
ONE_DAY = timedelta(days=1)
PLATFORM_METHOD = "登录本平台，在本项目公告页免费下载，无需报名和审批。"
UPLOAD_METHOD = "登录本平台上传加密的电子投标文件，以平台回执载明的时间为准。"
LETTER_METHOD = "登录本平台，从投标邀请书进入本项目，免费下载，无需报名和审批。"
OPENING_METHOD = "在本平台开标大厅网上公开进行，投标人在线解密。"


class NoticeForm(StandardForm):
    """A tender notice: what project and lots do not say already."""

    title = StandardField(
        DATASET,
        "NOTICE_NAME",
        rows=2,
        hint="写明项目、标段和“招标公告”。",
        example="龙泉路提升改造工程施工招标公告",
    )
    lots = forms.MultipleChoiceField(
        label="本公告招标的标段",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": str(rules.NO_LOT),
            "invalid_choice": "所选标段不属于本招标项目，请重新选择。",
        },
    )
    documents_from = MomentField(
        DATASET,
        "DOC_GET_START_TIME",
        label="招标文件获取开始时间",
        hint="北京时间，不早于公告发布时间。",
        example="2026-10-13 09:00",
    )
    documents_until = MomentField(
        DATASET, "DOC_GET_END_TIME", label="招标文件获取截止时间", example="2026-10-19 17:00"
    )
    documents_method = StandardField(
        DATASET,
        "TENDER_DOC_GET_METHOD",
        label="招标文件获取方法",
        rows=2,
        hint="除平台账号外不得设置报名、审批等前置条件（《电子招标投标办法》第二十条）。",
    )
    document_price = MoneyField(
        DATASET, "DOC_PRICE", label="招标文件售价（元）", hint="电子招标文件免费，请留空。"
    )
    bids_due_at = MomentField(
        DATASET, "BID_DOC_REFER_END_TIME", label="投标截止时间", example="2026-11-02 09:00"
    )
    bids_method = StandardField(DATASET, "BID_DOC_REFER_METHOD", label="投标文件递交方法", rows=2)
    opening_at = MomentField(
        DATASET,
        "BID_OPEN_TIME",
        label="开标时间",
        hint="与投标截止时间相同（《招标投标法》第三十四条）。",
    )
    opening_method = StandardField(
        DATASET, "BID_OPEN_METHOD", label="开标方式", rows=2, required=True
    )
    consortium_allowed = CodeListField(DATASET, "SYNDICATED_FLAG", radio=True)
    tenderer_address = StandardField(DATASET, "TENDERER_ADDRESS")
    tenderer_person = StandardField(DATASET, "TENDERER_CONTACTOR")
    tenderer_phone = CodeField(DATASET, "TENDERER_PHONE_NUMBER", example="0871-60000000")
    tenderer_email = MailField(DATASET, "TENDERER_EMAIL", example="zhaobiao@example.cn")
    agency_address = StandardField(DATASET, "TENDER_AGENCY_ADDRESS", required=True)
    agency_person = StandardField(DATASET, "TENDER_AGENCY_CONTACTOR", required=True)
    agency_phone = CodeField(DATASET, "TENDER_AGENCY_PHONE_NUMBER", required=True)
    agency_email = MailField(DATASET, "TENDER_AGENCY_EMAIL", required=True)
    other = StandardField(DATASET, "OTHER_CONTENT", rows=3)
    responsible = StandardField(DATASET, "BULLETIN_DUTY", hint="对公告内容负责的人。")

    sections = (
        ("公告和标段", ("title", "lots")),
        (
            "招标文件",
            ("documents_from", "documents_until", "documents_method", "document_price"),
        ),
        ("投标和开标", ("bids_due_at", "bids_method", "opening_at", "opening_method")),
        ("投标人", ("consortium_allowed",)),
        (
            "招标人联系方式",
            ("tenderer_address", "tenderer_person", "tenderer_phone", "tenderer_email"),
        ),
        ("代理机构联系方式", ("agency_address", "agency_person", "agency_phone", "agency_email")),
        ("其他", ("other", "responsible")),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own shape
        tender: TenderProject,
        lots: Sequence[Lot],
        taken: frozenset[str],
        actor: Actor,
        now: datetime,
        **kwargs: Any,  # noqa: ANN401  Django's own shape
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tender, self.known_lots, self.taken, self.now = tender, lots, taken, now
        if not tender.has_agency:
            for name in [name for name in self.fields if name.startswith("agency_")]:
                del self.fields[name]
        which = self.fields["lots"]
        if isinstance(which, forms.MultipleChoiceField):
            which.choices = [(lot.code, _lot_words(lot, taken)) for lot in lots]
        if tender.is_by_invitation:
            self.fields["title"].help_text = f"写明项目、标段和“{content.bulletin(tender)}”。"
            which.label = f"本{content.bulletin(tender)}招标的标段"
        self.proposed = defaults(tender, lots, taken, actor, now)
        self.initial = {**self.proposed, **self.initial}

    def clean_title(self) -> str:
        """Return the title on one line: the box has two so that a long one can be read."""
        return "".join(str(self.cleaned_data["title"]).splitlines())

    def clean(self) -> dict[str, Any]:
        """Let the standard and the law judge what can be read so far."""
        cleaned = super().clean()
        if not self.errors:
            for name, refusal in self._refusals().items():
                self.add_error(name, f"{refusal}{_earliest(refusal.facts.get('earliest'))}")
        return cleaned

    def _refusals(self) -> dict[str, Any]:
        return judgement.refusals(
            self.facts(),
            is_statutory=self.tender.is_statutory,
            coded=[lot.code for lot in self.known_lots],
            taken=self.taken,
            now=self.now,
        )

    def facts(self) -> NoticeFacts:
        """Return the facts of the notice."""
        value = self.cleaned_data
        return NoticeFacts(
            title=value["title"],
            lot_codes=tuple(value["lots"]),
            documents_from=value["documents_from"],
            documents_until=value["documents_until"],
            documents_method=value["documents_method"],
            document_price=value["document_price"],
            bids_due_at=value["bids_due_at"],
            bids_method=value["bids_method"],
            opening_at=value["opening_at"],
            opening_method=value["opening_method"],
            consortium_allowed=value["consortium_allowed"] == "1",
            tenderer=self._contact("tenderer"),
            agency=self._contact("agency") if self.tender.has_agency else None,
            other=value["other"],
            responsible=value["responsible"],
        )

    def _contact(self, whose: str) -> Contact:
        parts = ("address", "person", "phone", "email")
        return Contact(**{part: self.cleaned_data[f"{whose}_{part}"] for part in parts})

    def typed(self) -> dict[str, Any]:
        """Return what was typed, by field, for the draft; what no field could hold is left out."""
        values: dict[str, Any] = {"lots": _several(self.data, "lots")}
        for name, field in self.fields.items():
            if isinstance(field, StandardField):
                text = str(self.data.get(name, ""))
                text = half_width(text) if field.is_normalised else text
                if field.max_length is None or len(text) <= field.max_length:
                    values[name] = text.replace("\x00", "")
        return values

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields under their headings."""
        return [
            (heading, fields)
            for heading, names in self.sections
            if (fields := [self[name] for name in names if name in self.fields])
        ]

    def answers(self) -> list[tuple[str, list[tuple[forms.BoundField, str]]]]:
        """Return fields and clean values in words, under their headings."""
        return [
            (heading, [(field, self._answer(field)) for field in fields])
            for heading, fields in self.parts()
        ]

    def _answer(self, field: forms.BoundField) -> str:
        if field.name == "lots":
            chosen = set(self.cleaned_data.get("lots", ()))
            return "；".join(
                f"{lot.name}（{lot.code}）" for lot in self.known_lots if lot.code in chosen
            )
        return shown(field.field, self.cleaned_data.get(field.name))


def defaults(
    tender: TenderProject,
    lots: Sequence[Lot],
    taken: frozenset[str],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Return what a new notice begins with: lawful times, usual methods, all free lots."""
    documents_from = _at(now.astimezone(BEIJING).date() + ONE_DAY, FIRST_HOUR)
    sale_ends = rules.earliest_end_of_sale(documents_from, now=now).last_day
    bids_due_at = _at(rules.earliest_bids_due(documents_from, now=now).last_day, FIRST_HOUR)
    return {
        "title": f"{tender.name}{content.bulletin(tender)}",
        "lots": [lot.code for lot in lots if lot.code not in taken],
        "documents_from": documents_from,
        "documents_until": _at(sale_ends, LAST_HOUR),
        "documents_method": LETTER_METHOD if tender.is_by_invitation else PLATFORM_METHOD,
        "bids_due_at": bids_due_at,
        "bids_method": UPLOAD_METHOD,
        "opening_at": bids_due_at,
        "opening_method": OPENING_METHOD,
        "consortium_allowed": "0",
        "responsible": actor.name,
    }


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=BEIJING)


def _lot_words(lot: Lot, taken: frozenset[str]) -> str:
    standing = "，已有发布中的公告" if lot.code in taken else ""
    return f"{lot.name}（估算价 {lot.estimate:,.2f} 元{standing}）"


def _earliest(deadline: object) -> str:
    return f"最早日期的算法：{deadline.sentence}" if isinstance(deadline, Deadline) else ""


def _several(data: Mapping[str, Any], name: str) -> list[str]:
    if hasattr(data, "getlist"):
        return [str(value) for value in data.getlist(name)]
    found = data.get(name, [])
    return [str(value) for value in found] if isinstance(found, list) else [str(found)]
