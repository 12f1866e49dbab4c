"""What a node has before it answers: the procedures that it may conduct trades by."""

from dataclasses import replace

import pytest

from gongheng.data.records.models import Act
from gongheng.node import preparation
from gongheng.procedures import all_procedures
from gongheng.trading.cases import actions, queries
from gongheng.trading.cases.models import ProcedureVersion

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
