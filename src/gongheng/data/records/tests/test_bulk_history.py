"""The bulk engine and the record store say the same of the same history of batches."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gongheng.data.bulk.incoming import History
from gongheng.data.bulk.keeping import Kept
from gongheng.data.bulk.outcome import Outcome
from gongheng.data.bulk.tests.histories import Sent, history, written
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.bulk.versions import Kind
from gongheng.data.records import envelopes, names, receiving
from gongheng.data.records.envelopes import digest_of
from gongheng.data.records.models import Current, Judgement, Version, Waiting
from gongheng.data.standard.histories import EARLIER_PARENT, HAS_CHILDREN, OTHER_CONTENT
from gongheng.kernel.clock import BEIJING

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=BEIJING)
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)

HOURS = (0, 12, 25, 30)
"""The third batch comes when the grace time of the first is over, not that of the second."""

Said = dict[tuple[str, int, str], tuple[str, str]]
"""State and parent that is awaited, by name, number and digest."""


def _one_by_one(batch: list[Sent], *, machine_now: datetime) -> Said:
    """Send a batch over the exchange's way; return what the store then says of every version."""
    receiving.look_after_waiting(now=NOW, machine_now=machine_now)
    for sent in batch:
        body = {code: value for code, value in sent.body.items() if value}
        raw = {
            "dataset": sent.dataset,
            "number": sent.number,
            "operation": sent.operation,
            "body": body,
            "digest": digest_of(body),
            "published_at": NOW.isoformat(),
        }
        envelope = envelopes.read(raw, origin="530300")
        receiving.receive(envelope, sender="530300", now=NOW, machine_now=machine_now)
    awaited = dict(Waiting.objects.values_list("version_id", "parent"))
    return {
        (names.reference((v.dataset, v.key)), v.number, v.digest): (
            v.judgements.latest("id").state,
            awaited.get(v.pk, ""),
        )
        for v in Version.objects.all()
    }


def _in_bulk(batch: list[Sent], folder: Path, *, machine_now: datetime) -> tuple[Said, Outcome]:
    """Judge a batch as files and keep it; return what the folder then says, and what was found."""
    files = folder / machine_now.strftime("%H%M")
    files.mkdir()
    history = History(folder=folder / "kept", now=machine_now, keeps=True)
    outcome = validate(Wish(paths=written(files, batch), history=history))
    kept = Kept(folder / "kept", folder)
    said = {
        (each.name, each.number, each.digest.hex()): (each.state.value, each.awaited)
        for each in kept.around(kept.names(), withdrawn=set())
    }
    return said, outcome


@pytest.mark.parametrize(
    "seeds", [(1,), pytest.param((0, *range(2, 12)), marks=pytest.mark.full)], ids=["one", "many"]
)
def test_histories_in_bulk_end_as_they_do_record_by_record(
    seeds: tuple[int, ...], tmp_path: Path
) -> None:
    kinds: set[str] = set()
    rules: set[str] = set()
    given_up = 0
    for seed in seeds:
        Waiting.objects.all().delete()
        Current.objects.all().delete()
        Judgement.objects.all().delete()
        Version.objects.all().delete()
        (tmp_path / str(seed)).mkdir()
        for batch, hours in zip(history(seed=seed, batches=4, size=35), HOURS, strict=True):
            machine_now = BEGIN + timedelta(hours=hours)

            single = _one_by_one(batch, machine_now=machine_now)
            bulk, outcome = _in_bulk(batch, tmp_path / str(seed), machine_now=machine_now)

            assert bulk == single
            assert not outcome.disagreements
            assert sum(sum(n.values()) for n in outcome.kinds.values()) == len(batch)
            kinds |= {kind for counts in outcome.kinds.values() for kind in counts}
            rules |= {rule for _, _, rule in outcome.tallies}
            given_up += sum(outcome.given_up.values())

    # Agreement about nothing would say nothing: whatever the two could differ about has occurred.
    assert kinds == set(Kind)
    assert rules >= {HAS_CHILDREN.code, OTHER_CONTENT.code, EARLIER_PARENT.code, "std.required"}
    assert given_up
