"""UUIDv7 made in the application (RFC 9562): sortable by machine time, no sequence to contend for."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a new version 7 UUID: 48 bits of Unix milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & ((1 << 48) - 1)) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
