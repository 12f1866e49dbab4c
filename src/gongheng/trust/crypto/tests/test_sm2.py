"""SM2 against the published example, a foreign implementation and every misuse we know of."""

import base64
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from gmssl import sm2 as foreign
from hypothesis import given, strategies as st

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import libcrypto, sm2

VECTORS = json.loads((Path(__file__).parent / "sm2.json").read_text())
SIGNED = VECTORS["sign"]
MESSAGE = SIGNED["message_ascii"].encode()
SIGNATURE = bytes.fromhex(SIGNED["signature_der"])
ORDER = int(VECTORS["curve_parameters"]["n"], 16)
R, S = int(SIGNED["r"], 16), int(SIGNED["s"], 16)
POINT = "04" + SIGNED["public_key_x"] + SIGNED["public_key_y"]


@pytest.fixture
def published() -> sm2.PublicKey:
    return sm2.PublicKey.from_hex(POINT)


def pem_of_scalar(scalar: str) -> bytes:
    """PKCS#8 of a bare private number (RFC 5915 inside RFC 5208), made by hand."""
    inner = bytes.fromhex("30250201010420" + scalar)
    outer = bytes.fromhex("020100301306072a8648ce3d020106082a811ccf5501822d04") + bytes(
        [len(inner)]
    )
    der = bytes([0x30, len(outer) + len(inner)]) + outer + inner
    text = base64.b64encode(der).decode()
    return f"-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n".encode()


@pytest.fixture
def known_private() -> sm2.PrivateKey:
    return sm2.PrivateKey.from_pem(pem_of_scalar(SIGNED["private_key"]))


def test_the_published_signature_is_valid(published: sm2.PublicKey) -> None:
    assert published.verify(SIGNATURE, MESSAGE)


def test_the_published_private_key_has_the_published_public_key(
    known_private: sm2.PrivateKey, published: sm2.PublicKey
) -> None:
    assert known_private.public == published
    assert published.verify(known_private.sign(MESSAGE), MESSAGE)


def test_a_foreign_implementation_accepts_our_signatures(known_private: sm2.PrivateKey) -> None:
    judge = foreign.CryptSM2(private_key="", public_key=POINT[2:])

    for length in (0, 1, 31, 32, 33, 200, 5000):
        data = os.urandom(length)
        r, s = decode_dss_signature(known_private.sign(data))

        assert judge.verify_with_sm3(f"{r:064x}{s:064x}", data)


def test_we_accept_the_signatures_of_a_foreign_implementation(published: sm2.PublicKey) -> None:
    signer = foreign.CryptSM2(private_key=SIGNED["private_key"], public_key=POINT[2:])

    for length in (0, 1, 31, 32, 33, 200, 5000):
        data = os.urandom(length)
        raw = signer.sign_with_sm3(data)
        signature = encode_dss_signature(int(raw[:64], 16), int(raw[64:], 16))

        assert published.verify(signature, data)
        assert not published.verify(signature, data + b"x")


EDGE_CASES = {
    "empty": b"",
    "r is zero": encode_dss_signature(0, S),
    "s is zero": encode_dss_signature(R, 0),
    "r plus n": encode_dss_signature(R + ORDER, S),
    "s plus n": encode_dss_signature(R, S + ORDER),
    "s negated": encode_dss_signature(R, ORDER - S),
    "r plus s is n": encode_dss_signature(R, ORDER - R),
    "swapped": encode_dss_signature(S, R),
    "negative s": b"\x30\x45" + SIGNATURE[2:37] + b"\x02\x20" + SIGNATURE[-32:],
    "trailing byte": SIGNATURE + b"\x00",
    "raw numbers": R.to_bytes(32, "big") + S.to_bytes(32, "big"),
    "cut off": SIGNATURE[:-1],
    "long-form length": b"\x30\x81" + SIGNATURE[1:],
    "padded integer": bytes.fromhex("3047022200") + SIGNATURE[4:],
    "indefinite length": b"\x30\x80" + SIGNATURE[2:] + b"\x00\x00",
    "a megabyte": b"\x30" * 1_000_000,
}


@pytest.mark.parametrize("signature", EDGE_CASES.values(), ids=EDGE_CASES.keys())
def test_a_signature_in_any_other_shape_is_refused(
    published: sm2.PublicKey, signature: bytes
) -> None:
    assert published.verify(SIGNATURE, MESSAGE)
    assert not published.verify(signature, MESSAGE)


@given(place=st.integers(0, len(SIGNATURE) * 8 - 1))
def test_a_signature_with_one_bit_changed_is_refused(place: int) -> None:
    changed = bytearray(SIGNATURE)
    changed[place // 8] ^= 1 << place % 8

    assert not sm2.PublicKey.from_hex(POINT).verify(bytes(changed), MESSAGE)


@given(data=st.binary(max_size=300))
def test_what_a_key_signs_only_its_public_half_accepts(data: bytes) -> None:
    signature = OWN.sign(data)

    assert OWN.public.verify(signature, data)
    assert not OTHER.public.verify(signature, data)


OWN, OTHER = sm2.PrivateKey.generate(), sm2.PrivateKey.generate()


def test_keys_survive_their_pem(known_private: sm2.PrivateKey) -> None:
    again = sm2.PrivateKey.from_pem(known_private.to_pem())
    public = sm2.PublicKey.from_pem(again.public.to_pem())

    assert public == known_private.public
    assert public.to_hex() == POINT
    assert hash(public) == hash(known_private.public)
    assert public.verify(again.sign(b"x"), b"x")


def test_a_private_key_does_not_show_itself(known_private: sm2.PrivateKey) -> None:
    assert SIGNED["private_key"] not in repr(known_private)
    assert POINT in repr(known_private)


BAD_POINTS = {
    "empty": "",
    "not hexadecimal": "zz" * 65,
    "odd": POINT[:-1],
    "compressed": "02" + SIGNED["public_key_x"],
    "without mark": POINT[2:],
    "off the curve": POINT[:-2] + "14",
    "zero": "04" + "00" * 64,
    "infinity": "00",
    "too large": "04" + "ff" * 64,
}


@pytest.mark.parametrize("text", BAD_POINTS.values(), ids=BAD_POINTS.keys())
def test_a_point_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refusal:
        sm2.PublicKey.from_hex(text)

    assert refusal.value.reason is sm2.BAD_KEY


NIST_PUBLIC = b"""-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt
6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==
-----END PUBLIC KEY-----
"""
BAD_PEMS = {
    "empty": b"",
    "another curve": NIST_PUBLIC,
    "a private key": OWN.to_pem(),
    "no end": OWN.public.to_pem().replace(b"-----END PUBLIC KEY-----", b""),
    "not base64": b"-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----\n",
    "trailing bytes": b"-----BEGIN PUBLIC KEY-----\n"
    + base64.b64encode(sm2._SPKI_HEAD + OWN.public.point + b"\x00")
    + b"\n-----END PUBLIC KEY-----\n",
}


@pytest.mark.parametrize("pem", BAD_PEMS.values(), ids=BAD_PEMS.keys())
def test_a_file_that_is_no_public_key_is_refused(pem: bytes) -> None:
    assert sm2.PublicKey.from_pem(OWN.public.to_pem()) == OWN.public
    with pytest.raises(Refusal) as refusal:
        sm2.PublicKey.from_pem(pem)

    assert refusal.value.reason is sm2.BAD_KEY


def _pkcs8(der: bytes) -> bytes:
    return (
        b"-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(der) + b"\n-----END PRIVATE KEY-----\n"
    )


OWN_DER = base64.b64decode(b"".join(OWN.to_pem().splitlines()[1:-1]))
BAD_PRIVATE = {
    "public": OWN.public.to_pem(),
    "cut off": _pkcs8(OWN_DER[:-3]),
    "trailing bytes": _pkcs8(OWN_DER + b"\x00"),
    "noise": _pkcs8(b"\x30\x03\x02\x01\x00"),
    "zero": pem_of_scalar("00" * 32),
    "the order": pem_of_scalar(f"{ORDER:064x}"),
    "another's public half": _pkcs8(OWN_DER.replace(OWN.public.point, OTHER.public.point)),
}


@pytest.mark.parametrize("pem", BAD_PRIVATE.values(), ids=BAD_PRIVATE.keys())
def test_a_file_that_is_no_private_key_is_refused(pem: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        sm2.PrivateKey.from_pem(pem)

    assert refusal.value.reason is sm2.BAD_KEY


@pytest.mark.full
@pytest.mark.slow
def test_many_threads_share_one_key() -> None:
    def work(number: int) -> bool:
        data = str(number).encode()
        signature = OWN.sign(data)
        return OWN.public.verify(signature, data) and not OWN.public.verify(signature, b"no")

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(work, range(2000)))


def test_a_refused_signature_leaves_no_error_behind(published: sm2.PublicKey) -> None:
    library = sm2._engine()._library
    library.ERR_peek_error.restype = libcrypto.c_ulong

    published.verify(b"nonsense", MESSAGE)
    with pytest.raises(Refusal):
        sm2.PublicKey.from_hex(POINT[:-2] + "14")

    assert library.ERR_peek_error() == 0


@pytest.mark.full
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is counted on Linux")
@pytest.mark.slow
def test_keys_are_given_back_to_the_library() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1])

    def churn(count: int) -> None:
        for _ in range(count):
            sm2.PublicKey.from_pem(OWN.public.to_pem()).verify(SIGNATURE, MESSAGE)
            sm2.PrivateKey.from_pem(OWN.to_pem())

    churn(300)
    before = resident()
    churn(1200)

    pages = 384  # 1.5 MiB: 2,400 lost keys would take more than 2.4 MiB
    assert resident() - before < pages


def test_without_a_library_the_start_is_refused_with_what_was_tried(tmp_path: Path) -> None:
    nothing = tmp_path / "libcrypto.so.3"
    nothing.write_bytes(b"not a library")
    program = (
        "from gongheng.kernel.reasons import Refusal\n"
        "from gongheng.trust.crypto import sm2\n"
        "try:\n    sm2.require_engine()\n"
        "except Refusal as refusal:\n"
        "    print(refusal.reason.code, list(refusal.facts['tried']))\n"
    )
    environment = {**os.environ, libcrypto.SETTING: str(nothing), "PYTHONPATH": _source()}

    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )

    assert answer.stdout == f"crypto.no_sm2 ['{nothing}']\n"


def _source() -> str:
    return str(Path(sm2.__file__).parents[3])


def test_a_library_that_computes_wrongly_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = sm2._engine()
    monkeypatch.setattr(sm2, "_KNOWN_MESSAGE", b"another example")

    with pytest.raises(libcrypto.Unsuitable):
        sm2._test(engine)


@pytest.mark.parametrize("name", ["libm.so.6", "libc.so.6"])
def test_a_library_of_another_kind_is_not_used(name: str) -> None:
    with pytest.raises(libcrypto.Unsuitable):
        libcrypto.load(name)
