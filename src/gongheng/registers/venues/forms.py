"""How hours of a room are asked for, what a room is, and why one is given back or closed."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms

from gongheng.kernel.clock import BEIJING
from gongheng.registers.venues import reasons
from gongheng.registers.venues.actions import RoomFacts
from gongheng.registers.venues.kinds import Purpose, RoomKind
from gongheng.registers.venues.models import Room

DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
HALVES = 48
LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 20, 48, 96, 144)
"""Half hours that may be chosen, from one to the longest booking."""
MOST_SEATS = 2000
NEEDED = {"required": "必须填写。"}
PLACES = {
    reasons.SAME_NAME: "name",
    reasons.NO_WORDS: "note",
}
"""Which field of a form a refusal is about."""


def _clock(half: int) -> str:
    return f"{half // 2:02}:{half % 2 * 30:02}"


def _length(halves: int) -> str:
    return f"{halves // HALVES} 天" if halves >= HALVES else f"{halves / 2:g} 小时"


class HoursForm(forms.Form):
    """A day, when it begins and how long it takes: nothing else can be chosen than can be booked."""

    day = forms.DateField(
        label="日期",
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={**NEEDED, "invalid": "请填写日历上有的日期，例如 2026-11-09。"},
    )
    begins = forms.TypedChoiceField(
        label="开始时间",
        choices=[(half, _clock(half)) for half in range(HALVES)],
        coerce=int,
        error_messages={**NEEDED, "invalid_choice": "请从列出的时间中选择。"},
    )
    length = forms.TypedChoiceField(
        label="时长",
        choices=[(length, _length(length)) for length in LENGTHS],
        coerce=int,
        error_messages={**NEEDED, "invalid_choice": "请从列出的时长中选择。"},
    )

    @staticmethod
    def values(starts_at: datetime, length: timedelta) -> dict[str, Any]:
        """Return the values of the fields for these hours; the length is the next that is offered."""
        begins = starts_at.astimezone(BEIJING)
        halves = length // timedelta(minutes=30)
        return {
            "day": f"{begins:%Y-%m-%d}",
            "begins": begins.hour * 2 + begins.minute // 30,
            "length": next((one for one in LENGTHS if one >= halves), LENGTHS[-1]),
        }

    def hours(self) -> tuple[datetime, datetime]:
        """Return the hours of a valid form."""
        told = self.cleaned_data
        begins = time(told["begins"] // 2, told["begins"] % 2 * 30)
        starts_at = datetime.combine(told["day"], begins, tzinfo=BEIJING)
        return starts_at, starts_at + timedelta(minutes=30) * told["length"]

    def hours_or_none(self) -> tuple[datetime, datetime] | None:
        """Return the hours, as far as they were understood, whatever else is wrong with the form."""
        understood = set(self.fields) - set(self.errors)
        return self.hours() if {"day", "begins", "length"} <= understood else None


class OccupyForm(HoursForm):
    """A room that the centre takes for something of its own."""

    field_order = ("purpose", "note", "day", "begins", "length")
    purpose = forms.ChoiceField(label="用途", choices=Purpose.choices(), error_messages=NEEDED)
    note = forms.CharField(
        label="事由",
        max_length=200,
        help_text="例如：空调检修；县级纸质项目竞价。各单位在场地安排中只看到“已占用”。",
        error_messages=NEEDED,
    )


class RoomForm(forms.Form):
    """What a room is and has."""

    name = forms.CharField(
        label="名称", max_length=60, help_text="例如：第一开标室。", error_messages=NEEDED
    )
    kind = forms.ChoiceField(label="类型", choices=RoomKind.choices(), error_messages=NEEDED)
    address = forms.CharField(
        label="地址", max_length=200, help_text="写到楼层和房间号。", error_messages=NEEDED
    )
    seats = forms.IntegerField(
        label="座位数",
        min_value=1,
        max_value=MOST_SEATS,
        error_messages={
            **NEEDED,
            "invalid": "请填写整数。",
            "min_value": "至少 1 个座位。",
            "max_value": f"最多 {MOST_SEATS} 个座位。",
        },
    )
    equipment = forms.CharField(
        label="设备",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：音视频录制、大屏、评标终端 7 台、CA 驱动。",
    )
    is_remote = forms.BooleanField(
        label="支持远程异地评标（音视频与其他交易中心互通）", required=False
    )

    def facts(self) -> RoomFacts:
        """Return the facts of a valid form."""
        told = self.cleaned_data
        return RoomFacts(**{**told, "kind": RoomKind(told["kind"])})

    @staticmethod
    def of(room: Room) -> dict[str, Any]:
        """Return the values of the fields for a room."""
        return {name: getattr(room, name) for name in RoomForm.base_fields}


class NoteForm(forms.Form):
    """Why something is given back or closed."""

    note = forms.CharField(
        label="事由",
        max_length=200,
        help_text="相关单位会在消息中看到。",
        error_messages=NEEDED,
    )
