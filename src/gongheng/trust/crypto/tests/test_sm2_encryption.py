"""SM2 encryption against the published example, a foreign implementation and tampering."""

import json
import os
from pathlib import Path

import pytest
from gmssl import sm2 as foreign

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import sm2
from gongheng.trust.crypto.tests.test_sm2 import pem_of_scalar

PUBLISHED = json.loads((Path(__file__).parent / "sm2.json").read_text())["encrypt"]
MESSAGE = PUBLISHED["message_ascii"].encode()
CIPHERTEXT = bytes.fromhex(PUBLISHED["ciphertext_c1c3c2_der"])
POINT = PUBLISHED["public_key_x"] + PUBLISHED["public_key_y"]
LENGTHS = (1, 16, 31, 32, 33, 64, 255, 1000)


@pytest.fixture
def owner() -> sm2.PrivateKey:
    return sm2.PrivateKey.from_pem(pem_of_scalar(PUBLISHED["private_key"]))


@pytest.fixture
def other() -> foreign.CryptSM2:
    return foreign.CryptSM2(private_key=PUBLISHED["private_key"], public_key=POINT, mode=1)


def fields(der: bytes) -> list[bytes]:
    """The values inside a SEQUENCE of short or long form."""

    def one(data: bytes) -> tuple[bytes, bytes]:
        length, start = data[1], 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[2:start])
        return data[start : start + length], data[start + length :]

    rest, found = one(der)[0], []
    while rest:
        value, rest = one(rest)
        found.append(value)
    return found


def raw(der: bytes) -> bytes:
    x, y, digest, cipher = fields(der)
    return b"".join(int.from_bytes(number).to_bytes(32) for number in (x, y)) + digest + cipher


def der_of(raw_bytes: bytes) -> bytes:
    def tlv(tag: int, value: bytes) -> bytes:
        size = len(value)
        head = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2)
        return bytes([tag]) + head + value

    def number(data: bytes) -> bytes:
        value = int.from_bytes(data)
        return tlv(2, value.to_bytes(value.bit_length() // 8 + 1))

    point, digest, cipher = raw_bytes[:64], raw_bytes[64:96], raw_bytes[96:]
    inside = number(point[:32]) + number(point[32:]) + tlv(4, digest) + tlv(4, cipher)
    return tlv(0x30, inside)


def test_the_published_ciphertext_is_read(owner: sm2.PrivateKey) -> None:
    assert owner.decrypt(CIPHERTEXT) == MESSAGE


def test_a_foreign_implementation_reads_ours_and_we_read_theirs(
    owner: sm2.PrivateKey, other: foreign.CryptSM2
) -> None:
    for length in LENGTHS:
        data = os.urandom(length)

        assert other.decrypt(raw(owner.public.encrypt(data))) == data
        assert owner.decrypt(der_of(other.encrypt(data))) == data


def test_two_ciphertexts_of_one_secret_differ(owner: sm2.PrivateKey) -> None:
    assert owner.public.encrypt(MESSAGE) != owner.public.encrypt(MESSAGE)


def test_another_key_cannot_read(owner: sm2.PrivateKey) -> None:
    with pytest.raises(Refusal) as refusal:
        sm2.PrivateKey.generate().decrypt(owner.public.encrypt(MESSAGE))

    assert refusal.value.reason is sm2.NOT_FOR_THIS_KEY


def test_no_changed_byte_gives_another_plaintext(owner: sm2.PrivateKey) -> None:
    for place in range(len(CIPHERTEXT)):
        changed = bytearray(CIPHERTEXT)
        changed[place] ^= 1
        with pytest.raises(Refusal) as refusal:
            owner.decrypt(bytes(changed))

        assert refusal.value.reason is sm2.NOT_FOR_THIS_KEY
    for broken in (b"", b"\x30", CIPHERTEXT[:-1], CIPHERTEXT + b"\0"):
        with pytest.raises(Refusal):
            owner.decrypt(broken)
