"""What the log of a node does not tell, and what an address stands for where it would tell too much."""

import logging
from collections.abc import Collection

from django.conf import settings


class Discreet(logging.Filter):
    """Passes over refused requests of secret addresses: who reads the log would count who asks.

    Our own faults are told wherever they are.
    """

    def __init__(self, beginnings: Collection[str]) -> None:
        super().__init__()
        self._beginnings = tuple(beginnings)

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line goes into the log."""
        path = str(getattr(getattr(record, "request", None), "path", ""))
        return record.levelno >= logging.ERROR or not path.startswith(self._beginnings)


def told(path: str) -> str:
    """Return an address as a log or trail may name it: of a secret one no more than its beginning."""
    secret = (one for one in settings.SECRET_ADDRESSES if path.startswith(one))
    return next(secret, path).replace("\0", "")
