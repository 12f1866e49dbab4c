"""Twenty clerks of one city publish at once, and some of them the same notice."""

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.agreement import agreement
from tests.faults.publishing import publishing_on, records_of
from tests.network import Network

pytestmark = pytest.mark.journey

CLERKS = 20


@pytest.mark.full
def test_twenty_publishers_at_once_lose_and_double_nothing(
    network: Network, tmp_path: Path
) -> None:
    with publishing_on(network.nodes.city, tmp_path / "clerks.log", at_once=CLERKS) as clerks:
        serials = clerks.publish(2 * CLERKS)

        clerks.await_all()

        assert len(set(clerks.acknowledged)) == sum(map(records_of, serials))
        agreement(network.nodes, published=clerks.acknowledged).require()


def test_two_clerks_publishing_the_same_notice_make_one_version(
    network: Network, tmp_path: Path
) -> None:
    with publishing_on(network.nodes.city, tmp_path / "clerks.log", at_once=CLERKS) as clerks:
        serial = next(number for number in clerks.new_serials(2) if number % 2)

        clerks.ask([serial] * CLERKS)
        clerks.await_all()

        assert set(Counter(clerks.acknowledged).values()) == {CLERKS}
        agreement(network.nodes, published=clerks.acknowledged).require()
