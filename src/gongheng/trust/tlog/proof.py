"""The proof of publication of one record: one JSON document that proves itself, without us.

It holds the public body with its salt, the columns shown beside it (time, version, case and the like),
the leaf, the way from the leaf to both roots, the signed checkpoint with these roots and the signer's
public key. ``verify_proof`` needs nothing else. Proofs of the first format have no columns: their
leaf still tells what was published beside the body.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import to_second
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.tlog import checkpoint as checkpoints
from gongheng.trust.tlog.exact import from_base64, from_hex, to_base64
from gongheng.trust.tlog.judge import is_included
from gongheng.trust.tlog.leaves import Claim, claim_of, public_digest
from gongheng.trust.tlog.rows import Disclosure
from gongheng.trust.tlog.tree import ALGORITHMS, leaf_hash

FORMAT = "gongheng-proof/2"
WITHOUT_COLUMNS = "gongheng-proof/1"

_NAMES = {"sha256": "SHA-256", "sm3": "SM3"}
_COLUMNS = {
    "at": "时间",
    "version": "版本",
    "kind": "类别",
    "case": "标识码",
    "region": "地区代码",
    "origin": "来源平台",
}
"""The columns that are read out to people, in this order."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the check: its name, whether it holds, and what that means."""

    name: str
    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The way from a leaf to the roots of the log at one size, for each algorithm."""

    position: int
    size: int
    paths: Mapping[str, Sequence[bytes]]


def document(
    *,
    record: str,
    opened: Disclosure,
    leaf: bytes,
    inclusion: Inclusion,
    note: str,
    public: PublicKey,
) -> dict[str, Any]:
    """Return the proof of publication as a JSON object; ``opened`` is what pages show today."""
    return {
        "format": FORMAT,
        "record": {
            "id": record,
            "salt": opened.salt.hex(),
            "public": dict(opened.body),
            "columns": dict(opened.columns),
        },
        "leaf": {"position": inclusion.position, "data": to_base64(leaf)},
        "inclusion": {
            "size": inclusion.size,
            **{
                algorithm: [to_base64(step) for step in inclusion.paths[algorithm]]
                for algorithm in ALGORITHMS
            },
        },
        "checkpoint": note,
        "public_key": public.to_hex(),
    }


def verify_proof(proof: object, expected_key: PublicKey | None = None) -> list[Step]:
    """Return the steps of checking a proof of publication; it holds when every step does.

    ``expected_key`` is the key that the platform is known to use; without it the last step only
    names the key that was found. Never raises, whatever the document is.
    """
    try:
        parts = _read(proof)
    except (ValueError, TypeError, KeyError, RecursionError):
        words = "文件不是完整的公告证明，或已被改动。请从公告页面重新下载。"
        return [Step("读取证明文件", ok=False, words=words)]
    except Refusal as refusal:
        return [Step("读取证明文件", ok=False, words=str(refusal))]
    return [
        Step("读取证明文件", ok=True, words="证明文件的格式完整。"),
        _judge_body(parts),
        _judge_columns(parts),
        *_judge_paths(parts),
        _judge_signature(parts),
        _judge_key(parts, expected_key),
    ]


@dataclass(frozen=True, slots=True)
class _Parts:
    record: str
    salt: bytes
    body: dict[str, object]
    columns: dict[str, object] | None
    leaf: bytes
    claim: Claim | None
    inclusion: Inclusion
    note: str
    checkpoint: checkpoints.Checkpoint
    public: PublicKey


def _read(proof: object) -> _Parts:
    whole = _object(proof, {"format", "record", "leaf", "inclusion", "checkpoint", "public_key"})
    if whole["format"] not in (FORMAT, WITHOUT_COLUMNS):
        raise ValueError(FORMAT)
    has_columns = whole["format"] == FORMAT
    columns = {"columns"} if has_columns else set()
    record = _object(whole["record"], {"id", "salt", "public", *columns})
    leaf = _object(whole["leaf"], {"position", "data"})
    inclusion = _object(whole["inclusion"], {"size", *ALGORITHMS})
    note, key = _text(whole["checkpoint"]), _text(whole["public_key"])
    canonical(record)  # refuses what has no exact form, and what is nested without end
    data = from_base64(_text(leaf["data"]))
    claim = claim_of(data)
    canonical(claim.columns if claim else None)
    return _Parts(
        record=_text(record["id"]),
        salt=from_hex(_text(record["salt"])),
        body=_object(record["public"]),
        columns=_object(record["columns"]) if has_columns else None,
        leaf=data,
        claim=claim,
        inclusion=Inclusion(
            position=_whole_number(leaf["position"]),
            size=_whole_number(inclusion["size"]),
            paths={
                name: [from_base64(_text(step)) for step in _list(inclusion[name])]
                for name in ALGORITHMS
            },
        ),
        note=note,
        checkpoint=checkpoints.read(note),
        public=PublicKey(from_hex(key)),
    )


def _judge_body(parts: _Parts) -> Step:
    claim = parts.claim
    holds = (
        claim is not None
        and claim.record == parts.record
        and claim.public == public_digest(parts.salt, parts.body)
    )
    words = (
        "公布的内容与存证记录中的摘要一致。"
        if holds
        else "公布的内容与存证记录中的摘要不一致，内容可能已被改动。请从公告页面重新下载证明。"
    )
    return Step("核对公布内容", holds, words)


def _judge_columns(parts: _Parts) -> Step:
    """Compare what pages show beside the body with the leaf: it could be changed by itself."""
    name, claim = "核对时间、版本等项目", parts.claim
    logged = claim.columns if claim else {}
    said = _said(logged)
    if parts.columns is None:
        words = f"这份证明（第一版格式）没有附这些项目，请以存证记录所载为准：{said}。"
        return Step(name, claim is not None, words)
    # By their exact spelling: to this language the number 1 equals the truth value.
    if claim is not None and canonical(parts.columns) == canonical(logged):
        return Step(name, ok=True, words=f"随正文公布的项目与存证记录一致：{said}。")
    exact = _said(logged, is_exact=True)
    words = f"随正文公布的时间、版本等项目与存证记录不一致，可能已被改动。存证记录所载：{exact}。"
    return Step(name, ok=False, words=words)


def _said(logged: Mapping[str, Any], *, is_exact: bool = False) -> str:
    """Read the columns out; where they differ in their exact spelling, as it could be by less than a second."""
    told = dict(logged)
    if not is_exact:
        with suppress(KeyError, TypeError, ValueError):
            told["at"] = to_second(datetime.fromisoformat(told["at"]))
    return "，".join(f"{word} {told[name]}" for name, word in _COLUMNS.items() if told.get(name))


def _judge_paths(parts: _Parts) -> Iterator[Step]:
    inclusion, checkpoint = parts.inclusion, parts.checkpoint
    for algorithm in ALGORITHMS:
        holds = inclusion.size == checkpoint.size and is_included(
            algorithm,
            leaf=leaf_hash(algorithm, parts.leaf),
            position=inclusion.position,
            size=inclusion.size,
            proof=inclusion.paths[algorithm],
            root=checkpoint.root(algorithm),
        )
        words = (
            f"该记录是存证日志前 {inclusion.size} 条中的第 {inclusion.position + 1} 条。"
            if holds
            else f"按 {_NAMES[algorithm]} 计算，该记录不在检查点所述的存证日志中，不能证明曾经公布。"
        )
        yield Step(f"核对{_NAMES[algorithm]}路径", holds, words)


def _judge_signature(parts: _Parts) -> Step:
    try:
        checkpoints.open_note(parts.note, parts.public)
    except checkpoints.ForgedCheckpoint as forged:
        return Step("核对检查点签名", ok=False, words=str(forged))
    origin, made_at = parts.checkpoint.origin, to_second(parts.checkpoint.made_at)
    words = f"检查点由日志“{origin}”的持有者于 {made_at} 用国密 SM2 签名。"
    return Step("核对检查点签名", ok=True, words=words)


def _judge_key(parts: _Parts, expected: PublicKey | None) -> Step:
    name, key = "核对签名公钥", parts.public.to_hex()
    if expected is None:
        return Step(name, ok=True, words=f"证明内附公钥为 {key}，请与该平台公布的公钥核对。")
    if expected != parts.public:
        words = f"证明内附公钥为 {key}，不是该平台公布的公钥，不能采信。"
        return Step(name, ok=False, words=words)
    return Step(name, ok=True, words="签名公钥就是该平台公布的公钥。")


def _object(value: object, names: set[str] | None = None) -> dict[str, Any]:
    if not isinstance(value, dict) or (names is not None and set(value) != names):
        raise ValueError(names)
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(list)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(str)
    return value


def _whole_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(int)
    return value
