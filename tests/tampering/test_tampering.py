"""Nothing is tampered with unseen; and where nothing is, nothing is said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import transaction
from django.test import Client

from gongheng.data.records import actions as records_actions
from gongheng.data.records.kinds import Audience
from gongheng.public.search.tests.seeding import Case
from gongheng.trading.bids.tests.support import NOW
from gongheng.trust.ledger import queries
from tests.scope import IS_FULL
from tests.tampering import log, records, sealed, trail  # noqa: F401  their kinds enter themselves
from tests.tampering.deeds import KINDS, Deed, sql
from tests.tampering.house import House, Public, verified

pytestmark = pytest.mark.slow

SEED = 20261012


@contextmanager
def undone(house: House) -> Iterator[None]:
    """Undo what is done to tables and files meanwhile."""
    kept = {path: path.read_bytes() for path in house.files()}
    day = house.day
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    house.day = day
    for path, content in kept.items():
        path.write_bytes(content)


@pytest.fixture
def unseen(house: House, public: Public, tmp_path: Path) -> Callable[[str, Random], list[str]]:
    """Tamper once; return what was not told by whom it should have been."""
    last = queries.latest_checkpoint()
    assert last is not None

    def tampered(name: str, random: Random) -> list[str]:
        with undone(house):
            deed: Deed = KINDS[name](house, random)
            by_public = [str(finding) for finding in public.look()] if deed.public else []
            by_operator = (
                verified(house, tmp_path / "export", seen=last.note) if deed.operator else []
            )
        return [
            *_untold("monitor", name, deed.public, by_public),
            *_untold("export", name, deed.operator, by_operator),
        ]

    return tampered


def _untold(who: str, name: str, rows: tuple[str, ...], told: list[str]) -> Iterator[str]:
    for row in rows:
        if not any(row in line for line in told):
            yield f"{name}: {who} does not name {row}: {told[:3]}"


def test_each_kind_of_tampering_is_told_with_its_row(
    unseen: Callable[[str, Random], list[str]],
) -> None:
    # Every fourth kind: the usual run is short of time, the full one has them all.
    names = list(KINDS)[::4]

    assert [line for name in names for line in unseen(name, Random(f"{SEED} {name}"))] == []


@pytest.mark.full
def test_two_hundred_tamperings_are_told_with_their_rows(
    unseen: Callable[[str, Random], list[str]],
) -> None:
    random = Random(SEED)
    names = [name for _ in range(4) for name in KINDS][:200]

    assert [line for name in names for line in unseen(name, random)] == []


SHOWN = [
    "a_public_body_is_changed",
    "a_record_is_redated",
    "a_shown_column_is_changed",
    "two_bodies_are_swapped",
    "a_salt_is_changed",
    "an_act_is_changed",
]
"""Kinds that change what the page of a row shows, and leave the page there."""


def test_who_looks_at_what_was_changed_is_told_by_its_page_and_proof(
    house: House, client: Client
) -> None:
    """Without a monitor: a visitor reads one page, asks for its proof and keeps it."""
    random = Random(SEED)
    for name in SHOWN * (4 if IS_FULL else 1):
        with undone(house):
            rows = KINDS[name](house, random).public
            told = {row: _looked_at(client, row) for row in rows}

        assert rows
        assert all(not holds and not praised for holds, praised in told.values()), (name, told)
        assert all(_looked_at(client, row)[0] for row in rows), name


def test_what_was_sealed_until_its_hour_is_proven_and_watched_after_it(
    house: House, public: Public, client: Client, tmp_path: Path
) -> None:
    """Nobody is accused for an hour that came, and nothing is changed unseen after it."""
    notice = house.notices[0]
    late = records_actions.publish(
        dataset=notice.dataset,
        body={**notice.body, "NOTICE_NAME": "到时公布的公告"},
        audience=Audience.PUBLIC,
        case_code=notice.case_code,
        not_before=NOW - timedelta(hours=1),
        now=NOW - timedelta(days=1),
    )
    house.sign()
    assert client.get(f"/notices/{late.pk}/proof.json").status_code == 404

    opened = [records_actions.open_due(now=NOW) for _ in range(2)]
    last = house.sign()

    assert opened == [1, 0]
    assert public.look() == []
    assert verified(house, tmp_path / "export", seen=last.note) == []
    assert _looked_at(client, str(late.pk)) == (True, True)
    with undone(house):
        earlier = late.published_at - timedelta(days=1)
        sql("UPDATE records_version SET published_at = %s WHERE id = %s", earlier, late.pk)
        assert any(str(late.pk) in str(finding) for finding in public.look())
        told = verified(house, tmp_path / "export", seen=last.note)
        assert any(str(late.pk) in line for line in told)
        assert _looked_at(client, str(late.pk)) == (False, False)


def _looked_at(client: Client, row: str) -> tuple[bool, bool]:
    """Return whether the proof of a row holds, and whether its page says that nothing was changed."""
    verdict = client.get(f"/verify/?notice={row}").content.decode()
    page = client.get(f"/notices/{row}/").content.decode()
    assert ("核验通过" in verdict) != ("核验未通过" in verdict)
    return "核验通过" in verdict, "以来未被改动" in page


@pytest.mark.parametrize("name", ["an_act_is_inserted", "a_record_is_inserted"])
def test_what_is_inserted_into_any_case_is_told_at_the_next_look(
    house: House, public: Public, name: str
) -> None:
    """Without reading the page of a single case in turn: the list of everything published tells it."""
    with undone(house):
        deed: Deed = KINDS[name](house, Random(SEED))
        told = [str(finding) for finding in public.look(cases=0)]

    assert deed.public
    assert all(any(row in line for line in told) for row in deed.public), told


def test_an_untouched_node_reports_nothing(house: House, public: Public, tmp_path: Path) -> None:
    _look_in_vain(house, public, tmp_path, times=2)


@pytest.mark.full
def test_an_untouched_node_reports_nothing_in_a_hundred_runs(
    house: House, public: Public, tmp_path: Path
) -> None:
    _look_in_vain(house, public, tmp_path, times=100)


def _look_in_vain(house: House, public: Public, folder: Path, *, times: int) -> None:
    last = queries.latest_checkpoint()
    assert last is not None
    for _ in range(times):
        assert public.look() == []
        assert verified(house, folder / "export", seen=last.note) == []


def test_a_platform_that_publishes_all_the_time_is_not_suspected(
    house: House, public: Public
) -> None:
    days = iter(range(10, 40))

    def meanwhile(_: float) -> None:
        house.sign()
        number = next(days)
        # Real clocks tell microseconds.
        at = NOW + timedelta(days=number, microseconds=123_456)
        Case(number, at=at, name=f"第{number}中学食堂").announce()

    with undone(house):
        meanwhile(0)

        assert public.look(sleep=meanwhile) == []

        hidden = house.notices[0]
        sql("UPDATE records_current SET is_withdrawn = true WHERE version_id = %s", hidden.pk)
        assert [str(hidden.pk) in found.row for found in public.look(sleep=meanwhile)] == [True]
