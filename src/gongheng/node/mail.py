"""How a node sends e-mail: by the server that ``node.toml`` names, in a demonstration into files."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from gongheng.node.config import NodeConfig

_BACKENDS = "django.core.mail.backends."
SECONDS = 15
"""How long a mail server may take to answer."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What Django's mail settings are made of; without a server nothing is sent."""

    backend: str
    sender: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    security: str = "none"


def of(node: NodeConfig) -> MailSettings:
    """Return the mail settings of a node. Raises ``OSError`` for a password that cannot be read."""
    if node.mail is None:
        sender = f"no-reply@{urlsplit(node.url).hostname or 'localhost'}"
        return MailSettings(
            _BACKENDS + ("filebased" if node.is_demo else "dummy") + ".EmailBackend", sender
        )
    path = node.mail.password_path
    return MailSettings(
        backend=_BACKENDS + "smtp.EmailBackend",
        sender=node.mail.sender,
        host=node.mail.host,
        port=node.mail.port,
        user=node.mail.user,
        password=path.read_text(encoding="utf-8").strip() if path else "",
        security=node.mail.security,
    )
