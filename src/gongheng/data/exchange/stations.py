"""This node and its peers, as configured."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings

from gongheng.data.exchange.models import Channel
from gongheng.data.exchange.reasons import UNKNOWN_PEER
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import sm2

if TYPE_CHECKING:
    from collections.abc import Sequence

PARENT = "parent"
CHILD = "child"
VENDOR = "vendor"


class Peer(Protocol):
    """A configured peer: another node above or below, or a vendor's system below."""

    @property
    def code(self) -> str: ...  # noqa: D102  the fields of node.toml
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def url(self) -> str: ...  # noqa: D102
    @property
    def public_key(self) -> str: ...  # noqa: D102
    @property
    def direction(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def keeps_registers(self) -> bool: ...  # noqa: D102


def own_code() -> str:
    """Return this node's code."""
    return str(settings.NODE.code)


def own_key() -> sm2.PrivateKey:
    """Return this node's signing key."""
    return _key(settings.NODE.key_path)


@cache
def _key(path: Path) -> sm2.PrivateKey:
    return sm2.PrivateKey.from_pem(path.read_bytes())


def peers() -> "Sequence[Peer]":
    """Return every configured peer."""
    return cast("Sequence[Peer]", settings.NODE.peers)


def parents() -> "list[Peer]":
    """Return the peers we report to."""
    return [peer for peer in peers() if peer.direction == PARENT]


def keeper() -> Peer | None:
    """Return the parent that keeps the unified registers, or nothing where we keep them."""
    return next((peer for peer in parents() if peer.keeps_registers), None)


def children() -> "list[Peer]":
    """Return the peers that report to us."""
    return [peer for peer in peers() if peer.direction == CHILD]


def child(code: object) -> Peer:
    """Return the child of this code. Raises ``Refusal`` (``UNKNOWN_PEER``)."""
    for peer in children():
        if peer.code == code:
            return peer
    raise Refusal(UNKNOWN_PEER, code=code)


def key_of(peer: Peer) -> sm2.PublicKey:
    """Return a peer's registered key."""
    return _public_key(peer.public_key)


@cache
def _public_key(text: str) -> sm2.PublicKey:
    return sm2.PublicKey.from_hex(text)


def locked_channel(peer: Peer) -> Channel | None:
    """Return the channel's row, locked for this transaction; ``None`` if another holds it."""
    Channel.objects.get_or_create(peer=peer.code)
    return Channel.objects.select_for_update(skip_locked=True).filter(peer=peer.code).first()
