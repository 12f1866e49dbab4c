"""Every region of the file: what was changed is refused, on arrival and again at the opening."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope import intake, reasons
from gongheng.trust.envelope.cover import LABEL, Cover, Trailer, statement
from gongheng.trust.envelope.header import PREFIX_LENGTH, Header, header_digest
from gongheng.trust.envelope.opening import decrypted, open_part
from gongheng.trust.envelope.recombination import recombine
from gongheng.trust.envelope.suites import CHUNK, SEALED_CHUNK, nonce
from gongheng.trust.envelope.tests import world

FAULTS = {reasons.DAMAGED, reasons.NOT_AN_ENVELOPE, reasons.OTHER_TENDER}


class Case:
    """One envelope of two parts, the second with three chunks, and the keys that open it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        parts = (world.part("technical"), world.part("price"))
        self.bids = world.bids(folder, parts=parts)
        content = {"technical": {"t.txt": b"how"}, "price": {"p.bin": b"7" * (2 * CHUNK + 5)}}
        self.path = self.bids.add("alpha", content)
        self.cover = self.bids.cover("alpha")
        self.data = self.path.read_bytes()
        self.body = len(self.cover.head)
        self.end = self.body + self.cover.header.body_size
        closing = self.bids.close()
        self.keys = {}
        for name in content:
            frozen = self.bids.freeze(closing, ["alpha"], name)
            half = self.bids.half("alpha", closing, name)
            shares = self.bids.shares(closing, frozen)
            self.keys[name] = recombine(self.cover, frozen, half, shares).content_key

    def arrives(self, data: bytes) -> Cover:
        taken = intake.Intake(policy_digest=self.bids.policy.digest)
        taken.feed(data)
        return taken.finish()

    def opens(self, data: bytes) -> None:
        """Open both parts with the right keys, from the file's own cover."""
        path = self.folder / "changed.gbe"
        path.write_bytes(data)
        cover = Cover.of_file(path)
        for name, key in self.keys.items():
            for _ in decrypted(path, cover, name, key):
                pass

    def refuses(self, data: bytes, *, on_arrival: bool = True) -> None:
        assert data != self.data
        with pytest.raises(Refusal) as refusal:
            self.opens(data)
        assert refusal.value.reason in FAULTS
        if on_arrival:
            with pytest.raises(Refusal) as refusal:
                self.arrives(data)
            assert refusal.value.reason in FAULTS

    def resigned(self, data: bytes) -> bytes:
        """The changed body under a fresh, right signature of the bidder: only the keys object."""
        head = data[: self.body]
        header = Header.decode(head[PREFIX_LENGTH:])
        parts = []
        at = self.body
        for part in header.parts:
            digest = intake._PartDigest(header.policy.suite, part)
            digest.feed(memoryview(data)[at:])
            at += part.size
            parts.append(digest.result())
        made = statement(header_digest(head), tuple(parts))
        signature = sign(LABEL, made, world.key("alpha")).signature
        return data[:at] + Trailer(tuple(parts), signature).encode()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(tmp_path_factory.mktemp("case"))


def test_the_untouched_file_arrives_and_opens(case: Case) -> None:
    assert case.arrives(case.data).digest == case.cover.digest
    case.opens(case.data)


def test_signing_again_changes_nothing_that_opening_rests_on(case: Case) -> None:
    assert case.arrives(case.resigned(case.data)).digest == case.cover.digest
    case.opens(case.resigned(case.data))


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_changed_byte_anywhere_is_refused(case: Case, data: st.DataObject) -> None:
    regions = {"head": (0, case.body), "trailer": (case.end, len(case.data))}
    for number in range(case.cover.header.body_size // SEALED_CHUNK):
        start = case.body + number * SEALED_CHUNK
        regions[f"chunk {number}"] = (start, start + CHUNK)
        regions[f"tag {number}"] = (start + CHUNK, start + SEALED_CHUNK)
    start, end = regions[data.draw(st.sampled_from(sorted(regions)))]
    at = data.draw(st.integers(start, end - 1))
    changed = bytearray(case.data)
    changed[at] ^= data.draw(st.integers(1, 255))

    case.refuses(bytes(changed))


def swapped(data: bytes, first: int, second: int) -> bytes:
    a, b = data[first : first + SEALED_CHUNK], data[second : second + SEALED_CHUNK]
    changed = bytearray(data)
    changed[first : first + SEALED_CHUNK] = b
    changed[second : second + SEALED_CHUNK] = a
    return bytes(changed)


def chunk(case: Case, number: int) -> int:
    return case.body + number * SEALED_CHUNK


MOVES: dict[str, Callable[[Case], bytes]] = {
    "two chunks change places": lambda case: swapped(case.data, chunk(case, 1), chunk(case, 2)),
    "the last chunk comes first": lambda case: swapped(case.data, chunk(case, 1), chunk(case, 3)),
    "parts are mixed": lambda case: swapped(case.data, chunk(case, 0), chunk(case, 1)),
    "a chunk comes twice": lambda case: (
        case.data[: chunk(case, 2)]
        + case.data[chunk(case, 1) : chunk(case, 2)]
        + case.data[chunk(case, 3) :]
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_moved_chunks_are_refused_even_when_the_bidder_signs_them(case: Case, name: str) -> None:
    moved = MOVES[name](case)

    case.refuses(moved)
    # The order is bound to the keys and not only to the signature.
    case.refuses(case.resigned(moved), on_arrival=False)


def test_what_is_cut_or_longer_is_refused(case: Case) -> None:
    for length in (0, 5, PREFIX_LENGTH, case.body - 1, case.body, chunk(case, 3), case.end):
        case.refuses(case.data[:length])
    case.refuses(case.data[:-1])
    case.refuses(case.data + b"\0")
    case.refuses(case.data[: chunk(case, 3)] + case.data[case.end :])
    case.refuses(case.data[: case.end] + bytes(SEALED_CHUNK) + case.data[case.end :])


def test_a_chunk_sealed_without_the_last_flag_does_not_end_a_part(case: Case) -> None:
    suite = case.bids.policy.suite
    cipher = suite.cipher(case.keys["price"])
    at = chunk(case, 3)
    plain = cipher.decrypt(nonce(2, is_last=True), case.data[at : case.end], case.cover.head_digest)
    unended = cipher.encrypt(nonce(2, is_last=False), plain, case.cover.head_digest)
    changed = case.data[:at] + unended + case.data[case.end :]

    case.refuses(case.resigned(changed), on_arrival=False)


def test_chunks_under_another_head_are_refused(case: Case) -> None:
    """The same keys and chunks, a head that differs in one certificate, signed by the bidder."""
    header = replace(case.cover.header, certificates=(b"another",))
    head = header.encode()
    made = statement(header_digest(head), case.cover.trailer.parts)
    signature = sign(LABEL, made, world.key("alpha")).signature
    trailer = Trailer(case.cover.trailer.parts, signature).encode()
    data = head + case.data[case.body : case.end] + trailer

    assert case.arrives(data).header.certificates == (b"another",)
    case.refuses(data, on_arrival=False)


def test_a_head_signed_by_somebody_else_is_refused(case: Case) -> None:
    made = statement(case.cover.head_digest, case.cover.trailer.parts)
    signature = sign(LABEL, made, world.key("beta")).signature
    trailer = Trailer(case.cover.trailer.parts, signature).encode()

    case.refuses(case.data[: case.end] + trailer)


def test_an_envelope_for_another_policy_is_refused_from_its_head(case: Case) -> None:
    taken = intake.Intake(policy_digest=bytes(32))

    with pytest.raises(Refusal) as refusal:
        taken.feed(case.data[: case.body])

    assert refusal.value.reason is reasons.OTHER_TENDER


@given(st.lists(st.integers(1, 700_000), min_size=1, max_size=12))
@settings(max_examples=10, deadline=None)
def test_the_pieces_in_which_it_arrives_do_not_matter(case: Case, cuts: list[int]) -> None:
    taken = intake.Intake(policy_digest=case.bids.policy.digest)
    start = number = 0
    while start < len(case.data):
        size = cuts[number % len(cuts)] + 20_000
        taken.feed(case.data[start : start + size])
        start, number = start + size, number + 1

    assert taken.finish().digest == case.cover.digest


def test_it_may_arrive_byte_by_byte_around_every_border(case: Case) -> None:
    borders = [0, PREFIX_LENGTH, case.body, case.end]
    borders += [chunk(case, number) for number in (1, 2, 3)]
    taken = intake.Intake(policy_digest=case.bids.policy.digest)
    start = 0
    near = sorted({at + more for at in borders for more in range(-20, 21)} - set(range(-20, 1)))
    for cut in [*near, len(case.data)]:
        taken.feed(case.data[start:cut])
        start = cut

    assert taken.finish().digest == case.cover.digest


def test_a_time_token_may_come_later_and_changes_no_digest(case: Case) -> None:
    trailer = replace(case.cover.trailer, time_token=b"token")
    data = case.data[: case.end] + trailer.encode()

    cover = case.arrives(data)

    assert (cover.digest, cover.trailer.time_token) == (case.cover.digest, b"token")


def test_an_existing_place_is_not_overwritten(case: Case) -> None:
    (case.folder / "there").mkdir()
    with pytest.raises(Refusal) as refusal:
        open_part(case.path, case.cover, "price", case.keys["price"], case.folder / "there")
    assert refusal.value.reason is reasons.PLACE_TAKEN
