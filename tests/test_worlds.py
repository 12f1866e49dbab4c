"""A world that is put back is the one that was built, and what a test does to it stays its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gongheng.trading.projects.tests.support import StandingClock, person
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity.models import Account
from tests.worlds import once

pytestmark = pytest.mark.django_db
BUILT: list[str] = []


@once
def house(folder: Path, name: str = "wang") -> tuple[Account, Path, PrivateKey]:
    BUILT.append(name)
    paper = folder / "paper.txt"
    paper.write_text("as built")
    return person(name, display_name="as built"), paper, PrivateKey.generate()


@pytest.fixture(autouse=True)
def quiet_house(settings: Any, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GONGHENG_CLOCK = StandingClock()
    settings.NODE = replace(settings.NODE, state_dir=tmp_path / "state")
    BUILT.clear()


@contextmanager
def one_test(folder: Path) -> Iterator[Path]:
    """Begin and end as a test does: what was written is taken back."""
    folder.mkdir()
    with transaction.atomic():
        yield folder
        transaction.set_rollback(True)


def test_what_was_built_is_put_back_at_another_place_and_unchanged(tmp_path: Path) -> None:
    with one_test(tmp_path / "one") as folder:
        first, paper, key = house(folder, "zhao")
        paper.write_text("changed")
        Account.objects.update(display_name="changed")

    with one_test(tmp_path / "two") as folder:
        again, paper, same_key = house(folder, "zhao")

        assert again.pk == first.pk
        assert paper == folder / "paper.txt"
        assert paper.read_text() == "as built"
        assert Account.objects.get().display_name == again.display_name == "as built"
        assert same_key is key
    assert BUILT == ["zhao"]


def test_other_arguments_are_another_world(tmp_path: Path) -> None:
    for name in ("qian", "sun"):
        with one_test(tmp_path / name) as folder:
            assert house(folder, name)[0].username == name

    assert BUILT == ["qian", "sun"]


def test_who_has_written_before_gets_a_world_built_as_ever(tmp_path: Path) -> None:
    for place in ("one", "two"):
        with one_test(tmp_path / place) as folder:
            person("somebody")
            house(folder, "li")
            assert Account.objects.count() == 2

    assert BUILT == ["li", "li"]
