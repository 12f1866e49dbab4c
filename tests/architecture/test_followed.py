"""No deed changes a row past the audit trail (E-16): every table is followed, or says why it is not."""

import re

import pytest
from django.apps import apps
from django.db import NotSupportedError, models
from django.db.models.deletion import CASCADE, SET_DEFAULT, SET_NULL

from gongheng.trust.identity.models import Account
from gongheng.web.models import Row, Rows
from tests.architecture.test_source import SOURCES, _name

OURS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith("gongheng.")
]
PLAIN = {
    **dict.fromkeys(
        ("ledger.Leaf", "ledger.Head", "ledger.Tile", "ledger.Checkpoint", "ledger.Cursor"),
        "the log, which proves itself",
    ),
    "identity.SignInCount": "counts tries; the entry of each try says how it ended",
    "records.Judgement": "made anew from the versions",
    "records.Waiting": "what came from a peer and waits for what it refers to; no deed of a person",
    **dict.fromkeys(
        ("exchange.Channel", "exchange.Batch", "exchange.Delivery"),
        "how far the machines have got with each other; the log says what was sent",
    ),
    **dict.fromkeys(
        ("imports.File", "imports.Line"), "the lines of a source as they were; no deed of a person"
    ),
    "validations.Share": "work on a share of a file, gone when the file is judged",
}
"""Tables of ours that are not rows of the trail, and why."""
GOING_ALONG = {
    "identity.CodeSecret": "accounts are never deleted",
    "search.SavedSearch": "accounts are never deleted",
    "workdays.MovedDeadline": "notices of the calendar are never deleted",
}
"""Followed rows that the database deletes with another, which the trail would not see."""
PAST_DJANGO = {
    "public/search/actions.py": "the search index, made anew from the records",
    "registers/holds/actions.py": "locks a gate",
    "trust/ledger/actions.py": "the log, which proves itself",
    "trading/cases/standing.py": "reads",
    "public/search/statements.py": "reads",
    "data/imports/queries.py": "reads",
    "node/wiring.py": "reads",
    "node/postgres/databases.py": "makes databases and their owners",
    "node/postgres/server.py": "asks whether the server answers",
    "node/rehearsal/comparing.py": "reads",
    "web/changes.py": "reads what rows are",
}
"""Modules that speak to the database in SQL of their own, and what for."""
_SQL = re.compile(
    r"connections?(\[\w+\])?\.cursor\(|objects\.raw\(|\bpsycopg\.connect\("
    r"|\._raw_delete\(|\b_base_manager\b|\bsave_base\(|\bQuerySet\("
)


def test_every_table_is_one_of_rows_or_has_a_reason() -> None:
    plain = {model._meta.label for model in OURS if not issubclass(model, Row)}

    assert plain == set(PLAIN)


@pytest.mark.parametrize(
    "model", [model for model in OURS if issubclass(model, Row)], ids=lambda m: m._meta.label
)
def test_every_manager_of_rows_gives_rows_that_are_followed(model: type[Row]) -> None:
    managers = model._meta.managers

    assert managers
    for manager in managers:
        assert isinstance(manager.get_queryset(), Rows), manager.name


def test_no_followed_row_is_written_with_another_by_django() -> None:
    along = {
        field.model._meta.label
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and getattr(field.model, "is_followed", False)
        and field.remote_field.on_delete in {CASCADE, SET_NULL, SET_DEFAULT}
    }

    assert along == set(GOING_ALONG)


def test_only_modules_with_a_reason_write_past_django() -> None:
    found = {_name(path) for path in SOURCES if _SQL.search(path.read_text(encoding="utf-8"))}

    assert found == set(PAST_DJANGO)


@pytest.mark.django_db
def test_overwriting_what_stands_is_refused() -> None:
    with pytest.raises(NotSupportedError):
        Account.objects.bulk_create(
            [Account(region_code="530000", username="x")],
            update_conflicts=True,
            update_fields=["display_name"],
            unique_fields=["username"],
        )
