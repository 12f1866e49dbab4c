"""Published examples: the same keys and randomness give the same bytes, in code that is not ours too.

A vector holds private numbers for tests only. ``wraps`` are SM2 ciphertexts, which are random: they
are handed back to the sealing in their order. The signature is random too: it is checked, not
compared. ``python -m gongheng.trust.envelope.tests.test_vectors`` writes the vectors anew.
"""

import base64
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.crypto.tests.test_sm2 import pem_of_scalar
from gongheng.trust.envelope import intake
from gongheng.trust.envelope.policy import SignedPolicy
from gongheng.trust.envelope.sealing import Chance, Content, Sealed, seal
from gongheng.trust.envelope.suites import SEALED_CHUNK, SUITES
from gongheng.trust.envelope.tests import foreign_opener, world

FOLDER = Path(__file__).parent / "vectors"
NAMES = sorted(SUITES)


def scalar(key: PrivateKey) -> str:
    """The private number of a key, out of its PKCS#8 form."""
    der = b"".join(key.to_pem().splitlines()[1:-1])
    data = base64.b64decode(der)
    at = data.index(bytes.fromhex("0201010420"))
    return data[at + 5 : at + 37].hex()


def key_of(number: str) -> PrivateKey:
    return PrivateKey.from_pem(pem_of_scalar(number))


def reseal(vector: dict[str, Any], folder: Path) -> tuple[Sealed, bytes]:
    """Seal the vector's content with its keys, secrets and wraps."""
    secrets = [bytes.fromhex(text) for text in vector["secrets"]]
    wraps = [bytes.fromhex(text) for text in vector["wraps"]]
    contents = {}
    for name, files in vector["contents"].items():
        home = folder / name
        home.mkdir()
        for path, text in files.items():
            (home / path).write_text(text, encoding="utf-8")
        contents[name] = Content({path: home / path for path in files}, vector["fingerprint"])
    chance = Chance(secret=lambda _: secrets.pop(0), wrap=lambda *_: wraps.pop(0))
    sealed = seal(
        contents,
        folder / "bid.gbe",
        signed=SignedPolicy.of_json(vector["policy"]),
        key=key_of(vector["bidder_private"]),
        certificates=[bytes.fromhex(text) for text in vector["certificates"]],
        chance=chance,
    )
    return sealed, (folder / "bid.gbe").read_bytes()


def expected(sealed: Sealed, data: bytes) -> dict[str, Any]:
    """What the vector says about the file: head, tags, digests, a window of the chunks."""
    cover = sealed.cover
    start = len(cover.head)
    body = data[start : start + cover.header.body_size]
    ends = range(SEALED_CHUNK, len(body) + 1, SEALED_CHUNK)
    return {
        "head": cover.head.hex(),
        "head_digest": cover.head_digest.hex(),
        "tags": [body[end - 16 : end].hex() for end in ends],
        "body_begins": body[:64].hex(),
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "trailer_parts": [part.as_json() for part in cover.trailer.parts],
        "envelope_digest": cover.digest.hex(),
        "body_size": len(body),
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_same_keys_and_randomness_give_the_published_bytes(tmp_path: Path, name: str) -> None:
    vector = json.loads((FOLDER / f"{name}.json").read_text())

    sealed, data = reseal(vector, tmp_path)

    assert expected(sealed, data) == vector["expected"]
    digest = SignedPolicy.of_json(vector["policy"]).policy.digest
    assert digest.hex() == vector["policy_digest"]
    assert intake.judge_file(tmp_path / "bid.gbe", policy_digest=digest).digest == (
        sealed.cover.digest
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_foreign_opener_reads_every_part(tmp_path: Path, name: str) -> None:
    vector = json.loads((FOLDER / f"{name}.json").read_text())
    _, data = reseal(vector, tmp_path)
    holders = vector["holder_privates"]

    for part, files in vector["contents"].items():
        for codes in (("BODY1", "BODY2", "BODY3"), ("BODY5", "BODY3", "BODY2")):
            chosen = {code: holders[code] for code in codes}
            found = foreign_opener.open_part(data, part, vector["bidder_private"], chosen)

            assert found == {path: text.encode() for path, text in files.items()}


def test_a_foreign_opener_reads_a_bid_of_several_chunks(tmp_path: Path) -> None:
    bids = world.bids(tmp_path, SUITES["sm4-gcm-sm3"])
    files = {"a.bin": bytes(range(256)) * 5000, "乙.bin": b"x" * 1_000_000}
    path = bids.add("alpha", {"bid": files})
    keys = {code: scalar(world.key(code)) for code in ("BODY2", "BODY4", "BODY5")}

    found = foreign_opener.open_part(path.read_bytes(), "bid", scalar(world.key("alpha")), keys)

    assert found == files


def write(name: str) -> None:
    """Write the vector of a suite from fresh keys."""
    parts = (world.part("technical"), world.part("price", required=False))
    policy = world.policy(suite=SUITES[name], parts=parts, takes_fingerprint=True)
    drawn: list[bytes] = []

    def wrap(public: PublicKey, data: bytes) -> bytes:
        drawn.append(public.encrypt(data))
        return drawn[-1]

    vector: dict[str, Any] = {
        "suite": name,
        "policy": world.signed(policy).as_json(),
        "policy_digest": policy.digest.hex(),
        "bidder_private": scalar(world.key("alpha")),
        "holder_privates": {code: scalar(world.key(code)) for code in world.CODES},
        "certificates": [b"a certificate would stand here".hex()],
        "secrets": [bytes([number] * 32).hex() for number in (1, 2, 3)],
        "contents": {
            "technical": {"施工组织设计.txt": "如何施工", "附件.txt": ""},
            "price": {"投标报价.txt": "12345678.90"},
        },
        "fingerprint": {"tool": {"value": "example"}},
    }
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        contents = {}
        for part, files in vector["contents"].items():
            (home / part).mkdir()
            for path, text in files.items():
                (home / part / path).write_text(text, encoding="utf-8")
            contents[part] = Content(
                {path: home / part / path for path in files}, vector["fingerprint"]
            )
        secrets = [bytes.fromhex(text) for text in vector["secrets"]]
        seal(
            contents,
            home / "bid.gbe",
            signed=world.signed(policy),
            key=world.key("alpha"),
            certificates=[bytes.fromhex(text) for text in vector["certificates"]],
            chance=Chance(secret=lambda _: secrets.pop(0), wrap=wrap),
        )
    vector["wraps"] = [each.hex() for each in drawn]
    vector["policy"] = world.signed(policy).as_json()
    with tempfile.TemporaryDirectory() as folder:
        vector["expected"] = expected(*reseal(vector, Path(folder)))
    text = json.dumps(vector, ensure_ascii=False, indent=1, sort_keys=True)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    for suite in NAMES:
        write(suite)
    sys.exit(0)
