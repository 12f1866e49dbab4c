"""The facts of one node, frozen, and what is said when its file is wrong."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Peer:
    """Another platform that this node exchanges records with.

    ``direction``: ``parent`` receives from us, ``child`` sends to us. ``public_key`` is the SM2
    key in hex, ``04`` + x + y. ``keeps_registers``: the unified subject register and code service
    are there, and this node calls them.
    """

    code: str
    name: str
    tier: str
    url: str
    public_key: str
    direction: str
    kind: str = "gongheng"
    keeps_registers: bool = False


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Where and how widely the node answers.

    ``threads`` is how many requests a worker answers at a time; a long upload keeps one busy, and a
    quarter of them never waits for one (``reception``).
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 64
    trusted_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailConfig:
    """The server that takes the node's e-mail; ``security``: ``none``, ``starttls`` or ``tls``.

    ``password_path`` names a file with the password of ``user`` and nothing else.
    """

    host: str
    sender: str
    port: int = 25
    user: str = ""
    password_path: Path | None = None
    security: str = "none"


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """The facts of one node. ``public_key`` is its own SM2 key in hex.

    ``time_servers``: what the node compares its clock with (T-10), ``host`` or ``host:port``.
    """

    code: str
    tier: str
    name: str
    region_code: str
    platform_code: str
    service_code: str
    url: str
    is_demo: bool
    state_dir: Path
    key_path: Path
    public_key: str
    clock_path: Path | None = None
    database_url: str = ""
    web: WebConfig = field(default_factory=WebConfig)
    peers: tuple[Peer, ...] = ()
    mail: MailConfig | None = None
    time_servers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a configuration file: where, what was found, what is expected, what to do."""

    file: str
    key: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        """Return the sentence for an operator."""
        return f"{self.file}：{self.key} 的值是 {self.found}，应为 {self.expected}。{self.remedy}"


class ConfigFaults(Exception):
    """Everything that is wrong with a node's configuration, together."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
