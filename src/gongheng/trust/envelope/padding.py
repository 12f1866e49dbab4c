"""Sizes are rounded up, so that the length of a sealed part tells little about its content.

A part is 1, 2, 3 or 4 MiB long, or 5, 6, 7 or 8 times a power of two MiB: 32 lengths up to 512 MiB.
The padding is below one MiB or below a quarter of the content.
"""

from collections.abc import Iterator

from gongheng.trust.envelope.suites import CHUNK

MOST_CHUNKS = 512
_FIRST_MARKS = 4


def lengths() -> Iterator[int]:
    """Yield every length a part may have, in chunks of one MiB, rising."""
    yield from range(1, _FIRST_MARKS + 1)
    scale = 1
    while scale * 8 <= MOST_CHUNKS:
        yield from (scale * mark for mark in (5, 6, 7, 8))
        scale *= 2


LENGTHS = tuple(lengths())


def chunks_for(size: int) -> int:
    """Return how many chunks a content of ``size`` bytes takes. Raises ``ValueError`` over the top."""
    for length in LENGTHS:
        if size <= length * CHUNK:
            return length
    msg = f"{size} bytes are too many for one part"
    raise ValueError(msg)
