"""What a node's settings read from its own folder or the environment: secrets, addresses."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from gongheng.node.config import NodeConfig

DATABASE_URL_FILE = "database.url"
"""In the node's state folder: where ``gongheng up`` notes the address of the server it runs."""


def write(path: Path, text: str) -> None:
    """Write ``text`` so that only the owner can read it, never half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def read_or_make(path: Path) -> str:
    """Return the secret in ``path``; the first reader makes it."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        write(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="utf-8")


def database_url(node: NodeConfig) -> str:
    """Return the database's address: environment, node.toml, then what ``up`` noted."""
    told = os.environ.get("DATABASE_URL", "") or node.database_url
    noted = node.state_dir / DATABASE_URL_FILE
    if told or not noted.exists():
        return told
    return noted.read_text(encoding="utf-8").strip()


def trusted_hosts(node: NodeConfig) -> list[str]:
    """Return the host names that requests may carry: the node's own, and this machine's."""
    own = urlsplit(node.url).hostname or ""
    hosts = {own, "127.0.0.1", "localhost", "[::1]", *node.web.trusted_hosts}
    return sorted(hosts - {""})
