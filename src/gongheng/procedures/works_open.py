"""工程建设项目公开招标: a works tender by open call, from registration to archive (W, Q, D)."""

from gongheng.trading.cases.common_steps import closing_idle, terminating_idle
from gongheng.trading.cases.declaration import (
    FAILED_ROUNDS,
    STAY,
    Committee,
    Deposit,
    Dispute,
    Ending,
    Method,
    Outcome,
    Period,
    Procedure,
    Step,
    TermName,
    Threshold,
)
from gongheng.trading.cases.kinds import Deed, EndingKind, Phase, Regime, Role
from gongheng.trading.cases.views import TENDERING

CLERK, OFFICER, SUPERVISOR = (Role.CLERK,), (Role.OFFICER,), (Role.SUPERVISOR,)
BIDDER, EXPERT = (Role.BIDDER,), (Role.EXPERT,)
BEFORE_NOTICE = ("register", "accept", "publish_plan", "review_documents", "publish_notice")
UNTIL_REPORT = ("close_bids", "open_bids", "publish_opening", "evaluate", "receive_report")
UNTIL_AWARD = (*UNTIL_REPORT, "publish_candidates", "award")
UNTIL_CONTRACT = ("publish_candidates", "award", "notify_award", "publish_result", "sign_contract")
AFTER_AWARD = ("publish_result", "sign_contract", "publish_contract", "archive")
WINDING_UP = ("announce_failure", "return_bids", "refund_terminated")
AFTER_DEADLINE = (*UNTIL_REPORT[1:], *UNTIL_CONTRACT, *AFTER_AWARD[2:], *WINDING_UP)


def _then(to: str, label: str = "完成", code: str = "done") -> tuple[Outcome, ...]:
    return (Outcome(code=code, label=label, to=to),)


# A table rather than code: a step reads in a few lines, in the order in which one asks.
# fmt: off
PREPARATION = (
    Step(
        code="register", label="项目登记", deed=Deed.INTAKE, permission="trading:project:register",
        roles=CLERK, facts=("is_statutory",),
        guards=("projects.catalogue_checked", "projects.approval_given"),
        outcomes=_then("accept", "已提交"), rules=("U-01", "W-01"),
    ),
    Step(
        code="accept", label="项目受理", deed=Deed.INTAKE, permission="trading:project:accept",
        roles=OFFICER, periods=(Period(rule="U-01", start="@register", is_noted=True),),
        outcomes=(
            Outcome(code="accepted", label="受理", to="publish_plan"),
            Outcome(code="returned", label="一次性告知补正", to="register"),
        ),
        rules=("U-01", "U-02"),
    ),
    Step(
        code="publish_plan", label="发布招标计划", deed=Deed.PLAN, permission="trading:plan:publish",
        roles=CLERK, second=CLERK, notice="B-01", outcomes=_then("review_documents"),
    ),
    Step(
        code="review_documents", label="编制招标文件并作公平竞争审查",
        deed=Deed.DOCUMENTS, permission="trading:documents:review",
        roles=CLERK, guards=("documents.fair_competition_reviewed", "documents.criteria_complete"),
        outcomes=_then("publish_notice", "审查通过"), rules=("A-03", "W-12", "W-38", "W-41", "E-31"),
    ),
    Step(
        code="publish_notice", label="发布招标公告",
        deed=Deed.INVITE, permission="trading:notice:publish", roles=CLERK, second=CLERK,
        notice="B-03", facts=("documents_from", "documents_until", "bids_due_at", "opening_at"),
        periods=(
            Period(rule="W-03", start="documents_from", end="documents_until"),
            Period(rule="W-06", start="documents_from", end="bids_due_at", when="is_statutory"),
            Period(rule="W-18", start="bids_due_at", end="opening_at"),
            Period(rule="B-01", start="@publish_plan", is_noted=True),
        ),
        guards=(
            "notices.contents_complete", "bids.policy_signed", "bids.deadline_allowed_by_policy",
        ),
        outcomes=_then("close_bids", "已发布"), binds_terms=True, rules=("B-03", "W-13"),
    ),
)

WHILE_BIDDING = (
    Step(
        code="download_documents", label="下载招标文件", deed=Deed.BID, roles=BIDDER, is_silent=True,
        permission="trading:documents:download", during=("close_bids",), not_before="documents_from",
        before="documents_until", rules=("W-03", "W-04", "W-13", "A-01"),
    ),
    Step(
        code="submit_bid", label="递交、替换或撤回投标文件", deed=Deed.BID, permission="trading:bid:submit",
        roles=BIDDER, during=("close_bids",), before="bids_due_at", is_silent=True,
        rules=("W-16", "W-17", "T-10", "E-01", "E-02", "E-03", "A-06"),
    ),
    Step(
        code="clarify", label="澄清或修改招标文件", deed=Deed.CHANGE, permission="trading:notice:change",
        roles=CLERK, second=CLERK, notice="B-04", during=("close_bids",),
        before="bids_due_at", facts=("affects_bids", "bids_due_at", "opening_at"),
        periods=(
            Period(rule="W-07", start="now", end="bids_due_at", when="affects_bids"),
            Period(rule="W-18", start="bids_due_at", end="opening_at"),
        ),
        guards=("notices.deadline_not_shortened", "bids.deadline_allowed_by_policy"),
        outcomes=_then(STAY, "已发布"),
    ),
    Step(
        code="object_documents", label="对招标文件提出异议",
        deed=Deed.OBJECT_DOCUMENTS, permission="trading:dispute:object_documents",
        roles=BIDDER, during=("close_bids",),
        periods=(Period(rule="W-09", start="now", end="bids_due_at"),), outcomes=_then(STAY, "已提出"),
        suspends="documents", in_suspension=True, rules=("D-01",),
    ),
    Step(
        code="answer_documents", label="答复对招标文件的异议",
        deed=Deed.ANSWER, permission="trading:dispute:answer", roles=CLERK, during=("close_bids",),
        periods=(Period(rule="W-10", start="@object_documents", is_noted=True),),
        outcomes=(
            Outcome(code="rejected", label="异议不成立", to=STAY),
            Outcome(code="upheld", label="异议成立，发布澄清修改", to=STAY),
        ),
        resumes="documents", rules=("D-01",),
    ),
    Step(
        code="form_committee", label="组建评标委员会",
        deed=Deed.COMMITTEE, permission="trading:committee:form",
        roles=CLERK, during=("close_bids", "open_bids", "publish_opening", "evaluate"),
        guards=("evaluation.committee_lawful",), outcomes=_then(STAY, "已组建并封存"),
        is_once=True, rules=("W-21", "W-22", "A-04"),
    ),
    Step(
        code="close_bids", label="投标截止", deed=Deed.DEADLINE, permission="trading:bid:close",
        roles=(Role.SYSTEM, Role.OFFICER), not_before="bids_due_at", facts=("bidders",),
        outcomes=(
            Outcome(
                code="enough", label="投标人达到法定数量",
                to="open_bids", thresholds=(Threshold(rule="W-19", fact="bidders"),),
            ),
            Outcome(
                code="too_few", label="投标人不足法定数量，不开标", to="announce_failure",
                thresholds=(Threshold(rule="W-19", fact="bidders", is_met=False),), cause="Q-01",
            ),
        ),
        rules=("T-10",),
    ),
)

OPENING = (
    Step(
        code="open_bids", label="开标与解密", deed=Deed.OPEN, permission="trading:opening:open",
        roles=CLERK, second=OFFICER, phase=Phase.OPENING, not_before="opening_at",
        facts=("decrypted",), guards=("opening.decryption_finished",),
        outcomes=(
            Outcome(
                code="opened", label="已公布开标内容",
                to="publish_opening", thresholds=(Threshold(rule="Q-08", fact="decrypted"),),
            ),
            Outcome(
                code="too_few", label="成功解密的投标文件不足法定数量", to="announce_failure",
                thresholds=(Threshold(rule="Q-08", fact="decrypted", is_met=False),), cause="Q-08",
            ),
        ),
        rules=("W-18", "E-05", "E-06", "E-07", "E-31"),
    ),
    Step(
        code="object_opening", label="当场对开标提出异议",
        deed=Deed.OBJECT_OPENING, permission="trading:dispute:object_opening",
        roles=BIDDER, phase=Phase.OPENING,
        during=("open_bids", "publish_opening"), outcomes=_then(STAY, "已提出并记录"),
        suspends="opening", in_suspension=True, rules=("W-20", "D-01"),
    ),
    Step(
        code="answer_opening", label="当场答复对开标的异议",
        deed=Deed.ANSWER, permission="trading:dispute:answer", roles=CLERK, phase=Phase.OPENING,
        during=("open_bids", "publish_opening"),
        periods=(Period(rule="W-10", start="@object_opening", is_noted=True),),
        outcomes=_then(STAY, "已答复并记录"), resumes="opening", rules=("W-20", "D-01"),
    ),
    Step(
        code="publish_opening", label="确认并公布开标记录",
        deed=Deed.OPENING_RECORD, permission="trading:opening:publish", roles=CLERK, second=OFFICER,
        phase=Phase.OPENING, notice="B-05",
        guards=("opening.record_confirmed",), outcomes=_then("evaluate", "已公布"), rules=("E-11",),
    ),
)

EVALUATION = (
    Step(
        code="evaluate", label="评标", deed=Deed.EVALUATE, permission="trading:evaluation:conclude",
        roles=EXPERT, phase=Phase.EVALUATION, needs=("form_committee",), facts=("candidates",),
        guards=("evaluation.report_signed",),
        outcomes=(
            Outcome(
                code="ranked", label="推荐中标候选人",
                to="receive_report", thresholds=(Threshold(rule="W-27", fact="candidates"),),
            ),
            Outcome(
                code="no_competition", label="有效投标不足且明显缺乏竞争，否决全部投标",
                to="announce_failure", cause="Q-02",
            ),
            Outcome(code="all_rejected", label="全部投标被否决", to="announce_failure", cause="Q-03"),
        ),
        rules=("W-15", "W-23", "W-24", "W-25", "W-26", "W-40", "W-41", "A-05", "E-12"),
    ),
    Step(
        code="receive_report", label="接收评标报告",
        deed=Deed.REPORT, permission="trading:evaluation:receive",
        roles=CLERK, phase=Phase.EVALUATION,
        outcomes=_then("publish_candidates", "已接收"), rules=("W-27",),
    ),
    Step(
        code="publish_candidates", label="公示中标候选人",
        deed=Deed.CANDIDATES, permission="trading:award:publish_candidates",
        roles=CLERK, second=CLERK, phase=Phase.EVALUATION, notice="B-06",
        periods=(Period(rule="W-28", key="start", start="@receive_report", is_noted=True),),
        outcomes=_then("award", "已公示"),
    ),
    Step(
        code="object_result", label="对评标结果提出异议",
        deed=Deed.OBJECT_RESULT, permission="trading:dispute:object_result",
        roles=BIDDER, phase=Phase.PUBLICITY, during=("award",), outcomes=_then(STAY, "已提出"),
        guards=("award.publicity_running",), suspends="result",
        in_suspension=True, rules=("W-28", "D-01"),
    ),
    Step(
        code="answer_result", label="答复对评标结果的异议",
        deed=Deed.ANSWER, permission="trading:dispute:answer", roles=CLERK, phase=Phase.PUBLICITY,
        during=("award",), periods=(Period(rule="W-10", start="@object_result", is_noted=True),),
        outcomes=_then(STAY, "已答复"), resumes="result", rules=("D-01",),
    ),
    Step(
        code="recheck_candidates", label="原评标委员会复核",
        deed=Deed.DECIDE, permission="trading:award:recheck", roles=CLERK, phase=Phase.PUBLICITY,
        during=("award",), guards=("award.recheck_has_cause",),
        outcomes=_then("evaluate", "交原评标委员会复核", "recheck"), rules=("W-30", "D-07"),
    ),
)

AWARD = (
    Step(
        code="award", label="确定中标人", deed=Deed.AWARD, permission="trading:award:decide",
        roles=CLERK, second=CLERK,
        phase=Phase.PUBLICITY, periods=(Period(rule="W-28", start="@publish_candidates"),),
        outcomes=(
            Outcome(
                code="awarded", label="确定中标人",
                to="notify_award", guards=("award.candidate_in_order",),
            ),
            Outcome(
                code="nobody_left", label="候选人均不能中标，重新招标",
                to="announce_failure", guards=("award.nobody_left",), cause="Q-06",
            ),
        ),
        rules=("W-29", "W-34"),
    ),
    Step(
        code="notify_award", label="发出中标通知书和结果通知",
        deed=Deed.DECIDE, permission="trading:award:notify", roles=CLERK, phase=Phase.AWARDED,
        outcomes=_then("publish_result", "已发出"), rules=("W-31",),
    ),
    Step(
        code="publish_result", label="公告中标结果",
        deed=Deed.RESULT, permission="trading:award:publish_result", roles=CLERK, second=CLERK,
        phase=Phase.AWARDED, notice="B-07", outcomes=_then("sign_contract", "已公告"),
    ),
    Step(
        code="report_to_supervisor", label="向监督部门提交书面报告",
        deed=Deed.SUPERVISOR_REPORT, permission="trading:award:report",
        roles=CLERK, phase=Phase.AWARDED,
        during=AFTER_AWARD, periods=(Period(rule="W-32", start="@award", is_noted=True),),
        outcomes=_then(STAY, "已提交"), is_once=True,
    ),
    Step(
        code="sign_contract", label="订立书面合同",
        deed=Deed.CONTRACT, permission="trading:contract:sign", roles=CLERK, phase=Phase.AWARDED,
        periods=(Period(rule="W-33", start="@notify_award", is_noted=True),),
        guards=("contracts.equals_the_bid",),
        outcomes=(
            Outcome(code="signed", label="双方已签署", to="publish_contract"),
            Outcome(code="winner_lost", label="中标人放弃或不能履行，依序另定", to="award", cause="Q-06"),
        ),
        rules=("H-01", "H-02", "W-29"),
    ),
    Step(
        code="publish_contract", label="公开合同订立信息",
        deed=Deed.CONTRACT_PUBLICATION, permission="trading:contract:publish",
        roles=CLERK, second=CLERK, phase=Phase.AWARDED, notice="B-09",
        periods=(Period(rule="B-09", start="@sign_contract", is_noted=True),),
        outcomes=_then("archive", "已公开"),
    ),
    Step(
        code="refund_deposits", label="退还投标保证金及利息",
        deed=Deed.REFUND, permission="trading:deposit:refund", roles=CLERK, phase=Phase.AWARDED,
        during=("publish_contract", "archive"),
        periods=(Period(rule="F-03", start="@sign_contract", is_noted=True),),
        guards=("deposits.all_returned",), outcomes=_then(STAY, "已退还"), is_once=True,
    ),
    Step(
        code="keep_deposit", label="不予退还投标保证金", deed=Deed.KEEP_DEPOSIT,
        permission="trading:deposit:keep", roles=OFFICER, second=OFFICER, phase=Phase.OPENING,
        during=AFTER_DEADLINE, guards=("award.kept_of_a_winner",),
        outcomes=_then(STAY, "不予退还"), rules=("F-07", "U-07"),
    ),
    Step(
        code="archive", label="归档", deed=Deed.ARCHIVE, permission="trading:archive:close",
        roles=OFFICER, phase=Phase.AWARDED,
        needs=("report_to_supervisor", "refund_deposits"), outcomes=_then("concluded", "已归档"),
        rules=("Z-02",),
    ),
)

FAILURE = (
    Step(
        code="find_unlawful", label="认定招标文件违法，须改正后重新招标",
        deed=Deed.DECIDE, permission="trading:failure:find_unlawful",
        roles=CLERK, during=UNTIL_AWARD,
        guards=("disputes.documents_found_unlawful",),
        outcomes=(Outcome(code="redo", label="改正后重新招标", to="announce_failure", cause="Q-04"),),
        rules=("D-07",),
    ),
    Step(
        code="announce_failure", label="公告招标失败",
        deed=Deed.FAIL, permission="trading:failure:announce", roles=CLERK, second=CLERK,
        notice="B-08", outcomes=_then("return_bids", "已公告"),
    ),
    Step(
        code="return_bids", label="退还投标文件和保证金，销毁未开启文件的密钥",
        deed=Deed.REFUND, permission="trading:failure:return_bids",
        roles=OFFICER, guards=("deposits.all_returned", "opening.unopened_keys_destroyed"),
        outcomes=_then("decide_anew", "已退还并销毁"), rules=("Q-08", "F-03"),
    ),
    Step(
        code="decide_anew", label="决定重新招标或不再招标",
        deed=Deed.DECIDE, permission="trading:failure:decide", roles=CLERK,
        outcomes=(
            Outcome(code="again", label="重新招标", to="review_documents", closes_as="failed"),
            Outcome(
                code="drop", label="经批准不再招标",
                to="dropped", thresholds=(Threshold(rule="W-37", fact=FAILED_ROUNDS),),
                guards=("projects.dropping_approved",),
            ),
        ),
        rules=("W-19", "W-37"),
    ),
    Step(
        code="suspend", label="因系统故障等原因暂停", deed=Deed.SUSPEND, permission="trading:failure:suspend",
        roles=OFFICER, second=OFFICER, notice="B-08", during=(*UNTIL_REPORT, *UNTIL_CONTRACT),
        outcomes=(Outcome(code="done", label="已暂停", to=STAY, cause="Q-07"),), suspends="outage",
        rules=("E-10",),
    ),
    Step(
        code="resume", label="恢复办理", deed=Deed.RESUME, permission="trading:failure:resume",
        roles=OFFICER, second=OFFICER, notice="B-08", during=(*UNTIL_REPORT, *UNTIL_CONTRACT),
        guards=("notices.remaining_time_kept",), outcomes=_then(STAY, "已恢复"),
        resumes="outage", rules=("Q-07",),
    ),
    Step(
        code="abandon", label="公告前撤回登记", deed=Deed.DECIDE, permission="trading:project:abandon",
        roles=CLERK, during=BEFORE_NOTICE, outcomes=_then("abandoned", "已撤回"), rules=("U-05",),
    ),
    closing_idle(before_notice=BEFORE_NOTICE, to="closed_idle"),
    terminating_idle(after_notice=UNTIL_AWARD, to="refund_terminated"),
    Step(
        code="terminate", label="终止招标", deed=Deed.TERMINATE, permission="trading:failure:terminate",
        roles=CLERK, second=CLERK,
        notice="B-08", during=UNTIL_AWARD, facts=("cause",),
        outcomes=(Outcome(code="done", label="已公告终止", to="refund_terminated", cause="Q-05"),),
    ),
    Step(
        code="refund_terminated", label="终止后退还费用、保证金及利息",
        deed=Deed.REFUND, permission="trading:deposit:refund_terminated",
        roles=CLERK, guards=("deposits.all_returned",),
        outcomes=_then("terminated", "已退还"), rules=("Q-05", "F-03"),
    ),
)

ENDINGS = (
    Ending(code="concluded", label="办结归档", kind=EndingKind.CONCLUDED),
    Ending(code="failed", label="本轮招标失败", kind=EndingKind.FAILED),
    Ending(code="dropped", label="不再招标", kind=EndingKind.FAILED),
    Ending(code="terminated", label="已终止", kind=EndingKind.TERMINATED),
    Ending(code="abandoned", label="公告前撤回", kind=EndingKind.ABANDONED),
    Ending(code="closed_idle", label="闲置关闭", kind=EndingKind.ABANDONED),
)

PROCEDURE = Procedure(
    code="works_open",
    title="工程建设项目公开招标",
    trade_type="works",
    regime=Regime.TENDERING,
    begins_at="register",
    steps=(*PREPARATION, *WHILE_BIDDING, *OPENING, *EVALUATION, *AWARD, *FAILURE),
    endings=ENDINGS,
    committee=Committee(
        size=TermName(rule="W-21"), experts=TermName(rule="W-21", key="experts"),
        rules=("W-21", "W-22"),
    ),
    methods=(
        Method(code="lowest", label="经评审的最低投标价法", rules=("W-41", "S-09", "S-11")),
        Method(code="comprehensive", label="综合评估法", rules=("W-41", "S-02", "S-03", "S-09")),
    ),
    deposits=(
        Deposit(
            code="bid", label="投标保证金",
            limits=(TermName(rule="F-01"), TermName(rule="F-01", key="construction")),
            refunds=(TermName(rule="F-03"), TermName(rule="W-17")),
        ),
        Deposit(code="performance", label="履约保证金", limits=(TermName(rule="F-05"),)),
    ),
    disputes=(
        Dispute(matter="documents", label="对招标文件的异议", objection="object_documents",
                answer="answer_documents", rules=("W-09", "W-10", "D-01")),
        Dispute(matter="opening", label="对开标的异议", objection="object_opening",
                answer="answer_opening", rules=("W-20", "D-01")),
        Dispute(matter="result", label="对评标结果的异议", objection="object_result",
                answer="answer_result", rules=("W-10", "W-28", "D-01")),
    ),
    views=TENDERING,
    lasting=("is_statutory",),
    rules=("W-01", "W-18", "Q-01", "D-01"),
)
# fmt: on
