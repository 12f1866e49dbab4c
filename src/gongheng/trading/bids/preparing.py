"""What a bidder still has to do for a lot, step by step, and against which criteria."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.urls import NoReverseMatch, reverse

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import parties, queries
from gongheng.trading.bids.models import CasePolicy
from gongheng.trading.cases import barring, queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import queries as documents
from gongheng.trading.documents.kinds import Group
from gongheng.trading.documents.models import Criterion, TenderDocument
from gongheng.trust.envelope.policy import Policy
from gongheng.trust.identity.actors import Actor

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: done or not, and where it is done."""

    title: str
    words: str
    is_done: bool | None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Preparation:
    """Everything that the page of a lot tells a bidder."""

    steps: tuple[Step, ...]
    criteria: tuple[tuple[str, tuple[Criterion, ...]], ...]
    policy: Policy | None
    row: CasePolicy | None
    deadline: datetime | None
    remaining: str
    is_open: bool
    decryption_minutes: int | None


@dataclass(frozen=True, slots=True)
class OpenLot:
    """A lot that takes bids."""

    case: Case
    deadline: datetime
    remaining: str


def preparation(case: Case, *, actor: Actor, now: datetime) -> Preparation:
    """Return what a bidder has to do for a lot."""
    row, deadline = queries.signed_policy(case), queries.deadline_of(case)
    document = documents.issued_in(case)
    is_open = queries.is_bidding(case) and deadline is not None and now < deadline
    return Preparation(
        steps=(*_bar(case, actor, now), *_steps(case, row, actor)),
        criteria=tuple(_criteria(document)),
        policy=Policy.of_json(row.body) if row else None,
        row=row,
        deadline=deadline,
        remaining=remaining(deadline, now) if is_open and deadline else "",
        is_open=is_open,
        decryption_minutes=document.decryption_minutes if document else None,
    )


def open_lots(*, actor: Actor, now: datetime) -> list[OpenLot]:
    """Return the lots that take a person's bids, what is due first at the top."""
    found = [
        OpenLot(case, deadline, remaining(deadline, now))
        for case in queries.cases_with_bidding()
        if (deadline := queries.deadline_of(case)) is not None
        and now < deadline
        and cases.is_open_to(case, actor=actor, now=now)
    ]
    return sorted(found, key=lambda lot: (lot.deadline, lot.case.code))


def remaining(deadline: datetime, now: datetime) -> str:
    """Say how long there is to a deadline, in the two largest units."""
    left = max(deadline - now, timedelta(0))
    days, seconds = left.days, left.seconds
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if left >= ONE_DAY:
        return f"{days} 天 {hours} 小时"
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分 {seconds % 60} 秒"


def _bar(case: Case, actor: Actor, now: datetime) -> Iterator[Step]:
    """Say first of all that a party of the case cannot bid (A-11, A-12, W-39)."""
    if reason := barring.reason_against(case, actor.organisation_code, now=now):
        yield Step("不能在本标段投标", str(reason), is_done=False)


def _steps(case: Case, row: CasePolicy | None, actor: Actor) -> Iterator[Step]:
    party, why = _party(actor)
    yield Step("主体登记核验", why or f"{party.name if party else ''}", party is not None)
    yield Step(
        "登记签名密钥",
        "系统用它核对投标文件的签名" if party and party.key else "请先在主体库登记签名公钥",
        bool(party and party.key),
    )
    yield Step(
        "下载招标文件",
        "不须登录；对照评审条款准备文件",
        None,
        _address("case-download_documents", case),
    )
    yield Step(
        "下载开启规则并核对摘要",
        f"摘要 {row.digest}" if row else "招标人和交易中心尚未签署，暂不能递交",
        None if row else False,
        reverse("bidding-policy", args=[case.pk]) if row else "",
    )
    yield Step(
        "在本单位电脑上加密",
        "见“怎样加密”；私钥和明文都不离开本单位",
        None,
        "#seal" if row else "",
    )
    standing = queries.standing_bid(case, actor.organisation_code)
    yield Step(
        "递交并取得回执",
        "以最后一个字节存妥的时间为准",
        True if standing else None,
        "#hand-in" if row else "",
    )


def _party(actor: Actor) -> tuple[parties.Party | None, str]:
    try:
        return parties.registered(actor.organisation_code), ""
    except Refusal as refusal:
        return None, str(refusal)


def _address(name: str, case: Case) -> str:
    try:
        return reverse(name, args=[case.pk])
    except NoReverseMatch:
        return ""


def _criteria(document: TenderDocument | None) -> Iterator[tuple[str, tuple[Criterion, ...]]]:
    if document is None:
        return
    order = {group.value: place for place, group in enumerate(Group)}
    rows = sorted(document.criteria.all(), key=lambda row: (order[row.group], row.number))
    for group, of_group in groupby(rows, key=lambda row: row.group):
        yield Group(group).label, tuple(of_group)
