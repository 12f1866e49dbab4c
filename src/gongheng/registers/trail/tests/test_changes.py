"""Each entry of the audit trail says what its deed changed: digests before and after (E-16)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet

from gongheng.registers.subjects.models import Application
from gongheng.registers.trail import examining
from gongheng.registers.workdays import actions as workdays
from gongheng.registers.workdays.models import CalendarNotice
from gongheng.registers.workdays.tests.test_workdays import ASKED, account, own_calendar
from gongheng.trust.identity import audit, chaining
from gongheng.trust.identity.actors import NOBODY, acting
from gongheng.trust.identity.kinds import Role, SetState
from gongheng.trust.identity.models import AuditEntry
from gongheng.web import changes
from gongheng.web.models import Row

__all__ = ["own_calendar"]
pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 1, 0, 0, 123456, tzinfo=UTC)
MODEL = "workdays.calendarnotice"


def entry_of(deed: str) -> AuditEntry:
    return AuditEntry.objects.get(deed=deed)


def notice_of(**more: Any) -> CalendarNotice:
    return CalendarNotice.objects.create(
        region_code="530000",
        number=1,
        year=2027,
        title="通知",
        announced_on=NOW.date(),
        source="https://www.gov.cn/",
        text="……",
        state=SetState.REJECTED,
        proposed_by_name="赵强",
        proposed_at=NOW,
        **more,
    )


def standing_notice() -> CalendarNotice:
    """Return a notice from an earlier deed: the test's own transaction would remember making it."""
    notice = notice_of()
    changes.take()
    return notice


def done(deed: str, row: Row | None = None, **more: Any) -> AuditEntry:
    return audit.record(actor=NOBODY, deed=deed, object_id=row.pk if row else "", now=NOW, **more)


def behind_the_desk(notice: CalendarNotice, **values: str) -> None:
    """Write to the table itself, past every deed."""
    assert QuerySet(CalendarNotice).filter(pk=notice.pk).update(**values) == 1


def test_a_deed_says_what_it_made() -> None:
    with transaction.atomic():
        notice = notice_of()
        made = done("calendar.loaded", notice)

    assert [change[:3] for change in made.changes] == [[MODEL, str(notice.pk), ""]]
    assert len(made.changes[0][3]) == 64


def test_what_one_deed_left_is_what_the_next_one_found() -> None:
    with transaction.atomic():
        notice = notice_of()
        made = done("calendar.loaded", notice)
    with transaction.atomic():
        again = CalendarNotice.objects.get(pk=notice.pk)
        again.answer = "请核对。"
        again.save(update_fields=["answer"])
        changed = done("calendar.rejected", again)
    with transaction.atomic():
        again.delete()
        gone = done("calendar.removed", notice)

    (_, _, before, after) = changed.changes[0]
    assert before == made.changes[0][3] != after
    assert gone.changes == [[MODEL, str(notice.pk), after, ""]]


def test_a_change_behind_the_desk_shows_between_two_entries() -> None:
    """What was written to the table itself is in no entry: the next ``before`` is another."""
    with transaction.atomic():
        notice = notice_of()
        made = done("calendar.loaded", notice)
    behind_the_desk(notice, text="……改过")
    with transaction.atomic():
        notice.answer = "请核对。"
        notice.save(update_fields=["answer"])
        changed = done("calendar.rejected", notice)

    assert changed.changes[0][2] != made.changes[0][3]


def test_a_row_that_is_copied_is_a_new_one() -> None:
    copied = standing_notice()

    with transaction.atomic():
        copied.pk, copied.number = None, 2
        copied.save(force_insert=True)
        made = done("calendar.loaded", copied)

    assert [change[:3] for change in made.changes] == [[MODEL, str(copied.pk), ""]]
    assert CalendarNotice.objects.count() == 2


def test_saving_what_is_the_same_is_no_change() -> None:
    notice = standing_notice()

    with transaction.atomic():
        notice.save()
        assert done("calendar.looked", notice).changes == []


def test_what_is_changed_back_is_no_change_and_json_changed_in_place_is_one() -> None:
    request = Application.objects.create(
        region_code="530000",
        kind="legal_person",
        purpose="register",
        code="91530100MA6K000013",
        name="云南示例建设工程有限公司",
        body={"LEGAL_NAME": "甲"},
        origin="530000",
        applicant_name="李工",
        submitted_at=NOW,
        due_at=NOW,
    )

    with transaction.atomic():
        request.body["LEGAL_NAME"] = "乙"
        request.save()
        assert [change[1] for change in done("subject.changed", request).changes] == [
            str(request.pk)
        ]
        request.body["LEGAL_NAME"] = "丙"
        request.save()
        request.body["LEGAL_NAME"] = "乙"
        request.save()
        assert done("subject.changed", request).changes == []


def test_two_entries_of_one_deed_do_not_tell_the_same_twice_but_for_their_own_object() -> None:
    with transaction.atomic():
        one, other = notice_of(), notice_of()
        first = done("case.step")
        second = done("calendar.loaded", one)

    assert {change[1] for change in first.changes} == {str(one.pk), str(other.pk)}
    assert [change[1] for change in second.changes] == [str(one.pk)]


def test_what_was_rolled_back_is_forgotten() -> None:
    notice = standing_notice()

    with transaction.atomic():
        with transaction.atomic():
            notice.answer = "x"
            notice.save()
            transaction.set_rollback(True)
        kept = done("calendar.looked", notice)

    assert kept.changes == []


@pytest.mark.django_db(transaction=True)
def test_a_transaction_remembers_nothing_of_the_one_before() -> None:
    with transaction.atomic():
        notice = notice_of()
    assert changes.take() == []

    with transaction.atomic():
        notice.answer = "x"
        notice.save()
        transaction.set_rollback(True)
    with transaction.atomic():
        behind_the_desk(notice, answer="y")
        assert changes.take() == []
        notice.answer = "z"
        notice.save()
        (change,) = changes.take()

    assert b'"answer":"y"' in (change.before or b"")
    assert b'"answer":"z"' in (change.after or b"")


def test_who_changes_rows_by_update_leaves_their_digests() -> None:
    """The attempt to change rows past the trail: no row is loaded, none is saved."""
    one, other, third = standing_notice(), standing_notice(), standing_notice()
    behind_the_desk(third, title="另一份")

    with transaction.atomic():
        written = CalendarNotice.objects.filter(title="通知").update(text="……改过")
        forged = done("calendar.looked")

    assert written == 2
    assert [change[:2] for change in forged.changes] == [
        [MODEL, str(one.pk)],
        [MODEL, str(other.pk)],
    ]
    for _, _, before, after in forged.changes:
        assert len(before) == len(after) == 64
        assert before != after
    third.refresh_from_db()
    assert third.text == "……"


def test_what_update_left_is_what_the_next_deed_found() -> None:
    notice = standing_notice()
    with transaction.atomic():
        CalendarNotice.objects.update(text="甲")
        first = done("calendar.looked", notice)
    with transaction.atomic():
        notice.refresh_from_db()
        notice.text = "乙"
        notice.save()
        second = done("calendar.looked", notice)

    assert first.changes[0][3] == second.changes[0][2]


def test_rows_made_changed_and_deleted_many_at_once_are_told() -> None:
    rows = [notice_of(), notice_of()]
    with transaction.atomic():
        CalendarNotice.objects.filter(pk__in=[row.pk for row in rows]).delete()
        changes.take()
        CalendarNotice.objects.bulk_create(rows)
        made = done("calendar.loaded")
    with transaction.atomic():
        for row in rows:
            row.text = "……改过"
        CalendarNotice.objects.bulk_update(rows, ["text"])
        changed = done("calendar.changed")
    with transaction.atomic():
        assert CalendarNotice.objects.order_by("title").delete()[0] == 2
        gone = done("calendar.removed")

    told = {row: (before, after) for _, row, before, after in changed.changes}
    assert {row: ("", before) for row, (before, _) in told.items()} == {
        row: (before, after) for _, row, before, after in made.changes
    }
    assert {row: (after, "") for row, (_, after) in told.items()} == {
        row: (before, after) for _, row, before, after in gone.changes
    }
    assert told.keys() == {str(row.pk) for row in rows}


def test_a_row_that_stood_already_is_not_new() -> None:
    notice, fresh = standing_notice(), notice_of()
    CalendarNotice.objects.filter(pk=fresh.pk).delete()
    changes.take()

    with transaction.atomic():
        CalendarNotice.objects.bulk_create([notice, fresh], ignore_conflicts=True)
        made = done("calendar.loaded")

    assert [change[1] for change in made.changes] == [str(fresh.pk)]


def test_rows_that_a_deed_no_longer_finds_are_neither_written_nor_told() -> None:
    standing_notice()

    with transaction.atomic():
        assert CalendarNotice.objects.filter(title="没有").update(text="甲") == 0
        assert CalendarNotice.objects.filter(title="没有").delete()[0] == 0
        kept = done("calendar.looked")

    assert kept.changes == []


@pytest.mark.django_db(transaction=True)
def test_of_two_deeds_with_one_row_only_the_first_writes() -> None:
    notice = notice_of()

    def answer() -> int:
        try:
            with transaction.atomic():
                return CalendarNotice.objects.filter(answer="").update(answer="乙")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as beside, transaction.atomic():
        assert CalendarNotice.objects.filter(answer="").update(answer="甲") == 1
        later = beside.submit(answer)
        until_somebody_waits()

    assert later.result() == 0
    notice.refresh_from_db()
    assert notice.answer == "甲"


def until_somebody_waits() -> None:
    """Return when another connection waits for a lock of ours."""
    for _ in range(10_000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    pytest.fail("nobody waits")


@pytest.mark.usefixtures("own_calendar")
def test_what_two_officers_do_is_followed_from_one_to_the_other() -> None:
    first = acting(account("operator", Role.OPERATOR), now=NOW)
    second = acting(account("administrator", Role.ADMINISTRATOR), now=NOW)
    changes.take()

    loaded = workdays.load(**ASKED, actor=first, now=NOW)
    workdays.confirm(notice_id=loaded.pk, actor=second, now=NOW + timedelta(hours=1))

    made, confirmed = entry_of("calendar.loaded"), entry_of("calendar.confirmed")
    assert made.changes[0][3] == confirmed.changes[0][2]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("changes", []),
        ("changes", None),
        ("device", "0" * 32),
        ("key", "0" * 64),
    ],
)
def test_who_rewrites_what_a_deed_changed_is_found(column: str, value: object) -> None:
    with transaction.atomic():
        entry = done("calendar.loaded", notice_of(), public_key="04" * 65)
    chaining.extend()
    assert list(examining.differences()) == []

    AuditEntry.objects.filter(pk=entry.pk).update(**{column: value})

    assert [row.fault for row in examining.differences()] == [examining.ALTERED]


def test_entries_from_before_are_still_borne_out() -> None:
    """The digest is that of an entry written by the version before this one."""
    entry = done("calendar.loaded")
    AuditEntry.objects.filter(pk=entry.pk).update(changes=None)
    chaining.extend()

    old = AuditEntry.objects.get(pk=entry.pk)

    assert list(examining.differences()) == []
    old.device = "1" * 32
    assert chaining.link(chaining.BEGINNING, old) == old.chain


def test_digests_tell_nothing_to_who_tries_out_rows(settings: Any) -> None:
    state = b'{"account":"1"}'
    here = audit.digest_of(state)
    settings.SECRET_KEY = "another"

    assert audit.digest_of(state) != here
    assert audit.digest_of(None) == ""


NOT_FOLLOWED = {
    "identity.auditentry": "the trail itself",
    "bids.sealedentry": "the trail itself",
    "audit_trail.trailseal": "the trail itself",
    "records.version": "proves itself in the log",
    "records.act": "proves itself in the log",
    "records.current": "made anew from the versions",
    "search.entry": "made anew from the records",
    "message_centre.message": "who is told would count the bidders (A-01)",
    "message_centre.delivery": "who is told would count the bidders (A-01)",
    "codes.counter": "counts codes that stand in what they name",
    "holds.gate": "a lock",
}


def test_every_row_is_followed_but_those_with_a_reason() -> None:
    rows = [model for model in apps.get_models() if issubclass(model, Row)]

    left_out = {model._meta.label_lower for model in rows if not model.is_followed}

    assert left_out == set(NOT_FOLLOWED)
