"""Supervisors, an auditor, and requests for early looks."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from gongheng.trading.cases.models import Case
from gongheng.trading.emergency import actions
from gongheng.trading.emergency.kinds import Ground, Item
from gongheng.trading.emergency.models import Request
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account
from gongheng.web.files import Paper
from tests.cases import NOW, SUPERVISOR, person

SECOND = person("jian-er", "supervisor", organisation="11530100015100000J")
THIRD = person("jian-san", "supervisor", organisation="11530100015100000J")
AUDITOR = person("shen-ji", "auditor", organisation="12530000MB1X000010")
OPERATOR = person("yun-wei", "operator", organisation="12530000MB1X000010")


def open_staff() -> None:
    """Let supervisors, the auditor and the operator have accounts with their roles."""
    for who in (SUPERVISOR, SECOND, THIRD, AUDITOR, OPERATOR):
        account, _ = Account.objects.get_or_create(
            pk=who.account_id,
            defaults={
                "region_code": who.region_code,
                "username": who.username,
                "display_name": who.name,
                "organisation_code": who.organisation_code,
                "organisation_name": who.organisation_name,
                "is_demo": True,
            },
        )
        for role in who.roles:
            account.grants.get_or_create(
                region_code=account.region_code, role=role, starts_at=NOW - timedelta(days=1)
            )


def facts(**changes: Any) -> actions.Facts:
    stated: dict[str, Any] = {
        "item": Item.COMMITTEE,
        "ground": Ground.SUPERVISION,
        "document": "昆建监查〔2026〕7号",
        "reason": "举报反映有成员与投标人往来，须在定标前固定证据。",
        "paper": Paper(name="决定.pdf", pieces=[b"%PDF-1.4 order"]),
        "hours": 24,
    }
    return actions.Facts(**(stated | changes))


def asked(case: Case, *, who: Actor = SUPERVISOR, now: datetime = NOW, **changes: Any) -> Request:
    return actions.ask(case_id=case.pk, facts=facts(**changes), actor=who, now=now)


def approved(case: Case, *, now: datetime = NOW, **changes: Any) -> Request:
    request = asked(case, now=now, **changes)
    return actions.decide(request_id=request.pk, approves=True, actor=SECOND, now=now)


def client_of(who: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=who.account_id))
    return client
