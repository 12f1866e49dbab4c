"""What holds for every test of the house: none depends on how fast the machine is."""

import gc
from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase
from hypothesis import settings

from tests import browser, tables
from tests.scope import IS_FULL

settings.register_profile("house", deadline=None, max_examples=100 if IS_FULL else 40)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """Spare the collector what lives as long as the run: it took a tenth of every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_unconfigure() -> None:
    """Let go of it in the end: some libraries count what nobody has freed."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:  # noqa: ARG001  it makes the database
    """Let tests that commit remove only what they left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: tables.empty())
        yield
    browser.let_go()
