"""Taking the versions that other platforms send: judged, stored whatever the verdict, never lost."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.data.records import family, names, versions
from gongheng.data.records.envelopes import Envelope, digest_of
from gongheng.data.records.kinds import Audience, Operation, State
from gongheng.data.records.models import Current, Judgement, Version, Waiting
from gongheng.data.records.reasons import (
    EARLIER_PARENT,
    HAS_CHILDREN,
    OTHER_CONTENT,
    OTHERS_KEY,
    SECRET_FIELD,
    WAITED_TOO_LONG,
    WRONG_DIGEST,
)
from gongheng.data.records.surroundings import Mark, Surroundings
from gongheng.data.standard import registry, summary, validator
from gongheng.data.standard.histories import GRACE, UNKNOWN
from gongheng.data.standard.registry import FieldAudience
from gongheng.kernel.canonical import canonical
from gongheng.kernel.findings import Finding, Severity
from gongheng.kernel.reasons import Reason, Refusal


def read_ahead(envelopes: Iterable[Envelope]) -> Surroundings:
    """Read what judging these versions will ask for, in a few queries for all of them."""
    around = Surroundings()
    around.read_ahead(
        ((envelope.dataset, key, envelope.number, envelope.digest), envelope.body)
        for envelope in envelopes
        if not (key := _key_of(envelope)).startswith(UNKNOWN)
    )
    return around


def receive(
    envelope: Envelope,
    *,
    sender: str,
    now: datetime,
    machine_now: datetime,
    around: Surroundings | None = None,
) -> Judgement:
    """Judge and store one version; what is stored already is judged again only if it was refused.

    Its waiting children are judged as well once it is accepted. ``around`` is what was read ahead
    for its batch in this transaction.
    """
    around = around or Surroundings()
    receive_now = partial(
        _receive, envelope, around, sender=sender, now=now, machine_now=machine_now
    )
    try:
        return receive_now()
    except IntegrityError:
        # It came by another line after we had looked: look again.
        around.forget()
        return receive_now()
    except Exception:
        around.forget()
        raise


@transaction.atomic
def _receive(
    envelope: Envelope,
    around: Surroundings,
    *,
    sender: str,
    now: datetime,
    machine_now: datetime,
) -> Judgement:
    key = _key_of(envelope)
    mark = (envelope.dataset, key, envelope.number, envelope.digest)
    stored = _stored(mark) if around.may_be_stored(mark) else None
    if stored is not None:
        last = stored.judgements.latest("id")
        if last.state == State.ACCEPTED or _waits(stored):
            return last
    version = stored or versions.store(
        envelope, key=key, sender=sender, region_code=_region_of(envelope), now=now
    )
    around.note_stored(mark)
    judgement = _judge(version, around, now=now, machine_now=machine_now)
    if judgement.state == State.ACCEPTED:
        _settle_children(version, around, now=now, machine_now=machine_now)
    return judgement


def _stored(mark: Mark) -> Version | None:
    dataset, key, number, digest = mark
    return Version.objects.filter(dataset=dataset, key=key, number=number, digest=digest).first()


def refuse_malformed(raw: object, refusal: Refusal, *, sender: str, now: datetime) -> Judgement:
    """Store what could not be read as an envelope, refused, under the digest of its bytes."""
    body = raw if isinstance(raw, dict) else {"record": raw}
    digest = _digest_of_anything(body)
    given = body.get("digest")
    envelope = Envelope(
        dataset=str(body.get("dataset") or "?")[:64].replace("\0", "?"),
        number=_number_or_zero(body.get("number")),
        operation=Operation.INSERT,
        body=_storable(body),
        digest=given if isinstance(given, str) and len(given) == len(digest) else digest,
        audience=Audience.PARTIES,
        origin=sender,
        case_code="",
        published_at=now,
    )
    finding = _finding(refusal.reason, field=str(refusal.facts.get("what", "")))
    with transaction.atomic():
        stored = Version.objects.filter(
            dataset=envelope.dataset, key=UNKNOWN + digest, number=envelope.number
        ).first()
        version = stored or versions.store(
            envelope,
            key=UNKNOWN + digest,
            sender=sender,
            region_code=settings.NODE.region_code,
            now=now,
        )
        return versions.put_off(version, state=State.REFUSED, findings=[finding], now=now)


@transaction.atomic
def look_after_waiting(*, now: datetime, machine_now: datetime, limit: int = 200) -> int:
    """Refuse what has waited longer than the grace time; return how many were settled.

    A child and its parent that come by two lines at the same moment do not see each other: the
    child then waits for a parent that is there, and is judged here.
    """
    longest = list(
        Waiting.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("version")
        .order_by("until")[:limit]
    )
    settled = 0
    for waiting in longest:
        around = Surroundings()
        is_parent_here = around.current(names.name_in(waiting.parent)) is not None
        if not is_parent_here and waiting.until > machine_now:
            continue
        settled += 1
        version = waiting.version
        waiting.delete()
        if not is_parent_here:
            versions.put_off(
                version, state=State.REFUSED, findings=[_finding(WAITED_TOO_LONG)], now=now
            )
            continue
        _rejudge(version, around, now=now, machine_now=machine_now)
    return settled


def _rejudge(
    version: Version, around: Surroundings, *, now: datetime, machine_now: datetime
) -> None:
    judgement = _judge(version, around, now=now, machine_now=machine_now)
    if judgement.state == State.ACCEPTED:
        _settle_children(version, around, now=now, machine_now=machine_now)


def _judge(
    version: Version, around: Surroundings, *, now: datetime, machine_now: datetime
) -> Judgement:
    name = (version.dataset, version.key)
    current = None if around.is_new(name) else versions.lock_current(*name)
    findings = list(_objections(version, current))
    if not _stops(findings):
        parents, missing = family.ancestors(version.dataset, version.body, around)
        if missing:
            Waiting.objects.create(version=version, parent=missing, until=machine_now + GRACE)
            around.note_waiting(missing)
            finding = _finding(EARLIER_PARENT, value=missing)
            return versions.put_off(version, state=State.WAITING, findings=[finding], now=now)
        previous = current.version.body if current else None
        findings += validator.check_in_context(
            version.dataset, version.body, parents=parents, previous=previous
        )
    if _stops(findings):
        return versions.put_off(version, state=State.REFUSED, findings=findings, now=now)
    return versions.accept(version, current=current, around=around, now=now, findings=findings)


def _objections(version: Version, current: Current | None) -> Iterator[Finding]:
    """Yield what speaks against a version, parents apart."""
    try:
        dataset = registry.dataset(version.dataset)
    except Refusal as refusal:
        yield _finding(refusal.reason, value=version.dataset)
        return
    if current is not None and current.version.origin != version.origin:
        yield _finding(OTHERS_KEY, value=current.version.origin)
    if current is not None and _is_other_content(version):
        yield _finding(OTHER_CONTENT, value=str(version.number))
    for field in dataset.fields:
        if field.audience is FieldAudience.SECRET and field.code in version.body:
            yield _finding(SECRET_FIELD, field=field.code)
    if digest_of(version.body) != version.digest:
        yield _finding(WRONG_DIGEST, value=version.digest)
    if version.operation == Operation.DELETE and family.has_children(
        (version.dataset, version.key)
    ):
        yield _finding(HAS_CHILDREN)
    yield from validator.check(version.dataset, version.body, record=version.key)


def _is_other_content(version: Version) -> bool:
    return (
        Version.objects.filter(
            dataset=version.dataset,
            key=version.key,
            number=version.number,
            judgements__state=State.ACCEPTED,
        )
        .exclude(pk=version.pk)
        .exists()
    )


def _settle_children(
    parent: Version, around: Surroundings, *, now: datetime, machine_now: datetime
) -> None:
    name = (parent.dataset, parent.key)
    if not around.may_be_awaited(name):
        return
    for waiting in list(
        Waiting.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(parent=names.reference(name))
        .order_by("version_id")
    ):
        version = waiting.version
        waiting.delete()
        _rejudge(version, around, now=now, machine_now=machine_now)


def _waits(version: Version) -> bool:
    return Waiting.objects.filter(version=version).exists()


def _stops(findings: list[Finding]) -> bool:
    return any(finding.severity == Severity.ERROR for finding in findings)


def _key_of(envelope: Envelope) -> str:
    """Return the key, or a stand-in for a record whose dataset or key parts are not known."""
    try:
        key = names.key_of(envelope.dataset, envelope.body)
    except (Refusal, UnicodeEncodeError):
        key = ""
    return key or UNKNOWN + envelope.digest


def _region_of(envelope: Envelope) -> str:
    try:
        region = summary.describe(envelope.dataset, envelope.body).region_code
    except Refusal:
        region = ""
    return region or str(settings.NODE.region_code)


def _finding(reason: Reason, *, field: str = "", value: str = "") -> Finding:
    return Finding(
        record="",
        field=field,
        rule=reason.code,
        value=value[:60],
        message=reason.message,
        remedy=reason.remedy,
    )


def _digest_of_anything(value: object) -> str:
    try:
        return digest_of({"raw": value})
    except (TypeError, UnicodeEncodeError, RecursionError):
        return digest_of({"raw": repr(value)})


def _storable(body: dict[str, object]) -> dict[str, object]:
    """Return the body if PostgreSQL can hold it as JSON, else a readable excerpt of it."""
    try:
        text = canonical(body)
    except (TypeError, UnicodeEncodeError, RecursionError):
        return {"unreadable": ascii(body)[:2000]}
    return body if b"\\u0000" not in text else {"unreadable": ascii(body)[:2000]}


def _number_or_zero(value: object) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 2**31 else 0  # type: ignore[operator, return-value]
