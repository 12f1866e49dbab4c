"""Opens a part of a sealed bid; written from docs/envelope-format.md and nothing of ours.

The SM2 operations are gmssl's, the ciphers pyca's, the digests hashlib's.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from gmssl import sm2

P = b"gongheng envelope 1 "
CHUNK, TAG = 1048576, 16


def sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def expand(key: bytes, info: bytes, length: int) -> bytes:
    first = hmac.new(key, info + b"\x01", "sm3").digest()
    return first[:length]


def gf_times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def gf_over(a: int, b: int) -> int:
    return next(c for c in range(256) if gf_times(b, c) == a)


def secret_of(shares: Mapping[int, bytes]) -> bytes:
    secret = [0] * 32
    for i, share in shares.items():
        weight = 1
        for j in shares:
            if j != i:
                weight = gf_times(weight, gf_over(j, i ^ j))
        secret = [s ^ gf_times(weight, byte) for s, byte in zip(secret, share, strict=True)]
    return bytes(secret)


def sm2_decrypt(key: str, der: bytes) -> bytes:
    fields, at = [], 2 if der[1] < 128 else 3
    while at < len(der):
        fields.append(der[at + 2 : at + 2 + der[at + 1]])
        at += 2 + der[at + 1]
    x, y = (int.from_bytes(number).to_bytes(32) for number in fields[:2])
    raw = x + y + fields[2] + fields[3]
    return bytes(sm2.CryptSM2(private_key=key, public_key="", mode=1).decrypt(raw))


def is_signed(public: str, label: str, value: object, signature: str) -> bool:
    r, s = decode_dss_signature(bytes.fromhex(signature))
    judge = sm2.CryptSM2(private_key="", public_key=public[2:])
    data = label.encode() + b"\n" + canonical(value)
    return bool(judge.verify_with_sm3(f"{r:064x}{s:064x}", data))


def content_key(
    policy: dict[str, Any],
    header: dict[str, Any],
    place: int,
    seed_key: str,
    keys: Mapping[str, str],
) -> bytes:
    """Return the key of the part at ``place`` in the header."""
    part = header["parts"][place]
    rule = next(each for each in policy["parts"] if each["name"] == part["name"])
    facts = {"bidder": header["bidder_key"], "lot": policy["lot"], "part": part["name"]}
    facts |= {"policy": sm3(canonical(policy)).hex(), "suite": policy["suite"]}
    context = sm3(P + b"context" + canonical(facts))
    half = b""
    if rule["bidder"]:
        seed = sm2_decrypt(seed_key, base64.b64decode(header["seed_wrap"]))
        half = expand(seed, P + b"half" + context, 32)
    assert sm3(P + b"half digest" + context + half).hex() == part["half_digest"]
    shares = {}
    for code, key in keys.items():
        i = rule["holders"].index(code) + 1
        sealed = part["shares"][i - 1]
        plain = sm2_decrypt(key, base64.b64decode(sealed["wrap"]))
        assert sm3(P + b"share" + context + bytes([i]) + plain).hex() == sealed["digest"]
        shares[i] = plain[32:]
    master = hmac.new(context, half + secret_of(shares), "sm3").digest()
    assert sm3(P + b"commitment" + context + master).hex() == part["commitment"]
    return expand(master, P + b"content", 16 if policy["suite"] == "sm4-gcm-sm3" else 32)


def open_part(
    data: bytes, name: str, seed_key: str, holder_keys: Mapping[str, str]
) -> dict[str, bytes]:
    """Return the files of a part; keys are private numbers in hexadecimal, of holders by code."""
    assert data[:8] == b"GHBID\x01\r\n"
    start = 12 + int.from_bytes(data[8:12])
    header, digest = json.loads(data[12:start]), sm3(data[:start])
    parts, policy = header["parts"], header["policy"]
    end = start + sum(part["chunks"] for part in parts) * (CHUNK + TAG)
    trailer = json.loads(data[end + 4 :])
    said = {"v": 1, "header": digest.hex(), "parts": trailer["parts"]}
    signature = trailer["signature"]
    assert is_signed(header["bidder_key"], "gongheng.bid-envelope.v1", said, signature)
    place = [part["name"] for part in parts].index(name)
    start += sum(each["chunks"] for each in parts[:place]) * (CHUNK + TAG)
    body = data[start : start + parts[place]["chunks"] * (CHUNK + TAG)]
    is_sm4 = policy["suite"] == "sm4-gcm-sm3"
    content = hashlib.new("sm3" if is_sm4 else "sha256", body).hexdigest()
    assert content == trailer["parts"][place]["content"]
    key = content_key(policy, header, place, seed_key, holder_keys)
    plain = decrypted(body, algorithms.SM4(key) if is_sm4 else algorithms.AES(key), digest)
    return files_in(plain)


def decrypted(body: bytes, algorithm: algorithms.SM4 | algorithms.AES, digest: bytes) -> bytes:
    plain, count = b"", len(body) // (CHUNK + TAG)
    for c in range(count):
        sealed = body[c * (CHUNK + TAG) : (c + 1) * (CHUNK + TAG)]
        nonce = c.to_bytes(11) + bytes([c == count - 1])
        decryptor = Cipher(algorithm, modes.GCM(nonce, sealed[CHUNK:])).decryptor()
        decryptor.authenticate_additional_data(digest)
        plain += decryptor.update(sealed[:CHUNK]) + decryptor.finalize()
    return plain


def files_in(plain: bytes) -> dict[str, bytes]:
    at, files = 4 + int.from_bytes(plain[:4]), {}
    for entry in json.loads(plain[4:at])["files"]:
        files[entry["path"]] = plain[at : at + entry["size"]]
        at += entry["size"]
    assert plain[at:] == bytes(len(plain) - at)
    return files
