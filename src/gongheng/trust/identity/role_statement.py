"""What the keeper of the role templates says of them, signed: what a city's copy rests on (001-22)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto import sm2, statements
from gongheng.trust.identity import roles
from gongheng.trust.identity.roles import Templates

LABEL = "gongheng.identity.role-templates.v1"

FORGED_TEMPLATES = Reason(
    code="identity.forged_templates",
    message="本地保存的角色模板与省级平台的签名不一致，不能据以授权。",
    remedy="请运维人员核对数据库和上级平台的公钥；系统会从省级平台重新取得模板。",
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A set of templates as its keeper signed it; ``confirmed_at`` is the keeper's legal time."""

    number: int
    templates: Templates
    words: str
    proposed_by: str
    confirmed_by: str
    confirmed_at: datetime


def keeper() -> Any | None:  # noqa: ANN401  a peer of the node's configuration
    """Return the parent that keeps the registers, or nothing where they are kept here."""
    above = (peer for peer in settings.NODE.peers if peer.direction == "parent")
    return next((peer for peer in above if peer.keeps_registers), None)


def sign(payload: Mapping[str, object], key: sm2.PrivateKey) -> str:
    """Return the payload signed, as one line."""
    return statements.sign(LABEL, payload, key).line


def read(text: str, *, by: Any) -> Stated:  # noqa: ANN401  a peer of the node's configuration
    """Return what the keeper signed. Raises ``Refusal`` (FORGED_TEMPLATES)."""
    try:
        return _read(text, by.code, by.public_key)
    except (Refusal, ValueError, KeyError, TypeError):
        raise Refusal(FORGED_TEMPLATES) from None


@lru_cache(maxsize=64)
def _read(text: str, code: str, key: str) -> Stated:
    """Check a signature once for each text: a grant asks for it every time."""
    said = statements.read_line(LABEL, text, sm2.PublicKey.from_hex(key))
    if said["keeper"] != code:
        raise ValueError(said["keeper"])
    return Stated(
        number=int(said["number"]),
        templates=roles.read(said["rows"]),
        words=str(said["words"]),
        proposed_by=str(said["proposed_by"]),
        confirmed_by=str(said["confirmed_by"]),
        confirmed_at=datetime.fromisoformat(said["confirmed_at"]),
    )
