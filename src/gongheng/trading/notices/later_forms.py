"""The forms of what follows a notice: clarification, announcements, questions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from gongheng.data.standard.forms import MomentField, StandardField
from gongheng.kernel.clock import BEIJING, to_minute
from gongheng.trading.notices import judgement, rules
from gongheng.trading.notices.kinds import (
    DATASET,
    EXCEPTIONS,
    AnnouncementFacts,
    AnnouncementKind,
    ChangeFacts,
)
from gongheng.trading.notices.models import Clarification, Question

ANSWER = "answer_"
MOST_LETTERS = 2000
ONE_DAY = timedelta(days=1)
_DUTIES = {
    AnnouncementKind.FAILURE: "招标人将退还投标文件和投标保证金，分析失败原因后依法重新招标。",
    AnnouncementKind.TERMINATION: (
        "招标人将及时退还所收取的招标文件费用，以及投标保证金和银行同期存款利息。"
    ),
    AnnouncementKind.SUSPENSION: "暂停期间不计入投标时间；恢复时另行公告，并保留暂停前剩余的时间。",
    AnnouncementKind.RESUMPTION: "",
}
_ASKED = {
    AnnouncementKind.FAILURE: "招标失败的情况",
    AnnouncementKind.TERMINATION: "终止招标的原因",
    AnnouncementKind.SUSPENSION: "故障或者其他情况",
    AnnouncementKind.RESUMPTION: "恢复的情况",
}


class ChangeForm(forms.Form):
    """A clarification or change of a standing notice: old, new, why, and the times from now on."""

    old_text = StandardField(
        DATASET,
        "OTHER_CONTENT",
        label="原内容",
        required=False,
        rows=3,
        hint="写明招标公告或者招标文件的章节和原文；只作澄清的可以不填。",
    )
    new_text = StandardField(
        DATASET, "OTHER_CONTENT", label="澄清或者修改后的内容", required=True, rows=4
    )
    reason = StandardField(DATASET, "OTHER_CONTENT", label="原因", required=True, rows=2)
    may_affect_bids = forms.BooleanField(
        label="可能影响投标文件的编制", required=False, initial=True
    )
    documents_until = MomentField(DATASET, "DOC_GET_END_TIME", label="招标文件获取截止时间")
    bids_due_at = MomentField(DATASET, "BID_DOC_REFER_END_TIME", label="投标截止时间")
    opening_at = MomentField(
        DATASET, "BID_OPEN_TIME", label="开标时间", hint="与投标截止时间相同。"
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own shape
        announced: ChangeFacts,
        returned: Clarification | None,
        questions: Sequence[Question],
        now: datetime,
        **kwargs: Any,  # noqa: ANN401  Django's own shape
    ) -> None:
        super().__init__(*args, **kwargs)
        self.announced, self.now, self.questions = announced, now, questions
        due = max(announced.bids_due_at, earliest_instant(announced.bids_due_at, now=now))
        self.initial = {
            "documents_until": announced.documents_until,
            "bids_due_at": due,
            "opening_at": due,
        }
        if returned is not None:
            self.initial |= {name: getattr(returned, name) for name in self.fields}
        for question in questions:
            self.fields[f"{ANSWER}{question.pk}"] = forms.CharField(
                label=f"{question.reference}：{question.text}",
                help_text="填写的答复随本次澄清公开，不注明提问人；暂不答复的请留空。",
                required=False,
                max_length=MOST_LETTERS,
                initial=question.answer,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def is_postponed(self) -> bool:
        """Tell whether the proposed deadline is later than the announced one, for W-07."""
        return bool(self.initial["bids_due_at"] > self.announced.bids_due_at)

    def clean(self) -> dict[str, Any]:
        """Let the law judge the change."""
        cleaned = super().clean() or {}
        if not self.errors:
            found = judgement.refusals_of_change(
                self.facts(), announced=self.announced, now=self.now
            )
            for name, refusal in found.items():
                self.add_error(name, f"{refusal}{_earliest(refusal.facts.get('earliest_day'))}")
        return cleaned

    def facts(self) -> ChangeFacts:
        """Return the facts of the change."""
        value = self.cleaned_data
        answers = tuple(
            (question.pk, answer)
            for question in self.questions
            if (answer := value.get(f"{ANSWER}{question.pk}", "").strip())
        )
        named = {name: value[name] for name in type(self).base_fields}
        return ChangeFacts(**named, answers=answers)


def earliest_instant(due: datetime, *, now: datetime) -> datetime:
    """Return the earliest lawful deadline after a change now, at the hour of the announced one."""
    local = due.astimezone(BEIJING)
    return datetime.combine(
        rules.earliest_deadline_after_change(now=now), local.time(), tzinfo=BEIJING
    )


def _earliest(day: object) -> str:
    return f"最早可以定为 {day:%Y-%m-%d}。" if isinstance(day, date) else ""


class AnnouncementForm(forms.Form):
    """What happened to a lot, what follows, and the times of a stop."""

    statement = StandardField(EXCEPTIONS, "EXCEPITON_INFOR", required=True, rows=4)
    duties = StandardField(EXCEPTIONS, "EXCEPITON_INFOR", label="后续安排", required=False, rows=3)
    since = MomentField(
        DATASET,
        "BID_DOC_REFER_END_TIME",
        label="故障开始时间",
        hint="投标剩余时间从这一刻起保留。",
    )
    bids_due_at = MomentField(
        DATASET,
        "BID_DOC_REFER_END_TIME",
        label="恢复后的投标截止和开标时间",
        hint="不得少于暂停前剩余的时间。",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own shape
        kind: AnnouncementKind,
        kept: datetime | None,
        now: datetime,
        **kwargs: Any,  # noqa: ANN401  Django's own shape
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kept, self.now = kept, now
        self.fields["statement"].label = _ASKED[kind]
        self.initial = {"duties": _DUTIES[kind], "since": now}
        if kind is not AnnouncementKind.SUSPENSION:
            del self.fields["since"]
        if kept is None:
            del self.fields["bids_due_at"]
        else:
            # The second person confirms later, and what remained must remain then.
            self.initial["bids_due_at"] = kept + ONE_DAY

    def clean(self) -> dict[str, Any]:
        """Refuse an outage to come, and a deadline that leaves less than remained."""
        cleaned = super().clean() or {}
        since, due = cleaned.get("since"), cleaned.get("bids_due_at")
        if since is not None and since > self.now:
            self.add_error("since", str(rules.OUTAGE_AHEAD))
        if self.kept is not None and due is not None and due < self.kept:
            self.add_error("bids_due_at", f"{rules.TIME_LOST}最早：{to_minute(self.kept)}。")
        return cleaned

    def facts(self) -> AnnouncementFacts:
        """Return the facts of the announcement."""
        value = self.cleaned_data
        return AnnouncementFacts(
            statement=value["statement"],
            duties=value["duties"],
            since=value.get("since"),
            bids_due_at=value.get("bids_due_at"),
        )


class FindingForm(forms.Form):
    """Why the documents are found unlawful."""

    statement = StandardField(
        EXCEPTIONS,
        "EXCEPITON_INFOR",
        label="认定的理由",
        required=True,
        rows=4,
        hint="写明违法的条款、依据，以及对潜在投标人投标的影响。",
    )


class QuestionForm(forms.Form):
    """A question about the documents, from anybody."""

    text = forms.CharField(
        label="问题",
        help_text="写明招标文件的章节和不明白的地方。请不要写单位名称、姓名和电话，问题会公开。",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": str(rules.QUESTION_EMPTY)},
    )
    contact = forms.EmailField(
        label="电子邮箱",
        help_text="只用于通知您答复已公开，招标人、代理机构和平台人员都看不到。",
        required=False,
        max_length=200,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own shape
        lots: Sequence[tuple[str, str]],
        is_known: bool,
        **kwargs: Any,  # noqa: ANN401  Django's own shape
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"] = forms.ChoiceField(label="招标公告", choices=lots)
        self.order_fields(["notice", "text", "contact"])
        if is_known:
            del self.fields["contact"]
