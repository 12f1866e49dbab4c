"""HKDF over SM3 against the definition of RFC 5869, written out."""

import hmac

from hypothesis import given, strategies as st

from gongheng.trust.crypto import hkdf


def by_definition(salt: bytes, secret: bytes, label: bytes, length: int) -> bytes:
    key = hmac.new(salt, secret, "sm3").digest()
    made, last = b"", b""
    while len(made) < length:
        last = hmac.new(key, last + label + bytes([len(made) // 32 + 1]), "sm3").digest()
        made += last
    return made[:length]


@given(
    salt=st.binary(max_size=100),
    secret=st.binary(min_size=1, max_size=100),
    label=st.binary(max_size=50),
    length=st.integers(1, 200),
)
def test_keys_are_those_of_the_definition(
    salt: bytes, secret: bytes, label: bytes, length: int
) -> None:
    key = hkdf.extract(salt, secret)

    assert hkdf.expand(key, label, length) == by_definition(salt, secret, label, length)
