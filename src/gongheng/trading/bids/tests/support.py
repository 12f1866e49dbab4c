"""A tender with its rules of opening signed by both sides, firms with keys, and their envelopes."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.codes import uscc
from gongheng.kernel.identifiers import uuid7
from gongheng.registers.subjects import rules as subject_rules
from gongheng.registers.subjects.kinds import SubjectKind, SubjectState
from gongheng.registers.subjects.models import Subject, SubjectKey, SubjectVersion
from gongheng.trading.bids import actions, ceremony, queries, storage
from gongheng.trading.bids.kinds import USUAL_PARTS, BodySide, UsualPart
from gongheng.trading.bids.models import BidReceipt, HolderBody
from gongheng.trading.cases.models import Case
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope.holders import Announcement, announce
from gongheng.trust.envelope.policy import LABEL, Policy, SignedPolicy
from gongheng.trust.envelope.sealing import Content, seal
from gongheng.trust.envelope.suites import AES
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from tests.cases import CLERK, NOW, TENDERER, Walk, lot_case, open_accounts, person, walk_to
from tests.worlds import once

__all__ = ["CLERK", "NOW", "Firm", "Tender", "tender"]

NOT_BEFORE = NOW + timedelta(days=20)
BODIES = {
    TENDERER: ("昆明市示例第一中学", BodySide.TENDERER),
    "12530100MB1X000028": ("昆明市公共资源交易中心", BodySide.CENTRE),
    "12530000MB1X000010": ("云南省公共资源交易平台", BodySide.NODE),
    "12530100MB1X000036": ("昆明市示例公证处", BodySide.NOTARY),
    "12530300MB1X000045": ("曲靖市公共资源交易中心", BodySide.RESERVE),
}


@cache
def key(name: str) -> PrivateKey:  # noqa: ARG001  the cache keeps one key for each name
    """The key of somebody, the same all through a test run."""
    return PrivateKey.generate()


def credit_code(number: int) -> str:
    body = f"91530100MA6F{number:05d}"
    return body + uscc.check_character(body)


@dataclass(frozen=True)
class Firm:
    """A bidder with an account, a verified registration and a registered key."""

    code: str
    actor: Actor

    @property
    def key(self) -> PrivateKey:
        return key(f"firm {self.code}")


def firm(number: int, *, name: str = "", has_key: bool = True) -> Firm:
    code = credit_code(number)
    actor = person(f"bidder{number}", "bidder", organisation=code, region="440300")
    Account.objects.create(
        pk=actor.account_id,
        region_code=actor.region_code,
        username=actor.username,
        display_name=actor.name,
        organisation_code=code,
        organisation_name=name or f"示例建设集团第{number}公司",
    )
    register(code, name or f"示例建设集团第{number}公司", firm_key=has_key)
    return Firm(code, actor)


def register(code: str, name: str, *, firm_key: bool = True) -> Subject:
    """Enter a verified subject as the register would: with a version and a confirmed key."""
    subject = Subject.objects.create(
        region_code="440300",
        code=code,
        kind=SubjectKind.LEGAL_PERSON,
        name=name,
        core=name,
        state=SubjectState.VERIFIED,
        version=1,
        origin="530100",
        changed_at=NOW,
    )
    body = {"LEGAL_NAME": name, "LEGAL_CODE": code}
    SubjectVersion.objects.create(
        region_code="440300",
        subject=subject,
        number=1,
        name=name,
        body=body,
        digest=subject_rules.digest_of(body),
        verified_by="赵强",
        verified_at=NOW,
    )
    if firm_key:
        SubjectKey.objects.create(
            region_code="440300",
            subject=subject,
            public_key=key(f"firm {code}").public.to_hex(),
            proof="",
            registered_by="sun",
            starts_at=NOW,
            confirmed_at=NOW,
        )
    return subject


@dataclass
class Tender:
    """A lot that takes bids, with what the tests do to it."""

    walk: Walk
    folder: Path
    made: dict[str, bytes] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        return self.walk.fresh()

    @property
    def deadline(self) -> datetime:
        found = queries.deadline_of(self.case)
        assert found is not None
        return found

    @property
    def signed(self) -> SignedPolicy:
        found = queries.policy_of_case(self.case)
        assert found is not None
        return found

    def envelope(
        self, who: Firm, words: str = "投标函", *, signer: PrivateKey | None = None, **changes: Any
    ) -> bytes:
        """Return the bytes of a bid that a firm has sealed."""
        contents = {}
        for part in self.signed.policy.parts:
            path = self.folder / f"{uuid7()}.json"
            path.write_text(f"{words} {part.name} {who.code}")
            contents[part.name] = Content({"bid.json": path}, {"tool": "test"})
        target = self.folder / f"{uuid7()}.gbe"
        seal(contents, target, signed=changes.get("signed", self.signed), key=signer or who.key)
        return target.read_bytes()

    def submit(
        self, who: Firm, data: bytes | None = None, *, at: datetime | Callable[[], datetime] = NOW
    ) -> BidReceipt:
        """Hand in a bid as the page does; ``at`` is legal time."""
        arrived = arriving(self, data if data is not None else self.envelope(who))
        clock = at if callable(at) else lambda: at
        return actions.submit(case_id=self.case.pk, arrived=arrived, actor=who.actor, clock=clock)


def arriving(of: Tender, data: bytes) -> storage.Arriving:
    arrived = storage.Arriving.begin(policy_digest=of.signed.policy.digest)
    stream = io.BytesIO(data)
    while piece := stream.read(700_001):
        try:
            arrived.feed(piece)
        except BaseException:
            arrived.drop()
            raise
    return arrived


def bodies() -> list[HolderBody]:
    return [
        ceremony.enter_body(
            code=code, name=name, side=side, standing_key=standing(code).public.to_hex(), now=NOW
        )
        for code, (name, side) in BODIES.items()
    ]


def standing(code: str) -> PrivateKey:
    return key(f"standing {code}")


def announcement_of(case: Case, body: HolderBody) -> Announcement:
    return announce(
        lot=case.code,
        code=body.code,
        name=body.name,
        key=PrivateKey.generate(),
        standing=standing(body.code),
        now=NOW,
    )


def asked(case: Case) -> None:
    """Ask every body for its key; none has answered."""
    bodies()
    ceremony.request_keys(case_id=case.pk, actor=CLERK, now=NOW)


def announced(case: Case) -> None:
    """Let every body announce its key for the lot."""
    if not queries.key_requests(case):
        asked(case)
    for request in queries.key_requests(case):
        ceremony.announce(
            case_id=case.pk,
            body=request.body,
            value=announcement_of(case, request.body).as_json(),
            now=NOW,
        )


def by_tenderer(policy: Policy) -> dict[str, object]:
    """Return what ``gongheng policy sign`` answers on the tenderer's machine."""
    signature = sign(LABEL, policy.as_json(), standing(TENDERER)).signature
    return {"policy": policy.as_json(), "tenderer_signature": signature.hex()}


def signed_policy(
    case: Case,
    *,
    not_before: datetime = NOT_BEFORE,
    parts: tuple[UsualPart, ...] = USUAL_PARTS,
) -> None:
    announced(case)
    row = ceremony.draft_policy(
        case_id=case.pk, not_before=not_before, actor=CLERK, now=NOW, suite=AES, parts=parts
    )
    value = by_tenderer(Policy.of_json(row.body))
    ceremony.sign_policy(case_id=case.pk, value=value, actor=CLERK, now=NOW)


@once
def tender(folder: Path, *, parts: tuple[UsualPart, ...] = USUAL_PARTS) -> Tender:
    """Return a tender that takes bids; accounts of the people of the tests are open."""
    open_accounts()
    _, walk = lot_case("review_documents")
    signed_policy(walk.case, parts=parts)
    walk_to(walk, "close_bids")
    return Tender(walk, folder)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=BEIJING)


def grant(who: Firm) -> None:
    """Give a firm's account the role of a bidder, for pages."""
    account = Account.objects.get(pk=who.actor.account_id)
    account.grants.create(
        region_code=account.region_code, role=Role.BIDDER, starts_at=NOW - timedelta(days=1)
    )


def of_the_house(folder: Path) -> tuple[dict[str, Account], dict[str, str]]:
    """Return two firms' accounts, and what stands in the places of paths: the first firm's."""
    lot, firms = tender(folder), (firm(91), firm(92))
    for who in firms:
        grant(who)
    row = lot.submit(firms[0])
    upload = actions.begin_upload(case_id=lot.case.pk, size=10, actor=firms[0].actor, now=NOW)
    accounts = {
        name: Account.objects.get(pk=who.actor.account_id)
        for name, who in zip(("firm", "firm-other"), firms, strict=True)
    }
    places = {
        "bidding": str(lot.case.pk),
        "receipt": str(row.pk),
        "bid": str(row.bid.pk),
        "upload": str(upload.pk),
    }
    return accounts, places
