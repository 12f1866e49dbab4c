"""A lot with five holders, a tenderer, a centre and a cosigner; keys are made once for all tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from gongheng.kernel.clock import BEIJING
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.envelope import bidder_release, share_release
from gongheng.trust.envelope.bidder_release import BidderRelease
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.holders import Holder, Side, announce
from gongheng.trust.envelope.policy import Condition, Part, Policy, SignedPolicy
from gongheng.trust.envelope.sealing import Content, Sealed, seal
from gongheng.trust.envelope.share_release import ShareStatement
from gongheng.trust.envelope.suites import AES, Suite

LOT = "A01-125300000MB1X00001-20261012-000001-5/01"
DEADLINE = datetime(2026, 11, 20, 9, 0, tzinfo=BEIJING)
BEFORE = DEADLINE - timedelta(microseconds=1)
AFTER = DEADLINE + timedelta(minutes=30)
SIDES = (Side.TENDERER, Side.CENTRE, Side.NODE, Side.NOTARY, Side.RESERVE)
CODES = tuple(f"BODY{number}" for number in range(1, 6))


@cache
def key(name: str) -> PrivateKey:  # noqa: ARG001  the cache keeps one key for each name
    """The key of somebody, the same all through a test run."""
    return PrivateKey.generate()


@cache
def holder(code: str, side: Side = Side.RESERVE, command: str = "", deputy_of: str = "") -> Holder:
    announcement = announce(
        lot=LOT,
        code=code,
        name=f"单位{code}",
        key=key(code),
        standing=key(f"standing {code}"),
        now=DEADLINE - timedelta(days=30),
    )
    return Holder(announcement, side, command or code, deputy_of)


def holders() -> tuple[Holder, ...]:
    return tuple(holder(code, side) for code, side in zip(CODES, SIDES, strict=True))


def part(name: str = "bid", **changes: object) -> Part:
    usual = Part(
        name=name,
        title=f"部分{name}",
        threshold=3,
        holders=CODES,
        bidder=True,
        required=True,
        condition=Condition(DEADLINE),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def policy(**changes: object) -> Policy:
    usual = Policy(
        lot=LOT,
        deadline=DEADLINE,
        suite=AES,
        is_compulsory_works=True,
        takes_fingerprint=False,
        tenderer_key=key("tenderer").public.to_hex(),
        centre_key=key("centre").public.to_hex(),
        cosigner_keys=(key("cosigner").public.to_hex(),),
        quorum=1,
        holders=holders(),
        parts=(part(),),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def signed(found: Policy) -> SignedPolicy:
    return SignedPolicy.make(found, tenderer=key("tenderer"), centre=key("centre"))


@dataclass
class Bids:
    """Bids sealed under one policy in one folder, and what opens them."""

    folder: Path
    policy: Policy
    sealed: dict[str, Sealed] = field(default_factory=dict)

    def add(self, bidder: str, files: Mapping[str, Mapping[str, bytes]]) -> Path:
        """Seal a bid: part name to file name to bytes."""
        contents = {}
        for name, inside in files.items():
            home = self.folder / f"{bidder}-{name}"
            for path, data in inside.items():
                (home / path).parent.mkdir(parents=True, exist_ok=True)
                (home / path).write_bytes(data)
            contents[name] = Content({path: home / path for path in inside}, {"tool": "test"})
        target = self.folder / f"{bidder}.gbe"
        self.sealed[bidder] = seal(contents, target, signed=signed(self.policy), key=key(bidder))
        return target

    def cover(self, bidder: str) -> Cover:
        return self.sealed[bidder].cover

    def close(self, extra: Iterable[bytes] = ()) -> Closing:
        digests = [each.cover.digest for each in self.sealed.values()]
        return Closing.make(
            self.policy,
            [*digests, *extra],
            key=key("centre"),
            opening_key=key("opening").public,
            now=DEADLINE,
        ).cosigned(key("cosigner"))

    def freeze(self, closing: Closing, bidders: Iterable[str], name: str = "bid") -> FrozenList:
        digests = [self.cover(bidder).digest for bidder in bidders]
        return FrozenList.make(closing, name, digests, key=key("centre"), now=AFTER)

    def release(self, bidder: str, closing: Closing, name: str = "bid") -> BidderRelease:
        return bidder_release.release(
            self.cover(bidder),
            name,
            seed=self.sealed[bidder].seed,
            key=key(bidder),
            closing=closing,
            now=AFTER,
        )

    def half(self, bidder: str, closing: Closing, name: str = "bid") -> bytes:
        return bidder_release.take_half(
            self.release(bidder, closing, name),
            self.cover(bidder),
            closing=closing,
            opening_key=key("opening"),
        )

    def shares(
        self, closing: Closing, frozen: FrozenList, codes: Sequence[str] = CODES
    ) -> list[ShareStatement]:
        return [
            share_release.release(
                [each.cover for each in self.sealed.values()],
                key=key(code),
                policy=self.policy,
                closing=closing,
                frozen=frozen,
                now=AFTER,
            )
            for code in codes
        ]


def bids(folder: Path, suite: Suite = AES, **changes: object) -> Bids:
    return Bids(folder, policy(suite=suite, **changes))


def folder_bytes(folder: Path) -> dict[str, bytes]:
    """What lies in a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
