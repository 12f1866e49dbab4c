"""The one table of what differs between a city's, a province's and the nation's platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: its Chinese word, whose parent it may be, and what its nodes have.

    ``conducts_trades``: the node runs cases of its own, so it has the clerk's pages and codes.
    ``keeps_registers``: subjects and code series are unified here for all below (001-10).
    """

    code: str
    label: str
    children: frozenset[str]
    conducts_trades: bool
    keeps_registers: bool = False


_TIERS = (
    Tier("city", "市级平台", frozenset(), conducts_trades=True),
    Tier("province", "省级平台", frozenset({"city"}), conducts_trades=True, keeps_registers=True),
    Tier("nation", "国家平台", frozenset({"province"}), conducts_trades=False),
)

TIERS: Mapping[str, Tier] = MappingProxyType({tier.code: tier for tier in _TIERS})
"""Every tier by its code."""
