"""Database addresses: ``postgresql://user:password@host:port/name``."""

from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit


def as_django(url: str, *, threads: int) -> dict[str, Any]:
    """Return Django's settings of the database at ``url``, with a pool as wide as the process."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "NAME": unquote(parts.path.lstrip("/")),
        # One connection is kept warm; a busy process may use two more than its threads, for loops.
        "OPTIONS": dict(parse_qsl(parts.query))
        | {"pool": {"min_size": 1, "max_size": threads + 2, "timeout": 10}},
        "CONN_MAX_AGE": 0,
    }


def compose(*, user: str, password: str, host: str, port: int, name: str) -> str:
    """Return the address of a database."""
    return f"postgresql://{quote(user)}:{quote(password)}@{host}:{port}/{quote(name)}"


def without_password(url: str) -> str:
    """Return the address as it may be shown to an operator."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return url.replace(f":{parts.password}@", ":***@", 1)
