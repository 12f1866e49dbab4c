"""The commands of a subject, which run on its own machine: no node, no database."""

import argparse
import json
from pathlib import Path

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node import secret_files
from gongheng.node.say import give, say
from gongheng.node.sealing import Command
from gongheng.trust.crypto import key_proof
from gongheng.trust.crypto.sm2 import PrivateKey

KEY_MISSING = Reason(
    code="node.subject_key_missing",
    message="没有找到私钥文件，或文件无法读取。",
    remedy="请核对 --key 的路径；还没有私钥的，加上 --new 生成一个。",
)
KEY_THERE = Reason(
    code="node.subject_key_there",
    message="该路径已有文件，没有覆盖。",
    remedy="请换一个路径，或去掉 --new 使用已有的私钥。",
)


def add_to(command: Command) -> None:
    """Add ``subject key`` to the command line."""
    subject = command("subject", _no_deed, "主体（投标人、招标人等）在自己电脑上的操作")
    deeds = subject.add_subparsers(required=True, metavar="动作")
    key = deeds.add_parser("key", help="出具持有签名私钥的证明，用于在平台登记公钥")
    key.set_defaults(deed=_key)
    key.add_argument("--code", required=True, help="本单位的统一社会信用代码")
    key.add_argument("--key", type=Path, required=True, help="SM2 私钥（PEM）")
    key.add_argument("--new", action="store_true", help="先生成新的私钥，写到 --key 所指的文件")


def _no_deed(_asked: argparse.Namespace) -> int:
    return 2


def _key(asked: argparse.Namespace) -> int:
    if asked.new:
        if asked.key.exists():
            raise Refusal(KEY_THERE, path=asked.key)
        key = PrivateKey.generate()
        secret_files.write(asked.key, key.to_pem().decode("ascii"))
        say(f"私钥写在 {asked.key}。请妥善保管，不要上传或外传。")
    else:
        try:
            key = PrivateKey.from_pem(asked.key.read_bytes())
        except OSError as error:
            raise Refusal(KEY_MISSING, path=asked.key) from error
    give(json.dumps(key_proof.prove(asked.code, key), sort_keys=True))
    return 0
