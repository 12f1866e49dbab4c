"""Storing a version: its row, the current row of its key, the judgement and the leaf of the log.

Inner half of ``actions``: nothing outside this room writes records, and every function here runs
inside the transaction of the action that calls it.
"""

from collections.abc import Sequence
from datetime import datetime

from gongheng.data.records import leaves, names
from gongheng.data.records.envelopes import Envelope
from gongheng.data.records.kinds import Operation, State
from gongheng.data.records.models import Current, Judgement, Version
from gongheng.data.records.surroundings import Surroundings
from gongheng.data.standard import summary
from gongheng.kernel.findings import Finding
from gongheng.kernel.reasons import Refusal

LONGEST_CASE_CODE = 200


def lock_current(dataset: str, key: str) -> Current | None:
    """Return the current row of a key, locked, withdrawn or not."""
    return (
        Current.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(dataset=dataset, key=key)
        .first()
    )


def store(
    envelope: Envelope,
    *,
    key: str,
    sender: str,
    region_code: str,
    now: datetime,
    stays_here: bool = False,
) -> Version:
    """Insert the version's row; nothing is said yet of what the node thinks of it."""
    return Version.objects.create(
        region_code=region_code,
        dataset=envelope.dataset,
        key=key,
        number=envelope.number,
        operation=envelope.operation,
        body=dict(envelope.body),
        digest=envelope.digest,
        salt=leaves.new_salt(),
        audience=envelope.audience,
        not_before=envelope.not_before,
        origin=envelope.origin,
        sender=sender,
        case_code=envelope.case_code or _case_code(envelope),
        stays_here=stays_here,
        published_at=envelope.published_at,
        received_at=now,
    )


def _case_code(envelope: Envelope) -> str:
    """Return the case that a body names: systems of other vendors need not say it beside it."""
    try:
        code = summary.describe(envelope.dataset, envelope.body).case_code
    except Refusal:  # a dataset that nobody knows: the judge says so
        return ""
    return code if len(code) <= LONGEST_CASE_CODE else ""


def accept(
    version: Version,
    *,
    current: Current | None,
    around: Surroundings,
    now: datetime,
    findings: Sequence[Finding] = (),
) -> Judgement:
    """Accept a version: it becomes current unless a newer one already is, and enters the log."""
    judgement = Judgement.objects.create(
        version=version,
        state=State.ACCEPTED,
        findings=[finding.as_json() for finding in findings],
        judged_at=now,
    )
    if current is None or current.version.number < version.number:
        around.note(_made_current(version, current), is_first=current is None)
    leaves.enter_record(version, region_code=version.region_code)
    return judgement


def put_off(
    version: Version, *, state: State, findings: Sequence[Finding], now: datetime
) -> Judgement:
    """Write down that a version waits or is refused, and enter the judgement into the log."""
    judgement = Judgement.objects.create(
        version=version,
        state=state,
        findings=[finding.as_json() for finding in findings],
        judged_at=now,
    )
    kind = leaves.WAITING if state == State.WAITING else leaves.REFUSAL
    leaves.enter_judgement(judgement, kind=kind, region_code=version.region_code)
    return judgement


def _made_current(version: Version, current: Current | None) -> Current:
    facts = {"version": version, **shown(version)}
    if current is None:
        return Current.objects.create(dataset=version.dataset, key=version.key, **facts)
    for name, value in facts.items():
        setattr(current, name, value)
    current.save(update_fields=list(facts))
    return current


def shown(version: Version) -> dict[str, object]:
    """Return what the row for lists repeats of a version."""
    about = summary.describe(version.dataset, version.body)
    return {
        "region_code": version.region_code,
        "is_withdrawn": version.operation == Operation.DELETE,
        "audience": version.audience,
        "not_before": version.not_before,
        "case_code": version.case_code,
        "parent": names.parent_of(version.dataset, version.body),
        "title": about.title,
        "kind": about.kind,
        "trade_type": about.trade_type,
        "transaction_code": about.transaction_code,
        "is_notice": about.is_notice,
        "published_at": version.published_at,
    }
