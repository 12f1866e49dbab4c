"""Why a step of a case may not be done."""

from datetime import date, datetime

from gongheng.kernel.clock import to_minute
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms import Term
from gongheng.kernel.terms.sources import HOUSE_RULES
from gongheng.kernel.workdays.deadlines import Deadline

NOT_NOW = Reason(
    code="cases.not_now",
    message="项目已进入其他环节，现在不能办理本步骤。",
    remedy="请刷新项目页面，查看当前环节和办理人。",
)
NOT_YET = Reason(
    code="cases.not_yet",
    message="尚有前置步骤没有完成。",
    remedy="请先完成提示的步骤。",
)
SUSPENDED = Reason(
    code="cases.suspended",
    message="项目因异议或其他事项暂停，答复或恢复之前不能办理本步骤。",
    law=Law("招标投标法实施条例", "第二十二条", rule="W-10"),
    remedy="请先答复异议或办理恢复手续，再继续。",
)
NOT_YOURS = Reason(
    code="cases.not_yours",
    message="本步骤不由您的角色办理。",
    remedy="请由提示的角色办理。",
)
NOT_COMMISSIONED = Reason(
    code="cases.not_commissioned",
    message="招标人与招标代理机构之间没有当日有效、双方确认并包括本步骤的委托协议，代理机构不能办理。",
    law=Law("招标投标法", "第十五条"),
    remedy="请在“委托协议”中登记包括本事项的协议并由对方确认，或者由招标人自己办理。",
)
OUT_OF_REACH = Reason(
    code="cases.out_of_reach",
    message="项目所在地不在您的办理范围内。",
    remedy="请联系项目所在地的平台办理。",
)
TOO_EARLY = Reason(
    code="cases.too_early",
    message="法定时间尚未届满，现在不能办理本步骤。",
    remedy="请在提示的时间以后办理。",
)
TOO_LATE = Reason(
    code="cases.too_late",
    message="办理本步骤的时间已过。",
    remedy="如对时间有疑问，请联系行业监管部门。",
)
TIME_TOO_SHORT = Reason(
    code="cases.time_too_short",
    message="所定的时间不符合法定期限。",
    remedy="请按提示的日期修改。",
)
COUNT_UNLAWFUL = Reason(
    code="cases.count_unlawful",
    message="法定数量与所选的办理结果不符。",
    remedy="请核对数量，选择与其相符的办理结果。",
)
NO_SUCH_OUTCOME = Reason(
    code="cases.no_such_outcome",
    message="没有选择办理结果，或本步骤没有这一结果。",
    remedy="请在提示的结果中选择一项。",
)
NOT_IDLE = Reason(
    code="cases.not_idle",
    message="项目在提醒以后有了进展，或者还没有到可以关闭的时间。",
    law=Law(HOUSE_RULES, rule="U-05"),
    remedy="项目连续没有进展并经提醒后仍无进展的，才能关闭；请在办理过程中查看最近的环节。",
)
SECOND_PERSON = Reason(
    code="cases.second_person",
    message="本步骤须由另一人复核后生效。",
    law=Law("公共资源交易平台管理要求", "双人复核", rule="U-07"),
    remedy="请先由一人提交，再由有权限的另一人复核。",
)
SAME_PERSON = Reason(
    code="cases.same_person",
    message="提交人不能复核自己提交的事项。",
    law=Law("公共资源交易平台管理要求", "双人复核", rule="U-07"),
    remedy="请由另一位有权限的人员复核；同一单位中姓名相同的账号按同一人处理。",
)
OTHER_FACTS = Reason(
    code="cases.other_facts",
    message="复核的内容与提交的内容不一致。",
    remedy="请重新核对；需要修改的，请撤回后重新提交。",
)
ALREADY_PROPOSED = Reason(
    code="cases.already_proposed",
    message="本步骤已经提交，正在等待复核。",
    remedy="请由另一人复核，或撤回后重新提交。",
)
OTHER_PASSAGE = Reason(
    code="cases.other_passage",
    message="页面打开以后，待发布的内容已有变化，没有发布。",
    law=Law("公共资源交易平台管理要求", "双人复核", rule="U-07"),
    remedy="请重新查看全部内容，再作决定。",
)
REASON_MISSING = Reason(
    code="cases.reason_missing",
    message="保密审查发现了需要说明的内容，没有填写说明。",
    law=Law("政府信息公开条例", "第十七条", rule="A-09"),
    remedy="请逐项核对：可以公开的写明理由，不能公开的退回修改。",
)
RETURN_REASON_MISSING = Reason(
    code="cases.return_reason_missing",
    message="退回时没有填写原因。",
    remedy="请写明需要修改什么，提交人会看到。",
)
NOT_REVIEWED = Reason(
    code="cases.not_reviewed",
    message="本事项没有通过复核人的保密审查。",
    law=Law("公共资源交易平台管理要求", "双人复核", rule="U-07"),
    remedy="请由复核人打开待复核事项，查看全部内容后确认。",
)
PROPOSAL_SETTLED = Reason(
    code="cases.proposal_settled",
    message="该事项已经办结或撤回，不再等待复核。",
    remedy="请回到项目页面查看当前环节。",
)
DOCUMENT_USED = Reason(
    code="cases.document_used",
    message="该文号已经登记，或没有对应的未结事项。",
    remedy="请核对异议、答复或通知的文号。",
)
CASE_OPEN = Reason(
    code="cases.already_open",
    message="该标段已有正在办理的项目流程。",
    remedy="请在原流程中继续办理。",
)
NO_PROCEDURE = Reason(
    code="cases.no_procedure",
    message="没有找到该交易方式的办理流程。",
    remedy="请联系平台运维人员核对流程登记。",
)


TENDERER_BIDS = Reason(
    code="cases.tenderer_bids",
    message="贵单位是本项目的招标人，不能在本项目投标。",
    law=Law("招标投标法实施条例", "第三十四条", rule="W-39"),
    remedy="如登记的招标人有误，请联系交易中心核对项目登记。",
)
AGENCY_BIDS = Reason(
    code="cases.agency_bids",
    message="贵单位是本项目的招标代理机构，不能在所代理的项目中投标，也不能代理投标。",
    law=Law("招标投标法实施条例", "第十三条", rule="A-12"),
    remedy="如贵单位没有受托代理本项目，请联系招标人核对委托协议和项目登记。",
)
OPERATOR_BIDS = Reason(
    code="cases.operator_bids",
    message="贵单位是本交易平台的运营机构，不能在本平台投标，也不能代理投标。",
    law=Law("电子招标投标办法", "第二十三条", rule="A-11"),
    remedy="如贵单位并不运营本平台，请联系平台的系统管理员核对贵单位人员的账号和角色。",
)


class Told(Refusal):
    """A refusal that says in words what its reason alone cannot: whose turn it is, what is missing."""

    def __init__(self, reason: Reason, words: str, **facts: object) -> None:
        super().__init__(reason, **facts)
        self.words = words

    def __str__(self) -> str:
        """Return the sentence for people."""
        law = f"依据{self.reason.law}。" if self.reason.law else ""
        return f"{self.reason.message}{law}{self.words}{self.reason.remedy}"


class Unmet(Refusal):
    """A refusal by a number of the law: it shows the rule, the computed date and the law (U-06).

    ``rule`` is the rule's id, ``computed`` the date or deadline that was computed, ``law`` where
    the number stands.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        term: Term,
        computed: Deadline | date | datetime | int | None = None,
        **facts: object,
    ) -> None:
        super().__init__(
            reason, rule=term.rule, key=term.key, law=term.law, computed=computed, **facts
        )
        self.term = term
        self.computed = computed

    def __str__(self) -> str:
        """Return the sentence for people, with the rule, the computed date and the law."""
        words = _computed(self.computed)
        return (
            f"{self.reason.message}{self.term}，规则{self.term.rule}。{words}{self.reason.remedy}"
        )


def _computed(computed: Deadline | date | datetime | int | None) -> str:
    if computed is None:
        return ""
    if isinstance(computed, Deadline):
        return str(computed)
    if isinstance(computed, datetime):
        return f"计算结果：{to_minute(computed)}。"
    if isinstance(computed, date):
        return f"计算结果：{computed:%Y-%m-%d}。"
    return f"现有：{computed}。"
