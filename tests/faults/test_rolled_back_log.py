"""A city whose database is restored to an earlier state is found out by its province."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.faults import restoring
from tests.faults.agreement import accepted, agreement, verify_logs
from tests.network import Network
from tests.nodes import Node, wait_until

pytestmark = pytest.mark.journey

COPY = "before_the_roll_back"
ALARM = "日志被回退或改写"


@contextmanager
def _operator(node: Node) -> Iterator[httpx.Client]:
    with node.client() as client:
        assert client.get("/login/").status_code == 200
        signed_in = _post(client, "/login/", username="operator", password=node.password)
        assert signed_in.status_code == 200
        yield client


def _post(client: httpx.Client, path: str, **values: str) -> httpx.Response:
    token = next(value for name, value in client.cookies.items() if name.endswith("_csrf"))
    return client.post(
        path,
        data={"csrfmiddlewaretoken": token, **values},
        headers={"Referer": str(client.base_url)},
    )


@pytest.mark.full
def test_a_rolled_back_log_raises_the_alarm_until_an_operator_lifts_it(
    network: Network, exports: Path
) -> None:
    nodes, publisher = network.nodes, network.publisher
    agreement(nodes, published=publisher.acknowledged).require()
    restoring.keep_copy(nodes, nodes.city, COPY)
    lost = publisher.publish(4)
    publisher.await_all()
    agreement(nodes, published=publisher.acknowledged).require()
    shown = accepted(nodes.province, origin=nodes.city.code)

    restoring.restore_copy(nodes, nodes.city, COPY)
    assert shown - accepted(nodes.city, origin=nodes.city.code)
    new = publisher.publish(1)
    publisher.await_all()

    _await_alarm(nodes.province, nodes.city.code)
    said = "SELECT 1 FROM exchange_channel WHERE last_error LIKE '%%' || %s || '%%'"
    nodes.city.wait_until(lambda: nodes.city.rows(said, ALARM))
    refused = network.line.deliver(network.line.passed[-1])
    assert refused.split(b"\r\n")[0].startswith(b"HTTP/1.1 423 ")
    assert accepted(nodes.province, origin=nodes.city.code) == shown
    with _operator(nodes.province) as above, _operator(nodes.city) as below:
        assert "存证日志警报" in above.get("/exchange/").text
        assert ALARM in below.get("/exchange/").text
        lifted = _post(above, f"/exchange/{nodes.city.code}/lift-alarm/")
        assert "警报已解除" in lifted.text
        assert "存证日志警报" not in above.get("/exchange/").text
        assert _post(below, f"/exchange/{nodes.province.code}/try/").status_code == 200

    wait_until(lambda: len(accepted(nodes.province, origin=nodes.city.code)) > len(shown))
    publisher.ask([*lost, *new])
    publisher.await_all()
    _let_ten_minutes_pass(nodes.city)
    agreement(nodes, published=publisher.acknowledged).require()
    verify_logs(nodes, exports)


def _await_alarm(node: Node, child: str) -> None:
    alarms = "SELECT 1 FROM exchange_channel WHERE peer = %s AND alarm <> ''"
    node.wait_until(lambda: node.rows(alarms, child), seconds=60)


def _let_ten_minutes_pass(node: Node) -> None:
    """Wait until all is sent, then age what has no verdict: the sender looks back after a while."""
    queued = "SELECT 1 FROM exchange_delivery WHERE progress = 'queued'"
    unnumbered = "SELECT 1 FROM ledger_leaf WHERE position IS NULL"
    node.wait_until(lambda: not node.rows(queued) and not node.rows(unnumbered), seconds=60)
    node.execute(
        "UPDATE exchange_delivery SET delivered_at = delivered_at - interval '11 minutes'"
        " WHERE progress = 'delivered'"
    )
