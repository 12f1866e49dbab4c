"""``python -m gongheng.trust.tlog PATH [--key HEX] [--seen FILE]``: verify an export folder or a proof file.

Needs no database, no Django and no network. Leaves with 0 when everything holds, else with 1.
"""

import argparse
import json
import sys
from pathlib import Path

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.tlog.bundle import verify_directory
from gongheng.trust.tlog.proof import verify_proof


def main(arguments: list[str] | None = None) -> int:
    """Verify what was named on the command line and print the outcome."""
    parser = argparse.ArgumentParser(
        prog="gongheng.trust.tlog", description="核验存证日志或公告证明"
    )
    parser.add_argument("path", type=Path, help="导出文件夹，或公告证明（JSON 文件）")
    parser.add_argument("--key", help="该平台公布的公钥：04 开头的十六进制")
    parser.add_argument("--seen", type=Path, help="先前取得的检查点文件：用来发现日志被倒退")
    asked = parser.parse_args(arguments)
    try:
        key = PublicKey.from_hex(asked.key) if asked.key else None
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    try:
        seen = asked.seen.read_text("utf-8") if asked.seen else None
    except (OSError, UnicodeError):
        sys.stderr.write(f"无法读取 {asked.seen}。请核对路径。\n")
        return 1
    ok, lines = _folder(asked.path, key, seen) if asked.path.is_dir() else _proof(asked.path, key)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0 if ok else 1


def _folder(path: Path, key: PublicKey | None, seen: str | None) -> tuple[bool, list[str]]:
    report = verify_directory(path, expected_key=key, seen=seen)
    return report.ok, report.lines()


def _proof(path: Path, key: PublicKey | None) -> tuple[bool, list[str]]:
    try:
        document = json.loads(path.read_bytes())
    except OSError:
        return False, [f"无法读取 {path}。请核对路径。"]
    except (ValueError, RecursionError):
        document = None
    steps = verify_proof(document, key)
    lines = [f"{'通过' if step.ok else '未通过'}  {step.name}：{step.words}" for step in steps]
    return all(step.ok for step in steps), lines


if __name__ == "__main__":
    sys.exit(main())
