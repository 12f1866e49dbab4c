"""Who may sign in to the demonstration, and with which words.

Every account is invented. A production node refuses to start with them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from gongheng.data.standard import samples
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


SCHOOL = "昆明市示例第一中学"
HOSPITAL = "昆明市示例人民医院"

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
)


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
            "交易中心受理：查看数据交换",
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
    )


def people(*, conducts_trades: bool) -> tuple[Person, ...]:
    """Return the accounts of this node: clerks only where cases are run."""
    return (_CLERKS if conducts_trades else ()) + _staff()


def load(*, now: datetime, conducts_trades: bool) -> None:
    """Make the accounts that are not there yet."""
    for person in people(conducts_trades=conducts_trades):
        if queries.account_named(person.username) is None:
            actions.create_account(
                username=person.username,
                password=PASSWORD,
                display_name=person.display_name,
                organisation_code=person.organisation_code,
                organisation_name=person.organisation_name,
                region_code=settings.NODE.region_code,
                roles=person.roles,
                now=now,
                is_demo=True,
            )
