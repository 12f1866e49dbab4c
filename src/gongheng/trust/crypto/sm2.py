"""SM2 keys and signatures (GB/T 32918) by the system's OpenSSL.

Signatures are DER (SEQUENCE of r and s) over SM3 with the signer's identity
``1234567812345678``, as GM/T 0009 fixes for everybody who agreed on no other. Keys are shared
freely between threads: every operation has a context of its own.
"""

import base64
import binascii
import ctypes
import weakref
from ctypes import c_size_t, c_void_p
from functools import cache, cached_property, lru_cache

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto import libcrypto

IDENTITY = b"1234567812345678"
POINT_LENGTH = 65
"""An uncompressed point: 04, x, y."""

NO_ENGINE = Reason(
    code="crypto.no_sm2",
    message="本机没有可用的国密 SM2 算法库（OpenSSL 3.0 及以上，且未裁剪 SM2），平台无法签名和验签。",
    remedy=f"请安装 libcrypto.so.3，或用环境变量 {libcrypto.SETTING} 写明其文件路径后重新启动。",
)
BAD_KEY = Reason(
    code="crypto.bad_key",
    message="密钥无法识别：不是 SM2 密钥，或文件已损坏。",
    remedy="请使用 PEM 格式的 SM2 密钥（私钥为未加密的 PKCS#8，公钥为 SPKI 或以 04 开头的 130 位十六进制）。",
)
NOT_FOR_THIS_KEY = Reason(
    code="crypto.not_for_this_key",
    message="密文无法用本密钥解开：不是加密给本密钥的，或已被改动。",
    remedy="请核对所用的密钥文件是否属于本项目；如密钥无误，请向发送方索取原件。",
)

_SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_LONGEST_SIGNATURE = 72
_CIPHERTEXT_GROWTH = 160


class PublicKey:
    """A point on the SM2 curve; equal when the points are equal."""

    def __init__(self, point: bytes) -> None:
        """Take the uncompressed point. Raises ``Refusal`` (``BAD_KEY``) when it is not on the curve."""
        if len(point) != POINT_LENGTH or point[0] != 4:  # noqa: PLR2004  the mark of an uncompressed point
            raise Refusal(BAD_KEY)
        self.point = point
        self._key = _read_point(point)

    @classmethod
    def from_hex(cls, text: str) -> "PublicKey":
        """Read ``04`` x y in hexadecimal. Raises ``Refusal`` (``BAD_KEY``)."""
        try:
            return cls(bytes.fromhex(text))
        except ValueError as error:
            raise Refusal(BAD_KEY) from error

    @classmethod
    def from_pem(cls, pem: bytes) -> "PublicKey":
        """Read a ``PUBLIC KEY`` (SPKI) in PEM. Raises ``Refusal`` (``BAD_KEY``)."""
        der = _unarmour(pem, "PUBLIC KEY")
        if not der.startswith(_SPKI_HEAD):
            raise Refusal(BAD_KEY)
        return cls(der.removeprefix(_SPKI_HEAD))

    def to_hex(self) -> str:
        """Return ``04`` x y in lower-case hexadecimal."""
        return self.point.hex()

    def to_pem(self) -> bytes:
        """Return the key as ``PUBLIC KEY`` (SPKI) in PEM."""
        return _armour(_SPKI_HEAD + self.point, "PUBLIC KEY")

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Say whether ``signature`` (DER) was made over ``data`` by the owner of this key."""
        return _engine().verify(self._key, signature, data)

    def encrypt(self, data: bytes) -> bytes:
        """Return ``data`` (a short secret) readable by the owner only: C1, C3, C2 in DER (GM/T 0009)."""
        return _engine().encrypt(self._key, data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and self.point == other.point

    def __hash__(self) -> int:
        return hash(self.point)

    def __repr__(self) -> str:
        return f"PublicKey({self.to_hex()})"


@lru_cache(maxsize=4096)
def _read_point(point: bytes) -> "_Key":
    """Read a point once: judging one envelope asks for the same few keys again and again."""
    return _engine().public_key(_SPKI_HEAD + point)


class PrivateKey:
    """An SM2 private key; it never shows itself except by ``to_pem``."""

    def __init__(self, key: "_Key") -> None:
        self._key = key

    @classmethod
    def generate(cls) -> "PrivateKey":
        """Make a new key."""
        return cls(_engine().generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> "PrivateKey":
        """Read an unencrypted ``PRIVATE KEY`` (PKCS#8) in PEM. Raises ``Refusal`` (``BAD_KEY``)."""
        key = cls(_engine().private_key(_unarmour(pem, "PRIVATE KEY")))
        # The library reads numbers that are no keys, and files whose two halves do not belong
        # together; both show at the first signature.
        try:
            works = key.public.verify(key.sign(_KNOWN_MESSAGE), _KNOWN_MESSAGE)
        except _Fault as error:
            raise Refusal(BAD_KEY) from error
        if not works:
            raise Refusal(BAD_KEY)
        return key

    def to_pem(self) -> bytes:
        """Return the key as unencrypted ``PRIVATE KEY`` (PKCS#8) in PEM."""
        return _armour(_engine().private_der(self._key), "PRIVATE KEY")

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(_engine().public_der(self._key)[-POINT_LENGTH:])

    def sign(self, data: bytes) -> bytes:
        """Return a DER signature over ``data``."""
        return _engine().sign(self._key, data)

    def decrypt(self, wrapped: bytes) -> bytes:
        """Return what was encrypted to this key. Raises ``Refusal`` (``NOT_FOR_THIS_KEY``)."""
        return _engine().decrypt(self._key, wrapped)

    def __repr__(self) -> str:
        return f"PrivateKey(of {self.public.to_hex()})"


def require_engine() -> None:
    """Refuse to go on where SM2 cannot be computed: called at start-up.

    Raises ``Refusal`` (``NO_ENGINE``) with the fact ``tried``: library file to cause.
    """
    _engine()


def _armour(der: bytes, label: str) -> bytes:
    text = base64.b64encode(der).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def _unarmour(pem: bytes, label: str) -> bytes:
    lines = [line.strip() for line in pem.strip().splitlines()]
    begin, end = f"-----BEGIN {label}-----".encode(), f"-----END {label}-----".encode()
    if len(lines) < 3 or lines[0] != begin or lines[-1] != end:  # noqa: PLR2004  two marks and the key
        raise Refusal(BAD_KEY)
    try:
        return base64.b64decode(b"".join(lines[1:-1]), validate=True)
    except binascii.Error as error:
        raise Refusal(BAD_KEY) from error


def _is_one_sequence(der: bytes) -> bool:
    if len(der) < 2 or der[0] != 0x30:  # noqa: PLR2004  tag and length of a SEQUENCE
        return False
    more = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + more]) if more else der[1]
    return len(der) == 2 + more + length


class _Key:
    """An ``EVP_PKEY``, given back to the library when nobody holds it any more."""

    def __init__(self, library: ctypes.CDLL, pointer: int) -> None:
        self.pointer = c_void_p(pointer)
        # Not at exit: other threads may still sign then, and the system takes it all back anyway.
        weakref.finalize(self, library.EVP_PKEY_free, c_void_p(pointer)).atexit = False


class _Fault(Exception):
    """The library failed at something that cannot fail: our fault or a broken machine."""


class _Engine:
    """The operations on one loaded library."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library

    def generate(self) -> _Key:
        context = self._library.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
        if not context:
            self._library.ERR_clear_error()
            raise _Fault("EVP_PKEY_CTX_new_from_name")
        key = c_void_p()
        try:
            self._require(self._library.EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
            self._require(
                self._library.EVP_PKEY_keygen(context, ctypes.byref(key)), "EVP_PKEY_keygen"
            )
        finally:
            self._library.EVP_PKEY_CTX_free(context)
        return _Key(self._library, key.value or 0)

    def private_key(self, der: bytes) -> _Key:
        return self._read(self._library.d2i_AutoPrivateKey, der)

    def public_key(self, der: bytes) -> _Key:
        return self._read(self._library.d2i_PUBKEY, der)

    def _read(self, parse: "ctypes._NamedFuncPointer", der: bytes) -> _Key:
        buffer = ctypes.create_string_buffer(der, len(der))
        cursor = c_void_p(ctypes.addressof(buffer))
        pointer = parse(None, ctypes.byref(cursor), len(der))
        self._library.ERR_clear_error()
        if not pointer:
            raise Refusal(BAD_KEY)
        key = _Key(self._library, pointer)
        whole = cursor.value == ctypes.addressof(buffer) + len(der)
        if not whole or self._library.EVP_PKEY_is_a(key.pointer, b"SM2") != 1:
            raise Refusal(BAD_KEY)
        return key

    def public_der(self, key: _Key) -> bytes:
        return self._write(self._library.i2d_PUBKEY, key.pointer)

    def private_der(self, key: _Key) -> bytes:
        container = self._library.EVP_PKEY2PKCS8(key.pointer)
        self._require(1 if container else 0, "EVP_PKEY2PKCS8")
        try:
            return self._write(self._library.i2d_PKCS8_PRIV_KEY_INFO, c_void_p(container))
        finally:
            self._library.PKCS8_PRIV_KEY_INFO_free(container)

    def _write(self, encode: "ctypes._NamedFuncPointer", pointer: c_void_p) -> bytes:
        length = encode(pointer, None)
        self._require(length, "i2d")
        buffer = ctypes.create_string_buffer(length)
        cursor = c_void_p(ctypes.addressof(buffer))
        self._require(encode(pointer, ctypes.byref(cursor)), "i2d")
        return buffer.raw

    def sign(self, key: _Key, data: bytes) -> bytes:
        with _Operation(self._library, key) as context:
            begun = self._library.EVP_DigestSignInit_ex(
                context, None, b"SM3", None, None, key.pointer, None
            )
            self._require(begun, "EVP_DigestSignInit_ex")
            signature = ctypes.create_string_buffer(_LONGEST_SIGNATURE)
            length = c_size_t(_LONGEST_SIGNATURE)
            done = self._library.EVP_DigestSign(
                context, signature, ctypes.byref(length), data, len(data)
            )
            self._require(done, "EVP_DigestSign")
            return signature.raw[: length.value]

    def verify(self, key: _Key, signature: bytes, data: bytes) -> bool:
        with _Operation(self._library, key) as context:
            begun = self._library.EVP_DigestVerifyInit_ex(
                context, None, b"SM3", None, None, key.pointer, None
            )
            self._require(begun, "EVP_DigestVerifyInit_ex")
            answer: int = self._library.EVP_DigestVerify(
                context, signature, len(signature), data, len(data)
            )
            # A refused signature leaves entries in the thread's error queue, where the next user
            # of the library (TLS, hashlib) would find them.
            self._library.ERR_clear_error()
            return answer == 1

    def encrypt(self, key: _Key, data: bytes) -> bytes:
        wrapped = self._transform(key, "encrypt", data)
        if wrapped is None:
            raise _Fault("EVP_PKEY_encrypt")
        return wrapped

    def decrypt(self, key: _Key, wrapped: bytes) -> bytes:
        # The library overlooks bytes behind the sequence.
        data = self._transform(key, "decrypt", wrapped) if _is_one_sequence(wrapped) else None
        if data is None:
            raise Refusal(NOT_FOR_THIS_KEY)
        return data

    def _transform(self, key: _Key, deed: str, data: bytes) -> bytes | None:
        """Encrypt or decrypt; ``None`` when the library will not."""
        begin = getattr(self._library, f"EVP_PKEY_{deed}_init")
        apply = getattr(self._library, f"EVP_PKEY_{deed}")
        context = self._library.EVP_PKEY_CTX_new_from_pkey(None, key.pointer, None)
        try:
            if not context or begin(context) <= 0:
                raise _Fault(deed)
            # Enough for both directions: a point of two numbers, a digest and DER's own bytes.
            result = ctypes.create_string_buffer(len(data) + _CIPHERTEXT_GROWTH)
            length = c_size_t(len(result))
            done = apply(context, result, ctypes.byref(length), data, len(data))
            return result.raw[: length.value] if done > 0 else None
        finally:
            self._library.EVP_PKEY_CTX_free(context)
            self._library.ERR_clear_error()

    def _require(self, answer: int, function: str) -> None:
        if answer <= 0:
            self._library.ERR_clear_error()
            raise _Fault(function)


class _Operation:
    """A digest context bound to a key and the signer's identity, freed at the end."""

    def __init__(self, library: ctypes.CDLL, key: _Key) -> None:
        self._library = library
        self._bound = library.EVP_PKEY_CTX_new_from_pkey(None, key.pointer, None)
        self._context = library.EVP_MD_CTX_new()

    def __enter__(self) -> int:
        identified = self._bound and self._library.EVP_PKEY_CTX_set1_id(
            self._bound, IDENTITY, len(IDENTITY)
        )
        if not self._context or not identified or identified < 0:
            self.__exit__()
            raise _Fault("EVP_PKEY_CTX_set1_id")
        self._library.EVP_MD_CTX_set_pkey_ctx(self._context, self._bound)
        context: int = self._context
        return context

    def __exit__(self, *_: object) -> None:
        # The digest context does not own a key context that was set from outside.
        self._library.EVP_MD_CTX_free(self._context)
        self._library.EVP_PKEY_CTX_free(self._bound)
        self._library.ERR_clear_error()


# The published example of GB/T 32918.5, with the identity above.
_KNOWN_POINT = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_KNOWN_MESSAGE = b"message digest"
_KNOWN_SIGNATURE = bytes.fromhex(
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


@cache
def _engine() -> _Engine:
    """Return the first library that passes; two threads that ask at once find the same one."""
    tried: dict[str, str] = {}
    for name in libcrypto.candidates():
        if name in tried:
            continue
        try:
            engine = _Engine(libcrypto.load(name))
            _test(engine)
        except libcrypto.Unsuitable as unsuitable:
            tried[name] = str(unsuitable)
        else:
            return engine
    raise Refusal(NO_ENGINE, tried=tried)


def _test(engine: _Engine) -> None:
    """Compare the engine with the published example and with itself."""
    try:
        known = engine.public_key(_SPKI_HEAD + _KNOWN_POINT)
        own = engine.generate()
        works = (
            engine.verify(known, _KNOWN_SIGNATURE, _KNOWN_MESSAGE)
            and not engine.verify(known, _KNOWN_SIGNATURE, b"another message")
            and engine.verify(own, engine.sign(own, _KNOWN_MESSAGE), _KNOWN_MESSAGE)
        )
    except (_Fault, Refusal) as error:
        raise libcrypto.Unsuitable(f"不支持 SM2（{error}）") from error
    if not works:
        raise libcrypto.Unsuitable("SM2 自检未通过")
