"""Another platform has its files judged over real HTTP, with nothing but its key."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.test import Client

from gongheng.data.exchange import protocol, reasons as of_exchange, stations
from gongheng.data.standard.registry import UNKNOWN_DATASET
from gongheng.data.validations import actions, asking, reasons, storage, wire
from gongheng.data.validations.kinds import State
from gongheng.data.validations.models import Job
from gongheng.data.validations.tests.support import NOW, as_child, person, projects
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity.models import AuditEntry

pytestmark = pytest.mark.django_db
OTHER_KEY = PrivateKey.generate()


@pytest.fixture(autouse=True)
def us(settings: Any, tmp_path: Path) -> Any:
    """Return this node as a child of itself: so both ends of the line are real, in one process."""
    own = as_child()
    other = replace(own, code="530300", public_key=OTHER_KEY.public.to_hex())
    (tmp_path / "state").mkdir()
    settings.NODE = replace(django_settings.NODE, peers=(own, other), state_dir=tmp_path / "state")
    return own


@pytest.fixture
def line() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=asking.TIMEOUT, trust_env=False) as client:
        yield client


def written(folder: Path, content: bytes, name: str = "PROJECT-202611.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_platform_has_a_file_judged_and_takes_what_was_found(
    live_server: Any, us: Any, line: httpx.Client, tmp_path: Path
) -> None:
    parent = replace(us, url=live_server.url)
    file = written(tmp_path, projects(PROJECT_NAME=""))

    told = asking.hand_in(line, parent, file)

    assert (told["state"], told["before"], told["sm3"]) == (
        "queued",
        0,
        sm3(file.read_bytes()).hex(),
    )
    assert asking.hand_in(line, parent, file)["id"] == told["id"]
    assert Job.objects.get().peer == us.code
    with pytest.raises(Refusal) as too_early:
        asking.errors_of(line, parent, told, tmp_path / "early.csv")
    assert too_early.value.facts["code"] == reasons.NO_ERRORS.code

    assert actions.step(now=NOW)

    told = asking.state_of(line, parent, told["id"])
    assert (told["state"], told["rows"]) == ("done", 2)
    assert told["summary"]["datasets"]["PROJECT"] == {"records": 2, "refused": 1}
    asking.errors_of(line, parent, told, tmp_path / "errors.csv")
    listed = (tmp_path / "errors.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert ("2", "PROJECT_NAME") in {(row["row"], row["field"]) for row in rows}
    assert str(storage.folder_of(Job.objects.get().pk)) not in json.dumps(told)
    entry = AuditEntry.objects.get(deed=actions.SUBMITTED)
    assert (entry.account_id, entry.object_id) == (None, told["id"])


def statement(
    label: str, said: dict[str, Any], *, sender: str = "530300", key: PrivateKey = OTHER_KEY
) -> dict[str, str]:
    parties = {
        "sender": sender,
        "receiver": django_settings.NODE.code,
        "made_at": machine_now().isoformat(),
    }
    signed = protocol.Signed.of(label, parties | said, key)
    return {"Authorization": protocol.authorization(signed)}


def about(content: bytes, **changes: Any) -> dict[str, Any]:
    facts = {"name": "PROJECT.csv", "size": len(content), "sm3": sm3(content).hex()}
    return facts | changes


def post(content: bytes, said: dict[str, Any], **by: Any) -> Any:
    return Client().post(
        "/validations/v1/files",
        content,
        content_type="application/octet-stream",
        headers=statement(wire.FILE, said, **by),
    )


def test_a_file_that_differs_from_what_was_signed_is_not_kept() -> None:
    right = about(b"x")

    for said in (about(b"y"), right | {"size": 2}):
        answer = post(b"x", said)
        assert (answer.status_code, answer.json()["code"]) == (400, reasons.CUT_SHORT.code)
    assert not any((django_settings.NODE.state_dir / "validations").iterdir())
    assert post(b"x", right).status_code == 202


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        (about(b"x", size=storage.LARGEST + 1), 413, reasons.TOO_LARGE),
        (about(b"x", sm3="0"), 400, reasons.UNREADABLE),
        (about(b"x", dataset=7), 400, reasons.UNREADABLE),
        (about(b"x", dataset="NOBODY"), 400, UNKNOWN_DATASET),
        (about(b"x", receiver="999999"), 400, of_exchange.NOT_FOR_US),
        (about(b"x", made_at="2026-01-01T00:00:00+08:00"), 400, of_exchange.STALE),
    ],
    ids=["too large", "no digest", "no text", "no dataset", "for another", "old"],
)
def test_what_is_wrong_with_a_file_is_said(
    said: dict[str, Any], status: int, reason: Reason
) -> None:
    answer = post(b"x", said)

    assert (answer.status_code, answer.json()["code"]) == (status, reason.code)
    assert not Job.objects.exists()


def test_the_limit_holds_for_what_comes_and_not_for_what_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "LARGEST", 10)

    answer = post(b"x" * 11, about(b"x"))

    assert answer.json()["code"] == reasons.TOO_LARGE.code


def test_a_platform_waits_with_five_files_at_most() -> None:
    for number in range(actions.MOST_WAITING):
        assert post(b"%d" % number, about(b"%d" % number)).status_code == 202

    answer = post(b"x", about(b"x"))

    assert (answer.status_code, answer.json()["code"]) == (429, reasons.TOO_MANY.code)
    assert AuditEntry.objects.get(outcome="refused").reason == reasons.TOO_MANY.code


def test_a_platform_sees_its_own_jobs_only(us: Any) -> None:
    post(b"x", about(b"x"))
    theirs = Job.objects.get()
    Job.objects.update(state=State.DONE, summary={"datasets": {}})
    address = f"/validations/v1/files/{theirs.pk}"
    own = statement(wire.QUESTION, {"job": str(theirs.pk)})
    ours = statement(wire.QUESTION, {"job": str(theirs.pk)}, sender=us.code, key=stations.own_key())
    of_another_job = statement(wire.QUESTION, {"job": "0"})

    assert Client().get(address, headers=own).status_code == 200
    for head in (ours, of_another_job):
        for end in ("", "/errors.csv"):
            answer = Client().get(address + end, headers=head)
            assert (answer.status_code, answer.json()["code"]) == (404, reasons.UNKNOWN_JOB.code)
    forged = statement(wire.QUESTION, {"job": str(theirs.pk)}, key=PrivateKey.generate())
    assert Client().get(address, headers=forged).status_code == 403
    of_file = statement(wire.FILE, {"job": str(theirs.pk)})
    assert Client().get(address, headers=of_file).status_code == 403
    operator = Client()
    operator.force_login(person("operator"))
    assert operator.get(f"/validations/{theirs.pk}/").status_code == 404
