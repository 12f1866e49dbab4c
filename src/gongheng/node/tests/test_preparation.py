"""What a node has before it answers: the procedures that it may conduct trades by."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongheng.data.records.models import Act
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.node import demo_accounts, preparation
from gongheng.node.demo import people, venues
from gongheng.procedures import all_procedures
from gongheng.registers.venues.models import Room
from gongheng.trading.cases import actions, queries
from gongheng.trading.cases.models import ProcedureVersion
from gongheng.trust.identity.models import Account

pytestmark = pytest.mark.django_db


def test_the_declared_procedures_are_adopted_once() -> None:
    preparation.adopt_procedures()
    adopted = list(ProcedureVersion.objects.order_by("code"))

    preparation.adopt_procedures()

    assert [row.code for row in adopted] == [procedure.code for procedure in all_procedures()]
    assert list(ProcedureVersion.objects.order_by("code")) == adopted
    assert Act.objects.filter(kind="procedure.adopted").count() == len(adopted)


def test_an_amended_declaration_is_a_new_version_and_makes_the_node_unprepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    preparation.adopt_procedures()
    before = preparation.procedures_digest()
    amended = tuple(replace(one, title=one.title + "（修订）") for one in all_procedures())

    monkeypatch.setattr(preparation, "all_procedures", lambda: amended)
    preparation.adopt_procedures()

    assert preparation.procedures_digest() != before
    for procedure in amended:
        newest = queries.newest_version(procedure.code)
        assert newest is not None
        assert (newest.number, newest.title) == (2, procedure.title)


def test_an_unsound_declaration_stops_the_preparation(monkeypatch: pytest.MonkeyPatch) -> None:
    unsound = tuple(replace(one, begins_at="archive") for one in all_procedures())
    monkeypatch.setattr(preparation, "all_procedures", lambda: unsound)

    with pytest.raises(actions.UnsoundProcedure):
        preparation.adopt_procedures()

    assert not ProcedureVersion.objects.exists()


def test_a_demonstration_of_an_earlier_version_gets_the_people_and_rooms_that_it_lacks(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    node = replace(settings.NODE, code="530100", tier="city", is_demo=True, state_dir=tmp_path)
    notes: dict[str, object] = {"demo": True}
    monkeypatch.setattr(preparation.databases, "note", lambda _: notes)
    people.load(now=DEMO_STARTS_AT, conducts_trades=True)
    Account.objects.filter(username="witness2").update(username="earlier")
    assert preparation._lacks_demo(node, "")

    preparation._load_demo(node, is_first=False)

    assert Account.objects.filter(username="witness2").exists()
    assert Room.objects.count() == len(venues.ROOMS)
    assert "witness2" in {one.username for one in demo_accounts.read(tmp_path)}
    notes["demo"] = preparation.demo_digest()
    assert not preparation._lacks_demo(node, "")
