"""Judging an envelope while its bytes arrive: each byte is digested once, none needs a key.

The platform stores what it feeds in here, and gives its receipt for what ``finish`` returns.
"""

from pathlib import Path

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import running
from gongheng.trust.crypto.gcm import TAG_LENGTH
from gongheng.trust.envelope import reasons, rules
from gongheng.trust.envelope.cover import (
    LONGEST_TRAILER,
    Cover,
    PartDigests,
    require_head,
)
from gongheng.trust.envelope.header import PREFIX_LENGTH, Header, SealedPart
from gongheng.trust.envelope.suites import SEALED_CHUNK, Suite

_PIECE = 1 << 20


class _PartDigest:
    """The two digests over the chunks of one part."""

    def __init__(self, suite: Suite, part: SealedPart) -> None:
        self._part = part
        self._content = suite.digest()
        self._tags = running.sm3()
        self._seen = 0

    def feed(self, view: memoryview) -> memoryview:
        """Take what belongs to this part and return the rest."""
        mine = view[: self._part.size - self._seen]
        self._content.update(mine)
        # A tag may come in two pieces.
        for chunk in range(self._seen // SEALED_CHUNK, self._part.chunks):
            end = (chunk + 1) * SEALED_CHUNK - self._seen
            if end - TAG_LENGTH >= len(mine):
                break
            self._tags.update(mine[max(end - TAG_LENGTH, 0) : end])
        self._seen += len(mine)
        return view[len(mine) :]

    @property
    def is_full(self) -> bool:
        """Whether the whole part has been seen."""
        return self._seen == self._part.size

    def result(self) -> PartDigests:
        """Return the digests."""
        return PartDigests(self._part.name, self._content.digest(), self._tags.digest())


class Intake:
    """Takes the bytes of one envelope in pieces of any length."""

    def __init__(self, *, policy_digest: bytes) -> None:
        """Expect an envelope sealed under the policy with this digest."""
        self._policy_digest = policy_digest
        self._head = bytearray()
        self._trailer = bytearray()
        self._parts: list[_PartDigest] = []
        self.header: Header | None = None

    def feed(self, data: bytes) -> None:
        """Take the next piece. Raises ``Refusal`` as soon as the file cannot be right."""
        view = memoryview(data)
        if self.header is None:
            view = self._take_head(view)
        for part in self._parts:
            if view and not part.is_full:
                view = part.feed(view)
        if view:
            self._trailer += view
            if len(self._trailer) > LONGEST_TRAILER:
                raise Refusal(reasons.DAMAGED)

    def finish(self) -> Cover:
        """Return the cover of a whole, signed envelope. Raises ``Refusal``."""
        if self.header is None:
            raise Refusal(reasons.NOT_AN_ENVELOPE)
        cover = Cover.judge(bytes(self._head), bytes(self._trailer))
        if tuple(part.result() for part in self._parts) != cover.trailer.parts:
            raise Refusal(reasons.DAMAGED)
        return cover

    def _take_head(self, view: memoryview) -> memoryview:
        wanted = PREFIX_LENGTH
        if len(self._head) >= PREFIX_LENGTH:
            wanted += require_head(bytes(self._head[:PREFIX_LENGTH]))
        piece = view[: wanted - len(self._head)]
        self._head += piece
        rest = view[len(piece) :]
        if len(self._head) < wanted:
            return rest
        if wanted == PREFIX_LENGTH:
            return self._take_head(rest)
        self._begin()
        return rest

    def _begin(self) -> None:
        try:
            header = Header.decode(bytes(self._head[PREFIX_LENGTH:]))
        except ValueError as error:
            raise Refusal(reasons.NOT_AN_ENVELOPE) from error
        if header.policy.digest != self._policy_digest:
            raise Refusal(reasons.OTHER_TENDER)
        rules.require_fit(header.policy)
        self.header = header
        self._parts = [_PartDigest(header.policy.suite, part) for part in header.parts]


def judge_file(path: Path, *, policy_digest: bytes) -> Cover:
    """Judge a whole envelope that lies in a file. Raises ``Refusal``, ``OSError``."""
    intake = Intake(policy_digest=policy_digest)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            intake.feed(piece)
    return intake.finish()
