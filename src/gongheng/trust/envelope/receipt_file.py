"""The file that a bidder keeps: the receipt and, once its leaf is in the log, the proof of that.

It proves itself without the platform; ``judge`` says each step in words and never raises.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.envelope.fields import Fields, whole
from gongheng.trust.envelope.receipts import Inclusion, Receipt
from gongheng.trust.tlog import checkpoint as checkpoints, proof as publication
from gongheng.trust.tlog.exact import from_base64, to_base64
from gongheng.trust.tlog.judge import is_included
from gongheng.trust.tlog.tree import ALGORITHMS, leaf_hash

FORMAT = "gongheng-bid-receipt-file/1"
_FORGED = (
    "与平台的签名不符，不能采信。请从平台重新下载；仍不相符的，请保留文件并向行政监督部门反映。"
)


@dataclass(frozen=True, slots=True)
class LogProof:
    """The way from a receipt to the signed checkpoint of the log."""

    slot: Inclusion
    leaf: bytes
    inclusion: publication.Inclusion
    note: str

    @classmethod
    def read(cls, fields: Fields) -> "LogProof":
        """Read the JSON form. Raises ``ValueError``."""
        inner = fields.inner("inclusion")
        return cls(
            slot=whole(fields.inner("slot"), Inclusion.read),
            leaf=fields.base64("leaf"),
            inclusion=whole(inner, _inclusion),
            note=fields.text("checkpoint", 10_000),
        )

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "slot": self.slot.as_json(),
            "leaf": to_base64(self.leaf),
            "inclusion": {
                "position": self.inclusion.position,
                "size": self.inclusion.size,
                **{
                    name: [to_base64(step) for step in self.inclusion.paths[name]]
                    for name in ALGORITHMS
                },
            },
            "checkpoint": self.note,
        }


def _inclusion(fields: Fields) -> publication.Inclusion:
    return publication.Inclusion(
        position=fields.whole("position", 0, 1 << 62),
        size=fields.whole("size", 1, 1 << 62),
        paths={name: [from_base64(step) for step in fields.texts(name)] for name in ALGORITHMS},
    )


def document(receipt: Receipt, *, platform: PublicKey, proof: LogProof | None) -> dict[str, object]:
    """Return the file as a JSON object."""
    return {
        "format": FORMAT,
        "receipt": receipt.as_json(),
        "public_key": platform.to_hex(),
        "proof": proof.as_json() if proof else {},
    }


def is_one(value: object) -> bool:
    """Tell whether a JSON value says to be such a file."""
    return isinstance(value, dict) and value.get("format") == FORMAT


@dataclass(frozen=True, slots=True)
class _File:
    receipt: Receipt
    public: PublicKey
    proof: LogProof | None

    @classmethod
    def read(cls, fields: Fields) -> "_File":
        if fields.text("format") != FORMAT:
            raise ValueError("format")
        proof = fields.mapping("proof")
        return cls(
            receipt=Receipt.of_json(fields.mapping("receipt")),
            public=PublicKey.from_hex(fields.text("public_key")),
            proof=whole(Fields(proof), LogProof.read) if proof else None,
        )


def judge(value: object, expected_key: PublicKey | None = None) -> list[publication.Step]:
    """Return the steps of checking a receipt; it holds when every one does.

    ``expected_key`` is the key that the platform is known to use.
    """
    try:
        file = whole(Fields(value), _File.read)
    except (ValueError, TypeError, RecursionError, Refusal):
        words = "文件不是完整的投标回执，或已被改动。请从“我的投标”重新下载。"
        return [publication.Step("读取回执", ok=False, words=words)]
    return [
        _judge_receipt(file),
        *(_judge_log(file, file.proof) if file.proof else _not_yet()),
        _judge_key(file, expected_key),
    ]


def _judge_receipt(file: _File) -> publication.Step:
    facts = file.receipt.facts
    try:
        file.receipt.require_signed(file.public)
    except Refusal:
        return publication.Step("核对回执签名", ok=False, words=f"回执{_FORGED}")
    words = (
        f"平台 {facts.node} 确认：{facts.bidder} 第 {facts.number} 次办理，于"
        f" {facts.completed_at.isoformat(sep=' ')} {facts.deed.label}标段 {facts.lot} 的投标文件，"
        f"{facts.size} 字节，摘要 {facts.envelope.hex()}。"
    )
    return publication.Step("核对回执签名", ok=True, words=words)


def _not_yet() -> Iterator[publication.Step]:
    words = "回执尚未附存证路径。存证在一分钟内完成，请稍后重新下载，再核验一次。"
    yield publication.Step("核对存证", ok=True, words=words)


def _judge_log(file: _File, proof: LogProof) -> Iterator[publication.Step]:
    root = _root_in(proof.leaf)
    holds = root is not None and proof.slot.holds(file.receipt.leaf, root)
    words = (
        "回执列入了该时段的存证记录。" if holds else "回执不在所附的存证记录中，不能证明已经存证。"
    )
    yield publication.Step("核对时段", holds, words)
    try:
        checkpoint = checkpoints.open_note(proof.note, file.public)
    except (checkpoints.ForgedCheckpoint, Refusal, ValueError):
        yield publication.Step("核对检查点", ok=False, words=f"检查点{_FORGED}")
        return
    inclusion = proof.inclusion
    holds = inclusion.size == checkpoint.size and all(
        is_included(
            name,
            leaf=leaf_hash(name, proof.leaf),
            position=inclusion.position,
            size=inclusion.size,
            proof=inclusion.paths[name],
            root=checkpoint.root(name),
        )
        for name in ALGORITHMS
    )
    words = (
        f"存证记录是日志前 {inclusion.size} 条中的第 {inclusion.position + 1} 条。"
        if holds
        else "存证记录不在检查点所述的日志中。"
    )
    yield publication.Step("核对检查点", holds, words)


def _root_in(leaf: bytes) -> bytes | None:
    """Return the root that a leaf of a slot carries."""
    try:
        content = json.loads(leaf)
        return bytes.fromhex(content["full"]) if isinstance(content, Mapping) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _judge_key(file: _File, expected: PublicKey | None) -> publication.Step:
    name, key = "核对平台公钥", file.public.to_hex()
    if expected is None:
        words = f"回执内附公钥为 {key}，请与该平台公布的公钥核对。"
        return publication.Step(name, ok=True, words=words)
    if expected != file.public:
        words = f"回执内附公钥为 {key}，不是该平台公布的公钥，不能采信。"
        return publication.Step(name, ok=False, words=words)
    return publication.Step(name, ok=True, words="签名公钥就是该平台公布的公钥。")
