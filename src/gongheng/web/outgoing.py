"""Calls to other platforms and programs; which authorities are trusted is read once in a process."""

import ssl
from functools import cache

import httpx


@cache
def _authorities() -> ssl.SSLContext:
    """Read the trusted certificates: it takes a tenth of a second, for every client that has none."""
    return httpx.create_ssl_context(trust_env=False)


def client(timeout: httpx.Timeout | float, *, follow_redirects: bool = False) -> httpx.Client:
    """Return a client that no setting of the environment turns aside; ``timeout`` in seconds."""
    return httpx.Client(
        timeout=timeout,
        follow_redirects=follow_redirects,
        trust_env=False,
        verify=_authorities(),
    )
