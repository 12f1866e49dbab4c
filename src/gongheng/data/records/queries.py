"""Reading records: the portal's lists and pages, the exchange's envelopes and verdicts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from gongheng.data.records import leaves
from gongheng.data.records.envelopes import Envelope
from gongheng.data.records.kinds import Audience, Operation, State
from gongheng.data.records.models import Act, Current, Judgement, Version
from gongheng.data.standard import disclosure
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.ledger import queries as log
from gongheng.trust.ledger.models import Leaf
from gongheng.trust.tlog.rows import Disclosure

_EXPORTED = (Audience.PUBLIC, Audience.GOVERNMENT, Audience.SUPERVISION)


def act_in_log(act_id: UUID) -> Act | None:
    """Return an act of this node, if the log holds it just as it stands in its table."""
    act, leaf = Act.objects.filter(pk=act_id).first(), log.leaf_of(act_id)
    if act is None or leaf is None or bytes(leaf.data) != leaves.act_data(act):
        return None
    return act


def notices(*, now: datetime) -> QuerySet[Current]:
    """Return the public notices whose time has come, newest first."""
    found = _public(now).filter(is_notice=True, is_withdrawn=False)
    return found.select_related("version").order_by("-published_at", "-id")


def in_force(*datasets: str, now: datetime) -> QuerySet[Current]:
    """Return the public records of datasets that stand, newest first."""
    found = _public(now).filter(dataset__in=datasets, is_withdrawn=False)
    return found.order_by("-published_at", "-id")


def every_notice() -> QuerySet[Current]:
    """Return the notices for everybody, also those whose time has not come, oldest first."""
    return (
        Current.objects.filter(is_notice=True, is_withdrawn=False, audience=Audience.PUBLIC)
        .select_related("version")
        .order_by("published_at", "id")
    )


def case_records(case_code: str, *, now: datetime) -> QuerySet[Current]:
    """Return the public records of a case in the order of time, withdrawn ones included."""
    return records_of_cases([case_code], now=now)


def records_of_cases(case_codes: Collection[str], *, now: datetime) -> QuerySet[Current]:
    """Return the public records of several cases in the order of time, withdrawn ones included."""
    found = _public(now).filter(case_code__in=set(case_codes) - {""})
    return found.select_related("version").order_by("published_at", "id")


def kept_records(case_code: str, datasets: Collection[str]) -> QuerySet[Current]:
    """Return the records of a case in some datasets, whoever may see them: for its archive."""
    found = Current.objects.filter(case_code=case_code, dataset__in=datasets)
    return found.select_related("version").order_by("published_at", "id")


def public_records(version_ids: Collection[UUID], *, now: datetime) -> QuerySet[Current]:
    """Return the public records whose version in force is one of these, in the order of time."""
    found = _public(now).filter(version_id__in=version_ids)
    return found.select_related("version").order_by("published_at", "id")


def case_code_of(transaction_code: str, *, now: datetime) -> str:
    """Return the case that a unified transaction code belongs to, empty for an unknown one."""
    rows = _public(now).filter(transaction_code=transaction_code)
    found = rows.exclude(transaction_code="").exclude(case_code="")
    return found.order_by("id").values_list("case_code", flat=True).first() or ""


def public_versions(rows: Sequence[Current], *, now: datetime) -> list[Version]:
    """Return the accepted public versions of some records, oldest first."""
    names = {(row.dataset, row.key) for row in rows}
    found = (
        Version.objects.filter(_is_due(now), audience=Audience.PUBLIC)
        .filter(dataset__in={name[0] for name in names}, key__in={name[1] for name in names})
        .filter(judgements__state=State.ACCEPTED)
        .distinct()
        .order_by("number", "id")
    )
    return [version for version in found if (version.dataset, version.key) in names]


def proven(identities: Collection[UUID]) -> set[UUID]:
    """Return those of the public versions and acts that a signed checkpoint of the log covers."""
    latest = log.latest_checkpoint()
    positions = log.positions_of(identities)
    return {each for each, position in positions.items() if latest and position < latest.size}


def public_record(version_id: UUID, *, now: datetime) -> Version | None:
    """Return an accepted public version, current or superseded, if its time has come."""
    return (
        Version.objects.filter(_is_due(now), pk=version_id, audience=Audience.PUBLIC)
        .filter(judgements__state=State.ACCEPTED)
        .first()
    )


def own_record(version_id: UUID) -> Version | None:
    """Return a version that this node made, whoever may see it: for the room that made it."""
    return Version.objects.filter(pk=version_id, origin=settings.NODE.code).first()


def versions_of(version: Version) -> QuerySet[Version]:
    """Return every accepted version of the same record, oldest first."""
    return (
        Version.objects.filter(
            dataset=version.dataset, key=version.key, judgements__state=State.ACCEPTED
        )
        .distinct()
        .order_by("number", "id")
    )


def public_versions_of(version: Version, *, now: datetime) -> QuerySet[Version]:
    """Return the versions of the same record that everybody may see, oldest first."""
    return versions_of(version).filter(_is_due(now), audience=Audience.PUBLIC)


def current_of(version: Version) -> Current | None:
    """Return the current row of the record that a version belongs to."""
    return (
        Current.objects.filter(dataset=version.dataset, key=version.key)
        .select_related("version")
        .first()
    )


def public_body(version: Version) -> dict[str, str]:
    """Return what of a version everybody may see, personal values masked."""
    return disclosure.public_body(version.dataset, version.body)


def case_acts(case_code: str, *, now: datetime) -> QuerySet[Act]:
    """Return the public acts of a case in their order."""
    return Act.objects.filter(_is_due(now), case_code=case_code, audience=Audience.PUBLIC).order_by(
        "id"
    )


def acts_of_cases(case_codes: Collection[str], *, now: datetime) -> QuerySet[Act]:
    """Return the public acts of several cases in their order."""
    rows = Act.objects.filter(case_code__in=set(case_codes) - {""}, audience=Audience.PUBLIC)
    return rows.filter(_is_due(now)).order_by("id")


def everything_public(
    after: UUID | None, *, now: datetime, limit: int
) -> list[tuple[UUID, str, str]]:
    """Return identity, case and kind of the public records in force and acts, by identity.

    At most ``limit`` of those behind a place, of all cases: who watches a platform compares them
    with the leaves of its log.
    """
    records = _public(now).order_by("version_id").values_list("version_id", "case_code", "kind")
    acts = Act.objects.filter(_is_due(now), audience=Audience.PUBLIC).order_by("id")
    acts_told = acts.values_list("id", "case_code", "kind")
    if after is not None:
        records, acts_told = records.filter(version_id__gt=after), acts_told.filter(id__gt=after)
    return sorted([*records[:limit], *acts_told[:limit]])[:limit]


def public_acts(kind: str, *, now: datetime) -> QuerySet[Act]:
    """Return the public acts of a kind whose time has come."""
    return Act.objects.filter(_is_due(now), kind=kind, audience=Audience.PUBLIC)


def public_act(act_id: UUID, *, now: datetime) -> Act | None:
    """Return a public act whose time has come."""
    return Act.objects.filter(_is_due(now), pk=act_id, audience=Audience.PUBLIC).first()


def is_openable(row: Version | Act) -> bool:
    """Tell whether a leaf commits to a public body or public facts that anybody may check."""
    return leaves.is_openable(row) or (
        isinstance(row, Version)
        and row.audience == Audience.PUBLIC
        and log.has_leaf(row.pk, kind=leaves.OPENED)
    )


def due_unopened(*, now: datetime) -> QuerySet[Version]:
    """Return the accepted versions that everybody may see by now, while their only leaf is sealed."""
    opened = Leaf.objects.filter(kind=leaves.OPENED, subject_id=OuterRef("pk"))
    accepted = Judgement.objects.filter(version=OuterRef("pk"), state=State.ACCEPTED)
    due = Version.objects.filter(audience=Audience.PUBLIC, not_before__lte=now)
    return due.filter(~Exists(opened), Exists(accepted)).order_by("not_before", "id")


def proof_of(row: Version | Act) -> dict[str, object] | None:
    """Return the proof of publication, or ``None`` until the log's checkpoint covers the row."""
    if not is_openable(row):
        return None
    return log.proof_of(
        subject_id=row.pk,
        opened=_disclosure(row),
        public=_own_public_key(settings.NODE.public_key),
    )


def proofs_of(identities: Collection[UUID], *, now: datetime) -> dict[UUID, dict[str, object]]:
    """Return the proofs of those public versions and acts that the log proves."""
    due = Q(_is_due(now), pk__in=identities, audience=Audience.PUBLIC)
    rows: list[Version | Act] = [*Version.objects.filter(due), *Act.objects.filter(due)]
    found = {row.pk: proof_of(row) for row in rows}
    return {identity: proof for identity, proof in found.items() if proof is not None}


def disclosures(entries: Sequence[Leaf]) -> dict[int, Disclosure]:
    """Return what opens the leaves of public versions and acts, by position, as the rows stand now.

    A leaf whose row is gone, is hidden, or was never accepted is not opened.
    """
    wanted = [leaf.subject_id for leaf in entries]
    versions = Version.objects.filter(judgements__state=State.ACCEPTED).in_bulk(wanted)
    acts = Act.objects.in_bulk(wanted) if len(versions) < len(entries) else {}
    found: dict[int, Disclosure] = {}
    for leaf in entries:
        row = versions.get(leaf.subject_id) or acts.get(leaf.subject_id)
        if leaf.position is not None and row is not None and _is_opened_by(leaf, row):
            found[leaf.position] = _disclosure(row)
    return found


def _is_opened_by(leaf: Leaf, row: Version | Act) -> bool:
    """Tell whether a leaf claims the public body of a row, now or once its hour had come."""
    is_late = leaf.kind == leaves.OPENED and row.audience == Audience.PUBLIC
    return is_late or leaves.is_openable(row)


def _disclosure(row: Version | Act) -> Disclosure:
    salt = leaves.public_salt(bytes(row.salt))
    if isinstance(row, Act):
        return Disclosure(salt=salt, body=row.facts, columns=leaves.act_columns(row))
    return Disclosure(salt=salt, body=public_body(row), columns=leaves.record_columns(row))


@cache
def _own_public_key(text: str) -> PublicKey:
    return PublicKey.from_hex(text)


def exportable_versions(identities: Sequence[UUID]) -> list[Version]:
    """Return those of the versions that other platforms may get at all; bodies are read late."""
    found = Version.objects.filter(pk__in=identities, audience__in=_EXPORTED, stays_here=False)
    return list(found.defer("body", "salt"))


def envelope_of(version: Version) -> Envelope:
    """Return a version as it travels: secret fields removed."""
    return Envelope(
        dataset=version.dataset,
        number=version.number,
        operation=Operation(version.operation),
        body=disclosure.exportable_body(version.dataset, version.body),
        digest=version.digest,
        audience=Audience(version.audience),
        origin=version.origin,
        case_code=version.case_code,
        published_at=version.published_at,
        not_before=version.not_before,
    )


def verdicts_on(states: Iterable[tuple[UUID, State]], *, sender: str) -> list[Mapping[str, object]]:
    """Return the verdicts, in the given order, on those versions that ``sender`` sent."""
    wanted = list(states)
    sent = Version.objects.filter(sender=sender).only("dataset", "key", "number", "digest")
    versions = sent.in_bulk([identity for identity, _ in wanted])
    findings: dict[tuple[UUID, str], list[dict[str, str]]] = {}
    for judgement in Judgement.objects.filter(version__in=versions).order_by("id"):
        findings[judgement.version_id, judgement.state] = judgement.findings
    return [
        {
            "dataset": versions[identity].dataset,
            "key": versions[identity].key,
            "number": versions[identity].number,
            "digest": versions[identity].digest,
            "state": state.value,
            "findings": findings.get((identity, state.value), []),
        }
        for identity, state in wanted
        if identity in versions
    ]


def states_of(*, sender: str) -> dict[str, int]:
    """Return how many versions of a sender are accepted, waiting and refused, as last judged."""
    last = Judgement.objects.filter(version=OuterRef("pk")).order_by("-id").values("state")[:1]
    counted = (
        Version.objects.filter(sender=sender)
        .annotate(state=Subquery(last))
        .values("state")
        .annotate(n=Count("id"))
        .order_by()
    )
    found = {row["state"]: row["n"] for row in counted}
    return {state.value: found.get(state.value, 0) for state in State}


def unsettled_judgements(*, sender: str) -> QuerySet[Judgement]:
    """Return the last judgement of each of a sender's versions not accepted, newest first.

    A refused version leaves the list once a later version of its key was accepted.
    """
    last = Judgement.objects.filter(version=OuterRef("version")).order_by("-id").values("id")[:1]
    mended = Version.objects.filter(
        dataset=OuterRef("version__dataset"),
        key=OuterRef("version__key"),
        number__gt=OuterRef("version__number"),
        judgements__state=State.ACCEPTED,
    )
    return (
        Judgement.objects.filter(version__sender=sender, id=Subquery(last))
        .exclude(state=State.ACCEPTED)
        .exclude(Exists(mended))
        .select_related("version")
        .order_by("-id")
    )


def _public(now: datetime) -> QuerySet[Current]:
    return Current.objects.filter(_is_due(now), audience=Audience.PUBLIC)


def _is_due(now: datetime) -> Q:
    return Q(not_before=None) | Q(not_before__lte=now)
