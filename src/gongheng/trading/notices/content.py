"""The text of a tender notice: the items the law asks for, put together from what is known."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from gongheng.kernel.clock import BEIJING
from gongheng.trading.cases.declaration import LETTER
from gongheng.trading.cases.duties import BULLETINS
from gongheng.trading.notices.kinds import Contact, NoticeFacts
from gongheng.trading.notices.models import Announcement, Clarification, Notice
from gongheng.trading.projects.models import Lot, TenderProject

ONLY_INVITED = "本招标采用邀请招标，本邀请书只发给被邀请人，请勿向他人透露。"
_NUMERALS = "一二三四五六七八九十"


def bulletin(tender: TenderProject) -> str:
    """Return what invites bids is called: a notice to everybody, or a letter to the invited."""
    return BULLETINS[LETTER if tender.is_by_invitation else "B-03"]


def items(facts: NoticeFacts, *, tender: TenderProject, lots: Sequence[Lot]) -> dict[str, str]:
    """Return the text of each mandatory item by its heading (B-03), in the order of the notice."""
    return {
        "招标条件": _conditions(tender),
        "项目概况与招标范围": _scope(tender, lots),
        "投标人资格要求": _qualification(facts, lots),
        "招标文件的获取": f"{_documents(facts)}\n{_asking(tender)}",
        "投标文件的递交": _submission(facts),
        "开标时间和方式": f"开标时间：{written(facts.opening_at)}。\n{facts.opening_method}",
        "电子交易平台": f"{settings.NODE.name}，网址：{settings.NODE.url}。",
        "监督部门": tender.supervisor_name,
        "联系方式": _contacts(facts, tender),
    }


def text(facts: NoticeFacts, *, tender: TenderProject, lots: Sequence[Lot]) -> str:
    """Return the whole text of the notice."""
    parts = items(facts, tender=tender, lots=lots)
    if facts.other:
        parts["其他"] = facts.other
    numbered = zip(_NUMERALS, parts.items(), strict=False)
    return "\n\n".join(f"{numeral}、{heading}\n{body}" for numeral, (heading, body) in numbered)


POSTPONED = (
    "澄清或者修改的内容可能影响投标文件编制，依据《招标投标法实施条例》第二十一条顺延投标截止时间。"
)
"""Why a deadline moves with a clarification (W-07)."""


def clarification(notice: Notice, change: Clarification) -> str:
    """Return the numbered text of a clarification: old and new, times, questions and answers (B-04)."""
    parts = [
        f"第{change.number}号澄清（修改）",
        _changed_times(notice, change),
        POSTPONED if _is_postponed_by_law(notice, change) else "",
        f"原内容：{change.old_text}" if change.old_text else "",
        f"{'修改为' if change.old_text else '澄清内容'}：{change.new_text}",
        f"原因：{change.reason}",
    ]
    asked = change.questions.order_by("asked_at", "id")
    parts += [f"问：{question.text}\n答：{question.answer}" for question in asked]
    return "\n".join(part for part in parts if part)


def _is_postponed_by_law(notice: Notice, change: Clarification) -> bool:
    return change.may_affect_bids and change.bids_due_at > notice.bids_due_at


def _changed_times(notice: Notice, change: Clarification) -> str:
    pairs = (
        ("招标文件获取截止时间", notice.documents_until, change.documents_until),
        ("投标截止时间和开标时间", notice.bids_due_at, change.bids_due_at),
    )
    return "\n".join(
        f"{name}由{written(old)}变更为{written(new)}。" for name, old, new in pairs if old != new
    )


def resumption(notice: Notice, resumed: Announcement) -> str:
    """Return what a notice says after a stop."""
    due = resumed.bids_due_at or notice.bids_due_at
    moved = (
        f"投标截止时间和开标时间由{written(notice.bids_due_at)}顺延至{written(due)}。"
        if due != notice.bids_due_at
        else "投标截止时间和开标时间不变。"
    )
    return f"恢复招标（{resumed.document}）\n{resumed.statement}\n{moved}"


def announcement(made: Announcement) -> str:
    """Return the text of an announcement: what happened, why, and what follows (B-08)."""
    parts = [
        f"标段：{made.lot.name}（标段编号 {made.lot.code}）",
        f"原因：{made.cause_label}。",
        made.statement,
        f"故障开始时间：{written(made.since)}。" if made.since else "",
        f"恢复后的投标截止和开标时间：{written(made.bids_due_at)}。" if made.bids_due_at else "",
        f"后续安排：{made.duties}" if made.duties else "",
        f"文号：{made.document}",
    ]
    return "\n".join(part for part in parts if part)


def _conditions(tender: TenderProject) -> str:
    project = tender.project
    number = f"（{project.approval_number}）" if project.approval_number else ""
    by = f"由{project.approval_authority}" if project.approval_authority else ""
    return (
        f"本招标项目{tender.name}已{by}以《{project.approval_name}》{number}批准建设，"
        f"项目业主为{project.legal_person}，资金来源为{project.fund_source}，"
        f"招标人为{tender.tenderer_name}。项目已具备招标条件，{_calls(tender)}"
    )


def _calls(tender: TenderProject) -> str:
    if tender.is_by_invitation:
        return f"现邀请贵单位参加投标。{ONLY_INVITED}"
    return f"现对该项目进行{tender.tender_mode.label}。"


def _scope(tender: TenderProject, lots: Sequence[Lot]) -> str:
    project = tender.project
    lines = [
        f"建设地点：{project.address}。",
        f"建设规模：{project.scale}。",
        f"招标范围：{tender.content}。",
        f"本次招标共 {len(lots)} 个标段：",
    ]
    return "\n".join(lines + [_lot(lot) for lot in lots])


def _lot(lot: Lot) -> str:
    begin = f"，计划开工日期 {lot.begin_on:%Y-%m-%d}" if lot.begin_on else ""
    duration = f"，工期 {lot.duration_days} 日历天" if lot.duration_days else ""
    return (
        f"{lot.name}（标段编号 {lot.code}，统一交易标识码 {lot.transaction_code}）：{lot.content}"
        f"，合同估算价 {lot.estimate:,.2f} 元{begin}{duration}。"
    )


def _qualification(facts: NoticeFacts, lots: Sequence[Lot]) -> str:
    lines = [f"{lot.name}：{lot.qualification}" for lot in lots]
    joint = "接受" if facts.consortium_allowed else "不接受"
    return "\n".join([*lines, f"本次招标{joint}联合体投标。"])


def _documents(facts: NoticeFacts) -> str:
    price = f"售价 {facts.document_price:,.2f} 元" if facts.document_price else "免费"
    return (
        f"获取时间：{written(facts.documents_from)}至{written(facts.documents_until)}。\n"
        f"获取方法：{facts.documents_method}\n招标文件{price}。"
    )


def _asking(tender: TenderProject) -> str:
    return (
        f"对招标文件有疑问的，请于投标截止前在 {settings.NODE.url}/questions/{tender.code}/ 提出，"
        "答复在同一页面公开，不注明提问人。"
    )


def _submission(facts: NoticeFacts) -> str:
    return (
        f"投标截止时间：{written(facts.bids_due_at)}，逾期送达的投标文件不予受理。\n"
        f"递交方法：{facts.bids_method}"
    )


def _contacts(facts: NoticeFacts, tender: TenderProject) -> str:
    lines = [f"招标人：{tender.tenderer_name}", *_contact(facts.tenderer)]
    if facts.agency is not None:
        lines += [f"招标代理机构：{tender.agency_name}", *_contact(facts.agency)]
    return "\n".join(lines)


def _contact(contact: Contact) -> list[str]:
    return [
        f"地址：{contact.address}",
        f"联系人：{contact.person}　电话：{contact.phone}　电子邮箱：{contact.email}",
    ]


def written(instant: datetime) -> str:
    """Return an instant in words, Beijing time."""
    local = instant.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"
