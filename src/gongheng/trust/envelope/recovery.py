"""The recovery code: the bidder's seed on paper, for the day when its key is lost.

Fourteen groups of four characters without I, L, O and U: 32 bytes of seed, 3 bytes of check.
"""

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.derivation import SECRET_LENGTH

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS = 14
GROUP = 4
_CHECK_LENGTH = 3
_LENGTH = SECRET_LENGTH + _CHECK_LENGTH
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\n": "", "\r": ""})


def _check(seed: bytes) -> bytes:
    return sm3(b"gongheng envelope 1 recovery" + seed)[:_CHECK_LENGTH]


def code_of(seed: bytes) -> str:
    """Return the code of a seed, in groups joined by hyphens."""
    value = int.from_bytes(seed + _check(seed))
    letters = [ALPHABET[value >> shift & 31] for shift in range(_LENGTH * 8 - 5, -1, -5)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))


def seed_of(code: str) -> bytes:
    """Return the seed of a code as a person typed it. Raises ``Refusal``."""
    letters = code.upper().translate(_MISREAD)
    if len(letters) != GROUPS * GROUP or not set(letters) <= set(ALPHABET):
        raise Refusal(reasons.RECOVERY_CODE_WRONG)
    value = 0
    for letter in letters:
        value = value << 5 | ALPHABET.index(letter)
    data = value.to_bytes(_LENGTH)
    seed, check = data[:SECRET_LENGTH], data[SECRET_LENGTH:]
    if check != _check(seed):
        raise Refusal(reasons.RECOVERY_CODE_WRONG)
    return seed
