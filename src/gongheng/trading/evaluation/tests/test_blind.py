"""A blind technical part is judged without its bidder's name until a report was drawn up (W-42)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongheng.trading.evaluation import actions, sources
from gongheng.trading.evaluation.tests.support import (
    FIRMS,
    HANDBOOK,
    TECHNICAL,
    Sitting,
    reviewed,
    sitting,
)
from gongheng.trading.opening.models import Entry
from gongheng.trust.identity.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def blind(standing_clock: Any) -> Sitting:
    found = reviewed(is_technical_blind=True)
    standing_clock.at = found.now
    return found


def client_of(sitting: Sitting, seat: int = 0) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=sitting.members[seat].account_id))
    return client


def page(client: Client, name: str, *places: Any) -> str:
    answer = client.get(reverse(name, args=places))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_no_name_price_or_file_name_stands_on_the_blind_page(blind: Sitting) -> None:
    client, case = client_of(blind), blind.case.pk

    for number in (1, 2, 3):
        shown = page(client, "evaluation-blind", case, number)

        assert f"暗标{number}" in shown
        assert "施工组织设计" in shown
        assert not any(name in shown or price in shown for name, price in FIRMS.values())
        assert "经理" not in shown
        assert "design.txt" not in shown
        answer = client.get(reverse("evaluation-blind-file", args=[case, number, 1]))
        assert answer.getvalue().decode() == "第一章 总体部署"
        assert "design" not in answer.headers["Content-Disposition"]


def test_the_named_page_has_neither_the_technical_marks_nor_its_files(blind: Sitting) -> None:
    client, case = client_of(blind), blind.case.pk

    shown = page(client, "evaluation-bid", case, 1)

    assert f"{TECHNICAL}-points" not in shown
    assert "施工组织设计" not in shown
    assert client.get(reverse("evaluation-file", args=[case, 1, 1])).status_code == 404


def test_the_numbers_of_the_two_lists_say_nothing_of_each_other() -> None:
    orders = set()
    for salt in (f"{number:064x}" for number in range(20)):
        named, hidden = sources.drawn(FIRMS, salt), sources.drawn(FIRMS, f"{salt}:blind")
        orders.add(tuple(hidden.index(code) for code in named))

    assert len(orders) > 1


def test_marks_of_the_blind_page_belong_to_the_bid_behind_it(blind: Sitting) -> None:
    client, case = client_of(blind), blind.case.pk

    answer = client.post(
        reverse("evaluation-blind", args=[case, 2]),
        {f"{TECHNICAL}-number": "0", f"{TECHNICAL}-points": "41", "save": ""},
    )

    assert answer.headers["Location"] == reverse("evaluation-blind", args=[case, 2])
    [row] = blind.fresh().members.get(seat=1).assessments.filter(criterion=TECHNICAL)
    [behind] = [bid for bid in sources.bids_of(blind.fresh()) if bid.blind_number == 2]
    assert row.bidder_code == behind.bidder_code


def test_names_return_with_the_report(blind: Sitting) -> None:
    for bidder, (technical, business) in HANDBOOK.items():
        for member, points in zip(blind.members, technical, strict=True):
            blind.marked(member, bidder, technical=points, business=business)
    actions.draw_up(**blind.by(blind.chair))
    client = client_of(blind)

    assert "施工组织设计" in page(client, "evaluation-bid", blind.case.pk, 1)
    gone = client.get(reverse("evaluation-blind", args=[blind.case.pk, 1]))
    assert gone.status_code == 404


def test_where_the_documents_say_nothing_everything_is_named(standing_clock: Any) -> None:
    open_bids = reviewed()
    standing_clock.at = open_bids.now
    client = client_of(open_bids)

    assert f"{TECHNICAL}-points" in page(client, "evaluation-bid", open_bids.case.pk, 1)
    assert client.get(reverse("evaluation-blind", args=[open_bids.case.pk, 1])).status_code == 404


def test_a_criterion_leads_to_the_page_of_the_file(standing_clock: Any) -> None:
    found = sitting()
    standing_clock.at = found.now
    answers = [
        {"name": "design.txt", "title": "施工组织设计", "criterion": TECHNICAL, "page": 12},
        {"name": "design.txt", "title": "施工组织设计", "criterion": "commercial-1", "page": "三"},
    ]
    Entry.objects.update(letter={"documents": answers})
    found.reviewed()

    shown = page(client_of(found), "evaluation-bid", found.case.pk, 1)

    assert "/files/1/#page=12" in shown
    assert "（第 12 页）" in shown
    [file] = [one for one in sources.bids_of(found.fresh())[0].files if one.pages]
    assert file.pages == {TECHNICAL: 12, "commercial-1": 0}
    assert file.anchor("commercial-1") == ""
