"""A batch beside what was kept of earlier ones: what each record is, and what a broken run leaves."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk import incoming, keeping, reasons
from gongheng.data.bulk.incoming import History
from gongheng.data.bulk.keeping import Kept
from gongheng.data.bulk.outcome import Outcome
from gongheng.data.bulk.tests.cases import Record
from gongheng.data.bulk.tests.histories import Sent, body_of, history, written
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.bulk.versions import Version
from gongheng.data.standard.histories import EARLIER_PARENT, HAS_CHILDREN, OTHER_CONTENT
from gongheng.kernel.reasons import Refusal

pytestmark = pytest.mark.slow

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
PROJECT, TENDER = body_of("PROJECT", 1), body_of("TENDER_PROJECT", 1)
OTHER = body_of("PROJECT", 2)
RENAMED = PROJECT | {"PROJECT_NAME": "另一名称"}


class Folder:
    """A folder in which batches are kept, an hour after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._batches = folder, 0

    def take(self, *sent: Sent, keeps: bool = True, hours: int = 1) -> Outcome:
        self._batches += hours
        files = self.folder.parent / f"batch-{self._batches}-{keeps}"
        files.mkdir()
        now = BEGIN + timedelta(hours=self._batches)
        kept = History(folder=self.folder, now=now, keeps=keeps)
        return validate(Wish(paths=written(files, list(sent)), history=kept))

    def versions(self) -> list[Version]:
        kept = Kept(self.folder, self.folder.parent)
        return kept.around(kept.names(), withdrawn=set())


@pytest.fixture
def kept(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "kept")


def plain(dataset: str, body: Record, operation: str = "insert") -> Sent:
    """Return a record whose sender numbers no versions."""
    return Sent(dataset, body, 0, operation)


def test_records_without_numbers_are_new_the_same_or_the_next_version(kept: Folder) -> None:
    first = kept.take(plain("PROJECT", PROJECT), plain("PROJECT", PROJECT), plain("PROJECT", OTHER))
    assert first.kinds == {"PROJECT": {"new": 2, "same": 1}}
    assert first.errors == 0

    second = kept.take(
        plain("PROJECT", PROJECT), plain("PROJECT", RENAMED), plain("PROJECT", PROJECT)
    )
    assert second.kinds == {"PROJECT": {"same": 1, "correction": 2}}
    numbers = [(v.number, v.state.value) for v in kept.versions() if "00001" in v.name[-6:]]
    assert numbers == [(1, "accepted"), (2, "accepted"), (3, "accepted")]

    third = kept.take(plain("PROJECT", PROJECT, "delete"), plain("PROJECT", PROJECT, "delete"))
    assert third.kinds == {"PROJECT": {"withdrawn": 1, "same": 1}}


def test_a_child_waits_for_its_parent_and_is_judged_when_it_comes(kept: Folder) -> None:
    early = kept.take(plain("TENDER_PROJECT", TENDER))
    assert early.kinds == {"TENDER_PROJECT": {"waiting": 1}}
    [rule] = {rule for _, _, rule in early.tallies}
    assert (rule, early.errors) == (EARLIER_PARENT.code, 0)

    late = kept.take(plain("PROJECT", PROJECT))
    assert late.kinds == {"PROJECT": {"new": 1}}
    assert {v.state.value for v in kept.versions()} == {"accepted"}

    refused = kept.take(plain("PROJECT", PROJECT, "delete"))
    assert {rule for _, _, rule in refused.tallies} == {HAS_CHILDREN.code}
    withdrawn = kept.take(
        plain("TENDER_PROJECT", TENDER, "delete"), plain("PROJECT", PROJECT, "delete")
    )
    assert withdrawn.kinds == {"TENDER_PROJECT": {"withdrawn": 1}, "PROJECT": {"withdrawn": 1}}


def test_a_child_waits_no_longer_than_the_grace_time(kept: Folder) -> None:
    kept.take(plain("TENDER_PROJECT", TENDER))

    outcome = kept.take(plain("PROJECT", PROJECT), hours=24)

    assert outcome.given_up == {"TENDER_PROJECT": 1}
    again = kept.take(plain("TENDER_PROJECT", TENDER))
    assert again.kinds == {"TENDER_PROJECT": {"new": 1}}


def test_a_number_is_used_once_and_an_older_one_does_not_count(kept: Folder) -> None:
    kept.take(Sent("PROJECT", PROJECT, 3, "insert"))

    outcome = kept.take(
        Sent("PROJECT", RENAMED, 3, "update"), Sent("PROJECT", RENAMED, 2, "insert")
    )

    assert outcome.kinds == {"PROJECT": {"refused": 1, "late": 1}}
    assert {rule for _, _, rule in outcome.tallies} == {OTHER_CONTENT.code}


def test_a_run_that_does_not_keep_leaves_no_trace(kept: Folder) -> None:
    kept.take(plain("PROJECT", PROJECT))
    before = (kept.folder / "manifest.json").read_bytes()

    assert kept.take(plain("PROJECT", OTHER), keeps=False).kinds == {"PROJECT": {"new": 1}}

    assert (kept.folder / "manifest.json").read_bytes() == before
    assert kept.take(plain("PROJECT", OTHER)).kinds == {"PROJECT": {"new": 1}}


@pytest.mark.full
def test_batches_in_pieces_and_merged_files_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for at_once in (1000, 9):
        monkeypatch.setattr(incoming, "AT_ONCE", at_once)
        (tmp_path / str(at_once)).mkdir()
        folder = Folder(tmp_path / str(at_once) / "kept")
        outcomes = [folder.take(*b, hours=9) for b in history(seed=11, batches=3, size=25)]
        versions = {(v.name, v.number, v.digest): v.state for v in folder.versions()}
        told.append((versions, [(o.kinds, sorted(o.tallies)) for o in outcomes]))

    assert told[0] == told[1]


def test_columns_of_parquet_tell_numbers_as_numbers(tmp_path: Path) -> None:
    table = pa.table(
        {name: pa.array([value] * 3) for name, value in PROJECT.items()}
        | {"$number": pa.array([2, 2, 5]), "$operation": ["insert", "insert", "delete"]}
    )
    pq.write_table(table, tmp_path / "PROJECT.parquet")
    wish = Wish(
        paths=(tmp_path / "PROJECT.parquet",),
        history=History(folder=tmp_path / "kept", now=BEGIN, keeps=True),
    )

    outcome = validate(wish)

    assert outcome.kinds == {"PROJECT": {"new": 1, "same": 1, "withdrawn": 1}}
    assert not outcome.faults


def test_a_number_or_operation_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "PROJECT.jsonl"
    rows = [PROJECT | {"$number": "0"}, OTHER | {"$operation": "replace"}]
    path.write_text("\n".join(map(json.dumps, rows)))

    outcome = validate(Wish(paths=(path,), history=History(folder=tmp_path / "kept", now=BEGIN)))

    assert outcome.kinds == {"PROJECT": {"refused": 2}}
    assert {rule for _, _, rule in outcome.tallies} == {reasons.NO_VERSION.code}
    assert outcome.errors == 2


def test_a_run_that_breaks_off_leaves_what_was_there(
    kept: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.take(plain("PROJECT", PROJECT))
    with monkeypatch.context() as broken:

        def fails(_self: Kept, _said: object) -> None:
            raise OSError("no space left")

        broken.setattr(Kept, "_say", fails)
        with pytest.raises(OSError, match="no space"):
            kept.take(plain("PROJECT", OTHER))

    assert [v.number for v in kept.versions()] == [1]
    assert kept.take(plain("PROJECT", OTHER)).kinds == {"PROJECT": {"new": 1}}
    assert len(kept.versions()) == 2


@pytest.mark.parametrize("fault", ["manifest", "files", "form"])
def test_a_folder_that_is_not_whole_is_refused(kept: Folder, fault: str) -> None:
    kept.take(plain("PROJECT", PROJECT))
    manifest = kept.folder / "manifest.json"
    if fault == "manifest":
        manifest.unlink()
    elif fault == "form":
        manifest.write_text("{}")
    else:
        [part] = kept.folder.glob("*/part-*.parquet")
        part.unlink()

    with pytest.raises(Refusal) as refusal:
        kept.take(plain("PROJECT", OTHER))

    assert refusal.value.reason is reasons.NO_HISTORY


def test_two_runs_do_not_keep_in_one_folder_at_once(kept: Folder) -> None:
    with keeping.alone(kept.folder), pytest.raises(Refusal) as refusal:
        kept.take(plain("PROJECT", PROJECT))

    assert refusal.value.reason is reasons.HISTORY_BUSY


def test_a_batch_that_was_not_read_whole_is_not_kept(kept: Folder, tmp_path: Path) -> None:
    kept.take(plain("PROJECT", PROJECT))
    whole, cut = tmp_path / "PROJECT.jsonl", tmp_path / "PROJECT-2.parquet"
    whole.write_text(json.dumps(OTHER))
    cut.write_bytes(b"PAR1 and nothing more")

    outcome = validate(
        Wish(paths=(whole, cut), history=History(folder=kept.folder, now=BEGIN, keeps=True))
    )

    assert outcome.kinds == {"PROJECT": {"new": 1}}
    assert not outcome.is_kept
    assert len(kept.versions()) == 1
