"""Steps and adopted procedures as acts, entered into the log in the transaction of their deed.

The facts of a step go along: supervision follows a case live. Rooms state nothing there that must
stay secret (names of experts, what a bid holds).
"""

from datetime import datetime

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act
from gongheng.trading.cases.declaration import Step
from gongheng.trading.cases.models import Case, DoneStep, ProcedureVersion


def procedure_adopted(version: ProcedureVersion, *, now: datetime) -> Act:
    """Report a version with its whole declaration: higher tiers and the portal read it there."""
    return records.act(
        case_code=f"procedure:{version.code}",
        kind="procedure.adopted",
        actor_code=settings.NODE.platform_code,
        facts={
            "code": version.code,
            "number": version.number,
            "title": version.title,
            "digest": version.digest,
            "declaration": version.declaration,
        },
        audience=Audience.PUBLIC,
        now=now,
        region_code=version.region_code,
    )


def case_begun(case: Case, *, actor_code: str, now: datetime) -> Act:
    """Report a new case or a new round of it."""
    return records.act(
        case_code=case.code,
        kind="case.begun",
        actor_code=actor_code,
        facts={
            "round": case.round_number,
            "procedure": case.version.code,
            "digest": case.version.digest,
            "awaits": case.awaits,
        },
        audience=Audience.SUPERVISION,
        now=now,
        region_code=case.region_code,
    )


def step_done(case: Case, done: DoneStep, step: Step, *, now: datetime) -> Act:
    """Report a step that was done."""
    return records.act(
        case_code=case.code,
        kind="case.step_done",
        actor_code=done.organisation_code or settings.NODE.platform_code,
        facts={
            "round": case.round_number,
            "number": done.number,
            "step": done.step,
            "deed": step.deed.value,
            "outcome": done.outcome,
            "from": done.led_from,
            "to": done.led_to,
            "notice": step.notice,
            "terms_on": case.terms_on.isoformat() if case.terms_on else "",
            "facts": done.facts,
            "notes": done.notes,
        },
        audience=Audience.SUPERVISION,
        now=now,
        region_code=case.region_code,
    )


def idle_reminded(case: Case, *, since: datetime, close_from: datetime, now: datetime) -> Act:
    """Report that the people of a case were reminded that nothing goes on."""
    return records.act(
        case_code=case.code,
        kind="case.idle_reminded",
        actor_code=settings.NODE.platform_code,
        facts={
            "round": case.round_number,
            "awaits": case.awaits,
            "since": since.isoformat(),
            "close_from": close_from.isoformat(),
        },
        audience=Audience.SUPERVISION,
        now=now,
        region_code=case.region_code,
    )
