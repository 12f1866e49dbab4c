"""The three nodes of the demonstration: their folders, keys, files and common clock."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gongheng.kernel.clock import FileClock
from gongheng.node import config_file, secret_files
from gongheng.node.config import ConfigFaults, NodeConfig
from gongheng.node.processes import next_claim
from gongheng.node.tiers import TIERS
from gongheng.trust.crypto import sm2

CLOCK = "clock.json"
VENDOR = "qujing"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a demonstration node before it exists."""

    folder: str
    code: str
    tier: str
    name: str
    platform_code: str
    service_code: str
    port: int
    parent: str = ""
    kind: str = "gongheng"


NODES = (
    Facts(
        "city",
        "530100",
        "city",
        "昆明市公共资源交易平台（演示）",
        "12530100MB1X000028",
        "12530100MB1X000028",
        8001,
        parent="530000",
    ),
    Facts(
        "province",
        "530000",
        "province",
        "云南省公共资源交易平台（演示）",
        "12530000MB1X000010",
        "12530000MB1X000010",
        8000,
        parent="000000",
    ),
    Facts(
        "nation",
        "000000",
        "nation",
        "国家公共资源交易平台（演示）",
        "12100000MB1X00002U",
        "12100000MB1X00002U",
        8002,
    ),
)
"""In the order in which they start: the city's portal is what a newcomer looks at first."""
OTHER_VENDOR = Facts(
    VENDOR,
    "530300",
    "city",
    "曲靖市公共资源交易平台（其他厂商，演示）",
    "",
    "",
    8009,
    parent="530000",
    kind="vendor",
)
"""A second city's platform, written by somebody else; the examples hold its program."""


def write(state: Path) -> list[Path]:
    """Make what is missing of the three nodes' folders and return their ``node.toml``.

    What stands there is left alone: an operator may have changed it.
    """
    state.mkdir(mode=0o755, parents=True, exist_ok=True)
    FileClock(state / CLOCK).begin()
    for facts in NODES:
        (state / facts.folder).mkdir(mode=0o700, exist_ok=True)
    known = (*NODES, OTHER_VENDOR)
    keys = {facts.code: _public_key(key_path(state, facts)) for facts in known}
    files = []
    for facts in NODES:
        path = state / facts.folder / "node.toml"
        if not path.exists():
            secret_files.write(path, _text(facts, keys))
        files.append(path)
    return files


def key_path(state: Path, facts: Facts) -> Path:
    """Return where the private key of a platform lies; another vendor's is nobody's of ours."""
    folder = state / facts.folder / "keys" if facts in NODES else state / "people" / facts.folder
    return folder / "node.pem"


def _public_key(path: Path) -> str:
    return ensure_key(path).public.to_hex()


def ensure_key(path: Path) -> sm2.PrivateKey:
    """Return the key in ``path``, made (0600) with its public half beside it if it is missing."""
    if path.exists():
        return sm2.PrivateKey.from_pem(path.read_bytes())
    key = sm2.PrivateKey.generate()
    secret_files.write(path, key.to_pem().decode("ascii"))
    path.with_suffix(".pub").write_text(key.public.to_hex() + "\n")
    return key


def _address(facts: Facts) -> str:
    return f"http://127.0.0.1:{facts.port}"


def _text(facts: Facts, keys: Mapping[str, str]) -> str:
    lines = [
        f'code = "{facts.code}"',
        f'tier = "{facts.tier}"',
        f'name = "{facts.name}"',
        f'region = "{facts.code}"',
        f'platform_code = "{facts.platform_code}"',
        f'service_code = "{facts.service_code}"',
        f'url = "{_address(facts)}"',
        "demo = true",
        f'clock = "../{CLOCK}"',
        "",
        "[web]",
        f"port = {facts.port}",
    ]
    for peer in (*NODES, OTHER_VENDOR):
        if peer.code != facts.parent and peer.parent != facts.code:
            continue
        lines += [
            "",
            "[[peer]]",
            f'code = "{peer.code}"',
            f'name = "{peer.name}"',
            f'tier = "{peer.tier}"',
            f'url = "{_address(peer)}"',
            f'public_key = "{keys[peer.code]}"',
            f'direction = "{"parent" if peer.code == facts.parent else "child"}"',
            f'kind = "{peer.kind}"',
        ]
        if peer.code == facts.parent and TIERS[peer.tier].keeps_registers:
            lines.append("registers = true")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Moved:
    """A node that answers on another port, because the one in its file is taken."""

    name: str
    wanted: int
    given: int


def move_off_taken_ports(
    files: list[Path], nodes: list[NodeConfig], claims: list[socket.socket]
) -> list[Moved]:
    """Give demonstration nodes with a taken port the next free one, in every node's file.

    What holds the ports for this process is added to ``claims``.
    """
    moved: list[Moved] = []
    for node in nodes:
        port, claimed = next_claim(node.web.port, node.web.host)
        claims.append(claimed)
        if port != node.web.port:
            moved.append(Moved(node.name, node.web.port, port))
    if moved:
        for path in files:
            secret_files.write(path, _with_ports(path.read_text(encoding="utf-8"), moved))
    return moved


def _with_ports(text: str, moved: list[Moved]) -> str:
    """Return a file's text with all ports moved at once, so that none is moved twice."""
    given = {str(each.wanted): str(each.given) for each in moved}
    pattern = re.compile(r'(?m)(^port = |^url = "http://127\.0\.0\.1:)(\d+)')
    return pattern.sub(lambda found: found[1] + given.get(found[2], found[2]), text)


def read_all(files: list[Path]) -> tuple[list[NodeConfig], list[Exception]]:
    """Return the nodes whose files are right, and the faults of all others."""
    nodes: list[NodeConfig] = []
    faults: list[Exception] = []
    for path in files:
        try:
            nodes.append(config_file.read(path))
        except ConfigFaults as fault:
            faults.append(fault)
    return nodes, faults
