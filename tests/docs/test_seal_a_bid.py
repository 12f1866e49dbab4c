"""The how-to page on sealing is followed: its commands as written, each file to and from its page."""

import json
import re
import shlex
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongheng.kernel.clock import BEIJING, FileClock
from gongheng.node import cli
from gongheng.registers.subjects import queries as subjects
from gongheng.trading.bids.kinds import TECHNICAL_EVALUATED
from gongheng.trading.bids.models import CasePolicy
from gongheng.trading.bids.tests.support import (
    BODIES,
    NOT_BEFORE,
    Firm,
    Tender,
    bodies,
    firm,
    standing,
)
from gongheng.trading.opening import later, queries as openings
from gongheng.trading.opening.tests.support import Hall, HandClock
from gongheng.trading.opening.tests.test_pages import bidder, signed_in
from gongheng.trust.identity.models import Account
from tests.cases import CLERK, NOW, OFFICER, TENDERER, lot_case, open_accounts, walk_to
from tests.docs.pages import page

pytestmark = pytest.mark.slow

NAME = "seal-a-bid"
_BLOCK = re.compile(r"(?:^ {4}gongheng [^\n]*\n(?: {8}[^\n]*\n)*)", re.MULTILINE)
_OF_THE_HOUR = {
    ("bid", "release"),
    ("holder", "keygen"),
    ("holder", "release"),
    ("holder", "destroy"),
}
"""They look at the machine's time, which a test lets be the legal time."""
PASSWORD = "公衡演示2026"
LETTER = {
    "duration_days": 180,
    "project_manager": "张建国",
    "quality": "合格",
    "documents": [{"name": "技术标.pdf", "title": "施工组织设计", "criterion": "technical-1"}],
}


def commands() -> dict[tuple[str, str], list[str]]:
    """Return the commands of the page by their first two words."""
    found = [shlex.split(block.replace("\\\n", " "))[1:] for block in _BLOCK.findall(page(NAME))]
    named = {(words[0], words[1] if words[0] != "seal" else ""): words for words in found}
    assert len(named) == len(found), "each command stands once on the page"
    return named


@dataclass
class Follower:
    """Whoever follows the page, each person in a folder of their own."""

    root: Path
    clock: HandClock
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    done: set[tuple[str, str]] = field(default_factory=set)

    def folder(self, who: str) -> Path:
        found = self.root / who
        found.mkdir(exist_ok=True)
        return found

    def run(self, who: str, first: str, second: str = "", **said: str) -> Path:
        """Run a command of the page in somebody's folder; ``said`` stands for its Chinese words."""
        words = [said.get(word, word) for word in commands()[first, second]]
        self.done.add((first, second))
        target = words[words.index(">") + 1] if ">" in words else ""
        if (first, second) in _OF_THE_HOUR:
            words = [*words[: words.index(">")], "--clock", str(self._clock_file())]
        elif target:
            words = words[: words.index(">")]
        self.monkeypatch.chdir(self.folder(who))
        self.capsys.readouterr()

        code = cli.main(words)

        printed = self.capsys.readouterr()
        assert code == 0, printed.err
        place = self.folder(who) / (target or "answer.json")
        place.write_text(printed.out, encoding="utf-8")
        return place

    def _clock_file(self) -> Path:
        """Return a clock of the rehearsal that shows the node's legal time."""
        path = self.root / f"{self.clock.at.timestamp()}.clock"
        if not path.exists():
            FileClock(path).advance_to(self.clock.at)
        return path

    def fetch(self, client: Client, address: str, who: str, name: str) -> Path:
        """Let somebody download a file of a page."""
        answer = client.get(address)
        assert answer.status_code == 200, address
        place = self.folder(who) / name
        place.write_bytes(answer.getvalue())
        return place


def upload(client: Client, address: str, name: str, file: Path, **more: str) -> None:
    """Hand a file in on a page."""
    given = SimpleUploadedFile(file.name, file.read_bytes())
    answer = client.post(address, {name: given, **more})
    assert answer.status_code == 302, answer.content.decode()


@dataclass
class Story:
    """A tender whose every file is made by a command of the page."""

    by: Follower
    hall: Hall
    clerk: Client
    officer: Client
    url: str = ""

    @property
    def case_id(self) -> Any:
        return self.hall.case.pk

    def keys_and_rules(self) -> None:
        """Holders make their keys, the tenderer signs the rules that name them."""
        rules = reverse("case-policy", args=[self.case_id])
        self.clerk.post(rules, {"deed": "ask"})
        for code, (name, _) in BODIES.items():
            key = self.by.folder(code) / "常用签名私钥.pem"
            key.write_bytes(standing(code).to_pem())
            said = {"标段编码": self.hall.case.code, "本单位代码": code, "本单位名称": name}
            made = self.by.run(code, "holder", "keygen", **said)
            upload(self.clerk, rules, "announcement", made, deed="announce")
        earliest = f"{NOT_BEFORE.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        self.clerk.post(rules, {"deed": "draft", "not_before": earliest, "opens_price_later": "on"})
        row = CasePolicy.objects.get()
        (self.by.folder(TENDERER) / "招标人私钥.pem").write_bytes(standing(TENDERER).to_pem())
        file = reverse("case-policy-file", args=[self.case_id, row.number])
        self.by.fetch(self.clerk, file, TENDERER, "policy.json")
        signed = self.by.run(TENDERER, "policy", "sign", 平台所示的摘要=row.digest)
        upload(self.clerk, rules, "signed", signed, deed="sign")

    def sealed_and_sent(self, who: Firm) -> None:
        """A bidder registers its key, seals its folder and hands it in over the line."""
        home, client = self.by.folder("bidder"), bidder(who)
        proof = self.by.run("bidder", "subject", "key", 统一社会信用代码=who.code)
        answer = client.post(reverse("subject-key"), {"proof": proof.read_text()})
        assert answer.status_code == 302, answer.content.decode()
        assert subjects.key_of(who.code)
        papers, price = (home / "投标文件夹" / name for name in ("资格审查和技术部分", "price"))
        for folder in (papers, price):
            folder.mkdir(parents=True)
        (papers / "技术标.pdf").write_bytes(b"%PDF-1.7")
        (papers / "bid.json").write_text(json.dumps(LETTER), encoding="utf-8")
        (price / "bid.json").write_text('{"price": "12345678.90"}', encoding="utf-8")
        rules = reverse("bidding-policy", args=[self.case_id])
        self.by.fetch(client, rules, "bidder", "policy.json")
        self.by.run("bidder", "seal", 招标文件载明的摘要=CasePolicy.objects.get().digest)
        account = Account.objects.get(pk=who.actor.account_id)
        account.set_password(PASSWORD)
        account.save()
        self.by.monkeypatch.setattr("getpass.getpass", lambda _prompt: PASSWORD)
        sent = self.by.run(
            "bidder",
            "bid",
            "submit",
            标段投标页面的地址=self.url + reverse("bidding", args=[self.case_id]),
            账号=account.username,
            平台公钥=settings.NODE.public_key,
        )
        assert json.loads(sent.read_text())["envelope"]
        self.hall.firms.append(who)

    def bidders_release(self, who: Firm) -> None:
        """The bidder gives its half on the page of the hall; the others as their tests do."""
        door = reverse("opening-closing", args=[self.case_id])
        self.by.fetch(bidder(who), door, "bidder", "closing.json")
        release = self.by.run("bidder", "bid", "release")
        upload(bidder(who), reverse("opening-release", args=[self.case_id]), "file", release)
        self.hall.release(*[one for one in self.hall.firms if one != who])

    def holders_release(self, part: str) -> None:
        """Three holders release their shares of a part by hand; the centre enters them."""
        door = reverse("opening-statements", args=[self.case_id])
        assert f"covers-{part}.json" in self.officer.get(door).content.decode()
        for code in list(BODIES)[:3]:
            policy = reverse("bidding-policy", args=[self.case_id])
            self.by.fetch(bidder(self.hall.firms[0]), policy, code, "policy.json")
            closing = reverse("opening-closing", args=[self.case_id])
            self.by.fetch(self.officer, closing, code, "closing.json")
            for name in ("list", "covers"):
                self.by.fetch(self.officer, f"{door}{name}-{part}.json", code, f"{name}.json")
            upload(self.officer, door, "file", self.by.run(code, "holder", "release"))

    def prices(self) -> None:
        """The technical evaluation is over: the tenderer decides, holders release, prices show."""
        row = later.record_event(
            case_id=self.case_id,
            event=TECHNICAL_EVALUATED,
            bidders=[who.code for who in self.hall.firms],
            now=self.by.clock.at,
        )
        lists = reverse("opening-later-lists", args=[self.case_id])
        self.by.fetch(self.clerk, lists, TENDERER, "lists.json")
        decided = self.by.run(TENDERER, "policy", "decide")
        page_of_later = reverse("opening-later", args=[self.case_id])
        upload(self.clerk, page_of_later, "signed", decided)
        self.holders_release("price")
        while later.step(later_id=row.pk, now=self.by.clock.at):
            pass
        later.show(later_id=row.pk, actor=OFFICER, now=self.by.clock.at)

    def destroyed(self) -> None:
        """A holder destroys its key by hand on the centre's order."""
        code, door = next(iter(BODIES)), reverse("opening-statements", args=[self.case_id])
        self.by.fetch(self.officer, f"{door}order.json", code, "order.json")
        upload(
            self.officer,
            door,
            "file",
            self.by.run(code, "holder", "destroy", 本单位代码=code),
        )
        assert not (self.by.folder(code) / "本标段保管私钥.pem").exists()
        assert [row.holder for row in self.hall.case.key_destructions.all()] == [code]


def at(moment: datetime, **time: float) -> datetime:
    return moment + timedelta(**time)


@pytest.fixture
def by(
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Follower:
    settings.GONGHENG_CLOCK = clock = HandClock(NOW)
    return Follower(tmp_path, clock, monkeypatch, capsys)


def test_every_command_of_the_page_does_what_the_page_says(live_server: Any, by: Follower) -> None:
    open_accounts()
    walk, clock = lot_case("review_documents")[1], by.clock
    bodies()
    hall = Hall(Tender(walk, by.root), {})
    story = Story(by, hall, signed_in(CLERK), signed_in(OFFICER), live_server.url)

    story.keys_and_rules()
    walk_to(walk, "close_bids")
    first = firm(1, has_key=False)
    story.sealed_and_sent(first)
    for number in (2, 3):
        hall.bid(firm(number))
    hall.begin()
    clock.at = at(hall.deadline, minutes=2)
    story.bidders_release(first)
    assert hall.freeze()
    clock.at = at(hall.deadline, minutes=31)
    story.holders_release("qualification-technical")
    hall.decrypt()
    hall.make_known()
    hall.publish_record()
    clock.at = at(hall.deadline, days=1)
    story.prices()
    story.destroyed()

    [bid] = [one for one in openings.opened(hall.case.code) if one.bidder_code == first.code]
    assert f"{bid.price}" == "12345678.90"
    assert bid.project_manager == LETTER["project_manager"]
    assert (bid.folder / "qualification-technical" / "技术标.pdf").read_bytes() == b"%PDF-1.7"
    assert by.done == set(commands())
