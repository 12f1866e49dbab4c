"""From the seal to the files: who must act together, and what happens when one of them does not."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import gcm
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope import derivation, intake, padding, reasons, shamir
from gongheng.trust.envelope.content import Manifest, Packer, Unpacker
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.opening import open_part
from gongheng.trust.envelope.recombination import recombine
from gongheng.trust.envelope.share_release import LABEL, ShareStatement
from gongheng.trust.envelope.suites import AES, CHUNK, SM4, Suite
from gongheng.trust.envelope.tests import world

pytestmark = pytest.mark.slow

FILES = {"投标函.txt": b"price 123456.78", "附件/清单.csv": b"a,b\n" * 5000, "空.txt": b""}
SUITES = pytest.mark.parametrize("suite", [SM4, AES], ids=lambda suite: suite.name)


@SUITES
def test_what_was_sealed_comes_out_again(tmp_path: Path, suite: Suite) -> None:
    bids = world.bids(tmp_path, suite)
    envelope = bids.add("alpha", {"bid": FILES})
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])

    cover = intake.judge_file(envelope, policy_digest=bids.policy.digest)
    half = bids.half("alpha", closing)
    found = recombine(cover, frozen, half, bids.shares(closing, frozen))
    manifest = open_part(envelope, cover, "bid", found.content_key, tmp_path / "opened")

    assert world.folder_bytes(tmp_path / "opened") == FILES
    assert manifest.fingerprint == {"tool": "test"}
    assert cover.digest == bids.cover("alpha").digest == closing.envelopes[0]
    assert cover.size == envelope.stat().st_size
    assert found.good == world.CODES
    assert (found.bad, found.unusable, found.absent) == ((), (), ())


def test_no_plaintext_stands_in_the_envelope(tmp_path: Path) -> None:
    envelope = world.bids(tmp_path).add("alpha", {"bid": FILES})
    data = envelope.read_bytes()

    for word in (b"123456.78", "投标函".encode(), b'"tool"'):
        assert word not in data


def test_every_set_of_holders_opens_if_and_only_if_it_is_large_enough(tmp_path: Path) -> None:
    bids = world.bids(tmp_path)
    bids.add("alpha", {"bid": FILES})
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])
    cover, half = bids.cover("alpha"), bids.half("alpha", closing)
    statements = bids.shares(closing, frozen)
    keys = set()

    for size in range(6):
        for chosen in itertools.combinations(statements, size):
            if size >= 3:
                keys.add(recombine(cover, frozen, half, chosen).content_key)
                continue
            with pytest.raises(Refusal) as refusal:
                recombine(cover, frozen, half, chosen)
            assert refusal.value.reason is reasons.TOO_FEW_SHARES

    assert len(keys) == 1


@SUITES
@pytest.mark.parametrize("chunks", [1, 2, 5, 10])
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_sizes_around_the_edges_of_chunks_and_paddings(
    tmp_path: Path, suite: Suite, chunks: int, more: int
) -> None:
    def head_of(size: int) -> int:
        probe = tmp_path / "probe"
        with probe.open("wb") as file:
            file.truncate(size)
        return Packer({"bid.pdf": probe}, {"tool": "test"}).size - size

    wanted = chunks * CHUNK + more
    size = wanted - head_of(wanted - 100)
    bids = world.bids(tmp_path, suite)
    data = bytes(range(256)) * (size // 256 + 1)
    envelope = bids.add("alpha", {"bid": {"bid.pdf": data[:size]}})
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])

    cover = intake.judge_file(envelope, policy_digest=bids.policy.digest)
    found = recombine(cover, frozen, bids.half("alpha", closing), bids.shares(closing, frozen))
    open_part(envelope, cover, "bid", found.content_key, tmp_path / "opened")

    assert cover.header.part("bid").chunks == padding.chunks_for(wanted)
    assert (more > 0) == (cover.header.part("bid").chunks > chunks)
    assert world.folder_bytes(tmp_path / "opened") == {"bid.pdf": data[:size]}


def test_parts_open_apart_and_one_says_nothing_about_the_other(tmp_path: Path) -> None:
    parts = (world.part("technical"), world.part("price"))
    bids = world.bids(tmp_path, parts=parts)
    envelope = bids.add("alpha", {"technical": {"t.txt": b"how"}, "price": {"p.txt": b"42"}})
    closing = bids.close()
    cover = intake.judge_file(envelope, policy_digest=bids.policy.digest)
    keys = {}

    for name in ("technical", "price"):
        frozen = bids.freeze(closing, ["alpha"], name)
        half = bids.half("alpha", closing, name)
        keys[name] = recombine(cover, frozen, half, bids.shares(closing, frozen)).content_key
        open_part(envelope, cover, name, keys[name], tmp_path / name)

    assert world.folder_bytes(tmp_path / "technical") == {"t.txt": b"how"}
    assert world.folder_bytes(tmp_path / "price") == {"p.txt": b"42"}
    with pytest.raises(Refusal) as refusal:
        open_part(envelope, cover, "price", keys["technical"], tmp_path / "wrong")
    assert refusal.value.reason is reasons.DAMAGED
    assert not (tmp_path / "wrong").exists()


def test_a_part_without_the_bidder_opens_by_its_holders_alone(tmp_path: Path) -> None:
    parts = (world.part("bid", bidder=False),)
    bids = world.bids(tmp_path, parts=parts, is_compulsory_works=False)
    envelope = bids.add("alpha", {"bid": FILES})
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])
    cover = intake.judge_file(envelope, policy_digest=bids.policy.digest)

    found = recombine(cover, frozen, b"", bids.shares(closing, frozen))
    open_part(envelope, cover, "bid", found.content_key, tmp_path / "opened")

    assert (cover.header.seed_key, cover.header.seed_wrap) == ("", b"")
    assert bids.sealed["alpha"].seed == b""
    assert world.folder_bytes(tmp_path / "opened") == FILES


def test_a_file_that_changes_while_it_is_sealed_is_refused(tmp_path: Path) -> None:
    for change in (b"", b"longer than it was"):
        source = tmp_path / "bid.txt"
        source.write_bytes(b"as it was")
        packer = Packer({"bid.txt": source}, {})
        source.write_bytes(change)

        with pytest.raises(Refusal) as refusal:
            list(packer.pieces())

        assert refusal.value.reason is reasons.FILE_CHANGED


def test_a_wrong_half_is_recognised(tmp_path: Path) -> None:
    bids = world.bids(tmp_path)
    bids.add("alpha", {"bid": FILES})
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])
    half = bids.half("alpha", closing)

    for wrong in (b"", bytes(32), half[:-1], bytes([half[0] ^ 1]) + half[1:]):
        with pytest.raises(Refusal) as refusal:
            recombine(bids.cover("alpha"), frozen, wrong, bids.shares(closing, frozen))
        assert refusal.value.reason is reasons.RELEASE_INVALID


def spoilt(statement: ShareStatement, envelope: bytes, code: str) -> ShareStatement:
    """The statement with another share in it, signed by its holder."""
    share = statement.shares[envelope]
    wrong = replace(share, value=bytes([share.value[0] ^ 1]) + share.value[1:])
    bare = replace(statement, shares={**statement.shares, envelope: wrong})
    return replace(bare, signature=sign(LABEL, bare.statement(), world.key(code)).signature)


def test_a_bad_share_is_found_and_its_holder_named(tmp_path: Path) -> None:
    bids = world.bids(tmp_path)
    bids.add("alpha", {"bid": FILES})
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])
    cover, half = bids.cover("alpha"), bids.half("alpha", closing)
    good = bids.shares(closing, frozen)
    right = recombine(cover, frozen, half, good).content_key

    for count in (1, 2, 3):
        bad = [spoilt(each, cover.digest, each.holder) for each in good[:count]]
        mixed = [*bad, *good[count:]]
        if count < 3:
            found = recombine(cover, frozen, half, mixed)
            assert (found.content_key, found.bad) == (right, world.CODES[:count])
            continue
        with pytest.raises(Refusal) as refusal:
            recombine(cover, frozen, half, mixed)
        assert refusal.value.reason is reasons.TOO_FEW_SHARES
        assert refusal.value.facts == {"有误": "单位BODY1、单位BODY2、单位BODY3"}
    forged = replace(good[0], holder="BODY2")
    with pytest.raises(Refusal) as refusal:
        recombine(cover, frozen, half, [forged])
    assert refusal.value.reason is reasons.STATEMENT_INVALID


@given(
    data=st.binary(min_size=1, max_size=200),
    chosen=st.sets(st.integers(1, 7), min_size=4, max_size=4),
)
@settings(max_examples=50, deadline=None)
def test_any_threshold_of_shares_recovers_and_one_fewer_fits_every_secret(
    data: bytes, chosen: set[int]
) -> None:
    coefficients = [bytes((byte * (place + 3) + 7) & 255 for byte in data) for place in range(3)]
    shares = {index: shamir.share(data, coefficients, index) for index in chosen}

    assert shamir.recombine(shares) == data
    few = dict(list(shares.items())[:3])
    for guess in (data, bytes(len(data)), bytes(byte ^ 255 for byte in data)):
        # A polynomial through the guess and the three shares exists: they say nothing against it.
        fourth = next(iter(set(range(1, 8)) - set(few)))
        value = shamir.interpolate({0: guess, **few}, fourth)
        assert shamir.recombine({**few, fourth: value}) == guess


def test_the_bidder_alone_and_the_holders_alone_lack_a_secret_of_32_bytes(tmp_path: Path) -> None:
    """E-04: neither side, so no server either, can open alone."""
    bids = world.bids(tmp_path)
    bids.add("alpha", {"bid": FILES})
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])
    cover, half = bids.cover("alpha"), bids.half("alpha", closing)
    context = cover.header.context("bid")
    statements = bids.shares(closing, frozen)
    chosen = {at: statements[at - 1].shares[cover.digest].value for at in (1, 2, 3)}
    secret = shamir.recombine(chosen)
    commitment = cover.header.part("bid").commitment

    assert derivation.commitment(context, derivation.master(context, half, secret)) == commitment
    for wrong in (b"", bytes(32)):
        for master in (
            derivation.master(context, wrong, secret),
            derivation.master(context, half, wrong),
        ):
            assert derivation.commitment(context, master) != commitment


def planted(cover: Cover, **changes: object) -> Cover:
    """The cover of an envelope whose bidder put something else into the header, and signed it."""
    sealed = replace(cover.header.part("bid"), **changes)  # type: ignore[arg-type]
    header = replace(cover.header, parts=(sealed,))
    return Cover(head=header.encode(), header=header, trailer=cover.trailer)


def test_a_commitment_or_a_share_that_was_planted_is_the_bidders_fault(tmp_path: Path) -> None:
    bids = world.bids(tmp_path)
    bids.add("alpha", {"bid": FILES})
    true = bids.cover("alpha")
    shares = true.header.part("bid").shares
    other = replace(shares[4], digest=bytes(32))
    for cover in (
        planted(true, commitment=bytes(32)),
        planted(true, shares=(*shares[:4], other)),
    ):
        bids.sealed["alpha"] = replace(bids.sealed["alpha"], cover=cover)
        closing = bids.close()
        frozen = bids.freeze(closing, ["alpha"])
        statements = bids.shares(closing, frozen)

        with pytest.raises(Refusal) as refusal:
            recombine(cover, frozen, bids.half("alpha", closing), statements)

        assert refusal.value.reason is reasons.PLANTED


def test_a_wrap_copied_from_a_rival_is_not_opened_for_the_copier(tmp_path: Path) -> None:
    bids = world.bids(tmp_path)
    bids.add("alpha", {"bid": FILES})
    bids.add("beta", {"bid": FILES})
    rivals = bids.cover("alpha").header.part("bid").shares
    copied = planted(bids.cover("beta"), shares=rivals)
    bids.sealed["beta"] = replace(bids.sealed["beta"], cover=copied)
    closing = bids.close()
    frozen = bids.freeze(closing, ["beta"])

    statements = bids.shares(closing, frozen)

    assert all(each.shares == {} for each in statements)
    assert all(each.unusable == (copied.digest,) for each in statements)


def unpack(folder: Path, data: bytes) -> None:
    unpacker = Unpacker(folder)
    try:
        unpacker.feed(data)
        unpacker.finish()
    finally:
        unpacker.close()


def test_content_that_breaks_its_own_frame_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    packer = Packer({"a.txt": tmp_path / "a.txt"}, {})
    (chunk,) = packer.pieces()
    whole = bytes(chunk)
    head = Manifest((), {}).encode()
    broken = {
        "nothing": b"",
        "half": whole[: packer.size - 1],
        "padding": whole[:-1] + b"x",
        "length": b"\xff\xff\xff\xff" + whole[4:],
        "no files": head,
        "not json": (3).to_bytes(4) + b"{,}",
    }
    for path in ("../a.txt", "/a.txt", "a/../b", "a\\b", "con:", "a/", "", "a\n", "."):
        entry = b'{"files":[{"path":"%s","size":3}],"fingerprint":{},"v":1}' % (
            path.replace("\\", "\\\\").replace("\n", "\\n").encode()
        )
        broken[f"path {path!r}"] = len(entry).to_bytes(4) + entry + b"abc"

    for number, (fault, data) in enumerate(broken.items()):
        folder = tmp_path / f"out{number}"
        folder.mkdir()
        with pytest.raises(Refusal) as refusal:
            unpack(folder, data)
        assert refusal.value.reason is reasons.CONTENT_BROKEN, fault
    for step in (1, 2, 5, 1000):
        folder = tmp_path / f"step{step}"
        folder.mkdir()
        unpacker = Unpacker(folder)
        for start in range(0, 3000, step):
            unpacker.feed(whole[start : start + step])
        assert unpacker.finish().entries[0].path == "a.txt"
        assert world.folder_bytes(folder) == {"a.txt": b"abc"}


def test_nothing_is_shown_until_the_last_chunk_was_right(tmp_path: Path) -> None:
    bids = world.bids(tmp_path)
    envelope = bids.add("alpha", {"bid": {"big.bin": bytes(3 * CHUNK)}})
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])
    cover = bids.cover("alpha")
    found = recombine(cover, frozen, bids.half("alpha", closing), bids.shares(closing, frozen))
    data = bytearray(envelope.read_bytes())
    data[len(cover.head) + cover.header.body_size - gcm.TAG_LENGTH - 1] ^= 1
    envelope.write_bytes(data)

    with pytest.raises(Refusal) as refusal:
        open_part(envelope, cover, "bid", found.content_key, tmp_path / "opened")

    assert refusal.value.reason is reasons.DAMAGED
    assert not list(tmp_path.glob("*opened*"))
