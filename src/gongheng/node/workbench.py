"""The city node that tests and tools run on when no ``node.toml`` is named."""

import atexit
import shutil
import tempfile
from pathlib import Path

from gongheng.node.config import NodeConfig, Peer
from gongheng.trust.crypto import sm2

PROVINCE_URL = "http://127.0.0.1:9"
"""The discard port: nothing of a test run may leave the machine."""


def node() -> NodeConfig:
    """Return a city's node with fresh keys in a folder that goes away with the process."""
    folder = Path(tempfile.mkdtemp(prefix="gongheng-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    key = sm2.PrivateKey.generate()
    key_path = folder / "node.pem"
    key_path.write_bytes(key.to_pem())
    province = Peer(
        code="530000",
        name="云南省公共资源交易平台（测试）",
        tier="province",
        url=PROVINCE_URL,
        public_key=sm2.PrivateKey.generate().public.to_hex(),
        direction="parent",
    )
    return NodeConfig(
        code="530100",
        tier="city",
        name="昆明市公共资源交易平台（测试）",
        region_code="530100",
        platform_code="12530100MB1X000028",
        service_code="12530100MB1X000028",
        url="http://testserver",
        is_demo=True,
        state_dir=folder,
        key_path=key_path,
        public_key=key.public.to_hex(),
        peers=(province,),
    )
