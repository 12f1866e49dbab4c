"""Killed at each write of an opening: the record is the one of an undisturbed run, nothing doubles."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from gongheng.trading.bids.tests.support import BODIES
from gongheng.trading.bids.tests.test_crashes import KILLS, killed_at
from gongheng.trading.opening import actions, decrypting, recording, sealed
from gongheng.trading.opening.kinds import Stage, State
from gongheng.trading.opening.models import Opening, Release, ShareRelease
from gongheng.trading.opening.tests.support import Hall, hall
from gongheng.trading.projects.tests.support import StandingClock
from gongheng.trust.envelope.tests.world import folder_bytes
from tests.forking import fork, was_killed
from tests.kept import kept_database

pytestmark = pytest.mark.slow

CODES = tuple(BODIES)[:3]
DECRYPTION = ("opening.before_decryption", "opening.part_decrypted", "opening.bid_opened")


Facts = tuple[dict[str, Any], dict[str, bytes]]


@dataclass(frozen=True)
class Ground:
    """A closed hall, what an undisturbed opening of it comes to, and what brings it back."""

    hall: Hall
    wanted: Facts
    state: Path
    restore: Callable[[], None]


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001  brings the database
    """Let all tests here write for good; pytest-django's own fixture empties the database each time."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def ground(
    transactional_db: None,  # noqa: ARG001  a killed process commits for good
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ground]:
    """Make the hall once; each test gets it as it was."""
    folder = tmp_path_factory.mktemp("hall")
    changed = {
        "NODE": replace(settings.NODE, state_dir=folder / "state"),
        "GONGHENG_CLOCK": StandingClock(),
    }
    with override_settings(**changed):
        made = hall(folder)
        made.close()
        wanted = undisturbed(made)
    with kept_database() as restore:
        yield Ground(made, wanted, folder / "state", restore)


@pytest.fixture
def three(ground: Ground) -> Hall:
    ground.restore()
    shutil.copytree(ground.state, settings.NODE.state_dir)
    return ground.hall


@pytest.fixture
def wanted(ground: Ground) -> Facts:
    return ground.wanted


def begin(of: Hall) -> Opening | None:
    return actions.begin(case_id=of.case.pk, now=of.deadline)


def facts(of: Hall) -> Facts:
    """Return the record as it would be signed, and everything that was decrypted."""
    return recording.record_of(of.opening, of.case), folder_bytes(sealed.opened_folder(of.case))


def undisturbed(of: Hall) -> Facts:
    """Return what a run without a kill comes to; nothing of it is kept."""
    with transaction.atomic():
        begin(of)
        of.release()
        of.freeze()
        of.share(CODES)
        of.decrypt()
        found = facts(of)
        transaction.set_rollback(True)
    for path in sorted(sealed.opened_folder(of.case).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    return found


def kill(point: str, deed: Callable[[], object]) -> None:
    assert killed_at(point, deed), point


def test_killed_at_each_write_the_record_is_that_of_an_undisturbed_run(
    three: Hall, wanted: Facts
) -> None:
    kill("opening.begun", lambda: begin(three))
    assert not Opening.objects.exists()
    begin(three)
    kill("opening.half_kept", lambda: three.release(three.firms[0]))
    assert not Release.objects.exists()
    three.release()
    kill("opening.list_frozen", three.freeze)
    assert three.opening.stage == Stage.BIDDERS
    three.freeze()
    kill("opening.shares_kept", lambda: three.share(CODES))
    assert not ShareRelease.objects.exists()
    three.share(CODES)
    for number, point in enumerate(DECRYPTION):
        kill(point, three.decrypt)
        assert three.opening.entries.filter(state=State.OPENED).count() == number
        _decrypt_one(three)
    kill("opening.judged", three.decrypt)
    three.decrypt()

    assert facts(three) == wanted
    assert not list(sealed.opened_folder(three.case).glob("*/.*"))

    for point in ("opening.record_made", "opening.made_known"):
        kill(point, partial(_let_out, three))
        assert three.opening.record == {}
        assert three.case.awaits == "open_bids"
    _let_out(three)
    assert three.opening.record == wanted[0]
    three.answer(_clerk())
    kill("opening.record_published", lambda: _let_out(three))
    assert three.case.awaits == "publish_opening"
    _let_out(three)
    assert three.case.awaits == "evaluate"


def _decrypt_one(of: Hall) -> None:
    at = of.deadline + timedelta(minutes=32)
    decrypting.step(opening_id=of.opening.pk, now=at, most=1)


@contextmanager
def beside(deed: Callable[[], object]) -> Iterator[None]:
    """Do a deed in a process of its own meanwhile."""
    child = fork(deed)
    yield
    assert not was_killed(child)


def test_two_workers_open_each_bid_once_and_one_of_them_may_die(three: Hall, wanted: Facts) -> None:
    begin(three)
    three.release()
    three.freeze()
    three.share(CODES)

    with beside(three.decrypt):
        killed_at("opening.part_decrypted:2", three.decrypt)
    with beside(three.decrypt):
        three.decrypt()

    assert facts(three) == wanted
    assert three.opening.stage == Stage.JUDGED
    assert not list(sealed.opened_folder(three.case).glob("*/.*"))


def _clerk() -> Any:
    from tests.cases import CLERK  # noqa: PLC0415

    return CLERK


def _let_out(of: Hall) -> None:
    """Propose what is next, unless it was, and let it out as the second person."""
    is_record = of.case.awaits == recording.PUBLISH
    at = of.deadline + timedelta(minutes=50 if is_record else 34)
    waiting = of.case.proposals.filter(settled_at__isnull=True).first()
    propose = recording.propose_record if is_record else recording.propose_opening
    of.let_out(waiting or propose(case_id=of.case.pk, actor=_clerk(), now=at), at=at)


def test_a_draft_cut_off_in_the_middle_of_a_file_is_swept(three: Hall) -> None:
    begin(three)
    three.release()
    three.freeze()
    three.share(CODES)
    entry = three.entry(three.firms[0])
    draft = sealed.opened_folder(three.case) / str(entry.bid_id) / ".price.0123456789abcdef"
    draft.mkdir(parents=True)
    (draft / "bid.json").write_bytes(b"half a let")

    three.decrypt()

    assert not draft.exists()
    assert three.entry(three.firms[0]).state == State.OPENED


ONE_ROUND = 10
"""Kills of a decryption, and as many of a record, in one hall."""


@pytest.mark.parametrize("seed", range(KILLS // ONE_ROUND))
def test_killed_again_and_again_the_record_is_the_same(
    three: Hall, wanted: Facts, seed: int
) -> None:
    chance = random.Random(seed)
    begin(three)
    three.release()
    three.freeze()
    three.share(CODES)

    farther = [f"{chance.choice(DECRYPTION)}:2" for _ in range(2)]  # a bid is opened before
    points = farther + chance.choices(DECRYPTION, k=ONE_ROUND - len(farther) - 1)
    chance.shuffle(points)
    for point in (*points, "opening.judged"):
        kill(point, three.decrypt)
    three.decrypt()
    assert facts(three) == wanted
    assert not list(sealed.opened_folder(three.case).glob("*/.*"))

    for point in chance.choices(("opening.record_made", "opening.made_known"), k=ONE_ROUND // 2):
        kill(point, partial(_let_out, three))
    _let_out(three)
    three.answer(_clerk())
    for _ in range(ONE_ROUND // 2):
        kill("opening.record_published", partial(_let_out, three))
    _let_out(three)
    assert three.opening.record == wanted[0]
    assert three.case.awaits == "evaluate"
