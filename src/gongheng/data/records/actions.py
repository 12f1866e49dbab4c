"""Publishing, correcting and withdrawing our own records, and writing down acts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.data.records import family, history, leaves, names, queries, versions
from gongheng.data.records.envelopes import Envelope, digest_of
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.models import Act, Current, Version
from gongheng.data.records.reasons import (
    ALREADY_THERE,
    EARLIER_PARENT,
    HAS_CHILDREN,
    INVALID,
    NOT_THERE,
    OTHERS_KEY,
)
from gongheng.data.records.surroundings import Surroundings
from gongheng.data.standard import disclosure, summary, validator
from gongheng.kernel.findings import Severity
from gongheng.kernel.reasons import Refusal

MOST_OPENED = 200
"""So many sealed versions are opened in one step."""


@transaction.atomic
def publish(
    *,
    dataset: str,
    body: Mapping[str, str],
    audience: Audience,
    now: datetime,
    not_before: datetime | None = None,
    operation: Operation = Operation.INSERT,
    case_code: str = "",
) -> Version:
    """Publish a version of a record of ours: insert a new key, or correct a published one.

    ``body`` maps field codes to text as on the wire. Raises ``Refusal``: ``INVALID`` (fact
    ``findings``), ``ALREADY_THERE``, ``NOT_THERE``, ``OTHERS_KEY``, ``EARLIER_PARENT``.
    """
    key = names.key_of(dataset, body)
    current = versions.lock_current(dataset, key)
    _require_operation(operation, current)
    _require_valid(dataset, body, current)
    envelope = _envelope(
        dataset=dataset,
        body=body,
        number=current.version.number + 1 if current else 1,
        operation=operation,
        audience=audience,
        not_before=not_before,
        case_code=case_code,
        now=now,
    )
    return _keep(envelope, key=key, current=current, now=now)


@transaction.atomic
def withdraw(*, dataset: str, key: str, now: datetime) -> Version:
    """Set a tombstone over a record of ours; every version stays readable in its history.

    Raises ``Refusal``: ``NOT_THERE``, ``OTHERS_KEY``, ``HAS_CHILDREN``.
    """
    current = versions.lock_current(dataset, key)
    _require_operation(Operation.DELETE, current)
    if family.has_children((dataset, key)):
        raise Refusal(HAS_CHILDREN, dataset=dataset, key=key)
    assert current is not None  # noqa: S101  _require_operation refused it otherwise
    last = current.version
    envelope = _envelope(
        dataset=dataset,
        body=last.body,
        number=last.number + 1,
        operation=Operation.DELETE,
        audience=Audience(last.audience),
        not_before=last.not_before,
        case_code=last.case_code,
        now=now,
    )
    return _keep(envelope, key=key, current=current, now=now)


@transaction.atomic
def take_history(
    entries: Sequence[tuple[str, Mapping[str, str]]], *, stays_here: bool, now: datetime
) -> list[Version]:
    """Take in notices that others published before; they are history, so nothing is required.

    Each entry is a dataset and a body that holds what ``data.standard.history`` says.
    ``stays_here``: they are not handed on to other platforms. All of them are taken or none.
    Raises ``Refusal`` (``ALREADY_THERE``) when one of them has been taken in before.
    """
    try:
        with transaction.atomic():
            return history.store(entries, stays_here=stays_here, now=now)
    except IntegrityError:
        raise Refusal(ALREADY_THERE) from None


@transaction.atomic
def act(
    *,
    case_code: str,
    kind: str,
    actor_code: str,
    facts: Mapping[str, object],
    audience: Audience,
    now: datetime,
    region_code: str,
    not_before: datetime | None = None,
) -> Act:
    """Write down an event of a case, in the order in which events are committed."""
    entry = Act.objects.create(
        region_code=region_code,
        case_code=case_code,
        kind=kind,
        actor_code=actor_code,
        facts=dict(facts),
        salt=leaves.new_salt(),
        audience=audience,
        not_before=not_before,
        happened_at=now,
    )
    leaves.enter_act(entry)
    return entry


@transaction.atomic
def open_due(*, now: datetime) -> int:
    """Enter openly what was sealed until an hour that has come; return how many versions.

    Until then the log tells nothing of them; without it nobody could ever check what they show.
    """
    due = queries.due_unopened(now=now).select_for_update(of=("self",), skip_locked=True)
    versions_due = list(due[:MOST_OPENED])
    for version in versions_due:
        leaves.enter_opened(version)
    return len(versions_due)


def _require_operation(operation: Operation, current: Current | None) -> None:
    if operation == Operation.INSERT:
        if current is not None:
            raise Refusal(ALREADY_THERE, version=current.version_id)
        return
    if current is None or current.is_withdrawn:
        raise Refusal(NOT_THERE)
    if current.version.origin != settings.NODE.code:
        raise Refusal(OTHERS_KEY, origin=current.version.origin)


def _require_valid(dataset: str, body: Mapping[str, str], current: Current | None) -> None:
    parents, missing = family.ancestors(dataset, body, Surroundings())
    if missing:
        raise Refusal(EARLIER_PARENT, parent=missing)
    previous = current.version.body if current else None
    findings = [
        *validator.check(dataset, body),
        *validator.check_in_context(dataset, body, parents=parents, previous=previous),
    ]
    if any(finding.severity == Severity.ERROR for finding in findings):
        raise Refusal(INVALID, findings=findings)


def _envelope(
    *,
    dataset: str,
    body: Mapping[str, str],
    number: int,
    operation: Operation,
    audience: Audience,
    not_before: datetime | None,
    case_code: str,
    now: datetime,
) -> Envelope:
    return Envelope(
        dataset=dataset,
        number=number,
        operation=operation,
        body=body,
        digest=digest_of(disclosure.exportable_body(dataset, body)),
        audience=audience,
        origin=settings.NODE.code,
        case_code=case_code or summary.describe(dataset, body).case_code,
        published_at=now,
        not_before=not_before,
    )


def _keep(envelope: Envelope, *, key: str, current: Current | None, now: datetime) -> Version:
    region = summary.describe(envelope.dataset, envelope.body).region_code
    try:
        with transaction.atomic():
            version = versions.store(
                envelope,
                key=key,
                sender="",
                region_code=region or settings.NODE.region_code,
                now=now,
                stays_here=current.version.stays_here if current else False,
            )
            versions.accept(version, current=current, around=Surroundings(), now=now)
    except IntegrityError:
        # Two clerks published the same key at the same moment; the constraint let one through.
        raise Refusal(ALREADY_THERE) from None
    return version
