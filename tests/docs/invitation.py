"""A works tender by invitation, walked through pages by the people of the rehearsal."""

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from gongheng.data.standard import samples
from gongheng.node import cli, wiring
from gongheng.node.demo.people import BIDDERS
from gongheng.node.rehearsal.answers import LOT, PROJECT, SCHOOL, Party, paper
from gongheng.node.rehearsal.cast import Failed
from gongheng.node.rehearsal.walk import Walk
from tests.browser import visitor

INVITED = {f"bidder{number}": BIDDERS[number - 1] for number in (1, 2, 3)}
UNINVITED = "bidder4"
BY_INVITATION = replace(SCHOOL, project=PROJECT | {"procedure": "works_invited"})
NOT_FOUND, FORBIDDEN = 404, 403


@dataclass
class InvitedWalk(Walk):
    """The rehearsal's walk, with what an invitation adds to it.

    Everything runs in this process: commands as the command line runs them, loops whenever somebody
    waits for what they do.
    """

    party: Party = BY_INVITATION

    def command(self, *words: str | Path) -> str:
        looks_at_clock = words[:2] in {("holder", "serve"), ("bid", "release")}
        told = [*words, *(("--clock", self.state / "clock.json") if looks_at_clock else ())]
        given, said = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(given), contextlib.redirect_stderr(said):
            code = cli.main([str(word) for word in told])
        if code:
            raise Failed(f"gongheng {' '.join(map(str, words))}：{said.getvalue()}")
        return given.getvalue()

    def wait(self, is_so: Callable[[], bool], otherwise: str, *, seconds: float = 20) -> None:
        for _ in range(int(seconds)):
            for loop in wiring.loops():
                if loop.name.startswith(("sequencer", "bids.", "opening.", "search")):
                    while loop.step():
                        pass
            if is_so():
                return
        raise Failed(otherwise)

    @property
    def letter(self) -> str:
        """Return the address of the letter."""
        return self.case.replace("/cases/", "/invitations/")

    def register(self) -> None:
        """The clerk chooses the method; without its ground the tender is not taken."""
        clerk = self.clerk
        clerk.go("/desk/projects/new/")
        clerk.send("登记", self.party.project)
        clerk.follow("添加标段")
        clerk.send("添加标段", LOT)
        clerk.go("/cases/")
        self.case = next(
            address for address in clerk.page.links("/cases/") if address.count("-") > 1
        )
        self.refused("没有认定的情形不受理", lambda: self._file(by="supervisor"))
        self._file(by="approver")
        text = clerk.page.text
        self.lot_code = text[text.index("标段编号") + 4 :].split()[0]

    def _file(self, *, by: str) -> None:
        self.clerk.go(self.at("register"))
        self.clerk.send(
            "提交登记",
            approval_authority="昆明市示例发展和改革委员会",
            approval_on="2026-09-01",
            ground="few_able",
            recognised_by=by,
            recognition_number="示例发改〔2026〕92号",
            recognised_on="2026-09-02",
            files={"upload": paper("批复.pdf")},
        )

    def publish_plan(self) -> None:
        """The plan is public; then three able firms are named, of which only the clerks know."""
        super().publish_plan()
        clerk = self.clerk
        for number, (firm, name, _) in enumerate(INVITED.values()):
            assert self._lacks_firms(), number
            clerk.go(self.at("invitees"))
            clerk.send("列入", code=samples.firm(firm), ability=f"{name}具有一级资质和同类业绩。")
        assert not self._lacks_firms()

    def _lacks_firms(self) -> bool:
        return "确定被邀请的投标人" in self.clerk.go("/desk/").text

    def publish_notice(self) -> None:
        super().publish_notice()
        self._only_the_invited_know()

    def _only_the_invited_know(self) -> None:
        """Ask every door as an uninvited firm and as a visitor, then read a letter."""
        self.go_to(self.days.planned + timedelta(days=1))
        documents = self.case.replace("/cases/", "/documents/")
        questions = f"/questions/{self.lot_code[:20]}/"
        for door in (documents, self.letter, questions, self.bidding, f"{self.bidding}policy/"):
            for name in (UNINVITED, "expert1"):
                self._shut(name, door)
        self._shut(UNINVITED, self.case)
        assert self.as_("bidder1")._fetched(self.url + self.case)[0] == 200
        assert LOT["name"] not in self.as_(UNINVITED).go("/bidding/").text
        assert LOT["name"] in self.as_("bidder1").go("/bidding/").text
        names = {name for _, name, _ in INVITED.values()}
        for person, (_, own, _) in INVITED.items():
            bidder = self.as_(person)
            bidder.go("/messages/")
            assert "请查收投标邀请书" in bidder.page.text
            read = (
                bidder.go(self.letter).text + bidder.go(questions).text + bidder.go(self.case).text
            )
            assert f"致：{own}" in read
            assert not [other for other in names - {own} if other in read]
            bidder.go(documents)
        assert "请查收投标邀请书" not in self.as_(UNINVITED).go("/messages/").text

    def look(self, name: str, address: str, picture: str) -> None:
        """Judge a page as somebody sees it in a real browser, at both widths."""
        client = self.as_(name)._client
        host = urlsplit(self.url).hostname
        cookies = [
            {"name": one, "value": value, "domain": host, "path": "/", "expires": -1}
            | {"httpOnly": True, "secure": False, "sameSite": "Lax"}
            for one, value in client.cookies.items()
        ]
        with visitor({"cookies": cookies, "origins": []}) as look:
            look.at(self.url + address, name=picture)

    def _shut(self, name: str, door: str) -> None:
        status = self.as_(name)._fetched(self.url + door)[0]
        assert status in {NOT_FOUND, FORBIDDEN}, (name, door, status)

    STEPS: ClassVar[tuple[Callable[..., None], ...]] = (
        register,
        Walk.accept,
        publish_plan,
        Walk.write_documents,
        Walk.agree_on_opening,
        Walk.review_documents,
        publish_notice,
        *Walk.STEPS[Walk.STEPS.index(Walk.publish_notice) + 1 :],
    )


class ToTheBids(InvitedWalk):
    """The same as far as the letter and its answers: what an invitation makes different."""

    STEPS = InvitedWalk.STEPS[: InvitedWalk.STEPS.index(Walk.bid) + 1]
