"""What a demonstration node begins with; each node makes its own, the exchange brings the rest."""

from datetime import datetime

from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.node.config import NodeConfig
from gongheng.node.demo import holders, people, subjects, trades, venues, works
from gongheng.node.tiers import TIERS

CITY = "530100"
PROVINCE = "530000"


def load(node: NodeConfig) -> None:
    """Make the accounts and the notices of a demonstration node, in the order of their days."""
    conducts_trades = TIERS[node.tier].conducts_trades
    people.load(now=DEMO_STARTS_AT, conducts_trades=conducts_trades)
    if node.code == CITY:
        holders.load(node)
        subjects.load_agreements()
        trades.load(trades.CITY)
        works.load()
        venues.load(now=DEMO_STARTS_AT)
    elif node.code == PROVINCE:
        subjects.load(node)
        trades.load(trades.PROVINCE)


def add(node: NodeConfig, *, now: datetime) -> None:
    """Make the people and rooms that this version's rehearsal asks for and an earlier one had not."""
    people.load(now=DEMO_STARTS_AT, conducts_trades=TIERS[node.tier].conducts_trades)
    if node.code == CITY:
        venues.load(now=now)
