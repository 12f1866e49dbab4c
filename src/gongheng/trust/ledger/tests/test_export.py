import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.ledger import actions, export
from gongheng.trust.ledger.models import Leaf
from gongheng.trust.tlog import bundle, rows
from gongheng.trust.tlog.leaves import public_digest

Enter = Callable[..., Leaf]
SALT = bytes(16)


def body_of(leaf: Leaf) -> dict[str, object]:
    return {"NOTICE_NAME": f"公告 {leaf.subject_id}"}


def disclose(leaves: Sequence[Leaf]) -> Mapping[int, rows.Disclosure]:
    return {
        leaf.position: rows.Disclosure(SALT, body_of(leaf), {"type": "record"})
        for leaf in leaves
        if leaf.position is not None
    }


def disclose_most(leaves: Sequence[Leaf]) -> Mapping[int, rows.Disclosure]:
    """Everything but every seventh."""
    return {position: shown for position, shown in disclose(leaves).items() if position % 7}


@pytest.fixture
def written(enter: Enter, key: PrivateKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(export, "CHUNK", 16)
    for number in range(100):
        record = uuid7()
        body = {"NOTICE_NAME": f"公告 {record}"}
        claim = {"v": 1, "type": "record", "id": str(record), "public": public_digest(SALT, body)}
        enter(canonical(claim) if number % 5 else b"{}", record)
        if number % 30 == 29:
            actions.number()
            actions.sign_checkpoint(key=key, origin="gongheng/530100", now=DEMO_STARTS_AT)
    actions.number()
    folder = tmp_path / "new" / "export"
    manifest = export.write(folder, public=key.public, disclose=disclose)
    assert manifest == rows.Manifest("gongheng/530100", size=90, checkpoints=3, records=72)
    return folder


@pytest.mark.django_db
def test_an_export_up_to_the_last_checkpoint_verifies(written: Path, key: PrivateKey) -> None:
    report = bundle.verify_directory(written, expected_key=key.public)

    assert report.ok, report.lines()
    assert (report.leaves, report.checkpoints, report.withheld) == (90, 3, 0)


@pytest.mark.django_db
def test_a_leaf_altered_in_the_table_after_signing_is_found(
    written: Path, key: PrivateKey, tmp_path: Path
) -> None:
    assert bundle.verify_directory(written).ok
    Leaf.objects.filter(position=42).update(data=b"{}")

    export.write(tmp_path / "again", public=key.public, disclose=disclose)

    report = bundle.verify_directory(tmp_path / "again")
    assert {failure.reason for failure in report.failures} >= {bundle.OTHER_ROOT}
    assert any("位置 30 至 59" in line for line in report.lines())


@pytest.mark.django_db
def test_what_the_platform_no_longer_shows_is_left_out_and_told(
    written: Path, key: PrivateKey, tmp_path: Path
) -> None:
    assert bundle.verify_directory(written).ok

    export.write(tmp_path / "less", public=key.public, disclose=disclose_most)

    for line in (tmp_path / "less" / rows.RECORDS).read_text().splitlines():
        row = json.loads(line)
        assert (row["public"] is None) == (row["position"] % 7 == 0)
    report = bundle.verify_directory(tmp_path / "less")
    assert {failure.reason for failure in report.failures} == {bundle.WITHHELD_BODY}
    assert report.withheld == len(report.failures) == 10
    leaves = [json.loads(line) for line in (written / rows.LEAVES).read_text().splitlines()]
    assert all(set(leaf) == {"position", "data"} for leaf in leaves)
    assert base64.b64decode(leaves[0]["data"]) == b"{}"


@pytest.mark.django_db
def test_differences_that_were_found_are_told(
    written: Path, key: PrivateKey, tmp_path: Path
) -> None:
    assert bundle.verify_directory(written).ok
    found = rows.DifferenceRow("bids_bidreceipt", str(uuid7()), 7, "被改动。")

    export.write(
        tmp_path / "again", public=key.public, disclose=disclose, differences=iter([found])
    )

    report = bundle.verify_directory(tmp_path / "again")
    assert [failure.detail for failure in report.failures] == [str(found)]


@pytest.mark.django_db
def test_an_export_never_writes_over_something(written: Path, key: PrivateKey) -> None:
    with pytest.raises(Refusal) as refusal:
        export.write(written, public=key.public, disclose=disclose)

    assert refusal.value.reason is export.NOT_EMPTY


@pytest.mark.django_db
def test_there_is_nothing_to_export_before_the_first_checkpoint(
    enter: Enter, key: PrivateKey, tmp_path: Path
) -> None:
    enter()
    actions.number()

    with pytest.raises(Refusal) as refusal:
        export.write(tmp_path / "early", public=key.public, disclose=disclose)

    assert refusal.value.reason is export.NOTHING_SIGNED
    assert not (tmp_path / "early").exists()
