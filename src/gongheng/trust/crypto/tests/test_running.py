import hashlib

import pytest

from gongheng.trust.crypto import digests, running


def test_pieces_give_the_digest_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    makers = [(running.sm3(), digests.sm3), (running.sha256(), digests.sha256)]
    with monkeypatch.context() as without_sm3:
        without_sm3.setattr(hashlib, "new", int)
        makers.append((running.sm3(), digests.sm3))

    for digest, whole in makers:
        for piece in (b"", b"one", memoryview(b"two"), bytearray(b"three")):
            digest.update(piece)

        assert digest.digest() == whole(b"onetwothree")
        assert digest.digest() == whole(b"onetwothree")
