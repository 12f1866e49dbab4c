"""The standing service of a body, in worlds of their own: announcing, no bid opened, killed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gongheng.node.holder_folder import HolderFolder
from gongheng.node.holder_service import NodeAway, serve
from gongheng.node.tests.test_holder_service import NOTARY, Cut, body_of, deeds, holding, service
from gongheng.trading.bids import ceremony
from gongheng.trading.bids.models import KeyRequest
from gongheng.trading.bids.tests.support import BODIES, standing
from gongheng.trading.bids.tests.test_crashes import killed_at
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import actions, destruction
from gongheng.trading.opening.models import Destruction, ShareRelease
from gongheng.trading.opening.tests.conftest import quiet_house
from gongheng.trading.opening.tests.support import HandClock, hall
from gongheng.trust.envelope.holders import Announcement
from tests.cases import CLERK, NOW, lot_case, open_accounts

__all__ = ["quiet_house"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def asked() -> Case:
    """A case in which every body is asked for a key."""
    open_accounts()
    _, walk = lot_case("review_documents")
    for code, (name, side) in BODIES.items():
        key = standing(code).public.to_hex()
        ceremony.enter_body(code=code, name=name, side=side, standing_key=key, now=NOW)
    ceremony.request_keys(case_id=walk.case.pk, actor=CLERK, now=NOW)
    return walk.case


def test_it_makes_a_key_for_a_case_announces_it_and_writes_both_down(
    asked: Case, tmp_path: Path
) -> None:
    folder = body_of(tmp_path / "notary")

    done = serve(service(folder, NOW), once=True, say=lambda _: None)

    request = KeyRequest.objects.get(case=asked, body__code=NOTARY)
    announcement = Announcement.of_json(request.announcement)
    announcement.require_proven()
    key = folder.key_of(asked.pk)
    assert done == 0
    assert key is not None
    assert announcement.key == key.public.to_hex()
    assert deeds(folder) == ["key_made", "announced"]
    assert (folder.case(asked.pk) / "key.pem").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("is_behind", [False, True])
@pytest.mark.parametrize("requests", range(2))
def test_a_line_cut_while_announcing_ends_in_the_same_announcement(
    asked: Case, tmp_path: Path, requests: int, *, is_behind: bool
) -> None:
    folder = body_of(tmp_path / "notary")
    with pytest.raises(NodeAway):
        service(folder, NOW, Cut(requests, is_behind=is_behind)).round()
    kept = folder.kept(asked.pk, "announcement")

    again = HolderFolder(folder.path)
    serve(service(again, NOW), once=True, say=lambda _: None)

    request = KeyRequest.objects.get(case=asked, body__code=NOTARY)
    assert kept in (None, request.announcement)
    assert again.kept(asked.pk, "announcement") == request.announcement


def test_bids_that_were_never_opened_need_so_many_destroyed_keys_that_none_can_be(
    tmp_path: Path, settings: Any
) -> None:
    two = hall(tmp_path, bidders=2)
    two.close()
    settings.GONGHENG_CLOCK = HandClock(two.deadline)
    assert two.case.awaits == "announce_failure"
    case = two.case

    for number, code in enumerate(BODIES):
        assert destruction.missing(case) == max(3 - number, 0)
        folder = holding(two, tmp_path / code, code)
        serve(service(folder, two.deadline), once=True, say=lambda _: None)

    destruction.require_destroyed(case)
    assert Destruction.objects.filter(case=case).count() == 5


HOLDING = ("holder.file_drafted", "holder.file_written", "holder.before_shares")
DESTROYING = (
    "holder.file_drafted",
    "holder.file_written",
    "holder.before_destruction",
    "holder.key_overwritten",
    "opening.destruction_kept",
)


def test_a_body_killed_at_each_write_releases_once_and_destroys_once(
    transactional_db: None,  # noqa: ARG001  a killed process commits for good
    tmp_path: Path,
    settings: Any,
) -> None:
    three = hall(tmp_path)
    three.close()
    path, at = tmp_path / "notary", three.deadline + timedelta(minutes=31)
    holding(three, path)
    actions.begin(case_id=three.case.pk, now=three.deadline)
    three.release()
    three.freeze()
    settings.GONGHENG_CLOCK = HandClock(at)

    def serve_once() -> None:
        serve(service(HolderFolder(path), at), once=True, say=lambda _: None)

    for point in HOLDING:
        assert killed_at(point, serve_once), point
    serve_once()
    assert ShareRelease.objects.filter(holder=NOTARY).count() == 2

    three.share([code for code in BODIES if code != NOTARY])
    three.decrypt()
    three.make_known()
    three.answer(CLERK)
    three.publish()
    for point in DESTROYING:
        assert killed_at(point, serve_once), point
    serve_once()
    assert HolderFolder(path).key_of(three.case.pk) is None
    assert Destruction.objects.get(case=three.case, holder=NOTARY)
