"""The exchange's part of the worker: each loop does one small step.

Only the judge says that it found work and goes on at once. The others pause after every step: what
gathers meanwhile goes into one batch, and a batch of fifty costs little more than a batch of one.
"""

from collections.abc import Callable, Sequence

from gongheng.data.exchange import accepting, following, sending, stations
from gongheng.data.exchange.stations import Peer
from gongheng.data.records import receiving
from gongheng.kernel.clock import machine_now
from gongheng.web import outgoing
from gongheng.web.clock import legal_now

_client = outgoing.client(sending.TIMEOUT)


def _each(step: Callable[[Peer], bool], peers: Sequence[Peer]) -> bool:
    """Do the step for every peer; tell whether any did something."""
    done = [step(peer) for peer in peers]
    return any(done)


def collect() -> None:
    """Queue what the log has gained, for every parent."""
    _each(sending.collect, stations.parents())


def send() -> None:
    """Send one batch to every parent."""
    _each(lambda peer: sending.send(peer, _client, now=legal_now()), stations.parents())


def judge() -> bool:
    """Judge one batch of every child."""
    return _each(lambda peer: accepting.judge(peer, now=legal_now()), stations.children())


def follow() -> None:
    """Ask every parent for verdicts."""
    _each(lambda peer: following.follow(peer, _client), stations.parents())


def look_after_waiting() -> bool:
    """Settle what waits for a parent that is here, or has waited too long."""
    return receiving.look_after_waiting(now=legal_now(), machine_now=machine_now()) > 0


LOOPS: list[tuple[str, float, Callable[[], object]]] = [
    ("collect", 0.2, collect),
    ("send", 0.25, send),
    ("judge", 0.2, judge),
    ("follow", 0.5, follow),
    ("waiting", 30, look_after_waiting),
]
"""Name, seconds between two looks unless the step found work, step."""
