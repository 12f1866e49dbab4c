"""What bidders and holders do on their own machines; each deed answers with JSON."""

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from gongheng import __version__
from gongheng.kernel.clock import FileClock, RealClock
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node.holder_folder import destroy, write
from gongheng.node.say import give, say
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.envelope import (
    bidder_release,
    fingerprint,
    reasons,
    recovery,
    share_release,
)
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.destruction import Destruction, Order
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.holders import announce
from gongheng.trust.envelope.policy import Policy, SignedPolicy
from gongheng.trust.envelope.sealing import Content, seal as seal_bid

ENDING, COVERS = "*.gbe", ".json"
FILE_FAILED = Reason(
    code="node.file_failed",
    message="文件无法读写。",
    remedy="请核对路径、权限和磁盘空间。",
)
NOT_JSON = Reason(
    code="node.not_json",
    message="文件不是 JSON 格式，或已损坏。",
    remedy="请重新下载该文件。",
)
NO_KEY = Reason(
    code="node.no_key",
    message="既没有给出私钥，也没有给出恢复码。",
    remedy="请用 --key 指明加密时所用的私钥；私钥遗失的，用 --recovery-code 指明写有恢复码的文件。",
)
NOT_SENT = Reason(
    code="node.release_not_sent",
    message="解密文件已经生成，但平台没有收下。",
    remedy="请按平台所说的原因处理；也可以把输出保存为文件，在开标大厅上传。",
)
NO_SUCH_PART = Reason(
    code="node.no_such_part",
    message="投标文件里没有这一部分，或这一部分不须由投标人解密。",
    remedy="请核对 --part 的名称。",
)


def run(name: str, asked: argparse.Namespace) -> int:
    """Do a deed by its name and return the exit code. Raises ``Refusal``."""
    try:
        _DEEDS[name](asked)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise Refusal(FILE_FAILED, path=error.filename, cause=cause) from error
    return 0


def _seal(asked: argparse.Namespace) -> None:
    signed = SignedPolicy.of_json(_json(asked.policy))
    policy = signed.policy
    _require_digest(policy, asked.policy_digest)
    if policy.takes_fingerprint and not asked.consent:
        say(fingerprint.CONSENT)
        raise Refusal(reasons.FINGERPRINT_MISSING)
    paper: Path = asked.recovery_code or asked.out.with_name(asked.out.name + ".recovery.txt")
    is_on_paper = not asked.no_recovery_code and any(part.bidder for part in policy.parts)
    if is_on_paper and paper.exists():
        raise Refusal(reasons.PLACE_TAKEN, path=paper)
    made = seal_bid(_contents(asked.folder, policy), asked.out, signed=signed, key=_key(asked.key))
    if is_on_paper:
        _write_secret(paper, recovery.code_of(made.seed) + "\n")
        say(f"恢复码写在 {paper}。请打印后妥善保存，并删除该文件；持有它等于持有投标人的一半密钥。")
    _answer(
        {
            "lot": policy.lot,
            "envelope": made.cover.digest.hex(),
            "size": made.cover.size,
            "policy": policy.digest.hex(),
            "recovery_code": str(paper) if is_on_paper else None,
        }
    )


def _require_digest(policy: Policy, told: str) -> None:
    if told and told.lower() != policy.digest.hex():
        raise Refusal(reasons.POLICY_OTHER, found=policy.digest.hex(), expected=told)
    if not told:
        say(f"开启规则摘要：{policy.digest.hex()}。请与招标文件载明的摘要核对。")


def _contents(folder: Path, policy: Policy) -> dict[str, Content]:
    """Return the files of each part: from its own folder, or all where the policy has one part."""
    if not folder.is_dir():
        raise Refusal(FILE_FAILED, path=folder, cause="不是文件夹")
    found: dict[str, Content] = {}
    for part in policy.parts:
        homes = [folder / name for name in (part.name, part.title) if (folder / name).is_dir()]
        home = folder if len(policy.parts) == 1 and not homes else next(iter(homes), None)
        files = _files(home) if home else {}
        if files:
            marks = _marks(files) if policy.takes_fingerprint else {}
            found[part.name] = Content(files, marks)
    _require_all_sealed(folder, found)
    return found


def _require_all_sealed(folder: Path, found: Mapping[str, Content]) -> None:
    """Refuse a folder with files that would silently be left out of the bid."""
    sealed = {path for content in found.values() for path in content.files.values()}
    forgotten = sorted(str(path) for path in _files(folder).values() if path not in sealed)
    if forgotten:
        raise Refusal(reasons.NOTHING_TO_SEAL, forgotten="、".join(forgotten))


def _files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _marks(files: Mapping[str, Path]) -> dict[str, object]:
    return fingerprint.take(files, tool="gongheng seal", version=__version__)


def _bid_release(asked: argparse.Namespace) -> None:
    cover = Cover.of_file(asked.envelope)
    closing = Closing.of_json(_json(asked.closing))
    key = _key(asked.key) if asked.key else None
    if asked.recovery_code:
        seed = recovery.seed_of(asked.recovery_code.read_text(encoding="utf-8"))
    elif key:
        seed = bidder_release.seed_of(cover, key)
    else:
        raise Refusal(NO_KEY)
    given = [
        bidder_release.release(
            cover, part, seed=seed, key=key, closing=closing, now=_now(asked)
        ).as_json()
        for part in _parts(cover, asked.part)
    ]
    for each in given:
        _answer(each)
    if asked.send:
        _send(asked.send, given)


def _send(url: str, given: Sequence[Mapping[str, object]]) -> None:
    """Hand the release to the node. Raises ``Refusal`` (NOT_SENT)."""
    import httpx  # noqa: PLC0415  only those who send need it

    try:
        answer = httpx.post(url, json=list(given), timeout=60, trust_env=False)
    except httpx.HTTPError as error:
        raise Refusal(NOT_SENT, cause=str(error) or type(error).__name__) from error
    if not answer.is_success:
        raise Refusal(NOT_SENT, status=answer.status_code, said=_said(answer))
    say("平台已收到解密文件。")


def _said(answer: Any) -> str:  # noqa: ANN401  httpx is loaded only where something is sent
    try:
        found = answer.json()
    except ValueError:
        return ""
    return f"{found.get('message', '')}{found.get('remedy', '')}" if isinstance(found, dict) else ""


def _parts(cover: Cover, named: list[str] | None) -> list[str]:
    rules = [cover.header.policy.part(each.name) for each in cover.header.parts]
    mine = [part for part in rules if part.bidder]
    unknown = set(named or ()) - {part.name for part in mine}
    if unknown:
        raise Refusal(NO_SUCH_PART, parts="、".join(sorted(unknown)))
    return named or [part.name for part in mine]


def _holder_keygen(asked: argparse.Namespace) -> None:
    key = PrivateKey.generate()
    made = announce(
        lot=asked.lot,
        code=asked.code,
        name=asked.name,
        key=key,
        standing=_key(asked.standing_key),
        now=_now(asked),
    )
    _write_secret(asked.out, key.to_pem().decode())
    say(f"保管私钥写在 {asked.out}。请勿复制或外传；把下面的声明交给招标人。")
    _answer(made.as_json())


def _holder_release(asked: argparse.Namespace) -> None:
    policy = SignedPolicy.of_json(_json(asked.policy)).policy
    given = share_release.release(
        list(_covers(asked.envelopes)),
        key=_key(asked.key),
        policy=policy,
        closing=Closing.of_json(_json(asked.closing)),
        frozen=FrozenList.of_json(_json(asked.list)),
        now=_now(asked),
    )
    if given.unusable:
        say(f"有 {len(given.unusable)} 份投标文件给本单位的密文不可用，已在声明中写明。")
    _answer(given.as_json())


def _holder_destroy(asked: argparse.Namespace) -> None:
    """Destroy a key by hand on the centre's order; the statement is on the disk before the key goes."""
    policy = SignedPolicy.of_json(_json(asked.policy)).policy
    kept = asked.key.with_suffix(".destroyed.json")
    if kept.exists() and not asked.key.exists():
        _answer(_json(kept))
        return
    order, now = Order.of_json(_json(asked.order)), _now(asked)
    order.require_valid(policy, now=now)
    made = Destruction.make(
        order, code=asked.code, key=_key(asked.key), standing=_key(asked.standing_key), now=now
    )
    made.require_valid(policy)
    write(kept, json.dumps(made.as_json(), ensure_ascii=False).encode())
    destroy(asked.key)
    say(f"标段 {policy.lot} 的保管私钥已覆写并删除。请把下面的声明交给交易中心（也存于 {kept}）。")
    _answer(made.as_json())


def _covers(paths: list[Path]) -> Iterator[Cover]:
    """Yield the covers of envelopes, of those in folders, and those that a platform gave as a file."""
    for path in paths:
        if path.is_dir():
            yield from map(Cover.of_file, sorted(path.glob(ENDING)))
        elif path.suffix == COVERS:
            fields = _json(path)
            rows = fields.get("covers") if isinstance(fields, dict) else None
            yield from map(Cover.of_json, rows if isinstance(rows, list) else [fields])
        else:
            yield Cover.of_file(path)


def _now(asked: argparse.Namespace) -> datetime:
    if asked.clock:
        say("正在使用演示时钟，所得结果只能用于演练。")
        return FileClock(asked.clock).now()
    return RealClock().now()


def _key(path: Path) -> PrivateKey:
    return PrivateKey.from_pem(path.read_bytes())


def _json(path: Path) -> Any:  # noqa: ANN401  whatever stands in the file; its reader judges it
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Refusal(NOT_JSON, path=path) from error


def _write_secret(path: Path, text: str) -> None:
    """Write a secret into a new file that only its owner can read. Raises ``Refusal``."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refusal(reasons.PLACE_TAKEN, path=path) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _answer(value: Mapping[str, object]) -> None:
    give(json.dumps(value, ensure_ascii=False, sort_keys=True))


_DEEDS: Mapping[str, Callable[[argparse.Namespace], None]] = {
    "seal": _seal,
    "bid_release": _bid_release,
    "holder_keygen": _holder_keygen,
    "holder_destroy": _holder_destroy,
    "holder_release": _holder_release,
}
