"""The proof that somebody holds a key on behalf of a subject: a statement by that very key."""

import base64
import binascii
from collections.abc import Mapping

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import statements
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey

LABEL = "gongheng.subject.key.v1"


def prove(code: str, key: PrivateKey) -> dict[str, str]:
    """Return the proof for the subject of a code: to be handed in where the key is registered."""
    content = {"code": code, "key": key.public.to_hex()}
    statement = statements.sign(LABEL, content, key)
    return content | {
        "statement": base64.b64encode(statement.payload).decode(),
        "signature": base64.b64encode(statement.signature).decode(),
    }


def is_proven(proof: Mapping[str, object], *, code: str, public_key_hex: str) -> bool:
    """Tell whether a proof shows that the key is held for the subject of the code."""
    try:
        payload = base64.b64decode(str(proof.get("statement")), validate=True)
        signature = base64.b64decode(str(proof.get("signature")), validate=True)
        public = PublicKey.from_hex(public_key_hex)
        content = statements.read(LABEL, payload, signature, public)
    except (Refusal, binascii.Error, ValueError):
        return False
    return content == {"code": code, "key": public_key_hex}
