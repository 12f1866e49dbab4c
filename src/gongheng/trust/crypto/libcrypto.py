"""The system's OpenSSL: which library file, and the few C functions that are called in it.

Nothing outside this module and ``sm2`` knows ctypes. Every function has its C signature here; a
call without one would guess, and a wrong guess crashes the process.
"""

import ctypes
import importlib.util
import os
from collections.abc import Iterator
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p
from ctypes.util import find_library
from pathlib import Path

SETTING = "GONGHENG_LIBCRYPTO"
"""Environment variable that names the library file, before all others are tried."""
OLDEST = 3
"""OpenSSL 3.0 is the first version whose interface is used here."""

_bytes_out = POINTER(c_void_p)

_SIGNATURES: dict[str, tuple[type | None, tuple[type, ...]]] = {
    "ERR_clear_error": (None, ()),
    "OpenSSL_version_num": (c_ulong, ()),
    "EVP_PKEY_CTX_new_from_name": (c_void_p, (c_void_p, c_char_p, c_char_p)),
    "EVP_PKEY_CTX_new_from_pkey": (c_void_p, (c_void_p, c_void_p, c_char_p)),
    "EVP_PKEY_CTX_set1_id": (c_int, (c_void_p, c_char_p, c_int)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_keygen_init": (c_int, (c_void_p,)),
    "EVP_PKEY_keygen": (c_int, (c_void_p, _bytes_out)),
    "EVP_PKEY_is_a": (c_int, (c_void_p, c_char_p)),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY2PKCS8": (c_void_p, (c_void_p,)),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, (c_void_p, _bytes_out)),
    "PKCS8_PRIV_KEY_INFO_free": (None, (c_void_p,)),
    "d2i_AutoPrivateKey": (c_void_p, (c_void_p, _bytes_out, c_long)),
    "i2d_PUBKEY": (c_int, (c_void_p, _bytes_out)),
    "d2i_PUBKEY": (c_void_p, (c_void_p, _bytes_out, c_long)),
    "EVP_MD_CTX_new": (c_void_p, ()),
    "EVP_MD_CTX_set_pkey_ctx": (None, (c_void_p, c_void_p)),
    "EVP_MD_CTX_free": (None, (c_void_p,)),
    "EVP_DigestSignInit_ex": (
        c_int,
        (c_void_p, c_void_p, c_char_p, c_void_p, c_char_p, c_void_p, c_void_p),
    ),
    "EVP_DigestSign": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_DigestVerifyInit_ex": (
        c_int,
        (c_void_p, c_void_p, c_char_p, c_void_p, c_char_p, c_void_p, c_void_p),
    ),
    "EVP_DigestVerify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
    "EVP_PKEY_encrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_encrypt": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_PKEY_decrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_decrypt": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
}


class Unsuitable(Exception):
    """A library file that cannot be used, and why (Chinese, for the operator)."""


def candidates() -> Iterator[str]:
    """Yield the library files worth trying, best first."""
    named = os.environ.get(SETTING)
    if named:
        yield named
        return
    yield from ("libcrypto.so.3", "libcrypto.so.4", "libcrypto.3.dylib")
    found = find_library("crypto")
    if found:
        yield found
    # The database driver's wheel brings its own complete OpenSSL: the way out on systems whose
    # build leaves SM2 out (Fedora) and on interpreters that come without a shared library.
    driver = importlib.util.find_spec("psycopg_binary")
    for place in (driver.submodule_search_locations or ()) if driver else ():
        folder = Path(place).with_name("psycopg_binary.libs")
        yield from map(str, sorted(folder.glob("libcrypto*")))


def load(name: str) -> ctypes.CDLL:
    """Return the library with its C signatures declared. Raises ``Unsuitable``."""
    try:
        library = ctypes.CDLL(name)
    except OSError as error:
        raise Unsuitable("找不到或无法装入") from error
    for function, (result, arguments) in _SIGNATURES.items():
        try:
            pointer = getattr(library, function)
        except AttributeError as error:
            raise Unsuitable(f"版本过旧，没有 {function}") from error
        pointer.restype = result
        pointer.argtypes = arguments
    if library.OpenSSL_version_num() >> 28 < OLDEST:
        raise Unsuitable("版本低于 3.0")
    return library
