import base64
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from gongheng.public.portal.tests.conftest import NOW
from gongheng.public.search.tests.seeding import Case, sign_log
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.ledger import queries as log
from gongheng.trust.tlog import checkpoint as checkpoints
from gongheng.trust.tlog.judge import is_continued

pytestmark = pytest.mark.django_db


def test_the_checkpoint_is_signed_by_the_public_key(visitor: Client) -> None:
    Case(1, at=NOW, name="一").announce()
    sign_log(now=NOW)

    note = visitor.get("/ledger/v1/checkpoint").content.decode()
    key = PublicKey.from_hex(visitor.get("/ledger/v1/public-key").json()["hex"])

    assert checkpoints.open_note(note, key).size == log.size()


def test_a_consistency_proof_convinces_a_judge(visitor: Client) -> None:
    Case(1, at=NOW, name="一").announce()
    sign_log(now=NOW)
    old = log.size()
    old_note = checkpoints.read(visitor.get("/ledger/v1/checkpoint").content.decode())
    Case(2, at=NOW, name="二").announce()
    sign_log(now=NOW + timedelta(seconds=11))
    note = checkpoints.read(visitor.get("/ledger/v1/checkpoint").content.decode())

    found = visitor.get("/ledger/v1/consistency", {"old": str(old), "new": str(note.size)}).json()

    for algorithm in ("sha256", "sm3"):
        assert is_continued(
            algorithm,
            old=old,
            new=note.size,
            old_root=old_note.root(algorithm),
            new_root=note.root(algorithm),
            proof=[base64.b64decode(step) for step in found[algorithm]],
        )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("0", "1"),
        ("2", "1"),
        ("-1", "1"),
        ("1", "99"),
        ("٣", "4"),
        ("1e3", "1"),
        ("9" * 40, "9" * 40),
    ],
)
def test_sizes_that_never_were_are_refused_in_words(visitor: Client, old: str, new: str) -> None:
    answer = visitor.get("/ledger/v1/consistency", {"old": old, "new": new})

    assert answer.status_code == 400
    assert "old" in answer.json()["message"]


def test_a_new_node_has_no_checkpoint_and_is_well(visitor: Client) -> None:
    assert visitor.get("/ledger/v1/checkpoint").status_code == 404
    assert visitor.get("/health/").json()["status"] == "ok"


def test_a_log_that_nobody_signs_makes_the_node_unwell(visitor: Client, clock: Any) -> None:
    Case(1, at=NOW, name="一").announce()
    sign_log(now=NOW)
    assert visitor.get("/health/").json() == {
        "status": "ok",
        "database": "ok",
        "node": settings.NODE.code,
        "log_size": log.size(),
        "log_waiting": 0,
        "checkpoint_size": log.size(),
        "checkpoint_age_seconds": 0.0,
    }

    Case(2, at=NOW, name="二").announce()
    clock.pass_by(minutes=3)

    answer = visitor.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["log_waiting"] == 4


def test_a_lost_database_makes_the_node_unwell(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise OperationalError

    monkeypatch.setattr("gongheng.trust.ledger.queries.size", fail)

    assert visitor.get("/health/").status_code == 503
