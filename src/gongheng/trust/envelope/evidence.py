"""Judging the evidence bundle of an opening off line: no node, no database, no network.

The bundle (class public) holds the signed policy, the closing statement, the frozen lists and the
opening record. What is judged: every signature, that nothing was added between closing and list,
that the record speaks of exactly the envelopes of the closing, and opened none that was not listed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.crypto.statements import ForgedStatement, read
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.policy import Policy, SignedPolicy

FORMAT = "gongheng opening evidence"
RECORD_LABEL = "gongheng.opening-record.v1"
OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was judged, and how it came out."""

    name: str
    is_right: bool
    words: str = ""


def judge(bundle: object, *, key: PublicKey | None = None, now: datetime) -> list[Finding]:
    """Return what was judged; ``key`` is the platform's published key, which the centre's must be."""
    if not isinstance(bundle, dict) or bundle.get("format") != FORMAT:
        return [Finding("文件格式", is_right=False, words="不是开标证据文件。")]
    try:
        signed = SignedPolicy.of_json(bundle.get("policy"))
        closing = Closing.of_json(bundle.get("closing"))
        lists = [FrozenList.of_json(each) for each in bundle.get("lists") or ()]
    except (Refusal, TypeError) as error:
        return [Finding("文件内容", is_right=False, words=str(error))]
    return list(_judged(bundle, signed.policy, closing, lists, key=key, now=now))


def latest_instant(bundle: Mapping[str, object]) -> datetime:
    """Return the latest instant that the bundle's statements name, or the earliest there is."""
    found = [datetime.min.replace(tzinfo=BEIJING)]
    try:
        found.append(Closing.of_json(bundle.get("closing")).closed_at)
        lists = bundle.get("lists")
        if isinstance(lists, list):
            found += [FrozenList.of_json(each).frozen_at for each in lists]
    except Refusal:
        pass
    return max(found)


def _judged(
    bundle: Mapping[str, Any],
    policy: Policy,
    closing: Closing,
    lists: list[FrozenList],
    *,
    key: PublicKey | None,
    now: datetime,
) -> Iterator[Finding]:
    yield Finding("开启规则由招标人和交易中心签名", is_right=True, words=policy.digest.hex())
    if key is not None:
        yield Finding("交易中心的公钥即平台公布的公钥", is_right=policy.centre_key == key.to_hex())
    yield _of_refusal("投标截止声明", lambda: closing.require_valid(policy, now=now))
    for frozen in lists:
        name = f"已解密投标人清单（{frozen.part}）"
        yield _of_refusal(name, lambda one=frozen: one.require_valid(policy, closing, now=now))
    record = bundle.get("record")
    yield Finding("开标记录由交易中心签名", is_right=_is_signed(bundle, policy))
    yield Finding("开标记录与截止声明、清单一致", is_right=_is_consistent(record, closing, lists))


def _of_refusal(name: str, deed: Any) -> Finding:  # noqa: ANN401  a call that may refuse
    try:
        deed()
    except Refusal as refusal:
        return Finding(name, is_right=False, words=str(refusal))
    return Finding(name, is_right=True)


def _is_signed(bundle: Mapping[str, Any], policy: Policy) -> bool:
    try:
        signature = bytes.fromhex(str(bundle.get("record_signature")))
        payload = canonical(bundle.get("record"))
        read(RECORD_LABEL, payload, signature, PublicKey.from_hex(policy.centre_key))
    except (ForgedStatement, Refusal, ValueError, TypeError):
        return False
    return True


def _is_consistent(record: object, closing: Closing, lists: list[FrozenList]) -> bool:
    match record:
        case {"closing": str(digest), "lists": dict(named), "bids": list(bids)}:
            pass
        case _:
            return False
    if digest != closing.digest.hex():
        return False
    if named != {frozen.part: frozen.digest.hex() for frozen in lists}:
        return False
    rows = [row for row in bids if isinstance(row, dict)]
    envelopes = sorted(str(row.get("envelope")) for row in rows)
    if envelopes != [each.hex() for each in closing.envelopes] or len(rows) != len(bids):
        return False
    listed = {each.hex() for frozen in lists for each in frozen.envelopes}
    return all(row["envelope"] in listed for row in rows if row.get("state") == OPENED)
