"""The rooms that a case books at the centre (U-03), and the witness who looks on in them (U-04)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from gongheng.kernel.clock import BEIJING
from gongheng.node.rehearsal.answers import HOST, MEMBERS, WITNESS
from gongheng.node.rehearsal.cast import Cast, Failed
from gongheng.node.rehearsal.visitor import Visitor, one_time_code
from gongheng.trust.crypto.digests import sm3

OPENING, EVALUATION = "opening", "evaluation"
HALF_HOUR = timedelta(minutes=30)
BLANK = dict.fromkeys(
    ("kind", "happened_at", "person_name", "person_role", "words", "file_digest"), ""
)
"""What is compared of an entry; what is not typed is empty."""
VIDEO = {"kind": "video", "file_name": "开标室全景.mp4", "file_digest": sm3(b"video").hex()}
AFTER_OPENING = "投标文件全部解密，投标人和招标人确认开标记录。"
SCREEN_FAILED = "大屏短时无信号，切换信号源后恢复，开标没有中断。"
AFTER_EVALUATION = "评标委员会签署评标报告，提交招标人。"


@dataclass
class Attended(Cast):
    """A case with its rooms and its witness; what both did is kept, to be compared."""

    rooms: list[Mapping[str, str]] = field(default_factory=list)
    """Which room is booked for what, from when to when."""
    seen: list[Mapping[str, str]] = field(default_factory=list)
    """In which room the witness wrote what, entry by entry."""
    papers: list[Mapping[str, Any]] = field(default_factory=list)
    """The signed records that she downloaded."""

    @property
    def witness(self) -> Visitor:
        """Return the browser of the centre's witness."""
        return self.as_(WITNESS)

    def book_rooms(self) -> None:
        """预约场地: the centre's officer books both rooms; the tenderer sees them on the case."""
        due = datetime.fromisoformat(self.days.due_at).replace(tzinfo=BEIJING)
        self._book(OPENING, due - HALF_HOUR, halves=4)
        self.refused("开标室不能重复预约", lambda: self._book(OPENING, due, halves=4))
        self._book(EVALUATION, due, halves=16)
        told = self.clerk.go(f"{self.case}?tab=rooms").text
        for booked in self.rooms:
            if booked["room"] not in told:
                msg = f"项目页面没有预约的场地：{booked['room']}"
                raise Failed(msg)

    def _book(self, purpose: str, starts_at: datetime, *, halves: int) -> None:
        """Book the first room that is free."""
        officer = self.as_("officer")
        officer.go(self.at("rooms"))
        begins = starts_at.hour * 2 + starts_at.minute // 30
        hours = {"day": f"{starts_at:%Y-%m-%d}", "begins": str(begins), "length": str(halves)}
        officer.send("查询空闲场地", hours, purpose=purpose)
        room = officer.page.form("预约").buttons[0].words.removeprefix("预约")
        officer.send(f"预约{room}")
        ends_at = starts_at + halves * HALF_HOUR
        self.rooms.append(
            {
                "room": room,
                "purpose": purpose,
                "starts_at": starts_at.isoformat(),
                "ends_at": ends_at.isoformat(),
            }
        )

    def connect_authenticator(self) -> None:
        """动态验证码: the witness connects her telephone and signs in with its codes, as staff must."""
        phone = self.authenticator(WITNESS)
        if phone.exists():  # of an earlier case
            return
        witness = self.browser(self.url, WITNESS)
        witness.sign_in(self.password)
        shown = re.search("填入密钥：([A-Z2-7 ]+)", witness.go("/me/codes/").text)
        if shown is None:
            raise Failed(witness.page.text)
        secret = shown[1].replace(" ", "")
        witness.send("启用", code=one_time_code(secret))
        witness.close()
        phone.write_text(secret, encoding="utf-8")

    def witness_opening(self) -> None:
        """开标见证: the witness comes and writes who comes; she neither sees bids nor opens them."""
        self.refused("见证人员不能提前看投标", lambda: self.witness.go(self.hall))
        self.refused("见证人员不能主持开标", lambda: self.witness.go(self.at("open_bids")))
        self._arrive(OPENING)
        self._write(OPENING, [{"kind": "arrival", **HOST}])

    def end_witness_of_opening(self) -> None:
        """办结开标见证: what happened, the video, who left; not while somebody is in the room."""
        self.refused("有人没有签退不能办结见证", lambda: self.witness.send("办结见证记录"))
        until = self.days.due_at
        video = VIDEO | {"happened_at": f"{self.days.due:%Y-%m-%d} 08:30", "until": until}
        happened = [
            {"kind": "incident", "words": SCREEN_FAILED},
            {"kind": "event", "words": AFTER_OPENING},
            {"kind": "departure", **HOST},
            video,
        ]
        self._write(OPENING, happened)
        self._close()

    def witness_evaluation(self) -> None:
        """评标见证: who comes into the room; the room of the committee's work is closed to her."""
        self.refused("见证人员不能评标", lambda: self.witness.go(self.room))
        self._arrive(EVALUATION)
        self._write(EVALUATION, [{"kind": "arrival", **member} for member in MEMBERS])

    def end_witness_of_evaluation(self) -> None:
        """办结评标见证; nobody else reads before the award who was there (A-04)."""
        self._write(EVALUATION, [{"kind": "event", "words": AFTER_EVALUATION}])
        self._write(EVALUATION, [{"kind": "departure", **member} for member in MEMBERS])
        self._close()
        record = self.witness.page.address
        self.refused("定标前不能看评标见证", lambda: self.clerk.go(record))

    def _arrive(self, sitting: str) -> None:
        witness, address = self.witness, self.at(f"witness/{sitting}")
        for form in witness.go("/witness/").forms:
            if form.action == address:
                witness.send(form.buttons[0].words)
                return
        msg = f"见证列表中没有这个项目：{address}"
        raise LookupError(msg)

    def _write(self, sitting: str, happened: Iterable[Mapping[str, str]]) -> None:
        """Write entries on the page that the witness has before her."""
        for entry in happened:
            typed = {"happened_at": self.days.due_at, **entry}
            self.witness.send("记录", typed)
            kept = {name: word for name, word in typed.items() if name in BLANK}
            room = next(one["room"] for one in self.rooms if one["purpose"] == sitting)
            self.seen.append(BLANK | {"room": room} | kept)

    def _close(self) -> None:
        witness = self.witness
        witness.send("办结见证记录")
        self.papers.append(json.loads(witness.bytes_of(witness.page.link("下载签名的记录"))))
