"""Verified subjects as records of the standard."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.models import Version
from gongheng.data.standard.times import wire_time
from gongheng.registers.subjects.kinds import SubjectKind
from gongheng.registers.subjects.models import SubjectVersion

_AUDIENCES: Mapping[bool, Audience] = {True: Audience.GOVERNMENT, False: Audience.PUBLIC}
"""By whether the subject is a person: the standard discloses nothing but a person's name."""


def row_of(body: Mapping[str, str], *, now: datetime) -> dict[str, str]:
    """Return a verified body with the columns of its sender."""
    return {
        **body,
        "PLATFORM_CODE": settings.NODE.platform_code,
        "PUB_SERVICE_PLAT_CODE": settings.NODE.service_code,
        "DATA_TIMESTAMP": wire_time(now),
    }


def verified(version: SubjectVersion, *, now: datetime) -> Version:
    """Report what was verified of a subject: its first version, or a correction."""
    kind = SubjectKind(version.subject.kind)
    return records.publish(
        dataset=kind.dataset,
        body=row_of(version.body, now=now),
        audience=_AUDIENCES[kind is SubjectKind.NATURAL_PERSON],
        operation=Operation.INSERT if version.number == 1 else Operation.UPDATE,
        now=now,
    )
