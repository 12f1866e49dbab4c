"""What two platforms say to each other about a file that one has judged by the other."""

import re
from collections.abc import Iterable, Mapping

from gongheng.data.exchange import protocol
from gongheng.data.validations.actions import Handed
from gongheng.data.validations.reasons import UNREADABLE
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.digests import sm3

FILE = "gongheng.validations.file.v1"
QUESTION = "gongheng.validations.question.v1"
ANSWER = "gongheng.validations.answer.v1"

_DIGEST = re.compile(r"[0-9a-f]{64}")


def handed(said: Mapping[str, object], chunks: Iterable[bytes]) -> Handed:
    """Return the file that a statement is about. Raises ``Refusal`` (UNREADABLE)."""
    match said:
        case {"name": str(name), "size": int(size), "sm3": str(digest)} if (
            size >= 0 and _DIGEST.fullmatch(digest)
        ):
            pass
        case _:
            raise Refusal(UNREADABLE, what="file")
    dataset, is_strict = said.get("dataset") or "", said.get("strict") or False
    if not isinstance(dataset, str) or not isinstance(is_strict, bool):
        raise Refusal(UNREADABLE, what="dataset")
    return Handed(
        name=name, chunks=chunks, dataset=dataset, is_strict=is_strict, size=size, digest=digest
    )


def digest_of(signed: protocol.Signed) -> str:
    """Return what an answer repeats of its question, so that no earlier one can be shown again."""
    return sm3(signed.as_text().encode()).hex()
