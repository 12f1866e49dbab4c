"""The pages of subjects in a real browser: no fault at both widths."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.data.standard import samples
from gongheng.registers.subjects import actions
from gongheng.registers.subjects.kinds import Correction
from gongheng.registers.subjects.models import Subject
from gongheng.registers.subjects.tests.support import (
    NOW,
    actor_of,
    body,
    officer,
    person,
    sign_up,
    verified,
    with_key,
)
from gongheng.trust.identity import queries as accounts
from gongheng.trust.identity.models import Account
from tests.browser import CHROMIUM, session_of, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]

FIRM, RETURNED, LIKE = samples.firm(31), samples.firm(57), samples.firm(51)


def _account(username: str) -> Account:
    account = accounts.account_named(username)
    assert account is not None
    return account


def _session(account: Account, address: str) -> dict[str, Any]:
    client = Client()
    client.force_login(account)
    return session_of(client, address)


def _changing_firm() -> None:
    """Let a firm be verified, have a key, and ask for a change."""
    judge = officer()
    name = "云南示例建工集团有限公司"
    application = sign_up(body(FIRM, name))
    actions.approve(application_id=application.pk, actor=judge, now=NOW)
    firm = actor_of(_account("firm"))
    with_key(firm)
    changed = body(FIRM, name, LEGAL_UNIT_ADDRESS="云南省昆明市新示例路9号", REG_CAPITAL="60000")
    change = actions.change(body=changed, base_version=1, actor=firm, now=NOW)
    actions.approve(application_id=change.pk, actor=judge, now=NOW)


def test_every_page_of_subjects_is_without_fault(live_server: Any) -> None:
    _changing_firm()
    returned = sign_up(
        body(RETURNED, "云南示例金马监理有限公司", LEGAL_REPRESENT="张冒名"), username="returned"
    )
    actions.send_back(
        application_id=returned.pk,
        corrections=[
            Correction("LEGAL_REPRESENT", "法定代表人姓名：与营业执照不一致，请核对。"),
            Correction("", "请上传现行有效的授权委托书。"),
        ],
        actor=actor_of(_account("officer-530100")),
        now=NOW,
    )
    alike = sign_up(body(LIKE, "云南示列建工集团有限公司"), username="alike")
    subject = Subject.objects.get(code=FIRM)
    agency = verified(samples.firm(2), "云南示例招标代理有限公司", roles="02")
    person("clerk", organisation_code=agency.subject.code)
    address = live_server.url

    pages = {
        "": {
            "start": "/register/",
            "register": f"/register/?kind=legal_person&code={samples.firm(32)}",
            "register-person": "/register/?kind=natural_person",
        },
        "firm": {
            "mine": "/subject/",
            "change": "/subject/change/",
            "key": "/subject/key/",
            "deregister": "/subject/deregister/",
        },
        "returned": {
            "mine-returned": "/subject/",
            "correct": f"/subject/applications/{returned.pk}/",
        },
        "officer-530100": {
            "list": "/subjects/",
            "application": f"/subjects/applications/{alike.pk}/",
            "one": f"/subjects/{subject.pk}/",
        },
        "clerk": {"agreements": "/agreements/"},
    }
    for username, addresses in pages.items():
        state = _session(_account(username), address) if username else None
        with visitor(state) as look:
            for name, path in addresses.items():
                look.at(address + path, name=f"subjects-{name}")


def test_a_wrong_code_is_told_without_fault(live_server: Any) -> None:
    gone = f"{live_server.url}/register/?kind=legal_person&code={samples.firm(43)}"

    with visitor() as look:
        look.at(gone, name="subjects-gone", status=422)
