"""Secret sharing after Shamir over GF(256), byte by byte (the field of AES, polynomial 11b).

The holder with index x holds f(x) for every byte, where f(0) is the secret; indexes run from 1.
The coefficients are handed in: the envelope derives them, so that they can be checked afterwards.
"""

from collections.abc import Mapping, Sequence
from functools import cache, reduce

MOST_SHARES = 255
_POLYNOMIAL = 0x11B


def _tables() -> tuple[bytes, bytes]:
    """Return powers of the generator 3 (doubled, to spare a modulo) and their logarithms."""
    powers, logarithms, value = bytearray(510), bytearray(256), 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logarithms[value] = exponent
        doubled = value << 1
        value = (doubled ^ _POLYNOMIAL if doubled > 255 else doubled) ^ value  # noqa: PLR2004  one byte
    return bytes(powers), bytes(logarithms)


_POWERS, _LOGARITHMS = _tables()


def multiply(left: int, right: int) -> int:
    """Return the product of two field elements."""
    return _POWERS[_LOGARITHMS[left] + _LOGARITHMS[right]] if left and right else 0


def divide(left: int, right: int) -> int:
    """Return the quotient of two field elements; ``right`` is not zero."""
    if right == 0:
        raise ZeroDivisionError
    return _POWERS[_LOGARITHMS[left] - _LOGARITHMS[right] + 255] if left else 0


def share(secret: bytes, coefficients: Sequence[bytes], index: int) -> bytes:
    """Return the share with this index; ``coefficients`` holds those of x, x squared and so on.

    One more share than there are coefficients recovers the secret; fewer say nothing about it.
    """
    if not 1 <= index <= MOST_SHARES:
        msg = f"no share has the index {index}"
        raise ValueError(msg)
    if any(len(each) != len(secret) for each in coefficients):
        msg = "every coefficient is as long as the secret"
        raise ValueError(msg)
    # Horner's rule on whole rows of bytes.
    return reduce(
        lambda value, each: _sum(_times(value, index), each),
        reversed((secret, *coefficients)),
        bytes(len(secret)),
    )


@cache
def _products(factor: int) -> bytes:
    return bytes(multiply(byte, factor) for byte in range(256))


def _times(row: bytes, factor: int) -> bytes:
    return row.translate(_products(factor))


def _sum(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def recombine(shares: Mapping[int, bytes]) -> bytes:
    """Return the secret from exactly as many shares, by index, as are needed."""
    return interpolate(shares, 0)


def interpolate(shares: Mapping[int, bytes], at: int) -> bytes:
    """Return the value at ``at`` of the polynomial through the shares (Lagrange)."""
    rows = [_times(row, _weight(index, shares, at)) for index, row in shares.items()]
    return reduce(_sum, rows)


def _weight(index: int, shares: Mapping[int, bytes], at: int) -> int:
    weight = 1
    for other in shares:
        if other != index:
            # Subtraction is addition in this field.
            weight = multiply(weight, divide(at ^ other, index ^ other))
    return weight
