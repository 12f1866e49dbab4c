"""The supervisor is told of the written report and finds it to do, until somebody there opens it (W-32)."""

from datetime import timedelta

import pytest

from gongheng.registers.messages import queries as inboxes
from gongheng.trading.award import actions, queries, tasks
from gongheng.trading.award.models import SupervisorReport
from gongheng.trading.award.tests.support import SECTIONS, Course, published
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from tests.cases import CLERK, COLLEAGUE, NOW, OFFICER, SUPERVISOR, person

pytestmark = pytest.mark.django_db


def supervisor(name: str, organisation: str, region: str = "530100") -> Actor:
    """Return a supervisor with an account, of a department, for a region."""
    actor = person(name, "supervisor", organisation="11530100015100001G", region=region)
    account = Account.objects.create(
        pk=actor.account_id,
        region_code=region,
        username=name,
        display_name=name,
        organisation_code=actor.organisation_code,
        organisation_name=organisation,
    )
    grant(account)
    return actor


def grant(account: Account) -> None:
    account.grants.create(
        region_code=account.region_code, role=Role.SUPERVISOR, starts_at=NOW - timedelta(days=1)
    )


@pytest.fixture
def course() -> Course:
    found = published()
    grant(Account.objects.get(pk=SUPERVISOR.account_id))
    return found


def department(course: Course) -> str:
    return queries.lot_of(course.case).tender_project.supervisor_name


def is_told(actor: Actor) -> bool:
    return inboxes.inbox_of(actor).filter(message__kind="award.report").exists()


def is_asked(actor: Actor, course: Course) -> bool:
    return bool(list(tasks.reports_to_read(actor=actor, now=course.now)))


def test_the_named_department_is_told_and_asked_and_no_other(course: Course) -> None:
    own = supervisor("guan", department(course))

    actions.report_to_supervisor(sections=SECTIONS, **course.by)

    assert is_told(own)
    assert is_asked(own, course)
    for other in (SUPERVISOR, CLERK, COLLEAGUE, OFFICER):
        assert not is_told(other)
        assert not is_asked(other, course)


def test_where_the_department_has_no_account_every_supervisor_of_the_region_is(
    course: Course,
) -> None:
    elsewhere = supervisor("yuan", department(course), region="530300")

    actions.report_to_supervisor(sections=SECTIONS, **course.by)

    assert is_told(SUPERVISOR)
    assert is_asked(SUPERVISOR, course)
    assert not is_told(elsewhere)
    assert not is_asked(elsewhere, course)


def test_the_first_look_of_the_supervisor_is_the_receipt(course: Course) -> None:
    actions.report_to_supervisor(sections=SECTIONS, **course.by)
    seen = {"case_id": course.case.pk, "now": course.now}

    actions.note_report_read(actor=CLERK, **seen)
    assert SupervisorReport.objects.get().read_at is None
    actions.note_report_read(actor=SUPERVISOR, **seen)
    actions.note_report_read(actor=SUPERVISOR, **seen | {"now": course.now + timedelta(days=1)})

    report = SupervisorReport.objects.get()
    assert (report.read_at, report.read_by_name) == (course.now, SUPERVISOR.name)
    assert not is_asked(SUPERVISOR, course)


def test_without_any_supervisor_the_report_is_taken_all_the_same() -> None:
    course = published()

    report = actions.report_to_supervisor(sections=SECTIONS, **course.by)

    assert report.number
