"""A city's copy: what the keeper signed, and nothing else, is believed."""

from dataclasses import replace
from typing import Any

import pytest

from gongheng.data.exchange import protocol, stations
from gongheng.data.standard import samples
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import actions, keeping, queries, reasons, rules, standing
from gongheng.registers.subjects.kinds import ApplicationState
from gongheng.registers.subjects.models import Subject, SubjectVersion
from gongheng.registers.subjects.tests.support import NOW, body, officer, sign_up
from gongheng.trust.crypto.sm2 import PrivateKey

pytestmark = pytest.mark.django_db

FIRM = samples.firm(31)
NAME = "云南示例建工集团有限公司"
KEY = PrivateKey.generate()


@pytest.fixture(autouse=True)
def province(settings: Any) -> None:
    """Let the province keep the register, with a key that the test holds."""
    parent = settings.NODE.peers[0]
    peer = replace(parent, public_key=KEY.public.to_hex(), keeps_registers=True)
    settings.NODE = replace(settings.NODE, peers=(peer,))


def _statement(signer: PrivateKey, **changes: Any) -> str:
    payload = {
        "keeper": "530000",
        "code": FIRM,
        "kind": "legal_person",
        "name": NAME,
        "state": "verified",
        "reason": "",
        "version": 1,
        "body": body(FIRM, NAME),
        "key": "",
        "key_since": "",
        "origin": "530000",
        "region_code": "530100",
        "verified_by": "受理员",
        "verified_at": NOW.isoformat(),
        "stated_at": machine_now().isoformat(),
    }
    return protocol.Signed.of(standing.LABEL, payload | changes, signer).as_text()


def _learn(signer: PrivateKey = KEY, **changes: Any) -> Subject:
    at = stations.keeper()
    assert at is not None
    return keeping.learn(_statement(signer, **changes), keeper=at)


def test_a_copy_serves_like_the_register() -> None:
    key = PrivateKey.generate().public.to_hex()
    _learn(key=key)

    assert queries.require_verified(FIRM).name == NAME
    assert queries.key_of(FIRM) == key


def test_a_statement_of_another_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        _learn(PrivateKey.generate())
    assert refusal.value.reason is reasons.FORGED_COPY


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "冒名公司"},
        {"state": "suspended"},
        {"version": 2},
        {"kind": "other"},
        {"statement": "e30=.e30="},
        {"statement": ""},
    ],
)
def test_a_copy_that_was_changed_is_not_believed(changes: dict[str, Any]) -> None:
    _learn()
    Subject.objects.filter(code=FIRM).update(**changes)

    with pytest.raises(Refusal) as refusal:
        queries.require_verified(FIRM)

    assert refusal.value.reason is reasons.FORGED_COPY


@pytest.mark.parametrize("is_clever", [False, True])
def test_a_version_that_was_changed_is_not_believed(is_clever: bool) -> None:  # noqa: FBT001  a case of the table
    _learn()
    version = SubjectVersion.objects.get()
    changed = version.body | {"BASIC_ACCOUNT_NO": "1"}
    digest = rules.digest_of(changed) if is_clever else version.digest
    SubjectVersion.objects.update(body=changed, digest=digest)

    with pytest.raises(Refusal) as refusal:
        queries.require_verified(FIRM)

    assert refusal.value.reason is reasons.FORGED_COPY
    _learn()
    assert queries.require_verified(FIRM).body == body(FIRM, NAME)


def test_an_older_statement_changes_nothing() -> None:
    _learn(state="suspended", reason="核查中。")

    _learn(stated_at="2020-01-01T00:00:00+08:00")

    assert Subject.objects.get().state == "suspended"


def test_a_city_queues_what_it_cannot_decide() -> None:
    application = sign_up(body(FIRM, NAME))

    assert application.state == ApplicationState.SUBMITTED
    assert application.sent_at is None
    assert not Subject.objects.exists()
    with pytest.raises(Refusal) as refusal:
        actions.approve(application_id=application.pk, actor=officer(), now=NOW)
    assert refusal.value.reason is reasons.KEPT_ELSEWHERE
