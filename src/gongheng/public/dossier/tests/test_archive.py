"""The archive of a case: the same bytes, proofs that hold, nothing that needs a network."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client

from gongheng.public.dossier.tests.conftest import NOW, StandingClock
from gongheng.public.dossier.tests.seeding import Whole
from gongheng.public.search.tests.seeding import sign_log
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.tlog.proof import verify_proof

pytestmark = pytest.mark.django_db


def _files(visitor: Client, code: str) -> tuple[bytes, dict[str, bytes]]:
    answer = visitor.get(f"/dossiers/{code}/archive.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return answer.content, {name: packed.read(name) for name in packed.namelist()}


def test_the_archive_holds_every_version_with_its_proof_and_is_always_the_same(
    visitor: Client, clock: StandingClock
) -> None:
    case = Whole(7, at=NOW, name="<b>官渡区</b>第三中学教学综合楼")
    case.plan(at=NOW - timedelta(days=40))
    notice = case.announce()
    case.correct(notice, at=NOW + timedelta(hours=1), OTHER_CONTENT="补充说明")
    sign_log(now=NOW + timedelta(hours=2))
    clock.pass_by(days=1)

    whole, files = _files(visitor, case.tender)
    clock.pass_by(days=50)
    later, _ = _files(visitor, case.tender)

    assert whole == later
    proofs = {name: json.loads(body) for name, body in files.items() if name.startswith("proofs/")}
    assert len(proofs) == 6  # plan, project, tender project, lot, two versions of the notice
    assert all(step.ok for proof in proofs.values() for step in verify_proof(proof))
    for name, proof in proofs.items():
        kept = name.replace("proofs/act-", "acts/").replace("proofs/", "records/")
        record = json.loads(files[kept])
        assert record["public"] == proof["record"]["public"]
        assert proof["checkpoint"].encode() in files.values()
    for entry in json.loads(files["manifest.json"]):
        assert sm3(files[entry["path"]]).hex() == entry["sm3"]
    index = files["index.html"].decode()
    assert 'href="acts/001-tender-plan-published.json"' in index
    assert "<b>" not in index
    assert "http" not in index.replace("http://localhost", "").split("<table")[1]
    assert "gongheng verify proofs/" in files["README.txt"].decode()


def test_a_paper_without_a_checkpoint_is_there_without_its_proof(visitor: Client) -> None:
    case = Whole(7, at=NOW, name="官渡区第三中学教学综合楼")

    _, files = _files(visitor, case.tender)

    assert not [name for name in files if name.startswith("proofs/")]
    assert "生成中" in files["index.html"].decode()
