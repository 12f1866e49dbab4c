"""The bulk engine and the record store say the same of the same history of batches."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings

from gongheng.data.bulk import keeping, reasons, versions as bulk_versions
from gongheng.data.bulk.incoming import History
from gongheng.data.bulk.keeping import Kept
from gongheng.data.bulk.outcome import Outcome
from gongheng.data.bulk.tests.cases import Record
from gongheng.data.bulk.tests.histories import Sent, body_of, history, written
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.bulk.versions import Kind
from gongheng.data.records import copying, envelopes, names, receiving
from gongheng.data.records.envelopes import digest_of
from gongheng.data.records.models import Current, Judgement, Version, Waiting
from gongheng.data.standard.histories import EARLIER_PARENT, HAS_CHILDREN, OTHER_CONTENT
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.node import chosen, cli

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=BEIJING)
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)

HOURS = (0, 12, 25, 30)
"""The third batch comes when the grace time of the first is over, not that of the second."""

Said = dict[tuple[str, int, str], tuple[str, str]]
"""State and parent that is awaited, by name, number and digest."""


def _stored() -> Said:
    """Return what the store says of every version."""
    awaited = dict(Waiting.objects.values_list("version_id", "parent"))
    return {
        (names.reference((v.dataset, v.key)), v.number, v.digest): (
            v.judgements.latest("id").state,
            awaited.get(v.pk, ""),
        )
        for v in Version.objects.all()
    }


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
    return _stored()


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


def _forget_everything() -> None:
    Waiting.objects.all().delete()
    Current.objects.all().delete()
    Judgement.objects.all().delete()
    Version.objects.all().delete()


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
        _forget_everything()
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


@pytest.mark.parametrize(
    "seeds",
    [(21, 22), pytest.param(tuple(range(30, 40)), marks=pytest.mark.full)],
    ids=["one", "many"],
)
def test_a_batch_beside_a_copy_of_the_registry_ends_as_it_does_beside_the_registry(
    seeds: tuple[int, ...], tmp_path: Path
) -> None:
    """Each batch goes both ways: to the store, and in bulk beside a copy written just before."""
    kinds: set[str] = set()
    rules: set[str] = set()
    for seed in seeds:
        _forget_everything()
        for number, batch in enumerate(history(seed=seed, batches=4, size=35)):
            folder = tmp_path / f"{seed}-{number}"
            folder.mkdir()
            machine_now = BEGIN + timedelta(hours=HOURS[number])

            states = copying.write(folder / "kept")
            assert states == Counter(state for state, _ in _stored().values())
            single = _one_by_one(batch, machine_now=machine_now)
            bulk, outcome = _in_bulk(batch, folder, machine_now=machine_now)

            assert bulk == single
            assert list(copying.differences(folder / "kept")) == []
            kinds |= {kind for counts in outcome.kinds.values() for kind in counts}
            rules |= {rule for _, _, rule in outcome.tallies}

    assert kinds == set(Kind)
    assert rules >= {HAS_CHILDREN.code, OTHER_CONTENT.code, EARLIER_PARENT.code}


def _sent(dataset: str, body: Record, number: int, operation: str = "insert") -> Sent:
    return Sent(dataset, body, number, operation)


def test_tombstones_and_parents_with_living_children_are_in_the_copy(tmp_path: Path) -> None:
    project, tender = body_of("PROJECT", 1), body_of("TENDER_PROJECT", 1)
    other = body_of("PROJECT", 2)
    first = [
        _sent("PROJECT", project, 1),
        _sent("TENDER_PROJECT", tender, 1),
        _sent("PROJECT", other, 1),
        _sent("PROJECT", other, 2, "delete"),
    ]
    _one_by_one(first, machine_now=BEGIN)
    kept = tmp_path / "kept"
    assert copying.write(kept) == {"accepted": 4}
    second = [
        _sent("PROJECT", project, 2, "delete"),  # a child lives
        _sent("TENDER_PROJECT", body_of("TENDER_PROJECT", 2), 1),  # its parent was withdrawn
        _sent("PROJECT", other, 1),  # the same as before the tombstone
        _sent("TENDER_PROJECT", tender, 1, "update"),
    ]

    bulk, outcome = _in_bulk(second, tmp_path, machine_now=BEGIN)

    assert bulk == _one_by_one(second, machine_now=BEGIN)
    assert outcome.kinds == {
        "PROJECT": {"refused": 1, "same": 1},
        "TENDER_PROJECT": {"waiting": 1, "same": 1},
    }
    assert {rule for _, _, rule in outcome.tallies} == {HAS_CHILDREN.code, EARLIER_PARENT.code}


def test_a_key_that_is_too_long_for_an_index_has_one_name_in_both(tmp_path: Path) -> None:
    body = body_of("PURCHASE_QUALI_INQUERY_ANN", 1) | {"BULLETIN_TITLE": "题" * 900}
    sent = [_sent("PURCHASE_QUALI_INQUERY_ANN", body, 1)]

    bulk, _ = _in_bulk(sent, tmp_path, machine_now=BEGIN)

    assert bulk == _one_by_one(sent, machine_now=BEGIN)
    [(name, _, _)] = bulk
    assert name.startswith("PURCHASE_QUALI_INQUERY_ANN:#")


def test_a_copy_that_differs_from_the_registry_is_found_out(tmp_path: Path) -> None:
    tender = [_sent("TENDER_PROJECT", body_of("TENDER_PROJECT", 1), 1)]
    projects = [_sent("PROJECT", body_of("PROJECT", 1), n) for n in (1, 2)]
    _one_by_one([*tender, *projects[:1]], machine_now=BEGIN)
    kept = tmp_path / "kept"
    copying.write(kept)
    assert list(copying.differences(kept)) == []

    _one_by_one(projects[1:], machine_now=BEGIN)  # it came after the copy was written
    [newer] = copying.differences(kept)
    assert (newer.number, newer.in_folder) == (2, "")
    Judgement.objects.filter(version__dataset="TENDER_PROJECT").update(state="refused")
    changed = {each.name.partition(":")[0]: each for each in copying.differences(kept)}
    assert changed["TENDER_PROJECT"].in_folder.startswith("accepted insert")
    assert changed["TENDER_PROJECT"].in_registry.startswith("refused insert")
    Version.objects.filter(dataset="PROJECT", number=1).update(number=7)
    assert len(list(copying.differences(kept))) == 4


def test_a_copy_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _one_by_one([_sent("PROJECT", body_of("PROJECT", 1), 1)], machine_now=BEGIN)
    kept = tmp_path / "kept"
    copying.write(kept)
    before = (kept / "manifest.json").read_bytes()
    _one_by_one([_sent("PROJECT", body_of("PROJECT", 2), 1)], machine_now=BEGIN)
    really = copying.versions

    def breaks_off() -> Iterator[bulk_versions.Version]:
        yield next(really())
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(copying, "versions", breaks_off)
        with pytest.raises(OSError, match="no space"):
            copying.write(kept)

    assert (kept / "manifest.json").read_bytes() == before
    assert len(Kept(kept, tmp_path).names()) == 1
    assert copying.write(kept) == {"accepted": 2}
    assert len([path for path in kept.iterdir() if path.is_dir()]) == 1
    assert len(Kept(kept, tmp_path).names()) == 2


def test_a_folder_that_holds_batches_of_its_own_is_not_overwritten(tmp_path: Path) -> None:
    sent = [_sent("PROJECT", body_of("PROJECT", 1), 1)]
    copying.write(tmp_path / "kept")
    _in_bulk(sent, tmp_path, machine_now=BEGIN)

    with pytest.raises(Refusal) as refusal:
        copying.write(tmp_path / "kept")

    assert refusal.value.reason is reasons.NOT_A_COPY
    assert len(Kept(tmp_path / "kept", tmp_path).names()) == 1


def test_some_versions_at_a_time_are_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _one_by_one(history(seed=5, batches=1, size=60)[0], machine_now=BEGIN)
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    states = copying.write(whole)
    monkeypatch.setattr(keeping, "_GROUP", keeping.PARTS * 2)

    assert copying.write(pieces) == states
    assert list(copying.differences(pieces)) == []
    groups = [pq.read_metadata(path) for path in pieces.glob("*/part-*.parquet")]
    assert max(each.row_group(0).num_rows for each in groups) == 2


def test_the_command_copies_and_compares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen, "with_django", lambda: settings.NODE)
    _one_by_one([_sent("PROJECT", body_of("PROJECT", 1), 1)], machine_now=BEGIN)
    folder = tmp_path / "kept"

    assert cli.main(["history", "copy", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out) == {"accepted": 1}
    assert cli.main(["history", "compare", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out) == {"differences": 0}
    Version.objects.update(number=4)

    assert cli.main(["history", "compare", str(folder)]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == {"differences": 2}
    assert reasons.HISTORY_DIFFERS.message in said.err
