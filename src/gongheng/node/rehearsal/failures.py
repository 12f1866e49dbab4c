"""A tender that goes wrong in every way the rules know, and comes to a lawful end each time.

The agency acts for the school. First round: an objection against the documents, an outage, a hold of
the regulator, too few bids, failure. Second round: a bidder who does not decrypt, an objection
against the result, the end by the tenderer, deposits given back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import ClassVar

from gongheng.node.rehearsal.answers import (
    AGENCY,
    AGREEMENT,
    BIDS,
    DEPOSIT,
    Party,
    paper,
)
from gongheng.node.rehearsal.visitor import Visitor
from gongheng.node.rehearsal.walk import BIDDERS, NOTICE, OPENED, Figures, Walk

OBJECTION = {
    "claims": "请求修改第三章的评审因素。",
    "grounds": "该评审因素与招标项目的具体特点不相适应。",
    "evidence": "招标文件第三章评标办法前附表。",
    "contact": "0871-60000031",
}
ANSWER = "该评审因素针对本项目大跨度屋面施工的需要设置，没有限制或者排斥潜在投标人。"
ORDER = "示例建监停〔2026〕7号"
RELEASE = "示例建监复〔2026〕7号"
ABNORMITY = "TENDER_ABNORMITY_REPORT"
"""失败、暂停、恢复 and 终止, each announced once."""
TOO_FEW = {name: BIDS[name] for name in ("bidder1", "bidder2")}
ALL_BIDS = BIDS | {"bidder4": "13100000.00"}


@dataclass
class Failures(Walk):
    """The ways in which a tender stops, fails and ends before its contract."""

    party: Party = AGENCY
    bids: Mapping[str, str] = field(default_factory=lambda: TOO_FEW)

    def engage_agency(self) -> None:
        """委托协议: the tenderer registers it, the agency confirms."""
        clerk, agency = self.as_("clerk"), self.as_("agency")
        clerk.go("/agreements/")
        today = self.days.begun
        name = f"委托协议{today:%Y%m%d}.pdf"
        clerk.send(
            "登记",
            AGREEMENT,
            starts_on=today.isoformat(),
            ends_on=(today + timedelta(days=365)).isoformat(),
            files={"document": paper(name)},
        )
        agency.go("/agreements/")
        agency.follow(name)
        agency.send("确认协议")

    def object_to_documents(self) -> None:
        """对招标文件的异议 (W-09, W-10, D-01): everything stands still until it is answered."""
        bidder, clerk = self.as_("bidder1"), self.clerk
        bidder.go(self.at("object_documents"))
        bidder.send("提出异议", OBJECTION)
        self.refused("异议答复前不能澄清", lambda: self._clarify(clerk))
        clerk.go(self.at("answer_documents"))
        clerk.send("答复异议", verdict="rejected", text=ANSWER)

    def _clarify(self, clerk: Visitor) -> None:
        clerk.go(self.at("clarify"))
        clerk.send("提交复核", new_text="工期不变。", reason="说明。")

    def object_too_late(self) -> None:
        """Nine days before the deadline it is too late to object to the documents (W-09)."""
        self.go_to(self.days.due - timedelta(days=9))
        bidder = self.as_("bidder2")
        bidder.go(self.at("object_documents"))
        self.refused("截止前不足十日的异议", lambda: bidder.send("提出异议", OBJECTION))

    def suspend(self) -> None:
        """因故障暂停 and 恢复, by two officers; what was left of the time stays (E-10, Q-07)."""
        officers = {"first": "officer", "second": "officer2"}
        self.propose("suspend", **officers, statement="机房供电中断，平台不能接收文件。")
        self.refused("暂停期间不能澄清", lambda: self._clarify(self.clerk))
        later = self.days.due + timedelta(days=2)
        self.days = replace(self.days, due=later)
        self.propose("resume", **officers, statement="供电已恢复。", bids_due_at=self.days.due_at)

    def hold(self) -> None:
        """监管暂停: the supervisor's order stops a deed; another one lets it go on."""
        supervisor = self.as_("supervisor")
        supervisor.go(self.case)
        supervisor.follow("登记暂停或者解除")
        supervisor.send("登记暂停", document=ORDER, cause="收到投诉，需要核查招标文件。")
        self.refused("监管暂停期间不能澄清", lambda: self._clarify(self.clerk))
        supervisor.go(self.case)
        supervisor.follow("登记暂停或者解除")
        supervisor.send("登记解除", {"lift-by_document": RELEASE})

    def fail_for_too_few(self) -> None:
        """两家投标 (W-19, Q-01): not opened, announced, keys destroyed, begun anew."""
        self.close(then="公告招标失败")
        self.propose("announce_failure", statement="至投标截止，投标人为两家，少于三家，不予开标。")
        officer = self.as_("officer")
        officer.go(self.at("return_bids"))
        self.refused("密钥销毁前不能办结退还", lambda: officer.send("确认已全部退还"))
        self.let_holders_work()
        officer.go(self.at("return_bids"))
        officer.send("确认已全部退还")
        clerk = self.clerk
        clerk.go(self.at("decide_anew"))
        self.refused(
            "第一次失败不能不再招标",
            lambda: clerk.send("作出决定", outcome="drop", reason="不再招标。"),
        )
        clerk.go(self.at("decide_anew"))
        clerk.send("作出决定", outcome="again", reason="依法重新招标。")

    def begin_again(self) -> None:
        """第 2 次招标: documents, rules of opening and notice of the new round."""
        self.clerk.go(self.case)
        self.case = self.clerk.page.link("第 2 次招标")
        del self.days
        self.bids, self.opened = ALL_BIDS, tuple(BIDS)
        for step in (
            self.write_documents,
            self.agree_on_opening,
            self.review_documents,
            self.publish_notice,
            self.register_keys,
        ):
            step()

    def take_deposit(self) -> None:
        """投标保证金: the centre records what came in from the bidder's base account."""
        officer = self.as_("officer")
        officer.go(self.case.replace("/cases/", "/deposits/"))
        officer.follow("登记到账或保函")
        typed = DEPOSIT | {
            "number": f"示例回单{self.days.planned:%Y%m%d}",
            "received_at": f"{self.days.planned:%Y-%m-%d} 09:00",
        }
        self.refused("保证金不能由他人代交", lambda: officer.send("登记", typed, payer_name="他人"))
        officer.send("登记", typed)

    def open_without_one(self) -> None:
        """一家没有解密 (E-07): its window passes, the host says by whose cause, the others go on."""
        self.release()
        self.go_to(self.days.due + timedelta(days=1))
        self.decrypt()
        clerk = self.clerk
        clerk.go(self.at("open_bids"))
        self.refused("没有认定原因不能公布开标", lambda: clerk.send("提交复核"))
        clerk.go(self.hall)
        clerk.follow("认定原因")
        clerk.send("认定", cause="bidder", evidence="三次联系，均称私钥遗失且没有保存恢复码。")
        self.show_bids()
        clerk.go(self.at("publish_opening"))
        self.refused("确认时间未到不能公布开标记录", lambda: clerk.send("提交复核"))
        self.go_to(self.days.due + timedelta(days=2))
        self.propose("publish_opening", second="officer")

    def object_to_result(self) -> None:
        """对评标结果的异议 (W-28, W-10, D-01): no award before the answer."""
        bidder, clerk = self.as_("bidder2"), self.clerk
        bidder.go(self.at("object_result"))
        bidder.send("提出异议", OBJECTION)
        self.refused("异议答复前不能定标", self._award)
        clerk.go(self.at("answer_result"))
        clerk.send("答复异议", verdict="rejected", text="评分与投标文件一致，异议不成立。")
        self.refused("公示期满前不能定标", self._award)

    def _award(self) -> None:
        clerk = self.clerk
        clerk.go(self.at("award"))
        choice = clerk.page.form("提交复核").choices("choice")[0]
        clerk.send("提交复核", choice=choice)

    def terminate(self) -> None:
        """终止招标 (Q-05): announced by two, then every deposit goes back with interest."""
        self.propose("terminate", statement="项目建设计划调整，终止本次招标。")
        clerk, officer = self.clerk, self.as_("officer")
        clerk.go(self.at("refund_terminated"))
        self.refused("保证金退还前不能办结终止", lambda: clerk.send("确认已全部退还"))
        officer.go(self.case.replace("/cases/", "/deposits/"))
        officer.follow("办理退还")
        officer.send("退还", refund_number="示例退〔2026〕0001号", rate_percent="0.35")
        self.let_holders_work()
        clerk.go(self.at("refund_terminated"))
        clerk.send("确认已全部退还")

    @property
    def figures(self) -> Figures:
        """Return what was opened; nothing was awarded."""
        return self.was_opened

    @property
    def counts(self) -> dict[str, int]:
        """Return how often something went wrong, the notices, and whose bids were opened."""
        return {ABNORMITY: 4, NOTICE: 3, OPENED: 1, BIDDERS: len(self.opened)}

    STEPS: ClassVar[tuple[Callable[..., None], ...]] = (
        engage_agency,
        Walk.register,
        Walk.accept,
        Walk.publish_plan,
        Walk.write_documents,
        Walk.agree_on_opening,
        Walk.review_documents,
        Walk.publish_notice,
        object_to_documents,
        hold,
        suspend,
        Walk.register_keys,
        Walk.bid,
        object_too_late,
        fail_for_too_few,
        begin_again,
        take_deposit,
        Walk.bid,
        Walk.form_committee,
        Walk.close,
        open_without_one,
        Walk.evaluate,
        Walk.publish_candidates,
        object_to_result,
        terminate,
        Walk.look_on,
    )
