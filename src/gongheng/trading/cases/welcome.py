"""What an empty workbench tells each role to do first, and the places it goes to most."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


@dataclass(frozen=True, slots=True)
class Link:
    """A word and where it leads."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class FirstStep:
    """What an empty list says: what is not there, and what to do."""

    what: str
    next: str


_FIRST = {
    Role.CLERK: FirstStep(
        "现在没有需要您办理的事项", "新项目请先登记；轮到您办理或复核时，会在这里列出并注明期限。"
    ),
    Role.OFFICER: FirstStep(
        "现在没有需要您办理的事项", "招标人提交登记后，受理、开标和归档等事项会在这里列出。"
    ),
    Role.SUPERVISOR: FirstStep(
        "现在没有需要您办理的事项", "可从项目列表查看辖区内项目的办理过程和期限。"
    ),
    Role.BIDDER: FirstStep(
        "现在没有需要您办理的事项",
        "请在交易公告中找到要参加的项目，下载招标文件；之后的解密、确认等事项会在这里列出。",
    ),
    Role.EXPERT: FirstStep(
        "现在没有需要您办理的事项", "被确定为评标委员会成员后，评标开始时会在这里列出。"
    ),
    Role.WITNESS: FirstStep(
        "现在没有需要您办理的事项", "开标前两小时起和评标期间，可以见证的项目在“见证”页面。"
    ),
    Role.OPERATOR: FirstStep(
        "现在没有需要您办理的事项", "平台运行正常时无须处理；数据交换的退回记录在“数据交换”页面。"
    ),
    Role.ADMINISTRATOR: FirstStep(
        "现在没有需要您办理的事项", "开立、停用账号，确认角色模板的修改，请到“账号和角色”。"
    ),
    Role.SECURITY: FirstStep(
        "现在没有需要您办理的事项", "授予、收回和续期角色，提出角色模板的修改，请到“账号和角色”。"
    ),
    Role.AUDITOR: FirstStep(
        "现在没有需要您办理的事项", "谁在何时做了什么、结果如何，请到“审计记录”查看。"
    ),
}
_NO_ROLE = FirstStep("您的账号还没有角色", "请联系本单位的平台管理员开通角色。")

_LINKS: tuple[tuple[Role, str, str], ...] = (
    (Role.CLERK, "登记项目", "desk-new-project"),
    (Role.CLERK, "招标项目", "desk-projects"),
    (Role.CLERK, "全部标段", "cases"),
    (Role.OFFICER, "全部项目", "cases"),
    (Role.SUPERVISOR, "全部项目", "cases"),
    (Role.BIDDER, "查找公告", "search"),
    (Role.BIDDER, "我的投标", "my-bids"),
    (Role.WITNESS, "见证", "witness"),
    (Role.EXPERT, "评标", "evaluation"),
    (Role.OPERATOR, "数据交换", "exchange-lines"),
    (Role.ADMINISTRATOR, "账号和角色", "identity-accounts"),
    (Role.SECURITY, "账号和角色", "identity-accounts"),
    (Role.AUDITOR, "审计记录", "identity-trail"),
)


def first_step(actor: Actor) -> FirstStep:
    """Return what an empty workbench says to a person."""
    return next((said for role, said in _FIRST.items() if role in actor.roles), _NO_ROLE)


def links(actor: Actor) -> list[Link]:
    """Return where a person goes from the workbench; what this node lacks is left out."""
    found: list[Link] = []
    for role, words, name in _LINKS:
        address = _address(name)
        if role in actor.roles and address and address not in {link.address for link in found}:
            found.append(Link(words, address))
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
