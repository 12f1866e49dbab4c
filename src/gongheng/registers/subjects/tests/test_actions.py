from datetime import timedelta

import pytest

from gongheng.data.records.models import Current
from gongheng.data.standard import samples
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import actions, queries, reasons
from gongheng.registers.subjects.kinds import (
    ApplicationState,
    Correction,
    Purpose,
    SubjectKind,
    SubjectState,
)
from gongheng.registers.subjects.models import Application, Subject
from gongheng.registers.subjects.tests.support import (
    NOW,
    actor_of,
    body,
    officer,
    sign_up,
    verified,
    with_key,
)
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity import queries as accounts
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role

pytestmark = pytest.mark.django_db

FIRM = samples.firm(31)
NAME = "云南示例建工集团有限公司"
LATER = NOW + timedelta(hours=3)


def _bidder(username: str = "firm") -> Actor:
    account = accounts.account_named(username)
    assert account is not None
    return actor_of(account)


def _verified_firm() -> Actor:
    application = sign_up(body(FIRM, NAME))
    actions.approve(application_id=application.pk, actor=officer(), now=LATER)
    return _bidder()


def test_a_firm_signs_up_and_takes_part_once_it_is_verified() -> None:
    application = sign_up(body(FIRM, NAME))

    with pytest.raises(Refusal) as refusal:
        queries.require_verified(FIRM)
    assert refusal.value.reason is reasons.NOT_VERIFIED
    assert _bidder().roles == frozenset()

    actions.approve(application_id=application.pk, actor=officer(), now=LATER)

    version = queries.require_verified(FIRM)
    assert (version.number, version.name) == (1, NAME)
    account = accounts.account_named("firm")
    assert account is not None
    assert accounts.roles_of(account, now=LATER) == {Role.BIDDER}


def test_a_tenderer_and_an_agency_get_the_role_of_clerks() -> None:
    application = sign_up(body(FIRM, NAME, roles="01;02"))

    actions.approve(application_id=application.pk, actor=officer(), now=LATER)

    account = accounts.account_named("firm")
    assert account is not None
    assert accounts.roles_of(account, now=LATER) == {Role.CLERK}


def test_a_verified_subject_is_a_record_of_the_standard() -> None:
    verified(FIRM, NAME)

    record = Current.objects.select_related("version").get(dataset="LEGAL_PERSON_BASE", key=FIRM)
    assert record.version.body["LEGAL_NAME"] == NAME
    assert record.version.audience == "public"


def test_nobody_is_known_before_registering() -> None:
    with pytest.raises(Refusal) as refusal:
        queries.require_verified(FIRM)

    assert refusal.value.reason is reasons.UNKNOWN
    assert queries.subject(FIRM) is None
    assert queries.key_of(FIRM) is None


def test_a_second_application_is_refused_while_the_first_is_open() -> None:
    sign_up(body(FIRM, NAME))

    with pytest.raises(Refusal) as refusal:
        sign_up(body(FIRM, NAME), username="second")

    assert refusal.value.reason is reasons.OPEN_ALREADY
    assert accounts.account_named("second") is None


def test_who_is_verified_already_gets_an_account_and_no_new_version() -> None:
    verified(FIRM, NAME)

    application = sign_up(body(FIRM, NAME, LEGAL_CONTACT="王工"), username="second")
    assert application.purpose == Purpose.JOIN
    actions.approve(application_id=application.pk, actor=officer(), now=LATER)

    assert queries.require_verified(FIRM).number == 1
    account = accounts.account_named("second")
    assert account is not None
    assert accounts.roles_of(account, now=LATER) == {Role.BIDDER}
    application.refresh_from_db()
    assert {finding["field"] for finding in application.findings} == {"LEGAL_CONTACT"} | {
        finding["field"] for finding in application.findings if finding["label"] != "联系人"
    }


def test_an_application_is_returned_once_with_everything() -> None:
    application = sign_up(body(FIRM, NAME, LEGAL_REPRESENT="杨立星"))
    judge = officer()
    corrections = [
        Correction("LEGAL_REPRESENT", "与营业执照不一致，请核对。"),
        Correction("LEGAL_CONTACT_PHONE", "请填写可以接通的电话。"),
    ]

    actions.send_back(
        application_id=application.pk, corrections=corrections, actor=judge, now=LATER
    )
    actions.resubmit(
        application_id=application.pk, body=body(FIRM, NAME), actor=_bidder(), now=LATER
    )

    with pytest.raises(Refusal) as refusal:
        actions.send_back(
            application_id=application.pk, corrections=corrections, actor=judge, now=LATER
        )
    assert refusal.value.reason is reasons.RETURNED_ONCE
    actions.approve(application_id=application.pk, actor=judge, now=LATER)
    assert queries.require_verified(FIRM).body["LEGAL_REPRESENT"] == "杨立新"


def test_a_return_without_words_is_refused() -> None:
    application = sign_up(body(FIRM, NAME))

    with pytest.raises(Refusal) as refusal:
        actions.send_back(application_id=application.pk, corrections=[], actor=officer(), now=LATER)

    assert refusal.value.reason is reasons.NO_WORDS


def test_a_rejection_says_why_and_a_new_application_is_open() -> None:
    application = sign_up(body(FIRM, NAME))
    actions.reject(
        application_id=application.pk, reason="营业执照不实。", actor=officer(), now=LATER
    )

    found = queries.subject(FIRM)
    assert found is not None
    assert (found.state, found.state_reason) == (SubjectState.REJECTED, "营业执照不实。")
    again = sign_up(body(FIRM, NAME), username="again")
    assert again.state == ApplicationState.SUBMITTED
    assert Subject.objects.get(code=FIRM).state == SubjectState.SUBMITTED


def test_an_officer_of_another_region_does_not_reach_the_application() -> None:
    application = sign_up(body(FIRM, NAME))

    with pytest.raises(Application.DoesNotExist):
        actions.approve(application_id=application.pk, actor=officer("530300"), now=LATER)


def test_a_change_is_a_new_version_with_what_it_changes() -> None:
    bidder = _verified_firm()
    frozen = queries.require_verified(FIRM)
    new = body(FIRM, NAME, LEGAL_UNIT_ADDRESS="昆明市新示例路1号")

    application = actions.change(body=new, base_version=1, actor=bidder, now=LATER)
    judge = actor_of_officer()
    actions.approve(application_id=application.pk, actor=judge, now=LATER)

    version = queries.require_verified(FIRM)
    assert version.number == 2
    assert [change["field"] for change in version.changes] == ["LEGAL_UNIT_ADDRESS"]
    frozen.refresh_from_db()
    assert frozen.body == body(FIRM, NAME)


def actor_of_officer() -> Actor:
    account = accounts.account_named("officer-530100")
    assert account is not None
    return actor_of(account)


def test_a_renamed_firm_keeps_its_code_and_both_names() -> None:
    bidder = _verified_firm()
    new = "云南示例建工控股有限公司"

    application = actions.change(body=body(FIRM, new), base_version=1, actor=bidder, now=LATER)
    actions.approve(application_id=application.pk, actor=actor_of_officer(), now=LATER)

    found = queries.subject(FIRM)
    assert found is not None
    assert found.name == new
    assert [version.name for version in queries.versions_of(found)] == [new, NAME]


@pytest.mark.parametrize(
    ("changes", "base", "reason"),
    [
        ({}, 1, reasons.NOTHING_CHANGED),
        ({"LEGAL_CONTACT": "王工"}, 0, reasons.CHANGED_MEANWHILE),
        ({"LEGAL_CODE": samples.firm(32)}, 1, reasons.CODE_FIXED),
    ],
)
def test_a_change_that_is_none_or_late_or_of_another_is_refused(
    changes: dict[str, str], base: int, reason: object
) -> None:
    bidder = _verified_firm()

    with pytest.raises(Refusal) as refusal:
        actions.change(body=body(FIRM, NAME, **changes), base_version=base, actor=bidder, now=LATER)

    assert refusal.value.reason is reason


def test_who_leaves_the_register_takes_part_no_more() -> None:
    bidder = _verified_firm()
    with_key(bidder)
    application = actions.ask_deregistration(actor=bidder, now=LATER)

    actions.approve(application_id=application.pk, actor=actor_of_officer(), now=LATER)

    with pytest.raises(Refusal) as refusal:
        queries.require_verified(FIRM)
    assert refusal.value.reason is reasons.NOT_VERIFIED
    assert queries.key_of(FIRM) is None


def test_a_suspended_subject_takes_part_no_more_until_it_is_resumed() -> None:
    verified(FIRM, NAME)
    judge = officer()

    actions.suspend(code=FIRM, reason="涉嫌提供虚假材料，核查中。", actor=judge, now=LATER)
    with pytest.raises(Refusal):
        queries.require_verified(FIRM)
    actions.resume(code=FIRM, reason="核查结束。", actor=judge, now=LATER)

    assert queries.require_verified(FIRM).number == 1


def test_a_key_is_registered_with_its_proof_and_replaced() -> None:
    bidder = _verified_firm()
    first = with_key(bidder)
    assert queries.key_of(FIRM) == first.public.to_hex()

    second = with_key(bidder)

    assert queries.key_of(FIRM) == second.public.to_hex()


def test_who_merely_signed_up_for_a_verified_firm_may_nothing_yet() -> None:
    _verified_firm()
    sign_up(body(FIRM, NAME), username="stranger")
    stranger = _bidder("stranger")
    key = PrivateKey.generate()

    for deed in (
        lambda: actions.change(
            body=body(FIRM, NAME, BASIC_ACCOUNT_NO="1"), base_version=1, actor=stranger, now=NOW
        ),
        lambda: actions.ask_deregistration(actor=stranger, now=NOW),
        lambda: actions.register_key(
            code=FIRM,
            public_key_hex=key.public.to_hex(),
            proof=actions.prove(FIRM, key),
            actor=stranger,
            now=NOW,
        ),
    ):
        with pytest.raises(Refusal) as refusal:
            deed()
        assert refusal.value.reason is reasons.NOT_YOURS


def test_an_officer_of_another_region_suspends_nobody_here() -> None:
    verified(FIRM, NAME)

    with pytest.raises(Subject.DoesNotExist):
        actions.suspend(code=FIRM, reason="核查。", actor=officer("530300"), now=LATER)


def test_a_key_needs_a_proof_by_itself_for_its_own_subject() -> None:
    bidder = _verified_firm()
    key, other = PrivateKey.generate(), PrivateKey.generate()
    proofs = [actions.prove(samples.firm(32), key), actions.prove(FIRM, other), "{}", "[]", "x"]

    for proof in proofs:
        with pytest.raises(Refusal) as refusal:
            actions.register_key(
                code=FIRM, public_key_hex=key.public.to_hex(), proof=proof, actor=bidder, now=NOW
            )
        assert refusal.value.reason is reasons.BAD_PROOF
    assert queries.key_of(FIRM) is None


def test_a_key_of_another_subject_is_refused() -> None:
    bidder = _verified_firm()
    key = with_key(bidder)
    verified(samples.firm(32), "昆明滇池示例建筑有限公司")
    other = Actor(
        account_id=bidder.account_id,
        username="other",
        name="张工",
        organisation_code=samples.firm(32),
        organisation_name="",
        region_code="530100",
        roles=frozenset({"bidder"}),
    )

    with pytest.raises(Refusal) as refusal:
        actions.register_key(
            code=samples.firm(32),
            public_key_hex=key.public.to_hex(),
            proof=actions.prove(samples.firm(32), key),
            actor=other,
            now=NOW,
        )
    assert refusal.value.reason is reasons.KEY_TAKEN
    with pytest.raises(Refusal) as refusal:
        actions.register_key(
            code=FIRM,
            public_key_hex=key.public.to_hex(),
            proof=actions.prove(FIRM, key),
            actor=other,
            now=NOW,
        )
    assert refusal.value.reason is reasons.NOT_YOURS


def test_a_natural_person_is_known_by_a_code_that_does_not_tell_the_identity_number() -> None:
    row = {
        "ID_CARD_TYPE": "01",
        "ID_CARD": samples.person(7),
        "ID_CARD_END_DATE": "20350101",
        "PERSON_NAME": "赵六",
        "CONTACT": "13800000000",
        "BANK_ACCOUNT": "6222000000000000000",
    }

    application = sign_up(row, username="person", kind=SubjectKind.NATURAL_PERSON)
    actions.approve(application_id=application.pk, actor=officer(), now=LATER)

    assert samples.person(7) not in application.code
    assert queries.require_verified(application.code).name == "赵六"
    record = Current.objects.select_related("version").get(dataset="INDIVIDUAL_BASE")
    assert record.version.audience == "government"


def test_a_flood_of_applications_from_one_address_is_refused() -> None:
    for number in range(20):
        sign_up(body(samples.firm(100 + number), f"示例第{number}号公司"), username=f"f{number}")

    with pytest.raises(Refusal) as refusal:
        sign_up(body(FIRM, NAME))

    assert refusal.value.reason is reasons.TOO_MANY
