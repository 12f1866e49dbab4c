"""From the bidder's half and the holders' shares to the key of a part, with the fault named.

Whoever has the cover, the released half and the share statements repeats this and comes to the same
end: a share is judged by its digest in the signed header, the secret by its commitment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongheng.kernel.reasons import Refusal
from gongheng.trust.envelope import derivation, reasons, shamir
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.derivation import Share
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.policy import Policy
from gongheng.trust.envelope.share_release import ShareStatement


@dataclass(frozen=True, slots=True)
class Recombined:
    """The key of a part, and what came of each holder, by code of its body."""

    content_key: bytes
    good: tuple[str, ...]
    bad: tuple[str, ...]
    unusable: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValidShares:
    """The statements of a part's holders, by code of body, found good once for all its envelopes."""

    policy: bytes
    frozen: FrozenList
    by_holder: Mapping[str, ShareStatement]

    @classmethod
    def of(
        cls, policy: Policy, frozen: FrozenList, statements: Iterable[ShareStatement]
    ) -> "ValidShares":
        """Judge statements. Raises ``Refusal`` (``STATEMENT_INVALID``)."""
        found = {each.require_valid(policy, frozen).code: each for each in statements}
        return cls(policy.digest, frozen, found)


def recombine(
    cover: Cover, frozen: FrozenList, half: bytes, statements: Iterable[ShareStatement]
) -> Recombined:
    """Return the key of the listed part of one envelope. Raises ``Refusal``, as ``key_of`` does.

    ``STATEMENT_INVALID``: a statement that was not signed by its holder for this list.
    """
    return key_of(cover, half, ValidShares.of(cover.header.policy, frozen, statements))


def key_of(cover: Cover, half: bytes, valid: ValidShares) -> Recombined:
    """Return the key of one envelope's part from statements that were judged.

    Raises ``Refusal``: ``TOO_FEW_SHARES`` names the holders whose share is bad, unusable or absent;
    ``PLANTED`` means that the bidder sealed what does not fit together; ``RELEASE_INVALID`` a wrong
    half; ``OTHER_TENDER`` an envelope under another policy than the statements.
    """
    header, name, found = cover.header, valid.frozen.part, valid.by_holder
    if header.policy.digest != valid.policy:
        raise Refusal(reasons.OTHER_TENDER)
    part, sealed, context = header.policy.part(name), header.part(name), header.context(name)
    if derivation.half_digest(context, half) != sealed.half_digest:
        raise Refusal(reasons.RELEASE_INVALID)
    shares = {code: each.shares.get(cover.digest) for code, each in found.items()}
    good = {
        code: share
        for code, share in shares.items()
        if share and _is_right(cover, name, part.index_of(code), share)
    }
    outcome = Recombined(
        content_key=b"",
        good=tuple(code for code in part.holders if code in good),
        bad=tuple(code for code in part.holders if shares.get(code) and code not in good),
        unusable=tuple(
            code
            for code in part.holders
            if code in found and cover.digest in found[code].unusable and not shares[code]
        ),
        absent=tuple(code for code in part.holders if code not in found),
    )
    if len(good) < part.threshold:
        raise Refusal(reasons.TOO_FEW_SHARES, **_names(cover, outcome))
    chosen = {part.index_of(code): good[code].value for code in outcome.good[: part.threshold]}
    key = _key(cover, name, half, shamir.recombine(chosen))
    return Recombined(key, outcome.good, outcome.bad, outcome.unusable, outcome.absent)


def _is_right(cover: Cover, name: str, index: int, share: Share) -> bool:
    digest = derivation.share_digest(cover.header.context(name), index, share)
    return digest == cover.header.part(name).shares[index - 1].digest


def _names(cover: Cover, outcome: Recombined) -> dict[str, object]:
    groups = {"有误": outcome.bad, "密文不可用": outcome.unusable, "未交出": outcome.absent}
    policy = cover.header.policy
    return {
        word: "、".join(policy.holder(code).name for code in codes)
        for word, codes in groups.items()
        if codes
    }


def _key(cover: Cover, name: str, half: bytes, holders_secret: bytes) -> bytes:
    """Return the content key, once commitment and all share digests follow from the secrets."""
    part, sealed = cover.header.policy.part(name), cover.header.part(name)
    context = cover.header.context(name)
    master = derivation.master(context, half, holders_secret)
    if derivation.commitment(context, master) != sealed.commitment:
        raise Refusal(reasons.PLANTED)
    derived = derivation.shares(master, holders_secret, part.threshold, len(part.holders))
    digests = [
        derivation.share_digest(context, index, share) for index, share in enumerate(derived, 1)
    ]
    if digests != [each.digest for each in sealed.shares]:
        raise Refusal(reasons.PLANTED)
    return derivation.content_key(master, cover.header.policy.suite.key_length)
