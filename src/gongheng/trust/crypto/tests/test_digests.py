import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gongheng.trust.crypto import digests

PUBLISHED = json.loads((Path(__file__).parent / "sm3.json").read_text())["hash"]


@pytest.mark.parametrize("example", PUBLISHED, ids=lambda example: example["message_ascii"][:8])
@pytest.mark.parametrize(
    "sm3", [digests.sm3, digests._sm3_of_hashlib, digests._sm3_of_cryptography]
)
def test_sm3_gives_the_published_digests_on_every_engine(
    sm3: Callable[[bytes], bytes], example: dict[str, str]
) -> None:
    assert sm3(example["message_ascii"].encode()).hex() == example["digest"]


def test_both_digests_have_the_declared_length() -> None:
    assert len(digests.sha256(b"")) == len(digests.sm3(b"")) == digests.LENGTH
    assert digests.sha256(b"x") == hashlib.sha256(b"x").digest()


def test_the_engine_is_the_other_one_where_hashlib_refuses_sm3(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(name: str, _: bytes = b"") -> None:
        raise ValueError(name)

    monkeypatch.setattr(hashlib, "new", refuse)

    assert not digests._hashlib_knows_sm3()
