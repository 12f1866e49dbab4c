"""Whether records and acts still are what the log has of them (``trust.ledger.examining``)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from gongheng.data.records import history, leaves, versions
from gongheng.data.records.kinds import State
from gongheng.data.records.models import Act, Current, Judgement, Version
from gongheng.data.standard import history as past
from gongheng.trust.ledger.examining import Remade
from gongheng.trust.ledger.models import Leaf
from gongheng.trust.tlog.rows import DifferenceRow

VERSIONS, ACTS = "records_version", "records_act"
JUDGEMENTS, CURRENT = "records_judgement", "records_current"
_KINDS = {State.WAITING: leaves.WAITING, State.REFUSED: leaves.REFUSAL}

NO_LEAF = "这一行没有存证（被插入）。"
NO_JUDGEMENT = "记录有存证，但“已接收”的结论不在了（被删除）。"
OTHER_CURRENT = "列表所用的这一行与它的记录不符（被改动）。"
NO_CURRENT = "已接收的最新版本不在列表所用的表中（被删除）。"
OLD_CURRENT = "列表所用的这一行不是最新的版本（被换成旧版本）。"


def remade(entries: Sequence[Leaf]) -> Mapping[int, Remade]:
    """Return the leaves of records, judgements and acts as made from the rows of today."""
    return _records(entries) | _acts(entries) | _judgements(entries)


def _records(entries: Sequence[Leaf]) -> dict[int, Remade]:
    wanted = [leaf for leaf in entries if leaf.kind not in _KINDS.values()]
    rows = Version.objects.in_bulk([leaf.subject_id for leaf in wanted])
    return {
        leaf.pk: _remade(leaf, rows[leaf.subject_id]) for leaf in wanted if leaf.subject_id in rows
    }


def _remade(leaf: Leaf, version: Version) -> Remade:
    if leaf.kind == leaves.OPENED:
        return Remade(VERSIONS, leaves.OPENED, leaves.opened_data(version))
    return Remade(VERSIONS, leaves.RECORD, leaves.record_data(version))


def _acts(entries: Sequence[Leaf]) -> dict[int, Remade]:
    rows = Act.objects.in_bulk([leaf.subject_id for leaf in entries])
    return {
        leaf.pk: Remade(ACTS, leaves.ACT, leaves.act_data(rows[leaf.subject_id]))
        for leaf in entries
        if leaf.subject_id in rows
    }


def _judgements(entries: Sequence[Leaf]) -> dict[int, Remade]:
    """Return the leaves about versions that wait or were refused, several of one version perhaps."""
    wanted = [leaf for leaf in entries if leaf.kind in _KINDS.values()]
    made: dict[tuple[UUID, str], list[bytes]] = defaultdict(list)
    rows = Judgement.objects.filter(version__in=[leaf.subject_id for leaf in wanted])
    for row in rows.select_related("version").order_by("id"):
        if row.state in _KINDS:
            made[row.version_id, _KINDS[State(row.state)]].append(leaves.judgement_data(row))
    found: dict[int, Remade] = {}
    for leaf in wanted:
        candidates = made.get((leaf.subject_id, leaf.kind))
        if candidates:
            data = bytes(leaf.data)
            is_one = data in candidates
            found[leaf.pk] = Remade(JUDGEMENTS, leaf.kind, data if is_one else candidates[0])
    return found


def differences() -> Iterator[DifferenceRow]:
    """Yield rows that stand in no leaf, and rows for lists that are not as their record."""
    yield from _without_leaf()
    yield from _without_judgement()
    yield from _lists()


def _leaf(kind: str, field: str) -> Exists:
    return Exists(Leaf.objects.filter(kind=kind, subject_id=OuterRef(field)))


def _without_leaf() -> Iterator[DifferenceRow]:
    accepted = Version.objects.filter(judgements__state=State.ACCEPTED)
    for identity in _ids(accepted.exclude(_leaf(leaves.RECORD, "pk"))):
        yield DifferenceRow(VERSIONS, identity, None, NO_LEAF)
    for identity in _ids(Version.objects.filter(judgements__isnull=True)):
        yield DifferenceRow(VERSIONS, identity, None, NO_LEAF)
    for identity in _ids(Act.objects.exclude(_leaf(leaves.ACT, "pk"))):
        yield DifferenceRow(ACTS, identity, None, NO_LEAF)
    for state, kind in _KINDS.items():
        entered = dict(_counted(Leaf.objects.filter(kind=kind), "subject_id"))
        judged = _counted(Judgement.objects.filter(state=state), "version_id")
        for version, count in judged:
            if count > entered.get(version, 0):
                yield DifferenceRow(JUDGEMENTS, f"version {version}", None, NO_LEAF)


def _ids(rows: object) -> Iterator[str]:
    for identity in rows.values_list("pk", flat=True).order_by("pk").distinct():  # type: ignore[attr-defined]
        yield str(identity)


def _counted(rows: object, field: str) -> Iterator[tuple[UUID, int]]:
    counted = rows.order_by().values(field).annotate(n=Count("pk"))  # type: ignore[attr-defined]
    return ((row[field], row["n"]) for row in counted)


def _without_judgement() -> Iterator[DifferenceRow]:
    accepted = Judgement.objects.filter(version=OuterRef("pk"), state=State.ACCEPTED)
    rows = Version.objects.filter(_leaf(leaves.RECORD, "pk"), ~Exists(accepted))
    for identity in _ids(rows):
        yield DifferenceRow(JUDGEMENTS, f"version {identity}", None, NO_JUDGEMENT)


def _lists() -> Iterator[DifferenceRow]:
    """Compare the rows that lists read with the newest accepted version of their key."""
    for row in Current.objects.select_related("version").order_by("pk").iterator(1000):
        shown = (
            history.shown(row.version)
            if past.is_history(row.version.body)
            else versions.shown(row.version)
        )
        is_same = all(getattr(row, name) == value for name, value in shown.items())
        if not is_same or row.dataset != row.version.dataset or row.key != row.version.key:
            yield DifferenceRow(CURRENT, str(row.pk), None, OTHER_CURRENT)
    accepted = Version.objects.filter(judgements__state=State.ACCEPTED)
    current = Current.objects.filter(dataset=OuterRef("dataset"), key=OuterRef("key"))
    for identity in _ids(accepted.exclude(Exists(current))):
        yield DifferenceRow(CURRENT, f"version {identity}", None, NO_CURRENT)
    newer = accepted.filter(
        dataset=OuterRef("dataset"), key=OuterRef("key"), number__gt=OuterRef("version__number")
    )
    for identity in _ids(Current.objects.filter(Exists(newer))):
        yield DifferenceRow(CURRENT, identity, None, OLD_CURRENT)
