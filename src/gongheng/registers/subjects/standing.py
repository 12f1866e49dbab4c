"""What the keeper of the register says of a subject, signed: what a city's copy rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongheng.data.exchange import protocol, stations
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import reasons, rules
from gongheng.registers.subjects.kinds import SubjectKind, SubjectState
from gongheng.registers.subjects.models import Subject, SubjectVersion

LABEL = "gongheng.registers.standing.v1"


@dataclass(frozen=True, slots=True)
class Standing:
    """A subject at an instant. ``stated_at`` is machine time of the keeper."""

    code: str
    kind: SubjectKind
    name: str
    state: SubjectState
    reason: str
    version: int
    body: Mapping[str, str]
    key: str
    key_since: str
    origin: str
    region_code: str
    verified_by: str
    verified_at: str
    stated_at: datetime

    @property
    def digest(self) -> str:
        """Return the digest of the version's body."""
        return rules.digest_of(self.body)


def state(subject: Subject, version: SubjectVersion | None, *, now: datetime) -> str:
    """Return the keeper's signed statement on a subject as one line. ``now`` is machine time."""
    key = subject.keys.filter(ends_at=None, confirmed_at__isnull=False).first()
    payload = {
        "keeper": stations.own_code(),
        "code": subject.code,
        "kind": subject.kind,
        "name": subject.name,
        "state": subject.state,
        "reason": subject.state_reason,
        "version": subject.version,
        "body": version.body if version else {},
        "key": key.public_key if key else "",
        "key_since": key.starts_at.isoformat() if key else "",
        "origin": subject.origin,
        "region_code": subject.region_code,
        "verified_by": version.verified_by if version else "",
        "verified_at": version.verified_at.isoformat() if version else "",
        "stated_at": now.isoformat(),
    }
    return protocol.Signed.of(LABEL, payload, stations.own_key()).as_text()


def read(text: str, *, keeper: stations.Peer) -> Standing:
    """Return what a statement says. Raises ``Refusal`` (FORGED_COPY)."""
    try:
        payload = protocol.Signed.from_text(text).read(LABEL, stations.key_of(keeper))
        return _standing(payload, keeper.code)
    except (Refusal, ValueError, KeyError, TypeError):
        raise Refusal(reasons.FORGED_COPY) from None


def _standing(payload: Mapping[str, Any], keeper_code: str) -> Standing:
    if payload["keeper"] != keeper_code:
        raise ValueError(payload["keeper"])
    texts = ("code", "name", "reason", "key", "key_since", "origin", "region_code")
    return Standing(
        **{name: str(payload[name]) for name in texts},
        kind=SubjectKind(payload["kind"]),
        state=SubjectState(payload["state"]),
        version=int(payload["version"]),
        body={str(field): str(value) for field, value in payload["body"].items()},
        verified_by=str(payload["verified_by"]),
        verified_at=str(payload["verified_at"]),
        stated_at=protocol.instant(payload, "stated_at"),
    )


def require_genuine(subject: Subject, *, keeper: stations.Peer) -> Standing:
    """Return what the keeper signed of a copy. Raises ``Refusal`` (FORGED_COPY) if they differ."""
    stated = read(subject.statement, keeper=keeper)
    copied = (subject.code, subject.kind, subject.name, subject.state, subject.version)
    if copied != (stated.code, stated.kind, stated.name, stated.state, stated.version):
        raise Refusal(reasons.FORGED_COPY, code=subject.code)
    return stated
