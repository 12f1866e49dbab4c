"""A works tender from its registration on, walked over HTTP by people who sign in (works_open).

Each step is a method; ``run`` names them in their order. What a page does not offer cannot be done.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import ClassVar, TypeAlias

from gongheng.kernel.codes import identity
from gongheng.node.rehearsal.answers import (
    COMMITTEE,
    COUNTY,
    FIRMS,
    JSON,
    LOT,
    PAPER,
    Party,
    marks,
    paper,
)
from gongheng.node.rehearsal.attending import Attended
from gongheng.node.rehearsal.cast import Failed
from gongheng.node.rehearsal.forms import Form
from gongheng.node.rehearsal.visitor import Visitor

Figures: TypeAlias = Mapping[str, Sequence[Mapping[str, str]]]
"""What records must say: by dataset, the fields of each."""
OPENED, RESULT, CONTRACT = "BID_OPENING_RECORD", "WIN_RESULT_ANNO", "CONTRACT_PERFORMANCE"
NOTICE, BIDDERS = "TENDER_ANN_QUA_INQUERY_ANN", "TENDER_LIST"


class Walk(Attended):
    """The steps of a works tender, each done by who does it."""

    @property
    def winner(self) -> str:
        """Return who has the lowest price: all other points are the same for everybody."""
        return min(self.bids, key=lambda name: Decimal(self.bids[name]))

    @property
    def was_opened(self) -> Figures:
        """Return what the records must tell of the opening."""
        return {
            BIDDERS: [
                {"BIDDER_ORG_CODE": FIRMS[name], "BID_PRICE": self.bids[name]}
                for name in self.opened
            ],
        }

    @property
    def figures(self) -> Figures:
        """Return what the records must tell from the opening to the contract, by dataset."""
        firm, price = FIRMS[self.winner], self.bids[self.winner]
        return {
            **self.was_opened,
            RESULT: [{"WIN_BIDDER_CODE": firm, "BID_AMOUNT": price}],
            CONTRACT: [{"BIDDER_CODE": firm, "CONTRACT_PRICE": price}],
        }

    @property
    def counts(self) -> dict[str, int]:
        """Return how many records of a dataset there must be, in all versions."""
        return {OPENED: 1, BIDDERS: len(self.bids), RESULT: 1}

    def register(self) -> None:
        """项目登记: the tenderer's clerk registers project, tender and lot."""
        clerk = self.clerk
        clerk.go("/desk/projects/new/")
        clerk.send("登记", self.party.project)
        clerk.follow("添加标段")
        clerk.send("添加标段", LOT)
        clerk.go("/cases/")
        self.case = next(
            address for address in clerk.page.links("/cases/") if address.count("-") > 1
        )
        clerk.go(self.at("register"))
        clerk.send(
            "提交登记",
            approval_authority="昆明市示例发展和改革委员会",
            approval_on="2026-09-01",
            files={"upload": paper("批复.pdf")},
        )
        text = clerk.page.text
        self.lot_code = text[text.index("标段编号") + 4 :].split()[0]

    def accept(self) -> None:
        """项目受理: the centre's officer accepts."""
        officer = self.as_("officer")
        officer.go(self.at("accept"))
        officer.send("提交办理结果", verdict="accepted")

    def publish_plan(self) -> None:
        """发布招标计划, by two people."""
        self.propose("publish_plan", planned_on=self.days.planned.isoformat())

    def write_documents(self) -> None:
        """编制招标文件: from the standard template, with a paper."""
        clerk = self.clerk
        clerk.go(self.at("review_documents"))
        clerk.send("用标准模板编制")
        clerk.send("上传附件", files={"upload": paper("工程量清单.pdf")})

    def agree_on_opening(self) -> None:
        """订立开启规则: each body makes a key on its own machine, tenderer and centre sign."""
        clerk = self.clerk
        clerk.go(self.at("policy"))
        clerk.send("请各保管方生成密钥")
        self.let_holders_work()
        clerk.go(self.at("policy"))
        clerk.send("拟定规则", not_before=self.days.due_at)
        rules = self.work_of(self.party.clerk) / "policy.json"
        rules.write_bytes(clerk.bytes_of(clerk.page.link("下载规则文件")))
        signed = self.command("policy", "sign", rules, "--key", self.key_of_body(self.party.body))
        clerk.send("传回签署文件", files={"signed": ("signed.json", signed.encode(), JSON)})

    def review_documents(self) -> None:
        """公平竞争审查, by a second person."""
        second = self.as_(self.party.reviewer)
        second.go(self.at("review_documents"))
        second.send("提交审查结论", conclusion="passed", reasons="没有限制、排斥潜在投标人的内容。")

    def publish_notice(self) -> None:
        """发布招标公告, by two people, on the day that the plan named."""
        self.go_to(self.days.planned)
        clerk = self.clerk
        clerk.go(self.at("publish_notice"))
        due = self.days.due_at
        clerk.send("保存并核对", self.party.contacts, bids_due_at=due, opening_at=due)
        clerk.send("提交复核")
        self.confirm(self.party.reviewer)

    def register_keys(self) -> None:
        """登记签名密钥: each bidder makes a key on its own machine and proves to have it."""
        for name in self.bids:
            bidder = self.as_(name)
            key = self.own(name) / "key.pem"
            if key.exists():  # of an earlier case
                continue
            bidder.go("/subject/key/")
            code = re.search(r"--code (\S+)", bidder.page.text)
            if code is None:
                raise Failed(bidder.page.text)
            proof = self.command("subject", "key", "--code", code[1], "--key", key, "--new")
            bidder.send("登记公钥", proof=proof)

    def bid(self) -> None:
        """递交投标文件: seal on the own machine, hand in, take the receipt."""
        for name, price in self.bids.items():
            own, bidder = self.work_of(name), self.as_(name)
            bidder.go(self.bidding)
            rules = own / "policy.json"
            rules.write_bytes(bidder.bytes_of(f"{self.bidding}policy/"))
            self._write_bid(own / "bid", price)
            sealed = own / "bid.gbe"
            key = self.own(name) / "key.pem"
            self.command(
                *("seal", own / "bid", "--policy", rules, "--key", key, "--out", sealed),
                "--consent",
            )
            (own / "password").write_text(self.password, encoding="utf-8")
            self.command(
                *("bid", "submit", sealed, "--url", f"{self.url}{self.bidding}"),
                *("--user", name, "--password-file", own / "password"),
            )

    def form_committee(self) -> None:
        """组建评标委员会: four experts of the province's draw and one of the tenderer."""
        self.go_to(self.days.drawn)
        clerk = self.clerk
        clerk.go(self.at("form_committee"))
        seats = {f"username_{number}": name for number, name in enumerate(COMMITTEE, start=1)}
        clerk.send(
            "组建并封存",
            seats,
            letter_number="云抽取〔2026〕0188号",
            letter_on=self.days.drawn.isoformat(),
            files={"letter_file": paper("抽取函.pdf")},
            kind_5="representative",
        )

    def close(self, then: str = "开标与解密") -> None:
        """投标截止: the hour comes; whoever is late stays out, by a moment or by a day."""
        self.go_to(self.days.due)
        late = self.as_("bidder4")
        sealed = (self.work_of("bidder1") / "bid.gbe").read_bytes()
        self.refused("截止后不收投标文件", lambda: self._hand_in(late, sealed))
        self.wait(lambda: f"当前环节：{then}" in self.clerk.go(self.case).text, "没有截止")

    def _hand_in(self, bidder: Visitor, sealed: bytes) -> None:
        bidder.go(self.bidding)
        bidder.send("递交", files={"envelope": ("bid.gbe", sealed, "application/octet-stream")})

    def release(self) -> None:
        """投标人解密: each bidder releases its half on its own machine."""
        self.wait(lambda: "投标人解密 进行中" in self._hall_says(), "开标没有开始")
        for name in self.opened:
            own, bidder = self.work_of(name), self.as_(name)
            bidder.go(self.hall)
            closing = own / "closing.json"
            closing.write_bytes(bidder.bytes_of(f"{self.hall}closing.json"))
            released = self.command(
                *("bid", "release", own / "bid.gbe", "--closing", closing),
                *("--key", self.own(name) / "key.pem"),
            )
            bidder.send("提交解密", files={"file": ("release.json", released.encode(), JSON)})

    def decrypt(self) -> None:
        """招标人解密: once the list is frozen the bodies' services release their shares."""
        self.wait(lambda: "招标人解密 进行中" in self._hall_says(), "名单没有锁定")
        self.let_holders_work()
        enough = f"解密成功 {len(self.opened)} 份"
        self.wait(lambda: enough in self._hall_says(), "没有全部解密")

    def open_bids(self) -> None:
        """公布, then 确认并公布开标记录: by the clerk and the centre's officer."""
        self.show_bids()
        self.propose("publish_opening", second="officer")

    def show_bids(self) -> None:
        """公布开标内容; whose bid was opened, and the clerk, confirm the record."""
        self.propose("open_bids", second="officer")
        for name in (*self.opened, self.party.clerk):
            person = self.as_(name)
            person.go(self.hall)
            person.send("提交答复", answer="confirm")

    def evaluate(self) -> None:
        """评标: declare, choose the first as chair, review, score, sign, hand over."""
        chair = COMMITTEE[0]
        for name in COMMITTEE:
            self._in_room(name).send("提交声明", avoids="0")
        for name in COMMITTEE[:3]:
            self._in_room(name).send("第 1 席")
        self._judge(lambda form, _: {n: "1" for n in form.names if n.endswith("-passes")})
        self._in_room(chair).send("结束初步评审")
        self._judge(marks)
        report = f"{self.room}report/"
        self.as_(chair).go(report)
        self.as_(chair).send("形成评标报告")
        for name in COMMITTEE:
            self.as_(name).go(report)
            self.as_(name).send("签署", opinion="agreed", password=self.password)
        self.as_(chair).go(self.at("evaluate"))
        self.as_(chair).send("提交招标人")
        clerk = self.clerk
        clerk.go(self.at("receive_report"))
        clerk.send("确认接收")

    def publish_candidates(self) -> None:
        """公示中标候选人, by two people."""
        places = range(1, len(self.opened) + 1)
        certificates = {f"certificate_{n}": f"一级建造师注册证书 示例{n:04}" for n in places}
        abilities = {f"qualification_{n}": "资质、业绩和人员符合招标文件的要求。" for n in places}
        self.propose("publish_candidates", **certificates, **abilities)

    def award(self) -> None:
        """确定中标人 once the publicity is over; another than the first is refused (W-29)."""
        self.go_to(self.days.awarded)
        clerk = self.clerk
        clerk.go(self.at("award"))
        choices = clerk.page.form("提交复核").choices("choice")
        self.refused("第二名不能直接中标", lambda: clerk.send("提交复核", choice=choices[1]))
        self.propose("award", choice=choices[0])
        clerk.go(self.at("notify_award"))
        clerk.send("发出全部通知书")
        for name in self.bids:
            self.as_(name).go(f"{self.bidding}result/")
        self.propose("publish_result")
        clerk.go(self.at("report_to_supervisor"))
        clerk.send("提交书面报告")

    def sign_contract(self) -> None:
        """订立书面合同: at the bid's price alone; the winner signs, then the tenderer; published."""
        clerk, winner = (
            self.clerk,
            self.as_(self.winner),
        )
        clerk.go(self.at("sign_contract"))
        self.refused(
            "合同价款须与中标价一致", lambda: clerk.send("保存合同文本", price="12000000.00")
        )
        clerk.go(self.at("sign_contract"))
        clerk.send("保存合同文本")
        winner.go(f"{self.bidding}contract/")
        winner.send("代表本单位签署", is_sure="on")
        clerk.go(self.at("sign_contract"))
        clerk.send("代表招标人签署", {"sign-is_sure": "on"})
        self.propose("publish_contract")

    def archive(self) -> None:
        """退还投标保证金, then 归档."""
        clerk, officer = self.clerk, self.as_("officer")
        clerk.go(self.at("refund_deposits"))
        clerk.send("确认已全部退还")
        officer.go(self.at("archive"))
        officer.send("归档")

    def _in_room(self, name: str) -> Visitor:
        member = self.as_(name)
        member.go(self.room)
        return member

    def _judge(self, answer: Callable[[Form, int], dict[str, str]]) -> None:
        """Let every member judge every bid; ``answer`` gets the form and the seat."""
        for seat, name in enumerate(COMMITTEE):
            member = self._in_room(name)
            for address in member.page.links(f"{self.room}bids/"):
                member.go(address)
                member.send("保存全部", answer(member.page.form("保存全部"), seat))

    def _hall_says(self) -> str:
        return self.clerk.go(self.hall).text

    def _write_bid(self, folder: Path, price: str) -> None:
        papers = folder / "qualification-technical"
        papers.mkdir(parents=True, exist_ok=True)
        for title in ("营业执照", "资质证书", "施工组织设计"):
            (papers / f"{title}.pdf").write_bytes(PAPER)
        letter = {
            "price": price,
            "duration_days": 175,
            "project_manager": "示例建造师",
            "project_manager_id_no": identity.EXAMPLE,
            "project_manager_certificates": "一级注册建造师（建筑工程）",
            "is_dishonest": False,
            "quality": "合格",
            "documents": [],
        }
        (folder / "price").mkdir(exist_ok=True)
        (folder / "price" / "bid.json").write_text(json.dumps(letter, ensure_ascii=False))

    def look_on(self) -> None:
        """Who only looks: the supervisor, the operator, and anybody on the public pages."""
        supervisor, operator, visitor = map(self.as_, ("supervisor", "operator", ""))
        supervisor.go("/cases/")
        supervisor.go(self.case)
        for tab in supervisor.page.links("?tab="):
            supervisor.go(f"{self.case}{tab}")
        self.refused("监督人员不办理业务", lambda: supervisor.go(self.at("terminate")))
        operator.go("/exchange/")
        sought = f"/notices/?q={self.party.project['tender_name']}"
        self.wait(lambda: visitor.go(sought).links("/notices/0"), "公告没有公开")
        visitor.go(visitor.page.links("/notices/0")[0])
        for address in visitor.page.links("/notices/0"):
            if address.endswith("/"):  # others are files
                visitor.go(address)

    STEPS: ClassVar[tuple[Callable[..., None], ...]] = (
        register,
        accept,
        publish_plan,
        write_documents,
        agree_on_opening,
        review_documents,
        publish_notice,
        Attended.book_rooms,
        register_keys,
        bid,
        form_committee,
        close,
        Attended.connect_authenticator,
        Attended.witness_opening,
        release,
        decrypt,
        open_bids,
        Attended.end_witness_of_opening,
        Attended.witness_evaluation,
        evaluate,
        Attended.end_witness_of_evaluation,
        publish_candidates,
        award,
        sign_contract,
        archive,
        look_on,
    )

    def run(self) -> None:
        """Walk the whole case. Raises ``Stopped``, ``LookupError`` where it does not go on."""
        for step in self.STEPS:
            with self.timed(step.__name__):
                step(self)


@dataclass
class County(Walk):
    """A county's tender up to its notice, on the city's node."""

    party: Party = COUNTY

    @property
    def figures(self) -> Figures:
        """Return nothing: no bid is opened here."""
        return {}

    @property
    def counts(self) -> dict[str, int]:
        """Return the one notice."""
        return {NOTICE: 1}

    STEPS: ClassVar[tuple[Callable[..., None], ...]] = (
        Walk.register,
        Walk.accept,
        Walk.publish_plan,
        Walk.write_documents,
        Walk.agree_on_opening,
        Walk.review_documents,
        Walk.publish_notice,
        Walk.look_on,
    )
