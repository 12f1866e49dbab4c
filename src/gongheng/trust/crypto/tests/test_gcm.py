"""Both ciphers against published examples, raw blocks and every kind of tampering."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from gmssl import sm4 as foreign

from gongheng.trust.crypto import gcm

SM4 = json.loads((Path(__file__).parent / "sm4.json").read_text())
RFC_8998 = {name: bytes.fromhex(value) for name, value in SM4["gcm"][0].items()}
# The GCM specification (McGrew and Viega), test case 16.
AES_CASE_16 = {
    "key": bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2),
    "iv": bytes.fromhex("cafebabefacedbaddecaf888"),
    "aad": bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    "plaintext": bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    ),
    "ciphertext": bytes.fromhex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    ),
    "tag": bytes.fromhex("76fc6ece0f4e1768cddf8853bb2d551b"),
}
CASES = pytest.mark.parametrize(
    ("cipher", "case"),
    [(gcm.Sm4Gcm, RFC_8998), (gcm.Aes256Gcm, AES_CASE_16)],
    ids=["sm4", "aes"],
)


@CASES
def test_the_published_example_comes_out(cipher: type[gcm.Gcm], case: dict[str, bytes]) -> None:
    key = cipher(case["key"])

    sealed = key.encrypt(case["iv"], case["plaintext"], case["aad"])

    assert sealed == case["ciphertext"] + case["tag"]
    assert key.decrypt(case["iv"], sealed, case["aad"]) == case["plaintext"]


@CASES
def test_any_changed_byte_is_refused(cipher: type[gcm.Gcm], case: dict[str, bytes]) -> None:
    key = cipher(case["key"])
    sealed = key.encrypt(case["iv"], case["plaintext"], case["aad"])

    def refuses(nonce: bytes, data: bytes, associated: bytes) -> None:
        with pytest.raises(gcm.ForgedCiphertext):
            key.decrypt(nonce, data, associated)

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        refuses(case["iv"], bytes(changed), case["aad"])
    refuses(bytes(12), sealed, case["aad"])
    refuses(case["iv"], sealed, b"")
    refuses(case["iv"], sealed[:-1], case["aad"])
    refuses(case["iv"], b"short", case["aad"])


def test_aes_takes_no_shorter_key() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        gcm.Aes256Gcm(bytes(16))


def test_a_foreign_sm4_makes_the_same_key_stream() -> None:
    """GCM is the counter mode from block 2 on; the foreign package knows the block cipher only."""
    key, nonce, data = bytes(range(16)), bytes(range(12)), bytes(range(256)) * 3
    blocks = foreign.CryptSM4()
    blocks.set_key(key, foreign.SM4_ENCRYPT)
    counters = [nonce + (2 + number).to_bytes(4) for number in range(len(data) // 16)]
    stream = b"".join(bytes(blocks.one_round(blocks.sk, list(block))) for block in counters)

    sealed = gcm.Sm4Gcm(key).encrypt(nonce, data, b"")

    assert sealed[:-16] == bytes(a ^ b for a, b in zip(data, stream, strict=True))


def test_the_tag_is_that_of_the_specification() -> None:
    """GHASH written from the specification, over SM4 blocks of another interface."""
    key, nonce, data, associated = bytes(range(16)), bytes(range(12)), b"price" * 20, b"header"

    def block(plain: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305  one block of the test
        return encryptor.update(plain)

    def times(x: int, y: int) -> int:
        product = 0
        for bit in range(127, -1, -1):
            product ^= x if y >> bit & 1 else 0
            x = x >> 1 ^ (0xE1 << 120 if x & 1 else 0)
        return product

    sealed = gcm.Sm4Gcm(key).encrypt(nonce, data, associated)
    ciphertext = sealed[:-16]
    padded = [part + bytes(-len(part) % 16) for part in (associated, ciphertext)]
    lengths = (len(associated) * 8).to_bytes(8) + (len(ciphertext) * 8).to_bytes(8)
    whole = b"".join(padded) + lengths
    state, hash_key = 0, int.from_bytes(block(bytes(16)))
    for start in range(0, len(whole), 16):
        state = times(state ^ int.from_bytes(whole[start : start + 16]), hash_key)
    mask = int.from_bytes(block(nonce + (1).to_bytes(4)))

    assert sealed[-16:] == (state ^ mask).to_bytes(16)
