"""``gongheng node init``: a new node's folder, with its key and a file to complete."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node import demo_nodes, secret_files

EXISTS = Reason(
    code="node.exists",
    message="这个目录里已经有 node.toml。",
    remedy="请换一个目录；已有的文件和私钥没有改动。",
)
_FILE = """\
# 平台的基本信息。改好后用 gongheng doctor {folder} 检查。
code = {code}
tier = {tier}
name = {name}
region = {region}            # 行政区划代码，6 位
platform_code = "请填写"      # 平台的统一社会信用代码，18 位
service_code = "请填写"       # 公共服务系统的统一社会信用代码，18 位
url = {url}                  # 公众访问的地址

[web]
host = "127.0.0.1"
port = {port}

# 每分钟与这些时间服务器比对一次，偏差超过 1 秒即通知运维人员（规则 T-10）。
[time]
servers = ["ntp.ntsc.ac.cn", "ntp1.nim.ac.cn", "ntp2.nim.ac.cn"]

# 使用已有的数据库时取消注释；口令请放在环境变量 DATABASE_URL 中。
# [database]
# url = "postgresql://gongheng@127.0.0.1:5432/gongheng"

# 每个上级、下级平台写一节。
# [[peer]]
# code = "530000"
# name = "云南省公共资源交易平台"
# tier = "province"
# url = "https://example.cn"
# public_key = "04……"
# direction = "parent"
"""


def _mode() -> int:
    """Return who may enter the node's folder: as root, PostgreSQL's own account passes through."""
    return 0o711 if os.geteuid() == 0 else 0o700


def init(folder: Path, *, code: str, tier: str, name: str, url: str) -> tuple[Path, str]:
    """Make the folder; return its ``node.toml`` and the public key. Raises ``Refusal``."""
    path = folder / "node.toml"
    if path.exists():
        raise Refusal(EXISTS, file=path)
    folder.mkdir(mode=_mode(), parents=True, exist_ok=True)
    key = demo_nodes.ensure_key(folder / "keys" / "node.pem")
    words = {"code": code, "tier": tier, "name": name or "请填写", "region": code, "url": url}
    quoted = {key: json.dumps(word, ensure_ascii=False) for key, word in words.items()}
    port = urlsplit(url).port or 8000
    secret_files.write(path, _FILE.format(folder=folder, port=port, **quoted))
    return path, key.public.to_hex()
