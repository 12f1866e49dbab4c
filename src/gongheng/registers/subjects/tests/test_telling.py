"""Whoever applied is told of each decision, and nobody else (T-12)."""

import pytest

from gongheng.data.standard import samples
from gongheng.registers.messages.models import Delivery
from gongheng.registers.subjects import actions
from gongheng.registers.subjects.kinds import Correction
from gongheng.registers.subjects.tests.support import NOW, body, officer, sign_up

pytestmark = pytest.mark.django_db
FIRM, NAME = samples.firm(31), "云南示例建工集团有限公司"


def _told() -> list[tuple[str, object]]:
    found = Delivery.objects.filter(message__kind="subject.decided").order_by("id")
    return [(each.message.subject, each.account_id) for each in found]


def test_the_applicant_is_told_when_it_is_returned() -> None:
    application = sign_up(body(FIRM, NAME))
    actions.send_back(
        application_id=application.pk,
        corrections=[Correction("LEGAL_REPRESENT", "与营业执照不符。")],
        actor=officer(),
        now=NOW,
    )

    assert _told() == [
        (f"{NAME}的{application.get_purpose_display()}需要补正", application.account_id)
    ]


def test_the_applicant_is_told_of_the_approval() -> None:
    application = sign_up(body(FIRM, NAME))

    actions.approve(application_id=application.pk, actor=officer(), now=NOW)

    [(subject, account_id)] = _told()
    assert subject.endswith("已核验通过")
    assert account_id == application.account_id
