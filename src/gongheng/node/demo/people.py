"""Who may sign in to the demonstration, and with which words.

Every account is invented. A production node refuses to start with them.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from gongheng.data.standard import samples
from gongheng.node.config import NodeConfig
from gongheng.registers.messages import contacts
from gongheng.registers.messages.kinds import Channel
from gongheng.trust.identity import actions, queries
from gongheng.trust.identity.kinds import Role

PASSWORD = "公衡演示2026"  # noqa: S105  printed by ./start, of demonstration nodes only


@dataclass(frozen=True, slots=True)
class Person:
    """One account of the demonstration."""

    username: str
    display_name: str
    organisation_code: str
    organisation_name: str
    roles: tuple[Role, ...]
    task: str
    region: str = ""
    """Where the roles reach; empty for the whole region of the node."""


SCHOOL = "昆明市示例第一中学"
HOSPITAL = "昆明市示例人民医院"
AGENCY = "云南示例招标代理有限公司"
COUNTY = "安宁市示例建设投资中心"
COUNTY_REGION = "530181"
BIDDERS = (
    (31, "云南示例建工集团有限公司", "杨帆（演示）"),
    (32, "昆明滇池示例建筑有限公司", "张琳（演示）"),
    (33, "云南红土示例工程有限公司", "李伟（演示）"),
    (34, "大理苍山示例建设有限公司", "段誉文（演示）"),
)
"""Number of the invented firm, its name, and who bids for it."""
_EXPERTS = ("郑培元", "钱思源", "何静怡", "罗世昌", "沈亦舟")

_CLERKS = (
    Person(
        "clerk",
        "李明（演示）",
        samples.firm(1),
        SCHOOL,
        (Role.CLERK,),
        "招标人经办：登记项目、发布招标公告",
    ),
    Person("clerk2", "王芳（演示）", samples.firm(11), HOSPITAL, (Role.CLERK,), "另一招标人的经办"),
    Person(
        "reviewer",
        "吴敏（演示）",
        samples.firm(1),
        SCHOOL,
        (Role.CLERK,),
        "招标人复核：复核经办人提交的公告和决定",
    ),
    Person(
        "reviewer2", "何俊（演示）", samples.firm(11), HOSPITAL, (Role.CLERK,), "另一招标人的复核"
    ),
    Person(
        "agency",
        "陈静（演示）",
        samples.firm(2),
        AGENCY,
        (Role.CLERK,),
        "招标代理机构经办：受招标人委托办理招标",
    ),
    Person(
        "county",
        "杨柳（演示）",
        samples.firm(12),
        COUNTY,
        (Role.CLERK,),
        "县级招标人经办（安宁市）：在市级平台办理本县项目",
        COUNTY_REGION,
    ),
    Person(
        "county2",
        "段磊（演示）",
        samples.firm(12),
        COUNTY,
        (Role.CLERK,),
        "县级招标人复核（安宁市）：复核本县项目的公告和决定",
        COUNTY_REGION,
    ),
)


def _bidders() -> tuple[Person, ...]:
    return tuple(
        Person(
            f"bidder{number}",
            name,
            samples.firm(firm),
            firm_name,
            (Role.BIDDER,),
            "投标人：下载文件、递交投标文件、解密",
        )
        for number, (firm, firm_name, name) in enumerate(BIDDERS, start=1)
    )


def _committee() -> tuple[Person, ...]:
    """Return members of evaluation committees: experts act for nobody, representatives for one."""
    experts = [
        Person(f"expert{number}", f"{name}（演示）", "", "", (Role.EXPERT,), "评标专家：评审和签字")
        for number, name in enumerate(_EXPERTS, start=1)
    ]
    representatives = [
        Person(
            "rep1", "林岚（演示）", samples.firm(1), SCHOOL, (Role.EXPERT,), "招标人代表：参加评标"
        ),
        Person(
            "rep2", "许朗（演示）", samples.firm(11), HOSPITAL, (Role.EXPERT,), "另一招标人的代表"
        ),
    ]
    return (*experts, *representatives)


_OFFICERS = (
    (Role.ADMINISTRATOR, "方正（演示）", "系统管理员：开立、停用账号"),
    (Role.SECURITY, "江宁（演示）", "安全管理员：授予、收回角色"),
    (Role.AUDITOR, "沈默（演示）", "安全审计员：查看审计记录"),
)
"""The three officers (A-10): three people, none with a business role."""


def _staff() -> tuple[Person, ...]:
    node = settings.NODE
    centre = node.name.removesuffix("（演示）")
    return (
        Person(
            "officer",
            "赵强（演示）",
            node.platform_code,
            centre,
            (Role.OFFICER,),
            "交易中心受理：核验主体登记、受理项目、查看数据交换",
        ),
        Person(
            "officer2",
            "冯涛（演示）",
            node.platform_code,
            centre,
            (Role.OFFICER,),
            "交易中心复核：复核受理人员提交的事项",
        ),
        Person(
            "witness",
            "高远（演示）",
            node.platform_code,
            centre,
            (Role.WITNESS,),
            "交易见证：记录开标、评标现场，不办理业务",
        ),
        Person(
            "witness2",
            "白洁（演示）",
            node.platform_code,
            centre,
            (Role.WITNESS,),
            "交易见证：./start --once 中的见证人，演练后登录须填动态验证码",
        ),
        Person(
            "operator",
            "孙丽（演示）",
            node.platform_code,
            centre,
            (Role.OPERATOR,),
            "平台运维：查看和处理数据交换",
        ),
        Person(
            "supervisor",
            "周洁（演示）",
            samples.firm(21),
            "示例住房和城乡建设局",
            (Role.SUPERVISOR,),
            "行业监管：查看数据交换",
        ),
        *(
            Person(role.value, name, node.platform_code, centre, (role,), task)
            for role, name, task in _OFFICERS
        ),
    )


def people(*, conducts_trades: bool) -> tuple[Person, ...]:
    """Return the accounts of this node: those of parties and experts only where cases are run."""
    parties = (*_CLERKS, *_bidders(), *_committee()) if conducts_trades else ()
    return (*parties, *_staff())


def load(*, now: datetime, conducts_trades: bool) -> None:
    """Make the accounts that are not there yet."""
    for person in people(conducts_trades=conducts_trades):
        if queries.account_named(person.username) is None:
            account = actions.create_account(
                username=person.username,
                password=PASSWORD,
                display_name=person.display_name,
                organisation_code=person.organisation_code,
                organisation_name=person.organisation_name,
                region_code=person.region or settings.NODE.region_code,
                roles=person.roles,
                now=now,
                is_demo=True,
            )
            # A name that no mail server may serve (RFC 6761); a demonstration writes mail into files.
            contacts.enter_for_demo(
                account_id=account.pk,
                channel=Channel.EMAIL,
                address=f"{person.username}@demo.invalid",
                now=now,
            )


def people_of(node: NodeConfig) -> Path:
    """Return where the people of the demonstration keep their files: beside the nodes' folders."""
    is_among_nodes = (node.state_dir / "node.toml").exists()
    return (node.state_dir.parent if is_among_nodes else node.state_dir) / "people"
