"""What must be true before anything is started; every fault is gathered, none stops the search."""

import os
import shutil
import sys
from pathlib import Path

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node.postgres import binaries, databases
from gongheng.node.postgres.reasons import DISK_FULL, UNREACHABLE_FOLDER
from gongheng.node.postgres.server import LEAST_FREE_BYTES
from gongheng.trust.crypto import sm2

LEAST_PYTHON = (3, 11)

WRONG_INTERPRETER = Reason(
    code="node.wrong_interpreter",
    message="Python 版本过低。",
    remedy="请安装 Python 3.11 或更高版本，删除 .venv 后重新运行 ./start。",
)
NOT_WRITABLE = Reason(
    code="node.not_writable",
    message="状态目录不可写。",
    remedy="请修改目录的所有者或权限，或用环境变量 GONGHENG_STATE 指定别的目录。",
)
NO_SM2 = Reason(
    code="node.no_sm2",
    message="本机的加密库不支持 SM2。",
    remedy="请安装 OpenSSL 3（libssl3）后重新启动。",
)


class Faults(Exception):
    """Everything that stands in the way, together."""

    def __init__(self, faults: list[Exception]) -> None:
        super().__init__(len(faults))
        self.faults = faults


def faults(state: Path, database_url: str) -> list[Exception]:
    """Return what stands in the way of running nodes with their state below ``state``."""
    found: list[Exception] = []
    if sys.version_info < LEAST_PYTHON:
        version = ".".join(str(part) for part in sys.version_info[:3])
        found.append(Refusal(WRONG_INTERPRETER, found=version, expected="3.11"))
    found += _disk_faults(state)
    try:
        sm2.require_engine()
    except (OSError, RuntimeError, Refusal) as error:
        found.append(Refusal(NO_SM2, said=error))
    found += _external_faults(database_url) if database_url else _own_faults(state)
    return found


def _disk_faults(state: Path) -> list[Exception]:
    there = next(path for path in (state, *state.parents) if path.exists())
    found: list[Exception] = []
    if not os.access(there, os.W_OK | os.X_OK):
        found.append(Refusal(NOT_WRITABLE, folder=there))
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE_BYTES:
        found.append(Refusal(DISK_FULL, folder=there, free_bytes=free, needed=LEAST_FREE_BYTES))
    return found


def _external_faults(database_url: str) -> list[Exception]:
    try:
        databases.check(database_url)
    except Refusal as refusal:
        return [refusal]
    return []


def _own_faults(state: Path) -> list[Exception]:
    try:
        account = binaries.runner()
        there = next(path for path in (state, *state.parents) if path.exists())
        if not account.can_enter(there):
            return [Refusal(UNREACHABLE_FOLDER, folder=there)]
    except Refusal as refusal:
        return [refusal]
    return []
